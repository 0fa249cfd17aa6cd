package windows

import (
	"bytes"
	"errors"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// Ipconfig reads `ipconfig` and `ipconfig /all` of Windows XP to 11, in any
// language:
//
//	Ethernet adapter Ethernet 2:
//
//	   Connection-specific DNS Suffix  . : example.com
//	   Description . . . . . . . . . . . : Intel(R) 82574L Gigabit Network Connection
//	   Physical Address. . . . . . . . . : 00-0C-29-76-C8-D0
//	   Link-local IPv6 Address . . . . . : fe80::9595:e8d9:b190:ecac%11(Preferred)
//	   IPv4 Address. . . . . . . . . . . : 192.168.23.154(Preferred)
//	   Subnet Mask . . . . . . . . . . . : 255.255.255.0
//
// What a line tells is known by its value and its place (see [adapter]), never
// by its label. The name of an adapter stands behind its kind, which is taken off
// where it is one of [kinds]. ipconfig does not tell the length of IPv6 prefixes.
func Ipconfig(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := &ipconfigReader{in: in, out: out, all: optionsOf(in.Command()).letter('a')}
	for in.Next() {
		r.line(in.Text())
	}
	r.end()
	r.cover()
}

type ipconfigReader struct {
	in  *fleetnet.Lines
	out *fleetnet.Snapshot
	all bool // with /all

	adapter *adapter // nil before the first
	broken  string   // a heading that goes on on the next line
	labels  int      // lines before the first adapter
	first   string   // the value of the first of them
	found   int
	unnamed int  // headings whose kind is not known
	bare    bool // an IPv6 address was read
	long    bool // an IPv4 address without its mask was read
	marks   bool // an address was marked with a word that is not known
}

// adapter is the block of one adapter: its lines in order, each with the values
// below it.
type adapter struct {
	heading string
	ref     fleetnet.Ref
	lines   []labelled
}

type labelled struct {
	label  string
	values []string
}

// deep is from where on a line has no label: it is a further value.
const deep = 20

func (r *ipconfigReader) line(line []byte) {
	indent := len(line) - len(bytes.TrimLeft(line, " \t"))
	text := strings.TrimSpace(string(line))
	if line[0] == '\t' {
		indent += 7
	}
	switch {
	case indent == 0 && prompt(line):
		r.in.Skip()
	case indent == 0 && !filled(text) && !r.value(text):
		r.title(text)
	case indent < deep && r.indented(text):
		r.heading(strings.TrimSpace(strings.TrimSuffix(text, ":")))
	case indent >= deep || r.value(text):
		r.further(text)
	default:
		r.labelled(text)
	}
}

// indented reports whether text is a heading that stands as far to the right as
// labels do, in a paste that took the blanks before both: one of a kind that is
// known, above a blank line.
func (r *ipconfigReader) indented(text string) bool {
	_, _, known := adapterName(text)
	return known && strings.HasSuffix(text, ":") && !filled(text) && len(bytes.TrimSpace(r.in.Peek())) == 0
}

// filled reports whether text begins with a label that is filled up with dots.
// Where a page took off the blanks before them, that tells it from a heading.
func filled(text string) bool {
	label, _, ok := cutLabel(text)
	return ok && strings.HasPrefix(strings.TrimLeft(text[len(label):], " "), ".")
}

// value reports whether text is an address alone, below a label.
func (r *ipconfigReader) value(text string) bool {
	_, _, _, ok := ipconfigAddr(text)
	return ok && r.adapter != nil && len(r.adapter.lines) > 0
}

// title reads a line that is not indented: the heading of an adapter, whole or in
// two pieces, or the title of the output or of a compartment.
func (r *ipconfigReader) title(text string) {
	next := r.in.Peek()
	name, whole := strings.CutSuffix(text, ":")
	switch _, _, known := adapterName(text); {
	case whole:
		r.heading(strings.TrimSpace(r.broken + " " + strings.TrimSpace(name)))
	case ruler(bytes.Fields([]byte(text))), ruler(bytes.Fields(next)):
		r.end() // a compartment
		r.in.Skip()
	case r.titled(text):
		r.in.Skip()
	case known && len(bytes.TrimSpace(next)) == 0:
		r.heading(text) // of Wine
	case r.labels > 0 && len(next) > 0 && next[0] != ' ' && next[len(next)-1] == ':':
		r.broken = text
		r.in.Row()
	}
	// What is left is not understood: a message.
}

// titled reports whether text can be the title of the output: Windows IP
// Configuration, Windows 2000 IP Configuration.
func (r *ipconfigReader) titled(text string) bool {
	_, _, known := adapterName(text)
	return !known && r.labels == 0 && r.adapter == nil && r.broken == "" && heading([]byte(strings.TrimPrefix(text, "Windows 2000 ")))
}

func (r *ipconfigReader) heading(name string) {
	r.end()
	r.broken = ""
	r.adapter = &adapter{heading: name, ref: r.in.Ref()}
	r.in.Row()
}

// labelled reads `label . . . : value`.
func (r *ipconfigReader) labelled(text string) {
	label, value, ok := cutLabel(text)
	if !ok && r.titled(text) {
		r.in.Skip()
		return
	}
	if !ok {
		r.in.Fail(errors.New("a label and a value expected"))
		return
	}
	r.labels++
	r.in.Row()
	if r.adapter == nil {
		r.host(label, value)
		return
	}
	r.adapter.lines = append(r.adapter.lines, labelled{label, []string{value}})
}

// host takes the name of the host from the first line when its label or the
// second line, the suffix of names, shows that it is the name.
func (r *ipconfigReader) host(label, value string) {
	if r.labels == 1 && !ofDNS(label) && !strings.Contains(value, " ") {
		r.first = value
	}
	if named := r.labels == 1 && strings.Contains(strings.ToLower(label), "host") || r.labels == 2 && ofDNS(label); named && r.out.Host.Hostname == "" {
		r.out.Host.Hostname = r.first
	}
}

// ofDNS reports whether a label is of DNS, which no language translates.
func ofDNS(label string) bool { return strings.Contains(strings.ToUpper(label), "DNS") }

// further reads a value without a label.
func (r *ipconfigReader) further(text string) {
	r.in.Row()
	if r.adapter == nil || len(r.adapter.lines) == 0 {
		if r.labels == 0 {
			r.in.Fail(errNoLabel)
		}
		return
	}
	l := &r.adapter.lines[len(r.adapter.lines)-1]
	l.values = append(l.values, text)
}

var errNoLabel = errors.New("a value without a label")

// cutLabel cuts a line at the colon that follows its dots or a blank. Labels may
// hold other colons (`Vínculo: dirección`), and some have no dots
// (`DNS-Suffix: `).
func cutLabel(text string) (label, value string, ok bool) {
	plain := -1
	for i := range len(text) {
		if text[i] != ':' || i+1 < len(text) && text[i+1] != ' ' {
			continue
		}
		if i > 0 && (text[i-1] == '.' || text[i-1] == ' ') {
			return strings.TrimRight(text[:i], ". "), strings.TrimSpace(text[i+1:]), true
		}
		if plain < 0 {
			plain = i
		}
	}
	if plain < 1 {
		return "", "", false
	}
	return text[:plain], strings.TrimSpace(text[plain+1:]), true
}

// cover says what could not be told.
func (r *ipconfigReader) cover() {
	if r.found == 0 {
		coverEmpty(r.out, "windows/ipconfig", "interfaces")
	}
	if r.bare {
		coverPart(r.out, "windows/ipconfig", "interfaces", "ipconfig tells no prefix length of IPv6 addresses", "addrs")
	}
	if r.long {
		coverPart(r.out, "windows/ipconfig", "interfaces", "the mask of some addresses is not shown", "addrs")
	}
	if r.marks {
		coverPart(r.out, "windows/ipconfig", "interfaces", "what some addresses are marked with is in a language that is not known", "addrs")
	}
	if r.unnamed > 0 {
		coverPart(r.out, "windows/ipconfig", "interfaces", "the names of some adapters cannot be told from their kind, in a language that is not known", "name")
	}
	if !r.all {
		coverPart(r.out, "windows/ipconfig", "interfaces", "not told by ipconfig without /all", "mac", "aliases")
	}
}
