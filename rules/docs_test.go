package rules

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestManualHolds runs the examples of the manual: its rules and waivers load,
// and its tests pass with them, those apart that need a reader of output.
func TestManualHolds(t *testing.T) {
	var rules, tests []string
	for i, block := range strings.Split(string(read(t, filepath.Join("..", "docs", "rules.md"))), "```") {
		text, ok := strings.CutPrefix(block, "yaml\n")
		switch {
		case i%2 == 0 || !ok:
		case strings.HasPrefix(text, "tests:"):
			tests = append(tests, write(t, "test.yaml", text))
		default:
			rules = append(rules, write(t, "rules.yaml", text))
		}
	}
	if len(rules) != 3 || len(tests) != 1 {
		t.Fatalf("%d examples of rules and %d of tests", len(rules), len(tests))
	}
	set, err := Load(rules...)
	if err != nil {
		t.Fatal(err)
	}
	res, err := set.RunTests(nil, tests...)
	if err != nil || len(res) != 2 {
		t.Fatal(res, err)
	}
	if res[0].Problems != nil {
		t.Error(res[0].Problems)
	}
	if len(res[1].Problems) != 1 || !strings.Contains(res[1].Problems[0], "there is no reader") {
		t.Error(res[1].Problems)
	}
}
