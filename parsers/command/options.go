// Package command reads command lines: which options a pasted output was made
// with, and whether a line is the command itself as it was typed.
package command

import (
	"slices"
	"strings"
)

// Options are the arguments of a command in the getopt manner of net-tools,
// procps and nstat: clusters of letters, long names, and operands.
type Options struct {
	Letters  string   // every short option, "-rn6" as "rn6"
	Long     []string // long options without dashes and without =value
	Values   []string // values of the short options that take one
	Operands []string
}

// Words splits a command line at its blanks, and at the pipes and semicolons
// outside of quotes that people write without any: `netstat -an|grep LISTEN`.
func Words(line string) []string {
	if !strings.ContainsAny(line, "|;") {
		return strings.Fields(line)
	}
	var b strings.Builder
	var quote byte
	for i := range len(line) {
		c := line[i]
		switch {
		case c == quote:
			quote = 0
		case quote != 0:
		case c == '\'', c == '"':
			quote = c
		case c == '|', c == ';' && i+1 < len(line) && line[i+1] != ' ':
			b.WriteString(" " + string(c) + " ")
			continue
		}
		b.WriteByte(c)
	}
	return strings.Fields(b.String())
}

// Read splits args; the letters in valued take a value. What the shell
// keeps for itself (redirections, and all from a pipe on) is left out.
func Read(args []string, valued string) Options {
	var o Options
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "|" || a == ";" || a == "&&" || a == "||":
			return o
		case strings.ContainsAny(a, "<>"):
		case strings.HasPrefix(a, "--"):
			name, _, _ := strings.Cut(a[2:], "=")
			o.Long = append(o.Long, name)
		case len(a) > 1 && a[0] == '-':
			i += o.cluster(a[1:], args[i+1:], valued)
		default:
			o.Operands = append(o.Operands, a)
		}
	}
	return o
}

// cluster reads one cluster of letters and returns how many of the arguments
// after it were its value.
func (o *Options) cluster(letters string, next []string, valued string) int {
	for i, l := range letters {
		o.Letters += string(l)
		if !strings.ContainsRune(valued, l) {
			continue
		}
		if rest := letters[i+len(string(l)):]; rest != "" {
			o.Values = append(o.Values, rest)
		} else if len(next) > 0 {
			o.Values = append(o.Values, next[0])
			return 1
		}
		return 0
	}
	return 0
}

// Has reports whether one of the letters, or of the long options, was given.
func (o Options) Has(letters string, long ...string) bool {
	if strings.ContainsAny(o.Letters, letters) {
		return true
	}
	return slices.ContainsFunc(long, func(l string) bool { return slices.Contains(o.Long, l) })
}

// Of returns the options of a whole command line, its program left out.
func Of(command, valued string) Options {
	words := Words(command)
	if len(words) == 0 {
		return Options{}
	}
	return Read(words[1:], valued)
}
