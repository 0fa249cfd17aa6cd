package parsertest

import (
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
)

// pastes are what terminals, editors and mails make of an output. None of it
// changes what the output says.
func pastes() map[string]func(command, output string) string {
	return map[string]func(command, output string) string{
		"lines end in CR LF":         func(_, out string) string { return strings.ReplaceAll(out, "\n", "\r\n") },
		"no last line end":           func(_, out string) string { return strings.TrimSuffix(out, "\n") },
		"blanks for tabs":            func(_, out string) string { return strings.ReplaceAll(out, "\t", "        ") },
		"no blanks at ends of lines": func(_, out string) string { return trimmed(out) },
		"a prompt above":             func(command, out string) string { return "mac1:~ ops$ " + command + "\n" + out },
		"a prompt of zsh":            func(command, out string) string { return "ops@mac1 ~ % " + command + "\n" + out },
		"a prompt with sudo":         func(command, out string) string { return "ops@web1:~$ sudo " + command + "\n" + out },
		"the command above":          func(command, out string) string { return command + "\n" + out },
		"what sudo asks on macOS":    func(_, out string) string { return "Password:\n" + out },
		"what sudo asks":             func(command, out string) string { return "[sudo] password for ops: \n" + out },
	}
}

func trimmed(out string) string {
	lines := strings.Split(out, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

// Pastes asserts that every capture reads the same when it was pasted.
func Pastes(t *testing.T, dialects []fleetnet.Dialect) {
	for name, paste := range pastes() {
		t.Run(name, func(t *testing.T) {
			for _, c := range Load(t, dialects) {
				d, _ := Find(dialects, c.Command)
				want, wantAcct := Read(d, c.Command, []byte(c.Output))
				got, gotAcct := Read(d, c.Command, []byte(paste(c.Command, c.Output)))
				want.Coverage, got.Coverage = nil, nil // quotes lines
				if diff := difference(Tables(t, want), Tables(t, got)); diff != "" || gotAcct.Errors != wantAcct.Errors {
					t.Errorf("%s: %d line errors, want %d:\n%s", c.File, gotAcct.Errors, wantAcct.Errors, diff)
				}
			}
		})
	}
}
