package inventory

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fleetnet/fleetnet"
)

// iniFile reads one INI inventory, as plugins/inventory/ini.py does:
//
//	web1:2222 ansible_user=ops rack="r 7"
//	[web]
//	web[01:20]
//	[web:vars]
//	role = edge
//	[prod:children]
//	web
//
// A file without sections is a list of hosts.
type iniFile struct {
	*ansible
	file    string
	line    int
	indent  int // what stands before the text of the line
	section *ansibleGroup
	state   string // hosts, vars or children
	pending []*pendingGroup
}

// pendingGroup is a group that is spoken of and not declared yet.
type pendingGroup struct {
	name     string
	at       place
	vars     bool // by [name:vars], else as a child
	parents  []*ansibleGroup
	declared bool
}

var (
	iniSection = regexp.MustCompile(`^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$`)
	iniGroup   = regexp.MustCompile(`^([^:\]\s]+)\s*(?:#.*)?$`)
)

// readINI adds the text of an INI inventory to a.
func (a *ansible) readINI(file, text string) {
	f := &iniFile{ansible: a, file: file, section: a.group(ungrouped), state: "hosts"}
	for len(text) > 0 {
		end := strings.IndexFunc(text, isLineEnd)
		if end < 0 {
			end = len(text)
		}
		f.line++
		f.read(text[:end])
		text = skipLineEnd(text[end:])
	}
	for _, p := range f.pending {
		switch {
		case p.declared:
		case p.vars:
			f.fail(p.at, "section [%s:vars] is of a group that is nowhere declared", p.name)
		default:
			f.fail(p.at, "group %q of [%s:children] is nowhere declared", p.name, p.parents[0].name)
		}
	}
}

// isLineEnd knows the line ends of Python's splitlines.
func isLineEnd(r rune) bool {
	return r >= '\n' && r <= '\r' || r >= 0x1c && r <= 0x1e || r == 0x85 || r == 0x2028 || r == 0x2029
}

func skipLineEnd(s string) string {
	if strings.HasPrefix(s, "\r\n") {
		return s[2:]
	}
	_, n := utf8.DecodeRuneInString(s)
	return s[n:]
}

// place returns where byte n of the line's text is.
func (f *iniFile) place(text string, n int) place {
	return place{f.file, f.line, f.indent + utf8.RuneCountInString(text[:n]) + 1}
}

func (f *iniFile) read(line string) {
	text := strings.TrimLeftFunc(line, unicode.IsSpace)
	f.indent = utf8.RuneCountInString(line[:len(line)-len(text)])
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	if text == "" || text[0] == '#' || text[0] == ';' {
		return
	}
	at := f.place(text, 0)
	m := iniSection.FindStringSubmatch(text)
	switch {
	case !utf8.ValidString(text):
		f.fail(at, "the line is not UTF-8")
	case m != nil:
		f.open(m[1], m[2], at)
	case text[0] == '[' && text[len(text)-1] == ']':
		f.fail(at, "%s is no section: write [group], [group:vars] or [group:children], without blanks", fleetnet.Quote(text))
	case f.state == "vars":
		f.readVar(text)
	case f.state == "children":
		f.readChild(text, at)
	default:
		f.readHost(text, at)
	}
}

// open begins a section.
func (f *iniFile) open(name, state string, at place) {
	if state == "" {
		state = "hosts"
	}
	if state != "hosts" && state != "children" && state != "vars" {
		f.fail(at, "section [%s:%s]: %q is not vars or children", name, state, state)
		state = ""
	}
	p := f.waiting(name)
	if f.groups[name] == nil && state == "vars" && p == nil {
		f.pending = append(f.pending, &pendingGroup{name: name, at: at, vars: true})
	}
	f.section, f.state = f.group(name), state
	if p == nil || state == "vars" {
		return
	}
	p.declared = true
	for _, parent := range p.parents {
		f.addChild(parent, f.section, p.at)
	}
}

// waiting returns the group of that name that is not declared yet, or nil.
func (f *iniFile) waiting(name string) *pendingGroup {
	for _, p := range f.pending {
		if p.name == name && !p.declared {
			return p
		}
	}
	return nil
}

func (f *iniFile) readChild(text string, at place) {
	m := iniGroup.FindStringSubmatch(text)
	if m == nil {
		f.fail(at, "%s is no group: a line of [%s:children] names one", fleetnet.Quote(text), f.section.name)
		return
	}
	if child := f.groups[m[1]]; child != nil {
		f.addChild(f.section, child, at)
		return
	}
	p := f.waiting(m[1])
	if p == nil {
		p = &pendingGroup{name: m[1], at: at}
		f.pending = append(f.pending, p)
	}
	p.parents = append(p.parents, f.section)
}

// readVar reads a line of [group:vars]. What stands in it may be secret and is
// never quoted.
func (f *iniFile) readVar(text string) {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		f.fail(f.place(text, 0), "expected name=value in [%s:vars]", f.section.name)
		return
	}
	at := f.place(text, len(text)-len(strings.TrimLeftFunc(value, unicode.IsSpace)))
	f.setGroupVar(f.section, strings.TrimSpace(name), variable{value: literal(strings.TrimSpace(value)), at: at})
}

// readHost reads a host or a range of hosts, with variables after it. What
// stands there may be secret and is never quoted.
func (f *iniFile) readHost(text string, at place) {
	if f.state == "" {
		return // below a section that was refused
	}
	words, columns, err := shellWords(text, true)
	switch {
	case err != nil:
		f.fail(at, "host: %v", err)
		return
	case strings.HasSuffix(words[0], ":"):
		f.fail(at, "host %s ends in a colon: a port follows one (YAML files end in .yml or .yaml, or begin with ---)", fleetnet.Quote(words[0]))
		return
	}
	names, port, err := expandPattern(words[0])
	if err != nil {
		f.fail(at, "host %v", err)
		return
	}
	vars := map[string]variable{}
	for i, word := range words[1:] {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			f.fail(f.place(text, columns[i+1]), "expected name=value after host %s", fleetnet.Quote(words[0]))
			continue
		}
		vars[name] = variable{value: literal(value), at: f.place(text, columns[i+1])}
	}
	for _, name := range names {
		h := f.addHost(name, port, f.section, at)
		if h == nil {
			return
		}
		for name, v := range vars {
			f.setHostVar(h, name, v)
		}
	}
}
