package windows

import (
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// options are the arguments of a program of Windows: letters after - or /,
// in capitals or not, of which p takes a value, and words.
type options struct {
	known   bool // there is a command
	letters string
	values  map[byte]string
	words   []string // in small letters
	piped   bool     // the output went through another program
}

func (o options) letter(l byte) bool  { return strings.IndexByte(o.letters, l) >= 0 }
func (o options) value(l byte) string { return o.values[l] }

// interval reports whether a program was to print again and again.
func (o options) interval() bool {
	return slices.ContainsFunc(o.words, func(w string) bool { return isNumber([]byte(w)) })
}

// has reports whether a word was given.
func (o options) has(word string) bool { return slices.Contains(o.words, word) }

// optionsOf returns the options of a whole command line.
func optionsOf(command string) options {
	_, args := Split(command)
	return readOptions(args)
}

func readOptions(args []string) options {
	o := options{known: len(args) > 0, values: map[byte]string{}}
	for i := 0; i < len(args); i++ {
		a := strings.ToLower(args[i])
		switch {
		case a == "|":
			o.piped = filters(args[i+1:])
			return o
		case a == "&" || a == "&&" || a == ";" || strings.ContainsAny(a, "<>"):
			return o
		case len(a) > 1 && (a[0] == '-' || a[0] == '/'):
			if name := attached(a); name != "" { // -ptcp
				o.values['p'], a = name, strings.TrimSuffix(a, name)
			}
			o.letters += a[1:]
			if strings.HasSuffix(a, "p") && i+1 < len(args) && protocolNames[strings.ToLower(args[i+1])] { // -p tcp, -anp tcp
				i++
				o.values['p'] = args[i]
			}
		default:
			o.words = append(o.words, a)
		}
	}
	return o
}

// attached returns the protocol that an option holds behind its p, if it holds one.
func attached(option string) string {
	if _, name, ok := strings.Cut(option, "p"); ok && protocolNames[name] {
		return name
	}
	return ""
}

// restricted reports whether the command of a cmdlet asks for a part of what there
// is: by a parameter, a name, or a filter behind it.
func restricted(command string) bool {
	_, args := Split(command)
	for i := 0; i < len(args); i++ {
		switch a := strings.ToLower(args[i]); {
		case a == "|":
			return filters(args[i+1:])
		case a == ";" || a == "&" || strings.ContainsAny(a, "<>"):
			return false
		case a == "-ea" || a == "-erroraction":
			i++
		case a == "*" || a == "-includehidden" || a == "-includeallcompartments":
		case a == "-classname" || a == "win32_process" || a == "-property" || strings.HasSuffix(a, ",") || i > 0 && strings.HasSuffix(args[i-1], ",") || i > 0 && strings.EqualFold(args[i-1], "-property"):
		default:
			return true
		}
	}
	return false
}

// protocolNames are the values of the option p of netstat.
var protocolNames = map[string]bool{
	"tcp": true, "tcpv6": true, "udp": true, "udpv6": true, "ip": true, "ipv6": true, "icmp": true, "icmpv6": true,
}

// filters reports whether what follows a pipe drops rows, as findstr does and
// Out-File and ConvertTo-Json do not.
func filters(args []string) bool {
	for i, a := range args {
		first := i == 0 || args[i-1] == "|"
		switch a = strings.ToLower(a); {
		case !first:
		case strings.HasPrefix(a, "convertto-"), strings.HasPrefix(a, "format-"), strings.HasPrefix(a, "out-"),
			strings.HasPrefix(a, "sort"), a == "ft", a == "fl", a == "more", a == "tee", a == "tee-object", a == "clip":
		case a == "select" || a == "select-object":
			for _, o := range args[i+1:] {
				if o = strings.ToLower(o); o == "|" {
					break
				} else if strings.HasPrefix(o, "-first") || strings.HasPrefix(o, "-last") || strings.HasPrefix(o, "-skip") || strings.HasPrefix(o, "-uniq") || strings.HasPrefix(o, "-index") {
					return true
				}
			}
		default:
			return true
		}
	}
	return false
}

// Split returns the program of a command line as [Dialects] spell it, without
// path, .exe and what starts it (cmd /c, powershell -Command, chcp 65001 &), and
// its arguments.
func Split(command string) (program string, args []string) {
	words := words(command)
	for len(words) > 0 {
		name := programName(words[0])
		skip := 0
		switch name {
		case "cmd":
			skip = starter(words, "/c", "/k")
		case "powershell", "pwsh":
			skip = starter(words, "-command", "-c")
		case "chcp":
			skip = slices.IndexFunc(words, func(w string) bool { return w == "&" || w == "&&" || w == ";" }) + 1
		}
		if skip == 0 {
			return fed(name, words[1:])
		}
		words = words[skip:]
	}
	return "", nil
}

// fed returns the cmdlet that prints: the last of a pipe that gets objects of its
// own, fed by those before it.
func fed(program string, args []string) (string, []string) {
	if !strings.HasPrefix(program, "Get-") {
		return program, args
	}
	for i := len(args) - 1; i > 0; i-- {
		name := programName(args[i])
		if strings.HasPrefix(name, "Get-") && slices.Contains(programs(), name) && (args[i-1] == "|" || i > 1 && args[i-2] == "|" && forEach(args[i-1])) {
			return name, append([]string{"-InputObject"}, args[i+1:]...)
		}
	}
	return program, args
}

func forEach(word string) bool {
	switch strings.ToLower(word) {
	case "foreach-object", "foreach", "%":
		return true
	}
	return false
}

// words cuts a command line at blanks. Quotes are taken off, and what separates
// commands is a word of its own.
func words(command string) []string {
	var b strings.Builder
	for _, r := range command {
		switch r {
		case '"', '\'', '{', '}', '(', ')':
			b.WriteByte(' ')
		case '|', ';', '&':
			b.WriteString(" " + string(r) + " ")
		default:
			b.WriteRune(r)
		}
	}
	return strings.Fields(b.String())
}

// starter returns how many words a shell and its options are: up to the one
// that a command follows, or the shell alone.
func starter(words []string, flags ...string) int {
	for i, w := range words {
		if slices.Contains(flags, strings.ToLower(w)) {
			return i + 1
		}
	}
	return 1
}

// programName returns a program's name in the spelling of the dialects.
func programName(word string) string {
	name := path.Base(strings.ReplaceAll(word, `\`, "/"))
	if len(name) > 4 && strings.EqualFold(name[len(name)-4:], ".exe") {
		name = name[:len(name)-4]
	}
	for _, known := range programs() {
		if strings.EqualFold(known, name) {
			return known
		}
	}
	return name
}

// heading reports whether the line has no number, so that it can be a title or
// the names of columns in any language. The 4 and 6 of IPv4 and IPv6 are none.
func heading(line []byte) bool {
	for i, b := range line {
		if b >= '0' && b <= '9' && !(i > 0 && (b == '4' || b == '6') && (line[i-1] == 'v' || line[i-1] == 'V')) {
			return false
		}
	}
	return true
}

// ellipsis reports whether the line says that others were left out: it is dots
// alone, or dots in brackets.
func ellipsis(line []byte) bool {
	s := strings.TrimSpace(string(line[:min(len(line), maxPrompt)]))
	dots := strings.Trim(s, "[](){}<> ")
	return len(s) < 40 && (strings.Trim(dots, ".") == "" && len(dots) > 2 || strings.Trim(dots, "…") == "" && dots != "" || dots == "snip")
}

// columnsOf returns how many pieces of text stand apart by blanks.
func columnsOf(line []byte) int { return len(strings.Fields(string(line))) }

// maxPrompt bounds how far a line is looked at for a prompt.
const maxPrompt = 512

// prompt reports whether the line is a prompt of cmd or PowerShell, alone or
// with what was typed there, or that of a pager:
//
//	C:\Users\ops>  PS C:\>  ops@WEB1 C:\>  [web1]: PS C:\>  (base) C:\>  \\srv\share>
func prompt(line []byte) bool {
	s := strings.TrimSpace(string(line[:min(len(line), maxPrompt)]))
	if strings.HasPrefix(s, "-- ") && strings.HasSuffix(s, " --") { // -- More --
		return true
	}
	before, _, ok := strings.Cut(s, ">")
	if !ok || !utf8.ValidString(s) {
		return false
	}
	if strings.HasPrefix(before, "PS ") || strings.HasPrefix(before, `\\`) {
		return true
	}
	for above := 0; above < 4; above++ { // words before the path
		if driveOf(before) {
			return true
		}
		if _, before, ok = strings.Cut(before, " "); !ok {
			break
		}
	}
	return false
}

// driveOf reports whether a path begins with a drive.
func driveOf(path string) bool {
	if len(path) < 2 || path[1] != ':' || len(path) > 2 && path[2] != '\\' {
		return false
	}
	letter := path[0] | 0x20
	return letter >= 'a' && letter <= 'z'
}
