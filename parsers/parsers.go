// Package parsers is the table of everything that fleetnet can read.
package parsers

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/bsd"
	"github.com/fleetnet/fleetnet/parsers/command"
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

// Find returns the probe that reads what a command prints on a platform (a GOOS).
// The program may be named with a path, and what is put before commands may stand
// before it (see [command.Unwrap]); the probe's command is without that.
func Find(platform, typed string) (fleetnet.Probe, error) {
	program, args, core := unwrapped(typed)
	if platform == "windows" {
		program, args = windows.Split(core)
	}
	typed = core
	var known []string
	for _, d := range dialects() {
		if d.OS != platform {
			continue
		}
		if d.Program == program && (d.Accepts == nil || d.Accepts(args)) {
			return d.Probe(typed), nil
		}
		known = append(known, d.Program)
	}
	slices.Sort(known)
	known = slices.Compact(known)
	switch {
	case known == nil:
		return fleetnet.Probe{}, notRead(platform)
	case slices.Contains(known, program):
		return fleetnet.Probe{}, fmt.Errorf("the output of %q is not read: these arguments of %s are not known", typed, program)
	}
	return fleetnet.Probe{}, fmt.Errorf("the output of %q is not read; on %s it is that of: %s", typed, platform, strings.Join(known, ", "))
}

// unwrapped returns the program of a command line and its arguments, and both as a
// command line.
func unwrapped(typed string) (program string, args []string, core string) {
	words, _ := command.Unwrap(command.Words(typed))
	if len(words) == 0 {
		return "", nil, ""
	}
	return words[0], words[1:], strings.Join(words, " ")
}

// notRead says that nothing of a system is read.
func notRead(platform string) error {
	return fmt.Errorf("platform %q is not one of: %s", platform, strings.Join(platforms(), ", "))
}
