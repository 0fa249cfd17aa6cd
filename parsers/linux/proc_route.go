package linux

import (
	"errors"
	"net/netip"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// The flags of routes that these files tell (linux/route.h, linux/ipv6_route.h).
const (
	rtfGateway   = 0x2
	rtfReject    = 0x200
	rtfAnycast   = 0x100000
	rtfNoNextHop = 0x200000
	rtfCache     = 0x1000000
	rtfLocal     = 0x80000000
)

// routeLetters are the letters of net-tools for the bits of a route's flags.
var routeLetters = []struct {
	bit    uint32
	letter string
}{
	{0x1, "U"}, {rtfReject, "!"}, {rtfGateway, "G"}, {0x4, "H"}, {0x8, "R"}, {0x10, "D"}, {0x20, "M"},
	{0x10000, "D"}, {0x40000, "A"}, {0x20000, "a"}, {0x400000, "e"}, {rtfNoNextHop, "n"}, {0x2000000, "f"},
}

// ProcRoute reads /proc/net/route (Linux, net/ipv4/fib_trie.c), whose addresses
// are numbers in the host's byte order,
//
//	Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
//	eth0	00000000	FE00000A	0003	0	0	100	00000000	0	0	0
//
// and /proc/net/ipv6_route (net/ipv6/route.c), whose addresses are in network order:
//
//	fe80… 40 0000… 00 0000… 00000100 00000001 00000000 00000001     eth0
//
// Both leave out a route's table, origin, scope and source. The first tells the
// main table, and of several next hops the first; the second tells all tables,
// each next hop as a route.
func ProcRoute(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	var four routeFile
	from := len(out.Routes)
	for in.Next() {
		line := in.Text()
		c := field.New(line)
		switch {
		case isFileHeading(line), c.Take("Iface"):
			in.Skip()
		case len(c.Peek()) == 32:
			readRoute6(in, out, c)
		default:
			claim(in, four.read(c, in.Ref()))
		}
	}
	four.routes(out)
	coverRoutes(out, "linux/proc-route", from)
	in.Family(fileFamily(in.Command()))
}

// fileFamily returns the family of which the files that are named tell; empty
// when they tell both, or none is named.
func fileFamily(line string) string {
	four, six := strings.Contains(line, "net/route"), strings.Contains(line, "net/ipv6_route")
	switch {
	case four == six:
		return ""
	case six:
		return "inet6"
	}
	return "inet"
}

// routeFile gathers /proc/net/route, for its byte order shows in the masks of
// any of its lines.
type routeFile struct {
	rows   []procRouteRow
	little bool // a mask is one only if the host is little-endian
	big    bool // a mask is one only if the host is big-endian
}

type procRouteRow struct {
	iface             string
	dst, gateway      uint32
	mask, flags, prio uint32
	ref               fleetnet.Ref
}

func (f *routeFile) read(c field.Cursor, ref fleetnet.Ref) error {
	r := procRouteRow{iface: c.Word(), ref: ref}
	hex := func(into *uint32) {
		tok := c.Next()
		n, ok := hexUint(tok)
		if !ok {
			c.Failf("%s is not a hexadecimal number", fleetnet.Quote(tok))
		}
		*into = n
	}
	hex(&r.dst)
	hex(&r.gateway)
	hex(&r.flags)
	c.Next()
	c.Next()
	r.prio = uint32(c.Int()) // old kernels print it with %d
	hex(&r.mask)
	mtu, window, irtt := c.Next(), c.Next(), c.Next()
	if c.Err() != nil || len(mtu)*len(window)*len(irtt) == 0 {
		return c.Err()
	}
	_, le := maskBits(quadAddr(r.mask, false))
	_, be := maskBits(quadAddr(r.mask, true))
	if !le && !be {
		return errors.New("the mask has holes")
	}
	f.little = f.little || le && !be
	f.big = f.big || be && !le
	f.rows = append(f.rows, r)
	return nil
}

// bigEndian decides the byte order of the addresses.
func (f *routeFile) bigEndian(out *fleetnet.Snapshot) bool {
	if f.little != f.big {
		return f.big
	}
	return bigEndianArch(out.Host.Arch)
}

// routes adds the lines to the table.
func (f *routeFile) routes(out *fleetnet.Snapshot) {
	big := f.bigEndian(out)
	for _, r := range f.rows {
		dst, ok := maskPrefix(quadAddr(r.dst, big), quadAddr(r.mask, big))
		if !ok {
			continue
		}
		rt := fleetnet.Route{
			Family: "inet", Dst: dst.Masked(), Table: "main", Metric: fleetnet.Some(r.prio),
			Flags: lettersOf(r.flags), Ref: r.ref,
		}
		var hop fleetnet.NextHop
		if r.iface != "*" {
			hop.Interface = out.Intern([]byte(r.iface))
		}
		if r.flags&rtfGateway != 0 && r.gateway != 0 {
			hop.Gateway = quadAddr(r.gateway, big)
		}
		finishRoute(&rt, hop)
		out.Routes = append(out.Routes, rt)
	}
}

func lettersOf(flags uint32) []string {
	letters := []string{}
	for _, l := range routeLetters {
		if flags&l.bit != 0 {
			letters = append(letters, l.letter)
		}
	}
	return letters
}

// readRoute6 reads a line of /proc/net/ipv6_route. Entries of the routing
// cache, which kernels before 4.2 list too, are no routes.
func readRoute6(in *fleetnet.Lines, out *fleetnet.Snapshot, c field.Cursor) {
	dst, ok := hexPrefix6(&c)
	from, ok2 := hexPrefix6(&c)
	gateway, ok3 := hexAddr6(c.Next())
	metric, ok4 := hexUint(c.Next())
	c.Next()
	c.Next()
	flags, ok5 := hexUint(c.Next())
	iface := c.Next()
	switch {
	case c.Err() != nil:
		in.Fail(c.Err())
		return
	case !(ok && ok2 && ok3 && ok4 && ok5):
		in.Fail(errors.New("a number is not hexadecimal or out of its range"))
		return
	case flags&rtfCache != 0:
		in.Skip()
		return
	}
	rt := fleetnet.Route{Family: "inet6", Dst: dst.Masked(), Metric: fleetnet.Some(metric), Flags: lettersOf(flags), Ref: in.Ref()}
	if from.Bits() > 0 {
		rt.From = from.Masked()
	}
	hop := fleetnet.NextHop{Interface: out.Intern(iface)}
	if !gateway.IsUnspecified() {
		hop.Gateway = gateway
	}
	finishRoute6(&rt, hop, routeKind6(flags, rt.Dst))
	out.Routes = append(out.Routes, rt)
	in.Row()
}

// routeKind6 returns the type that the flags tell, or "".
func routeKind6(flags uint32, dst netip.Prefix) string {
	switch {
	case flags&rtfAnycast != 0:
		return "anycast"
	case flags&rtfLocal != 0:
		return "local"
	case flags&rtfNoNextHop != 0: // before RTF_LOCAL, Linux 2.6.37
		return ownAddress(dst)
	}
	return ""
}

// hexPrefix6 reads an address and a prefix length, both hexadecimal.
func hexPrefix6(c *field.Cursor) (netip.Prefix, bool) {
	a, ok := hexAddr6(c.Next())
	n, ok2 := hexUint(c.Next())
	if !ok || !ok2 || n > 128 {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(netip.AddrFrom16(a.As16()), int(n)), true
}
