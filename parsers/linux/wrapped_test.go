package linux_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/linux"
	"github.com/fleetnet/fleetnet/parsers/parsertest"
)

// TestWrapped asserts that captures whose lines were broken by a terminal of 80
// columns read as they would have whole, or that what cannot be known is said.
func TestWrapped(t *testing.T) {
	folds := map[string]func(string) string{
		"as it was":             func(s string) string { return s },
		"blanks at ends lost":   func(s string) string { return strings.TrimRight(s, " ") },
		"indented, as in lists": func(s string) string { return "  " + s },
	}
	for name, each := range folds {
		t.Run(name, func(t *testing.T) {
			for _, c := range parsertest.Load(t, linux.Dialects()) {
				if folder, _, _ := strings.Cut(c.File, "/"); folder != "ss" && folder != "netstat-sockets" || strings.Contains(c.File, "/made-garbled") || strings.Contains(c.File, "sctp") || c.File == "ss/made-prompt.txtar" {
					continue
				}
				d, _ := dialectOf(c.Command)
				want, wantAcct := parsertest.Read(d, c.Command, []byte(c.Output))
				got, gotAcct := parsertest.Read(d, c.Command, []byte(folded(c.Output, each)))
				switch said := gotAcct.Errors > wantAcct.Errors; {
				case said && name == "blanks at ends lost":
					continue
				case said:
					t.Errorf("%s: %d line errors, want %d: %v", c.File, gotAcct.Errors, wantAcct.Errors, gotAcct.First)
				}
				if diff := cmp.Diff(rowsAlone(t, want), rowsAlone(t, got)); diff != "" {
					t.Errorf("%s (-whole +folded):\n%s", c.File, diff)
				}
			}
		})
	}
}

// rowsAlone returns the tables without their coverage, which quotes lines.
func rowsAlone(t *testing.T, s *fleetnet.Snapshot) string {
	s.Coverage = nil
	return parsertest.Tables(t, s)
}

// folded breaks lines at 80 columns.
func folded(text string, each func(string) string) string {
	var out []string
	for line := range strings.Lines(text) {
		var part strings.Builder
		at := 0
		for _, r := range strings.TrimSuffix(line, "\n") {
			width := 1
			if r == '\t' {
				width = 8 - at%8
			}
			if at+width > 80 {
				out = append(out, each(part.String()))
				part.Reset()
				at = 0
			}
			part.WriteRune(r)
			at += width
		}
		out = append(out, each(part.String()))
	}
	return strings.Join(out, "\n") + "\n"
}
