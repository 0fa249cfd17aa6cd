package rules

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/fleetnet/fleetnet"
)

func builtinSet(t testing.TB) *Set {
	t.Helper()
	s, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestBuiltinRules(t *testing.T) {
	files, err := filepath.Glob("builtin/tests/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no tests", err)
	}
	set := builtinSet(t)
	results, err := set.RunTests(nil, files...)
	if err != nil {
		t.Fatal(err)
	}
	var seen []Verdict
	for _, res := range results {
		for _, p := range res.Problems {
			t.Errorf("%s:%d: %s: %s", res.File, res.Line, res.Name, p)
		}
		seen = append(seen, res.Seen...)
	}
	for _, r := range set.Rules() {
		for _, o := range []fleetnet.Outcome{fleetnet.Fail, OK, fleetnet.Unknown} {
			if !slices.Contains(seen, Verdict{r.ID, o}) {
				t.Errorf("%s has no case that comes out as %s", r.ID, o)
			}
		}
	}
}

// TestBuiltinRulesAreExplained asserts that nobody is left alone with a finding.
func TestBuiltinRulesAreExplained(t *testing.T) {
	for _, r := range builtinSet(t).Rules() {
		for what, text := range map[string]string{"code": r.Code, "why": r.Why, "fix": r.Fix, "verify": r.Verify, "message": r.Message} {
			if text == "" {
				t.Errorf("%s has no %s", r.ID, what)
			}
		}
	}
}
