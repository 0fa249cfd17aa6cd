package windows

import (
	"bytes"
	"errors"
	"net/netip"
	"slices"
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
	case last >= 2 && bytes.HasPrefix(words[last], []byte("0x")) && !isIPv4(words[0]):
		r.heading(words[:last], words[last][2:])
	case isIPv4(words[0]):
		r.row(words)
	case heading(line), prompt(line): // names of columns, or that there are no entries
		r.none = r.none || bytes.HasPrefix(line, []byte("No ARP Entries Found"))
		r.in.Skip()
	}
}

// heading reads `Interface: 192.168.1.5 --- 0xb`, which Windows 2000 writes as
// `Interface: 192.168.1.5 on Interface 0x1000003`.
func (r *arpReader) heading(words [][]byte, number []byte) {
	index, ok := field.Hex(number)
	at := slices.IndexFunc(words, isIPv4)
	if !ok || at < 0 {
		return // not understood
	}
	a, _, _ := field.Addr(words[at])
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
	if len(rest) == 0 || len(rest) > 1 && bytes.IndexByte(rest[0], '-') > 0 {
		r.in.Fail(errors.New("the address of a link and a type expected"))
		return
	}
	state, known := arpTypes[strings.ToLower(string(bytes.Join(rest, []byte(" "))))]
	n.State = state
	r.strange = r.strange || !known
	r.out.Neighbors = append(r.out.Neighbors, n)
	r.in.Row()
}

// arpTypes are the types of entries as arp translates them.
var arpTypes = map[string]string{
	"static": "PERMANENT", "statisch": "PERMANENT", "statique": "PERMANENT", "estático": "PERMANENT", "estática": "PERMANENT",
	"statico": "PERMANENT", "статический": "PERMANENT", "статичний": "PERMANENT", "静态": "PERMANENT", "靜態": "PERMANENT", "静的": "PERMANENT",
	"statyczne": "PERMANENT", "정적": "PERMANENT", "statik": "PERMANENT", "statická": "PERMANENT", "statisk": "PERMANENT", "statikus": "PERMANENT",
	"dynamic": "", "dynamisch": "", "dynamique": "", "dinámico": "", "dinámica": "", "dinâmico": "", "dinamico": "",
	"динамический": "", "динамічний": "", "动态": "", "動態": "", "動的": "", "dynamiczne": "", "동적": "", "dinamik": "", "dynamická": "",
	"dynamisk": "", "dinamikus": "",
	"invalid": "FAILED", "ungültig": "FAILED", "non valide": "FAILED", "no válido": "FAILED", "non valido": "FAILED", "ongeldig": "FAILED",
}
