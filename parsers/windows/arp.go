package windows

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Arp reads `arp -a [-v]` of Windows in any language:
//
//	Interface: 192.168.1.5 --- 0xb
//	  Internet Address      Physical Address      Type
//	  192.168.1.1           00-1d-aa-12-34-56     dynamic
//	  224.0.0.22                                  statisch
//
// The interface is told by its address and its number, in hexadecimal digits; it
// is named where the interfaces are known. 0xffffffff is none. A dynamic entry
// may be reachable or stale: arp does not tell.
func Arp(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := &arpReader{in: in, out: out, names: indexNames(out), byAddr: addrNames(out)}
	for in.Next() {
		r.line(in.Text())
	}
	if !r.headed && !r.none {
		coverEmpty(out, "windows/arp", "neighbors")
	}
	if r.strange {
		coverPart(out, "windows/arp", "neighbors", "the types of some entries are in a language that is not known", "state")
	}
	coverOne(in, out, "windows/arp", "neighbors", "inet")
	if o := optionsOf(in.Command()); o.piped || len(o.words) > 0 || o.letter('n') {
		coverPart(out, "windows/arp", "neighbors", "the command asks for a part")
	}
}

type arpReader struct {
	in      *fleetnet.Lines
	out     *fleetnet.Snapshot
	names   map[string]string
	byAddr  map[netip.Addr]string
	current string // the interface of the rows
	headed  bool   // an interface was seen
	none    bool   // arp says so
	strange bool   // a type was not understood
}

func (r *arpReader) line(line []byte) {
	words := bytes.Fields(line)
	switch last := len(words) - 1; {
	case last >= 2 && string(words[last-1]) == "---" && bytes.HasPrefix(words[last], []byte("0x")):
		r.heading(words[last-2], words[last])
	case isIPv4(words[0]):
		r.row(words)
	case heading(line), prompt(line): // names of columns, or that there are no entries
		r.none = r.none || bytes.HasPrefix(line, []byte("No ARP Entries Found"))
		r.in.Skip()
	}
}

// heading reads `Interface: 192.168.1.5 --- 0xb`.
func (r *arpReader) heading(addr, number []byte) {
	index, ok := field.Hex(number[2:])
	a, _, isAddr := field.Addr(addr)
	if !ok || !isAddr {
		return // not understood
	}
	r.headed = true
	r.current = r.byAddr[a]
	if key := strconv.FormatUint(index, 10); r.current == "" && index != 0xFFFFFFFF {
		if r.current = r.names[key]; r.current == "" {
			r.current = key
		}
	}
	r.in.Row()
}

// row reads an entry; the address of the link may be missing.
func (r *arpReader) row(words [][]byte) {
	a, _, _ := field.Addr(words[0])
	n := fleetnet.Neighbor{Addr: a, Interface: r.current, Ref: r.in.Ref()}
	rest := words[1:]
	if len(rest) > 0 {
		if m, ok := field.MAC(rest[0]); ok {
			n.MAC, rest = mac(m, true), rest[1:]
		}
	}
	if len(rest) != 1 {
		r.in.Fail(field.ErrShort)
		return
	}
	state, known := arpTypes[strings.ToLower(string(rest[0]))]
	n.State = state
	r.strange = r.strange || !known
	r.out.Neighbors = append(r.out.Neighbors, n)
	r.in.Row()
}

// arpTypes are the types of entries as arp translates them.
var arpTypes = map[string]string{
	"static": "PERMANENT", "statisch": "PERMANENT", "statique": "PERMANENT", "estático": "PERMANENT", "estática": "PERMANENT",
	"statico": "PERMANENT", "статический": "PERMANENT", "静态": "PERMANENT", "静的": "PERMANENT", "statyczne": "PERMANENT",
	"dynamic": "", "dynamisch": "", "dynamique": "", "dinámico": "", "dinámica": "", "dinâmico": "", "dinamico": "",
	"динамический": "", "动态": "", "動的": "", "dynamiczne": "",
	"invalid": "FAILED", "ungültig": "FAILED",
}
