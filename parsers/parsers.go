// Package parsers is the table of everything that fleetnet can read.
package parsers

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/bsd"
	"github.com/fleetnet/fleetnet/parsers/darwin"
	"github.com/fleetnet/fleetnet/parsers/linux"
	"github.com/fleetnet/fleetnet/parsers/windows"
)

// All returns the probes of every system that a scan can ask.
func All() []fleetnet.Probe {
	return slices.Concat(linux.Probes(), darwin.Probes(), bsd.Probes(), windows.Probes())
}

// Dialects returns every output that can be read on its own.
func Dialects() []fleetnet.Dialect {
	return slices.Concat(linux.Dialects(), darwin.Dialects(), bsd.Dialects(), windows.Dialects())
}

// dialects is Dialects, made once: it is looked through for every line that may
// be a command.
var dialects = sync.OnceValue(Dialects)

// Find returns the dialect of what a command prints on a platform (a GOOS).
// The command may name its program with a path and may begin with sudo and
// with assignments of variables.
func Find(platform, command string) (fleetnet.Dialect, error) {
	program, args := split(command)
	if platform == "windows" {
		program, args = windows.Split(command)
	}
	var known, platforms []string
	for _, d := range dialects() {
		if d.OS != platform {
			platforms = append(platforms, d.OS)
			continue
		}
		if d.Program == program && (d.Accepts == nil || d.Accepts(args)) {
			return d, nil
		}
		known = append(known, d.Program)
	}
	slices.Sort(known)
	known = slices.Compact(known)
	switch {
	case known == nil:
		return fleetnet.Dialect{}, fmt.Errorf("platform %q is not one of: %s", platform, strings.Join(slices.Compact(platforms), ", "))
	case slices.Contains(known, program):
		return fleetnet.Dialect{}, fmt.Errorf("the output of %q is not read: these arguments of %s are not known", command, program)
	}
	return fleetnet.Dialect{}, fmt.Errorf("the output of %q is not read; on %s it is that of: %s", command, platform, strings.Join(known, ", "))
}

// split returns the program of a command line, without its path, and its
// arguments, skipping what commonly stands before it.
func split(command string) (string, []string) {
	words := strings.Fields(command)
	for len(words) > 0 {
		w := words[0]
		if !strings.Contains(w, "=") {
			w = path.Base(w)
		}
		switch {
		case w == "sudo" || w == "doas" || w == "busybox" || w == "toybox" || w == "-n" || w == "env" || w == "$" || w == "#",
			strings.Contains(w, "=") && !strings.HasPrefix(w, "-"):
			words = words[1:]
		default:
			return w, words[1:]
		}
	}
	return "", nil
}
