package command

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// Pasted returns dialects that pass over what a terminal shows above an
// output: the prompt with the command, and what login and sudo say. The output of a
// probe has neither, so only dialects take them.
func Pasted(dialects []fleetnet.Dialect) []fleetnet.Dialect {
	for i := range dialects {
		d := dialects[i]
		read := d.Read
		dialects[i].Read = func(in *fleetnet.Lines, out *fleetnet.Snapshot) {
			for aboveOutput(in.Peek(), in.Command()) && in.Next() {
				in.Skip()
			}
			read(in, out)
			coverFilter(in.Command(), &d, out)
		}
	}
	return dialects
}

// aboveOutput reports whether the line stands above the output of command in a
// terminal.
func aboveOutput(line []byte, command string) bool {
	return Said(string(line)) || strings.HasPrefix(string(line), "Last login: ") || typed(string(line), command)
}

// Said reports whether the line is what sudo says. On macOS and the
// BSDs sudo asks for a password without its name.
func Said(line string) bool {
	if strings.TrimSpace(line) == "Password:" {
		return true
	}
	for _, p := range []string{"[sudo] ", "sudo: unable to resolve host ", "sudo: setrlimit("} {
		if strings.HasPrefix(line, p) {
			return true
		}
	}
	return false
}

// maxPrompt bounds how long a line with a prompt and a command may be.
const maxPrompt = 1024

// typed reports whether the line is the command as it was typed, behind a
// prompt or alone: `[root@web1 ~]# netstat -an | head`. The first word of the
// arguments must be the same, so that no row of the output is taken for it.
func typed(line, command string) bool {
	words := Words(command)
	if len(line) > maxPrompt || len(words) == 0 {
		return false
	}
	line = strings.TrimSpace(line)
	if whole := strings.Join(words, " "); strings.Join(Words(line), " ") == whole {
		return true
	}
	if words, _ = Unwrap(words); len(words) == 0 {
		return false
	}
	for i := strings.IndexAny(line, "$#%>❯➜"); i >= 0; {
		after, _ := Unwrap(Words(strings.TrimLeft(line[i:], "$#%>❯➜")))
		if len(after) > 0 && after[0] == words[0] && sameStart(after[1:], words[1:]) {
			return true
		}
		next := strings.IndexAny(line[i+1:], "$#%>❯➜")
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

// sameStart reports whether two lists of arguments begin alike, in whatever
// order the letters of options stand, or both are empty.
func sameStart(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	return letters(a[0]) == letters(b[0])
}

// letters returns the letters of an option in order, and any other word as it is.
func letters(word string) string {
	if !strings.HasPrefix(word, "-") {
		return word
	}
	all := []byte(word)
	slices.Sort(all)
	return string(all)
}
