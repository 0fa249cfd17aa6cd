package rules

import (
	"cmp"
	"path/filepath"
	"regexp"
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

// TestBuiltinRulesAreExplained asserts that nobody is left alone with a finding:
// on each system that a rule is judged on, what it says is of that system.
func TestBuiltinRulesAreExplained(t *testing.T) {
	tools := map[string]*regexp.Regexp{
		"linux":   regexp.MustCompile(`\b(ss|ip|tc|ethtool|arping) -?[a-zA-Z]|net\.(core|ipv[46])\.|\bonlink\b`),
		"windows": regexp.MustCompile(`\b(Get|Set|New|Enable)-Net|\bnetsh\b|\bmask 0|\broute print\b`),
		"bsd":     regexp.MustCompile(`\bnetstat -|\bifconfig\b|\bsockstat\b|\bfstat\b|\bndp -|\bkern\.|net\.inet\.`),
	}
	for _, r := range builtinSet(t).Rules() {
		for what, text := range map[string]string{"code": r.Code, "why": r.Why, "message": r.Message} {
			if text == "" {
				t.Errorf("%s has no %s", r.ID, what)
			}
		}
		for _, system := range append(fleetnet.Systems("bsd"), "linux", "darwin", "windows") {
			if !r.judgedOn(system) {
				continue
			}
			family := cmp.Or(map[string]string{"linux": "linux", "windows": "windows"}[system], "bsd")
			if !tools[family].MatchString(r.Verify.On(system)) {
				t.Errorf("%s: verify on %s has no command of it: %q", r.ID, system, r.Verify.On(system))
			}
			if r.Fix.On(system) == "" {
				t.Errorf("%s has no fix on %s", r.ID, system)
			}
			for other, words := range tools {
				if text := r.Verify.On(system) + " " + r.Fix.On(system); other != family && words.MatchString(text) {
					t.Errorf("%s: on %s it says what only %s knows: %q", r.ID, system, other, text)
				}
			}
		}
	}
}
