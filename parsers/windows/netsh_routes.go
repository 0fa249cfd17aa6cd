package windows

import (
	"bytes"
	"net/netip"
	"strconv"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// NetshRoutes reads `netsh interface ipv4|ipv6 show route` of Windows Vista to 11:
//
//	Publish  Type      Met  Prefix                    Idx  Gateway/Interface Name
//	-------  --------  ---  ------------------------  ---  ------------------------
//	No       Manual    0    0.0.0.0/0                   5  192.168.7.1
//	No       System    256  fe80::5c1:9ff:fe20:aa01/128   15  Ethernet 5
//
// A prefix between two numbers makes a row, as what stands before is in the
// language of the display and long prefixes push the rest. The metric is that of
// the route alone, without its interface's, which is not told: it is unknown.
// A route on the link shows the name of its interface, which names the others of
// the same number.
func NetshRoutes(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := &netshRoutes{in: in, out: out, names: indexNames(out), byAddr: addrNames(out), table: "main"}
	if optionsOf(in.Command()).has("store=persistent") {
		r.table = "persistent"
	}
	first, ruled := len(out.Routes), false
	for in.Next() {
		line := in.Text()
		switch {
		case r.row(line):
			in.Row()
		case dashes(line):
			ruled = true
			in.Skip()
		case heading(line), prompt(line):
			in.Skip()
		}
	}
	if !ruled && len(out.Routes) == first {
		coverEmpty(out, "windows/netsh-route", "routes")
	}
	coverNetshPart(in, out, "windows/netsh-route", "routes")
	for i := range out.Routes[first:] {
		if hop := &out.Routes[first+i].NextHops[0]; r.names[hop.Interface] != "" {
			hop.Interface = r.names[hop.Interface]
		}
	}
}

type netshRoutes struct {
	in     *fleetnet.Lines
	out    *fleetnet.Snapshot
	names  map[string]string
	byAddr map[netip.Addr]string
	table  string
}

func (r *netshRoutes) row(line []byte) bool {
	words := bytes.Fields(line)
	at := netshPrefix(words)
	if at < 0 {
		return false
	}
	dst, _ := field.Prefix(words[at])
	rt := fleetnet.Route{Family: "inet", Type: "unicast", Dst: dst.Masked(), Table: r.table, Ref: r.in.Ref()}
	if dst.Addr().Is6() {
		rt.Family = "inet6"
	}
	index := string(words[at+1])
	hop := fleetnet.NextHop{Interface: index}
	name := fieldsFrom(line, at+2)
	if a, _, ok := field.Addr(name); ok {
		hop.Gateway = a
	} else {
		if len(name) > 0 && r.names[index] == "" {
			r.names[index] = string(name)
		}
		_, ours := r.byAddr[dst.Addr()]
		rt.Type = netRouteType(rt.Dst, ours)
	}
	rt.NextHops = []fleetnet.NextHop{hop}
	r.out.Routes = append(r.out.Routes, rt)
	return true
}

// netshPrefix returns which of the words is a prefix that stands between a
// metric and the number of an interface, or -1.
func netshPrefix(words [][]byte) int {
	for i := 1; i+1 < len(words); i++ {
		if _, ok := field.Prefix(words[i]); ok && bytes.IndexByte(words[i], '/') > 0 && isNumber(words[i-1]) && isNumber(words[i+1]) {
			return i
		}
	}
	return -1
}

// fieldsFrom returns the text from the n-th field of a line on.
func fieldsFrom(line []byte, n int) []byte {
	c := field.New(line)
	for range n {
		c.Next()
	}
	return c.Rest()
}

// coverNetshPart says what rows a command did not ask for: those of the other
// protocol, of other interfaces, and what a filter dropped.
func coverNetshPart(in *fleetnet.Lines, out *fleetnet.Snapshot, probe, table string) {
	o := optionsOf(in.Command())
	coverOne(in, out, probe, table, netshFamily(o))
	for i, word := range o.words {
		o.piped = o.piped || i > 3 && word != "level=normal" && word != "store=active"
	}
	if o.piped {
		coverPart(out, probe, table, "the command asks for a part")
	}
}

// netshInterface reads the heading of a block in any language:
//
//	Interface 13: Local Area Connection 2
func netshInterface(line []byte) (index fleetnet.Opt[int], name string, ok bool) {
	before, after, ok := bytes.Cut(line, []byte(":"))
	if !ok {
		before, after, ok = bytes.Cut(line, []byte("："))
	}
	words := bytes.Fields(before)
	if !ok || len(words) < 2 {
		return index, "", false
	}
	n, err := strconv.ParseInt(string(words[len(words)-1]), 10, 32)
	name = string(bytes.TrimSpace(after))
	return fleetnet.Some(int(n)), name, err == nil && n > 0 && name != ""
}
