package windows

import (
	"bytes"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// NetshNeighbors reads `netsh interface ipv4|ipv6 show neighbors` of Windows XP to 11:
//
//	Interface 5: Ethernet 4
//
//	Internet Address                              Physical Address   Type
//	--------------------------------------------  -----------------  -----------
//	192.168.7.1                                   6a-d7-9a-10-2b-82  Reachable (Router)
//	fe80::a12b:8:ea84:256                         00-00-00-00-00-00  Unreachable
//	224.0.0.22                                                       Permanent
//
// A link-layer address of zeros, of words or of nothing is none. The state is in
// the language of the display; where it is not known it is unknown.
func NetshNeighbors(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := &netshNeighbors{in: in, out: out, first: len(out.Neighbors)}
	ruled := false
	for in.Next() {
		line := in.Text()
		switch {
		case r.row(line) || r.block(line):
			in.Row()
		case dashes(line):
			ruled = true
			in.Skip()
		case heading(line), prompt(line):
			in.Skip()
		}
	}
	if !ruled && len(out.Neighbors) == r.first {
		coverEmpty(out, "windows/netsh-neighbors", "neighbors")
	}
	coverNetshPart(in, out, "windows/netsh-neighbors", "neighbors")
	if r.strange {
		coverPart(out, "windows/netsh-neighbors", "neighbors", "the types of some entries are in a language that is not known", "state")
	}
}

type netshNeighbors struct {
	in      *fleetnet.Lines
	out     *fleetnet.Snapshot
	first   int
	current string // the interface of the rows
	strange bool   // a state was not understood
}

func (r *netshNeighbors) block(line []byte) bool {
	_, name, ok := netshInterface(line)
	if ok {
		r.current = name
	}
	return ok
}

func (r *netshNeighbors) row(line []byte) bool {
	words := bytes.Fields(line)
	a, _, ok := field.Addr(words[0])
	if !ok || len(words) < 2 {
		return false
	}
	n := fleetnet.Neighbor{Addr: a, Interface: r.current, Ref: r.in.Ref()}
	kind := fieldsFrom(line, 1)
	if m, ok := field.MAC(words[1]); ok {
		n.MAC, kind = mac(m, true), fieldsFrom(line, 2)
	} else if i := bytes.LastIndex(kind, []byte("  ")); i >= 0 { // words in place of the address
		kind = kind[i+2:]
	}
	state, mark, marked := strings.Cut(string(kind), " (")
	if marked && mark != "" {
		n.Flags = []string{"router"}
	}
	known := false
	n.State, known = netshNeighborStates[strings.ToLower(state)]
	r.strange = r.strange || !known
	r.out.Neighbors = append(r.out.Neighbors, n)
	return true
}

// netshNeighborStates are the states as netsh translates them.
var netshNeighborStates = map[string]string{
	"unreachable": "FAILED", "incomplete": "INCOMPLETE", "probe": "PROBE", "delay": "DELAY", "stale": "STALE", "reachable": "REACHABLE",
	"permanent": "PERMANENT", "permanente": "PERMANENT", "постоянный": "PERMANENT", "永久": "PERMANENT",
	"erreichbar": "REACHABLE", "nicht erreichbar": "FAILED", "raggiungibile": "REACHABLE", "non raggiungibile": "FAILED",
}
