package bsdnet

import (
	"bytes"
	"slices"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// RoutesForm is what the routes of a system's netstat depend on, besides what
// its headings tell.
type RoutesForm struct {
	Probe string
	// Whole says that destinations and gateways are never cut with -n.
	Whole bool
	// Flags is the width of the column Flags where it is not that of macOS.
	Flags int
	// Sized is the option with which columns are as wide as what they hold, so
	// that no name is cut: W on DragonFly.
	Sized string
}

// Routes reads `netstat -r` (route.c: pr_rthdr, np_rtentry), with or without
// -n and -l:
//
//	Internet:
//	Destination        Gateway            Flags        Refs      Use   Netif Expire
//	default            192.168.1.254      UGSc          120       29     en0
//	169.254            link#10            UCS             1        0     en0      !
//	192.168.1.64       e0:33:8e:68:38:d6  UHLWIi          2      470     en0    753
//	Destination        Gateway            RT_IFA             Flags        Refs      Use    Mtu          Netif Expire
//	default            192.168.1.254      192.168.1.221      UGScg          9      100   1500           en0
//	Internet6:
//	default                                 fe80::feae:34ff:fea1:3a80%en0   UGcg                  en0
//
// A network is shown without its trailing zero octets, and with its length only
// when that is not the one of its class. A gateway that is a link-layer address
// or link#N is none: the destination is on the link. The letter I says that a
// route counts only for what is bound to its interface: it is in the table
// "scoped", the others are in "main", or in that of a fib. The columns are cut: a
// destination, gateway or interface that fills its column may lack its end and
// is unknown. Expire may be blank, and so may Mtu and what follows Expire, so
// that the flags are found by their letters and the rest by their position.
func Routes(in *fleetnet.Lines, out *fleetnet.Snapshot, form RoutesForm) {
	r := routesReader{in: in, out: out, form: form, table: "main"}
	o := command.Of(in.Command(), "fFINpTw")
	r.form.Whole = form.Whole && o.Has("n")
	r.sized = form.Sized != "" && o.Has(form.Sized)
	for in.Next() {
		line := in.Text()
		switch {
		case r.title(line):
			in.Skip()
		case r.other:
			in.Skip()
		case startsWith(line, "Destination"), startsWith(line, "Address "): // -A
			r.heading(line)
			in.Skip()
		default:
			r.row(line)
		}
	}
	family := familyOf(in.Command(), o)
	coverFamily(in, out, "routes", form.Probe, family, "only "+family)
}

type routesReader struct {
	in      *fleetnet.Lines
	out     *fleetnet.Snapshot
	form    RoutesForm
	family  string
	other   bool // in a table of another family
	table   string
	columns []routeColumn
	zone    []byte // of an end of the row, which is the whole name of its interface
	sized   bool   // nothing is cut

	noTitle, noHeading bool // family and columns are guessed
}

// title reports whether the line is one above a heading.
func (r *routesReader) title(line []byte) bool {
	title := bytes.TrimSpace(line)
	switch string(title) {
	case "Internet:":
		r.family, r.other, r.columns, r.noTitle = "inet", false, nil, false
	case "Internet6:":
		r.family, r.other, r.columns, r.noTitle = "inet6", false, nil, false
	case "Encap:", "Internet Encap:", "AppleTalk:", "XNS:", "Local:", "MPLS:", "mpls:", "Netgraph:":
		r.other = true
	default:
		if _, fib, ok := bytes.Cut(title, []byte("(fib: ")); ok { // FreeBSD, of another table than 0
			r.table = r.out.Intern(bytes.TrimSuffix(fib, []byte{')'}))
		}
		return bytes.HasPrefix(title, []byte("Routing table")) || bytes.HasPrefix(title, []byte("Warning: "))
	}
	return true
}

// startsWith reports whether the line, indented or not, starts with a word.
func startsWith(line []byte, word string) bool {
	return bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte(word))
}

// row reads one route.
func (r *routesReader) row(line []byte) {
	if err := r.guess(line); err != nil {
		r.in.Fail(err)
		return
	}
	rt := fleetnet.Route{Family: r.family, Type: "unicast", Ref: r.in.Ref()}
	c := field.New(line)
	dst, gateway := c.Next(), c.Next()
	var source []byte
	if r.index("RT_IFA") >= 0 && !isRouteFlags(c.Peek()) {
		source = c.Next()
	}
	flags := c.Next()
	if c.Err() == nil && !isRouteFlags(flags) {
		c.Failf("%s are not the flags of a route", fleetnet.Quote(flags))
	}
	if c.Err() != nil {
		r.in.Fail(c.Err())
		return
	}
	var hop fleetnet.NextHop
	r.setFlags(&rt, flags)
	if err := r.destination(&rt, dst); err != nil {
		r.in.Fail(err)
		return
	}
	r.gateway(&rt, &hop, gateway)
	if r.zone = r.zoneOf("Destination", dst); len(r.zone) == 0 {
		r.zone = r.zoneOf("Gateway", gateway)
	}
	r.source(&rt, source)
	if err := r.rest(&c, &rt, &hop); err != nil {
		r.in.Fail(err)
		return
	}
	rt.NextHops = []fleetnet.NextHop{hop}
	if rt.Type == "blackhole" || rt.Type == "unreachable" {
		rt.NextHops = nil
	}
	r.out.Routes = append(r.out.Routes, rt)
	r.in.Row()
}

// routeLetters are all letters of the column Flags (bits in route.c), in the
// order in which they are printed: of macOS, FreeBSD, OpenBSD and NetBSD.
const routeLetters = "UGHRDMmdCXLSs12WcT3BbIiYrgPlhnFpVO"

// isRouteFlags reports whether the word may be the flags of a route. Every
// route that is listed has some, and nearly all have U.
func isRouteFlags(b []byte) bool {
	if len(b) == 0 || len(b) > 16 {
		return false
	}
	for _, l := range b {
		if bytes.IndexByte([]byte(routeLetters), l) < 0 {
			return false
		}
	}
	return b[0] >= 'A' && b[0] <= 'Z'
}

// setFlags keeps the letters, and reads the types that they tell.
func (r *routesReader) setFlags(rt *fleetnet.Route, flags []byte) {
	rt.Table = r.table
	for _, l := range flags {
		rt.Flags = append(rt.Flags, r.out.Intern([]byte{l}))
		switch l {
		case 'I':
			rt.Table = "scoped"
		case 'B':
			rt.Type = "blackhole"
		case 'R':
			rt.Type = "unreachable"
		case 'l':
			rt.Type = "local"
		case 'b':
			rt.Type = "broadcast"
		case 'm':
			rt.Type = "multicast"
		}
	}
}

func hasLetter(flags []string, letter string) bool { return slices.Contains(flags, letter) }

// source reads RT_IFA, the address that the host takes towards the destination.
func (r *routesReader) source(rt *fleetnet.Route, b []byte) {
	if b == nil || len(b) == r.width("RT_IFA") && bytes.IndexByte(b, '%') < 0 && bytes.IndexByte(b, ':') >= 0 && len(b) < wideHost {
		return
	}
	rt.Src, _, _ = field.Addr(b)
}

// gateway reads the gateway of a route that goes through one. What stands in
// its place for others is of the link: link#N, a link-layer address, the index
// of an interface, an address of the host itself.
func (r *routesReader) gateway(rt *fleetnet.Route, hop *fleetnet.NextHop, b []byte) {
	if !hasLetter(rt.Flags, "G") || isLink(b) {
		return
	}
	a, zone, ok := field.Addr(b)
	if len(b) == r.width("Gateway") && bytes.IndexByte(b, ':') >= 0 && zone == nil && len(b) < wideHost {
		ok = false // its end may be missing
	}
	if !ok {
		r.unknown("next_hops", "a gateway is cut or shown by name; use -n")
		return
	}
	hop.Gateway = field.WithoutIndex(a)
}

// zoneOf returns the zone of an end, when it cannot be cut.
func (r *routesReader) zoneOf(column string, b []byte) []byte {
	if len(b) == r.width(column) {
		return nil
	}
	_, zone, _ := bytes.Cut(b, []byte{'%'})
	zone, _, _ = bytes.Cut(zone, []byte{'/'})
	return zone
}

// isLink reports whether the gateway is no address of a router: link#4, the
// MAC of a neighbour, the index or name of an interface.
func isLink(b []byte) bool {
	if _, ok := field.MAC(b); ok || bytes.HasPrefix(b, []byte("link#")) {
		return true
	}
	_, number := field.Uint(b, 32)
	return number
}

// rest reads the columns after the flags, as far as the heading names them:
// Refs and Use, Mtu, Prio, and then the interface, behind which all may be blank.
func (r *routesReader) rest(c *field.Cursor, rt *fleetnet.Route, hop *fleetnet.NextHop) error {
	for _, name := range []string{"Refs", "Use", "Nhop#"} {
		if r.index(name) >= 0 {
			if word := c.Next(); string(word) != "-" {
				if _, ok := field.Uint(word, 64); !ok && c.Err() == nil {
					c.Failf("%s is not a number", fleetnet.Quote(word))
				}
			}
		}
	}
	r.mtu(c, rt)
	if r.index("Prio") >= 0 {
		if n := c.Uint(32); c.Err() == nil {
			rt.Metric = fleetnet.Some(uint32(n))
		}
	}
	name := c.Next()
	if c.Err() != nil {
		return c.Err()
	}
	if r.cut(name) {
		if !bytes.HasPrefix(r.zone, name) {
			r.unknown("next_hops", "netstat cuts the names of interfaces to its column")
			return nil
		}
		name = r.zone
	}
	hop.Interface = r.out.Intern(name)
	return nil
}

// mtu reads Mtu, which is blank for none: then the interface follows.
func (r *routesReader) mtu(c *field.Cursor, rt *fleetnet.Route) {
	if r.index("Mtu") < 0 && r.index("MTU") < 0 {
		return
	}
	word := c.Peek()
	if string(word) == "-" {
		c.Next()
		return
	}
	if n, ok := field.Uint(word, 31); ok {
		c.Next()
		rt.MTU = fleetnet.Some(int(n))
	}
}

// unknown says that a field of some routes is not known.
func (r *routesReader) unknown(column, reason string) {
	r.out.Cover(fleetnet.Coverage{Table: "routes", Status: fleetnet.StatusPartial, Fields: []string{column}, Probe: r.form.Probe, Reason: reason})
}
