package linux

import (
	"slices"
	"strings"
)

// options are the arguments of a command in the getopt manner of net-tools,
// procps and nstat: clusters of letters, long names, and operands.
type options struct {
	letters  string   // every short option, "-rn6" as "rn6"
	long     []string // long options without dashes and without =value
	values   []string // values of the short options that take one
	operands []string
}

// readOptions splits args; the letters in valued take a value. What the shell
// keeps for itself (redirections, and all from a pipe on) is left out.
func readOptions(args []string, valued string) options {
	var o options
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "|" || a == ";" || a == "&&" || a == "||":
			return o
		case strings.ContainsAny(a, "<>"):
		case strings.HasPrefix(a, "--"):
			name, _, _ := strings.Cut(a[2:], "=")
			o.long = append(o.long, name)
		case len(a) > 1 && a[0] == '-':
			i += o.cluster(a[1:], args[i+1:], valued)
		default:
			o.operands = append(o.operands, a)
		}
	}
	return o
}

// cluster reads one cluster of letters and returns how many of the arguments
// after it were its value.
func (o *options) cluster(letters string, next []string, valued string) int {
	for i, l := range letters {
		o.letters += string(l)
		if !strings.ContainsRune(valued, l) {
			continue
		}
		if rest := letters[i+len(string(l)):]; rest != "" {
			o.values = append(o.values, rest)
		} else if len(next) > 0 {
			o.values = append(o.values, next[0])
			return 1
		}
		return 0
	}
	return 0
}

// has reports whether one of the letters, or of the long options, was given.
func (o options) has(letters string, long ...string) bool {
	if strings.ContainsAny(o.letters, letters) {
		return true
	}
	return slices.ContainsFunc(long, func(l string) bool { return slices.Contains(o.long, l) })
}

// commandOptions are the options of a whole command line, its program left out.
func commandOptions(command, valued string) options {
	words := strings.Fields(command)
	if len(words) == 0 {
		return options{}
	}
	return readOptions(words[1:], valued)
}
