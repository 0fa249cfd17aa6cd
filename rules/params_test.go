package rules

import (
	"strings"
	"testing"
)

func TestParams(t *testing.T) {
	set := builtinSet(t)
	for _, c := range []struct{ assignment, err string }{
		{"close-wait-leak.limit=500", ""},
		{"no-carrier.ignore=eth,br", ""},
		{"close-wait-leek.limit=5", `param "close-wait-leek.limit": unknown rule "close-wait-leek" (did you mean "close-wait-leak"?)`},
		{"close-wait-leak.limits=5", `param "close-wait-leak.limits": rule close-wait-leak has no param "limits" (did you mean "limit"?)`},
		{"close-wait-leak.limit=many", `param "close-wait-leak.limit": "many" is not a number`},
		{"close-wait-leak", `param "close-wait-leak": must be RULE.PARAM=VALUE`},
	} {
		_, err := set.WithParams([]string{c.assignment})
		if got := errText(err); got != c.err {
			t.Errorf("%s: got %s, want %s", c.assignment, got, c.err)
		}
	}
	if err := set.CheckParams(map[string]any{"close-wait-leak.limit": 5, "rx-errors.percent": 0.5}); err != nil {
		t.Error(err)
	}
	if err := set.CheckParams(map[string]any{"close-wait-leak.limit": []any{1}, "x.y": 1}); err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("want two faults: %v", err)
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestParamsOverride(t *testing.T) {
	set, snap := builtinSet(t), snapshot(t, `sockets: [{repeat: 50, proto: tcp, state: CLOSE_WAIT, local: {port: 80}, peer: {port: 1}}]`)
	count := func(s *Set, params map[string]any) int {
		n := 0
		for _, f := range s.Evaluate(snap, Target{Params: params}) {
			if f.Rule == "close-wait-leak" {
				n++
			}
		}
		return n
	}
	low := map[string]any{"close-wait-leak.limit": 10}
	if count(set, nil) != 0 || count(set, low) != 1 {
		t.Error("the inventory's param does not hold")
	}
	fixed, err := set.WithParams([]string{"close-wait-leak.limit=1000"})
	if err != nil || count(fixed, low) != 0 || count(set, low) != 1 {
		t.Errorf("the run's param does not beat the inventory's, or changed the set: %v", err)
	}
	if count(set, map[string]any{"close-wait-leak.limit": "x"}) != 1 {
		t.Error("a param that does not fit was passed over in silence")
	}
}
