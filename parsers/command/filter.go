package command

import (
	"path"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// filters are the programs that drop lines, or parts of them.
var filters = []string{"grep", "egrep", "fgrep", "zgrep", "rg", "ag", "head", "tail", "awk", "gawk", "mawk", "sed", "cut", "uniq", "perl", "python", "python3"}

// coverFilter says that a command line sends its output through a program of
// POSIX that drops lines. Readers of Windows see to its filters themselves.
func coverFilter(line string, d *fleetnet.Dialect, out *fleetnet.Snapshot) {
	if d.OS == "windows" || !Filtered(line) {
		return
	}
	for _, table := range d.Tables {
		out.Cover(fleetnet.Coverage{Table: table, Status: fleetnet.StatusPartial, Probe: d.Name, Reason: "only what a filter let through"})
	}
}

// Filtered reports whether a command line has a filter behind a pipe.
func Filtered(line string) bool {
	for i, stage := range strings.Split(line, "|") {
		words, _ := Unwrap(strings.Fields(stage))
		if i > 0 && len(words) > 0 && slices.Contains(filters, path.Base(words[0])) {
			return true
		}
	}
	return false
}
