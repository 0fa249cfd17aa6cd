package rules

import (
	"fmt"
	"slices"

	"github.com/fleetnet/fleetnet"
	"gopkg.in/yaml.v3"
)

// testFile reads the cases of a test file. The faults are in r.
func (r *reader) testFile(data []byte) []*testCase {
	var out []*testCase
	root := r.parseYAML(data)
	if root == nil {
		return nil
	}
	r.mapping(root, "test file", []key{{"tests", func(n *yaml.Node) {
		r.sequence(n, "tests", func(item *yaml.Node) { out = append(out, r.testCase(item)) })
	}}})
	return out
}

func (r *reader) testCase(n *yaml.Node) *testCase {
	c := &testCase{line: n.Line, platform: "linux", target: Target{Params: map[string]any{}, Vars: map[string]any{}}}
	expects := false
	r.mapping(n, "test", []key{
		{"name", r.text("name", &c.name)},
		{"platform", r.text("platform", &c.platform)},
		{"rules", r.texts("rules", &c.rules)},
		{"params", r.values("params", c.target.Params)},
		{"vars", r.values("vars", c.target.Vars)},
		{"groups", r.texts("groups", &c.target.Groups)},
		{"model", func(v *yaml.Node) { c.model = r.resolve(v) }},
		{"output", func(v *yaml.Node) {
			r.sequence(v, "output", func(item *yaml.Node) { c.outputs = append(c.outputs, r.commandOutput(item)) })
		}},
		{"expect", func(v *yaml.Node) {
			expects = true
			r.sequence(v, "expect", func(item *yaml.Node) { c.expect = append(c.expect, r.expectation(item)) })
		}},
	})
	if c.name == "" || !expects || len(c.expect) == 0 && len(c.rules) == 0 {
		r.fail(n, "test: needs a name, and expect (or rules and an empty expect)")
	}
	return c
}

func (r *reader) values(what string, into map[string]any) func(*yaml.Node) {
	return func(n *yaml.Node) {
		r.pairs(n, what, func(k, v *yaml.Node) {
			val, err := paramValue(r.resolve(v))
			if err != nil {
				r.fail(v, "%s: %s: %v", what, k.Value, err)
			}
			into[k.Value] = val
		})
	}
}

func (r *reader) commandOutput(n *yaml.Node) commandOutput {
	o := commandOutput{line: n.Line}
	r.mapping(n, "output", []key{
		{"command", r.text("command", &o.command)},
		{"text", func(v *yaml.Node) { o.text = r.resolve(v).Value }},
	})
	if o.command == "" {
		r.fail(n, "output: command is missing")
	}
	return o
}

func (r *reader) expectation(n *yaml.Node) expectation {
	e := expectation{line: n.Line, labels: map[string]string{}}
	outcome := ""
	r.mapping(n, "expect", []key{
		{"rule", r.text("rule", &e.rule)},
		{"outcome", r.text("outcome", &outcome)},
		{"severity", r.text("severity", &e.severity)},
		{"message", r.text("message", &e.message)},
		{"count", func(v *yaml.Node) {
			e.count = new(int)
			if err := r.resolve(v).Decode(e.count); err != nil {
				r.fail(v, "count: must be a whole number")
			}
		}},
		{"labels", func(v *yaml.Node) {
			r.pairs(v, "labels", func(k, v *yaml.Node) { e.labels[k.Value] = r.resolve(v).Value })
		}},
	})
	e.outcome = fleetnet.Outcome(outcome)
	if !slices.Contains([]fleetnet.Outcome{fleetnet.Fail, fleetnet.Unknown, OK}, e.outcome) {
		r.fail(n, "expect: outcome must be fail, unknown or ok, not %q", outcome)
	}
	if e.rule == "" {
		r.fail(n, "expect: rule is missing")
	}
	var s fleetnet.Severity
	if err := s.UnmarshalText([]byte(e.severity)); e.severity != "" && err != nil {
		r.fail(n, "expect: %v", fmt.Errorf("severity: %w", err))
	}
	return e
}
