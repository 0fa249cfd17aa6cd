package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"gopkg.in/yaml.v3"
)

// Reader reads what a command printed on a platform into a snapshot.
type Reader func(platform, command string, text []byte, into *fleetnet.Snapshot) error

// TestResult is what came of one case of a test file.
type TestResult struct {
	File string
	Line int
	Name string
	// Seen are the outcomes that the case expected, rule by rule; "ok" stands
	// for a rule that yields no finding.
	Seen []Verdict
	// Problems say what was not as expected; none means that the case passed.
	Problems []string
}

// Verdict is a rule and its outcome.
type Verdict struct {
	Rule    string
	Outcome fleetnet.Outcome
}

// OK is the outcome, in tests, of a rule that yields no finding.
const OK fleetnet.Outcome = "ok"

// testCase is a host, as it stands in a test file, and what is expected of it.
type testCase struct {
	line     int
	name     string
	platform string
	rules    []string
	target   Target
	model    *yaml.Node
	outputs  []commandOutput
	expect   []expectation
}

type commandOutput struct {
	line          int
	command, text string
}

type expectation struct {
	line     int
	rule     string
	outcome  fleetnet.Outcome
	severity string
	labels   map[string]string
	count    *int
	message  string
}

// RunTests runs the cases of test files (see docs/rules.md) against the rules
// of the set. The error is about files that cannot be read; cases that fail
// have problems in their results.
func (s *Set) RunTests(read Reader, files ...string) ([]TestResult, error) {
	var out []TestResult
	var errs Errors
	for _, name := range files {
		data, err := readFile(name)
		if err != nil {
			errs = append(errs, &Error{File: name, Msg: trimPath(err)})
			continue
		}
		r := &reader{file: name}
		for _, c := range r.testFile(data) {
			out = append(out, s.runTest(r, c, read))
		}
		errs = append(errs, r.errs...)
	}
	return out, errs.orNil()
}

func (s *Set) runTest(r *reader, c *testCase, read Reader) TestResult {
	res := TestResult{File: r.file, Line: c.line, Name: c.name}
	for _, e := range c.expect {
		res.Seen = append(res.Seen, Verdict{e.rule, e.outcome})
	}
	snap, err := c.snapshot(read)
	if err != nil {
		res.Problems = []string{err.Error()}
		return res
	}
	only, err := s.Select(c.judged(), nil)
	if err == nil {
		err = s.CheckParams(c.target.Params)
	}
	if err != nil {
		res.Problems = []string{err.Error()}
		return res
	}
	res.Problems = c.compare(only.Evaluate(snap, c.target))
	return res
}

// judged returns the rules that the case is about; none means all.
func (c *testCase) judged() []string {
	if slices.Contains(c.rules, "*") {
		return nil
	}
	out := slices.Clone(c.rules)
	for _, e := range c.expect {
		if !slices.Contains(out, e.rule) {
			out = append(out, e.rule)
		}
	}
	return out
}

// compare says where findings and expectations differ.
func (c *testCase) compare(findings []fleetnet.Finding) []string {
	var problems []string
	left := slices.Clone(findings)
	for _, e := range c.expect {
		if e.outcome == OK {
			continue // any finding of the rule is left over below
		}
		at := slices.IndexFunc(left, func(f fleetnet.Finding) bool { return e.differs(f) == "" })
		if at >= 0 {
			left = slices.Delete(left, at, at+1)
			continue
		}
		problems = append(problems, fmt.Sprintf("line %d: want %s", e.line, e.describe(left)))
	}
	for _, f := range left {
		problems = append(problems, "not expected: "+describe(f))
	}
	return problems
}

// differs says in what a finding is not what is expected, or "".
func (e *expectation) differs(f fleetnet.Finding) string {
	switch {
	case f.Rule != e.rule:
		return "rule " + f.Rule
	case f.Outcome != e.outcome:
		return "outcome " + string(f.Outcome)
	case e.severity != "" && f.Severity.String() != e.severity:
		return "severity " + f.Severity.String()
	case e.count != nil && f.Count != *e.count:
		return fmt.Sprintf("count %d", f.Count)
	case !strings.Contains(f.Message, e.message):
		return "message " + fleetnet.Quote(f.Message)
	}
	for k, v := range e.labels {
		if f.Labels[k] != v {
			return fmt.Sprintf("label %s %s", k, fleetnet.Quote(f.Labels[k]))
		}
	}
	return ""
}

// describe says what was wanted and what comes nearest to it.
func (e *expectation) describe(left []fleetnet.Finding) string {
	s := fmt.Sprintf("%s: %s", e.rule, e.outcome)
	for _, f := range left {
		if f.Rule == e.rule {
			return s + ", got " + e.differs(f)
		}
	}
	return s + ", got no finding"
}

func describe(f fleetnet.Finding) string {
	return fmt.Sprintf("%s: %s %s, count %d: %s", f.Rule, f.Outcome, f.Severity, f.Count, f.Message)
}

// snapshot builds the host of the case.
func (c *testCase) snapshot(read Reader) (*fleetnet.Snapshot, error) {
	snap := fleetnet.NewSnapshot("host")
	snap.Host.OS = c.platform
	if c.model != nil {
		if err := readModel(c.model, snap); err != nil {
			return nil, fmt.Errorf("model: %w", err)
		}
	}
	for _, o := range c.outputs {
		if read == nil {
			return nil, errors.New("output: there is no reader of commands' output here")
		}
		if err := read(c.platform, o.command, []byte(o.text), snap); err != nil {
			return nil, fmt.Errorf("line %d: output of %q: %w", o.line, o.command, err)
		}
	}
	return snap, nil
}
