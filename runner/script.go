package runner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// What stands in a script where the random word and the password go.
const (
	noncePlaceholder    = "NONCE"
	passwordPlaceholder = "PASSWORD"
)

// ScriptOptions is what a script depends on besides the probes.
type ScriptOptions struct {
	// Platform is the one that the script is for, a GOOS. Empty means each that
	// has a POSIX shell: the script then finds out.
	Platform        string
	Become          string // "sudo", "doas" or "su", or empty for none
	Password        bool   // a password is handed to sudo or su; doas takes none
	AllowModuleLoad bool
}

// Commands returns the command that is run on each host, and that is fed what
// [Script] returns; behind it are others, for hosts where it cannot start. On
// Windows they hold the word NONCE where each host gets a random one, and all that
// runs where PowerShell cannot.
func Commands(probes []fleetnet.Probe, o ScriptOptions) []string {
	if o.Platform == windows {
		return windowsCommands(fleetnet.Slots(probes, windows))
	}
	return []string{"/bin/sh"}
}

// Script returns the script that runs on each host, with the word NONCE where
// each host gets a random one, and PASSWORD where the password goes that
// [ScriptOptions] announces. The first of [Commands], on anything but Windows /bin/sh, reads
// it from its standard input, and all that runs on a host stands in the two.
func Script(probes []fleetnet.Probe, o ScriptOptions) string {
	if o.Platform == windows {
		return windowsScript(fleetnet.Slots(probes, windows))
	}
	w := &scriptWriter{options: o}
	w.prelude()
	var served []system
	for _, sys := range systems() {
		if sys.os == windows || o.Platform != "" && o.Platform != sys.os {
			continue
		}
		if slots := fleetnet.Slots(probes, sys.os); slots != nil {
			w.system(sys, slots)
			served = append(served, sys)
		}
	}
	w.main(served)
	return w.String()
}

type scriptWriter struct {
	strings.Builder
	options ScriptOptions
}

func (w *scriptWriter) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func (w *scriptWriter) prelude() {
	w.WriteString(scriptHead)
	if w.options.AllowModuleLoad {
		w.line("FLEETNET_ALLOW_MODULE_LOAD=1")
		w.line("export FLEETNET_ALLOW_MODULE_LOAD")
	} else {
		w.line("unset FLEETNET_ALLOW_MODULE_LOAD")
	}
	w.WriteString(scriptFrames)
	w.WriteString(scriptBecome(w.options))
}

// system writes one function per slot, and one that calls them all.
func (w *scriptWriter) system(sys system, slots [][]fleetnet.Probe) {
	var calls []string
	for _, slot := range slots {
		name := sys.os + "_" + shellName(slot[0].Slot)
		for slices.Contains(calls, name) { // two slots that differ in what a name cannot hold
			name += "_"
		}
		calls = append(calls, name)
		w.slot(name, slot)
	}
	w.line("\n%s() {\n\t%s\n}", sys.os, strings.Join(calls, "\n\t"))
}

func (w *scriptWriter) slot(name string, alternatives []fleetnet.Probe) {
	tables := alternatives[0].Tables
	w.line("\n# %s: %s", alternatives[0].Slot, strings.Join(tables, ", "))
	w.line("%s() {", name)
	for _, p := range alternatives {
		w.alternative(p)
	}
	w.line("}")
}

// alternative writes the attempt of one probe: return ends the slot, falling
// through goes on to the next.
func (w *scriptWriter) alternative(p fleetnet.Probe) {
	indent, open := "\t", 0
	if len(p.Needs) > 0 {
		w.line("\tif have %s; then", shellWords(append([]string{p.Name}, p.Needs...)))
		indent, open = "\t\t", 1
	}
	if p.If != "" {
		w.line("%sif holds %s %s; then", indent, shellWord(p.Name), shellQuote(p.If))
		indent, open = indent+"\t", open+1
	}
	w.attempt(p, indent)
	for ; open > 0; open-- {
		w.line("%sfi", strings.Repeat("\t", open))
	}
}

func (w *scriptWriter) attempt(p fleetnet.Probe, indent string) {
	command, become := strings.TrimSpace(p.Command), w.options.Become
	if !p.Root || !slices.Contains(becomeMethods(), become) {
		w.plain(p.Name, command, indent)
		return
	}
	asRoot := shellWords(rootWords(command))
	if become == inventory.BecomeSu {
		asRoot = shellQuote(command)
	}
	w.line("%sif [ \"$become\" = %s ]; then", indent, become)
	w.line("%s\tstarts %s %s", indent, shellWord(p.Name), become)
	w.line("%s\tas_root %s", indent, asRoot)
	w.line("%s\tends && return", indent)
	w.line("%sfi", indent)
	w.line("%sif [ \"$become\" != %s ]; then", indent, become)
	w.plain(p.Name, command, indent+"\t")
	w.line("%sfi", indent)
}

// rootWords returns what sudo and doas are given of a command: itself, so that
// their rules can name it, or a shell's where only a shell understands it. No
// command is to read a standard input on which a password may have been left.
func rootWords(command string) []string {
	words := strings.Fields(command)
	n := assignments(words)
	switch {
	case n == 0 && plainWords(command):
		return words
	case n > 0 && plainWords(strings.Join(words[n:], " ")):
		return append([]string{"env"}, words...) // sudo lets few set variables by itself
	}
	return []string{"sh", "-c", "exec </dev/null; " + command}
}

// plain runs the command in a shell of its own, so that it can neither end the
// script nor read it, and stands on its own lines, so that it can end in a comment.
func (w *scriptWriter) plain(name, command, indent string) {
	w.line("%sstarts %s \"$user\"", indent, shellWord(name))
	w.line("%s(", indent)
	w.line("%s\t%s", indent, command)
	w.line("%s) </dev/null", indent)
	w.line("%sends && return", indent)
}

func (w *scriptWriter) main(served []system) {
	w.line("\nmain() {\n\tidentify\n\tcase $system in")
	for _, sys := range served {
		w.line("\t%s) %s ;;", sys.uname, sys.os)
	}
	w.line("\tesac\n\tdone_frame\n}\n\nmain; exit 0")
}

// appendScript appends the script for one host. The password is empty when
// the script wants none.
func appendScript(b []byte, script, nonce, password string) []byte {
	before, after, _ := strings.Cut(script, noncePlaceholder)
	b = append(append(b, before...), nonce...)
	if password != "" {
		before, after, _ = strings.Cut(after, passwordPlaceholder)
		b = append(append(b, before...), encodePassword(password)...)
	}
	return append(b, after...)
}
