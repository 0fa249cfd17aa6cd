package main

import (
	"os"
	"strings"
	"testing"
)

// What the README shows is what the demo fleet's recording gives. A line that
// ends in … is cut, a line that is … stands for any.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for block := range strings.SplitSeq(string(text), "\n    $ ") {
		command, output, _ := strings.Cut(block, "\n")
		rest, ok := strings.CutPrefix(command, "fleetnet ")
		if !ok {
			continue
		}
		args := strings.Fields(strings.Replace(rest, "-i hosts.yaml", "--from demofleet", 1))
		out, errs, _ := run(t, args...)
		for line := range strings.SplitSeq(output, "\n") {
			line, indented := strings.CutPrefix(line, "    ")
			if !indented && line != "" {
				break
			}
			shown++
			if want := strings.TrimSpace(strings.TrimSuffix(line, "…")); !strings.Contains(out, want) {
				t.Errorf("%s does not print %q\n%s%s", command, want, out, errs)
			}
		}
	}
	if shown < 20 {
		t.Errorf("only %d lines of output found in the README", shown)
	}
}
