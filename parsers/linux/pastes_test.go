package linux_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet"
)

// pastes are what terminals, editors and mails make of an output. None of it
// changes what the output says.
var pastes = map[string]func(command, output string) string{
	"lines end in CR LF":  func(_, out string) string { return strings.ReplaceAll(out, "\n", "\r\n") },
	"no last line end":    func(_, out string) string { return strings.TrimSuffix(out, "\n") },
	"blanks for tabs":     func(_, out string) string { return strings.ReplaceAll(out, "\t", "        ") },
	"a prompt above":      func(command, out string) string { return "[root@web1 ~]# " + command + "\n" + out },
	"a prompt with sudo":  func(command, out string) string { return "ops@web1:~$ sudo " + command + "\n" + out },
	"the command above":   func(command, out string) string { return command + "\n" + out },
	"a prompt for a word": func(command, out string) string { return "[sudo] password for ops: \n" + out },
}

// TestPastes asserts that every capture reads the same when it was pasted.
func TestPastes(t *testing.T) {
	for name, paste := range pastes {
		t.Run(name, func(t *testing.T) {
			for _, file := range captures(t) {
				text, err := os.ReadFile(filepath.Join("testdata", file))
				if err != nil {
					t.Fatal(err)
				}
				a := parseArchive(string(text))
				command, output := strings.TrimSpace(a.file("command").data), a.file("output").data
				d, _ := dialectOf(command)
				want, wantAcct := readCapture(d, command, []byte(output))
				got, gotAcct := readCapture(d, command, []byte(paste(command, output)))
				if diff := cmp.Diff(rows(t, want), rows(t, got)); diff != "" || gotAcct.Errors != wantAcct.Errors {
					t.Errorf("%s: %d line errors, want %d (-want +got):\n%s", file, gotAcct.Errors, wantAcct.Errors, diff)
				}
			}
		})
	}
}

// rows returns the tables without their coverage, which quotes lines.
func rows(t *testing.T, s *fleetnet.Snapshot) string {
	s.Coverage = nil
	return tables(t, s)
}
