package windows

import (
	"bytes"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

var netshAddressLacks = append([]string{"interfaces.counters", "interfaces.mtu", "interfaces.carrier"}, netshLacks...)

// NetshAddresses reads `netsh interface ipv6 show addresses` and
// `netsh interface ipv4 show ipaddresses` of Windows Vista to 11:
//
//	Interface 7: Wi-Fi
//
//	Addr Type  DAD State   Valid Life Pref. Life Address
//	---------  ----------- ---------- ---------- ------------------------
//	Temporary  Preferred  6d23h57m58s   23h49m3s 2001:db8:11:1:c1cd:7a44:45a5:58f1
//	Other      Preferred     infinite   infinite fe80::f1f5:5cbb:f395:6c51%7
//
// The address stands last, and before it two times of one word each. What kind it
// is and its state are in the language of the display. The length of the prefix
// is not told.
func NetshAddresses(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := &netshAddresses{in: in, out: out}
	for in.Next() {
		line := in.Text()
		switch {
		case r.row(line) || r.block(line):
			in.Row()
		case dashes(line), heading(line), prompt(line):
			in.Skip()
		}
	}
	if !r.named {
		coverEmpty(out, "windows/netsh-addresses", "interfaces")
	}
	coverNetshPart(in, out, "windows/netsh-addresses", "interfaces")
	if r.rows > 0 {
		coverPart(out, "windows/netsh-addresses", "interfaces", "netsh tells no prefix length of these addresses", "addrs")
	}
	if r.strange {
		coverPart(out, "windows/netsh-addresses", "interfaces", "the states of some addresses are in a language that is not known", "addrs")
	}
}

type netshAddresses struct {
	in      *fleetnet.Lines
	out     *fleetnet.Snapshot
	index   fleetnet.Opt[int] // of the interface of the rows
	name    string
	named   bool // there was an interface
	rows    int
	strange bool // a state was not understood
}

func (r *netshAddresses) block(line []byte) bool {
	index, name, ok := netshInterface(line)
	if ok {
		r.index, r.name, r.named = index, name, true
		ifaceOf(r.out, index, name, r.in.Ref())
	}
	return ok
}

func (r *netshAddresses) row(line []byte) bool {
	words := bytes.Fields(line)
	last := len(words) - 1
	if last < 4 || !r.named {
		return false
	}
	a, _, ok := field.Addr(words[last])
	if !ok {
		return false
	}
	r.rows++
	it := ifaceOf(r.out, r.index, r.name, r.in.Ref())
	addAddr(it, fleetnet.IfAddr{Addr: a, Scope: scopeOf(a), Flags: r.flags(words[:last-2])})
	return true
}

// flags returns what the kind of an address and its state say, one word each.
func (r *netshAddresses) flags(words [][]byte) []string {
	if len(words) != 2 {
		r.strange = true
		return nil
	}
	var flags []string
	kind := strings.ToLower(string(words[0]))
	if slices.ContainsFunc(temporary, func(word string) bool { return strings.HasPrefix(kind, word) }) {
		flags = append(flags, "temporary")
	}
	flag, known := addressMarks[strings.ToLower(string(words[1]))]
	if flag != "" {
		flags = append(flags, flag)
	}
	r.strange = r.strange || !known
	return flags
}
