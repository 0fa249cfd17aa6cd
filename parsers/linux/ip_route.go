package linux

import (
	"bytes"
	"net/netip"
	"slices"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// IPRoute reads `ip route show`, and the cached routes of `ip route get`, with
// any of -4, -6, -d, -s, -o and -c:
//
//	default via 10.0.0.2 dev eth0 proto static metric 100
//	default proto bird metric 32
//		nexthop via 10.0.0.2 dev eth0 weight 2
//		nexthop via inet6 fe80::2 dev eth1 weight 3 onlink
//	blackhole 10.66.0.0/16 table 200
//	2001:db8::/64 dev eth0 proto kernel metric 256 pref medium
//
// Printed by iproute.c of iproute2 from 2.6 to 7, and by BusyBox. The family
// is the command's, else that of the addresses, else IPv4. What a filter of
// the command has fixed (`table 200`, `dev eth0`), ip does not print; it is
// taken from there.
func IPRoute(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	t := ipRouteText{in: in, out: out, args: commandOf(in), cur: -1}
	readIP(in, t.line, ipRouteElement(out, t.args))
	t.args.coverRoutes(in, out)
}

// ipRouteText reads the text of ip route.
type ipRouteText struct {
	in   *fleetnet.Lines
	out  *fleetnet.Snapshot
	args ipArgs
	cur  int // index of the route that the lines are about, or -1
	read routeLine
}

// routeLine is a route as far as its line has been read.
type routeLine struct {
	fleetnet.Route
	hop    fleetnet.NextHop // the way that the line itself tells
	hops   bool             // more ways follow, or are known under the number of `nhid`
	many   bool             // what is read now is of one way among several
	cached bool             // the route is the cache's answer, and in no table
}

func (t *ipRouteText) line(line []byte) (bool, error) {
	if indented(line) || t.cur >= 0 && isContinued(line) {
		return true, t.continued(line)
	}
	t.cur = -1
	r := &t.read
	*r = routeLine{Route: fleetnet.Route{Type: routeType(t.args.filter("type"), "unicast"), Ref: t.in.Ref()}}
	c := field.New(line)
	switch first := c.Peek(); {
	case isRouteType(first):
		r.Type = t.out.Intern(c.Next())
	case len(first) <= 2 && numberedType(first) != "":
		r.Type = numberedType(c.Next())
	}
	dst := c.Next()
	r.hops = t.continues()
	t.words(&c, r)
	r.complete(t.args, dst, &c)
	if c.Err() != nil {
		return true, c.Err()
	}
	t.out.Routes = append(t.out.Routes, r.Route)
	t.cur = len(t.out.Routes) - 1
	return true, nil
}

// continues reports whether the route's ways follow: on the lines below, or on
// this one with -o.
func (t *ipRouteText) continues() bool {
	next := t.in.Peek()
	return bytes.HasPrefix(bytes.TrimSpace(next), []byte("nexthop ")) || bytes.Contains(t.in.Text(), []byte("nexthop"))
}

// isContinued reports whether a line goes on with a route, and lost its indentation.
func isContinued(line []byte) bool {
	c := field.New(line)
	return c.Take("nexthop") || c.Take("cache")
}

// continued reads a line that goes on with the route before it: a next hop, or
// the properties of a cached route.
func (t *ipRouteText) continued(line []byte) error {
	if t.cur < 0 {
		return errNoRoute
	}
	c := field.New(line)
	if c.Take("nh_info") { // with -d, the hop that `nhid` names
		return nil
	}
	r := routeLine{Route: t.out.Routes[t.cur]}
	t.words(&c, &r)
	if c.Err() != nil {
		return c.Err()
	}
	r.addHop()
	if r.cached {
		r.forgetDefaults(t.args)
	}
	t.out.Routes[t.cur] = r.Route
	return nil
}

// isRouteType reports whether ip prints b before a destination (rt_names.c, rtm_map.c).
func isRouteType(b []byte) bool {
	switch string(b) {
	case "unicast", "local", "broadcast", "multicast", "anycast", "blackhole", "unreachable", "prohibit", "throw", "nat", "xresolve":
		return true
	}
	return false
}

func routeType(s, otherwise string) string {
	if isRouteType([]byte(s)) {
		return s
	}
	return otherwise
}

// complete fills in what the line left to its reader: the family, the
// destination, and what ip does not print of a route in the main table.
func (r *routeLine) complete(args ipArgs, dst []byte, c *field.Cursor) {
	if c.Err() != nil {
		return
	}
	p, ok := routePrefix(dst, r.likelyFamily(args))
	if !ok {
		c.Failf("%s is not a destination", fleetnet.Quote(dst))
		return
	}
	r.Dst, r.Family = p.Masked(), familyOf(p.Addr().Is4())
	if !r.hops {
		r.filtered(args)
	}
	r.addHop()
	if r.Type == "unicast" && r.NextHops == nil && !r.hops {
		c.Fail(errNoWay)
	}
	if r.cached {
		r.Flags = append(r.Flags, "cache")
		return
	}
	if r.Table == "" {
		r.Table = defaultTable(args)
	}
	if !r.Metric.OK && r.Family == "inet" && args.filter("metric") == "" {
		r.Metric = fleetnet.Some(uint32(0))
	}
}

// likelyFamily is the family of a destination that shows none.
func (r *routeLine) likelyFamily(args ipArgs) string {
	family := args.knownFamily()
	switch {
	case family != "":
		return family
	case r.Family != "":
		return r.Family
	case r.Src.IsValid():
		return familyOf(r.Src.Is4())
	case r.From.IsValid() && r.From.Bits() > 0:
		return familyOf(r.From.Addr().Is4())
	}
	return "inet"
}

// routePrefix reads a destination: default, 10.0.0.0/8, 10/8, 0/1, 10.0.0.1.
func routePrefix(b []byte, family string) (netip.Prefix, bool) {
	zero := netip.IPv4Unspecified()
	if family == "inet6" {
		zero = netip.IPv6Unspecified()
	}
	host, length, slashed := bytes.Cut(b, []byte{'/'})
	switch n, ok := field.Uint(length, 8); {
	case string(b) == "default" || string(b) == "all":
		return netip.PrefixFrom(zero, 0), true
	case slashed && string(host) == "0":
		return netip.PrefixFrom(zero, int(n)), ok && int(n) <= zero.BitLen()
	case slashed && bytes.IndexByte(host, ':') < 0:
		return shortPrefix(host, n, ok)
	}
	return wholePrefix(b)
}

// shortPrefix reads an IPv4 prefix of which the last zeros may be missing.
func shortPrefix(host []byte, n uint64, ok bool) (netip.Prefix, bool) {
	for dots := bytes.Count(host, []byte{'.'}); dots < 3; dots++ {
		host = append(bytes.Clone(host), ".0"...)
	}
	a, _, valid := field.Addr(host)
	if !ok || !valid || !a.Is4() || n > 32 {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, int(n)), true
}

// defaultTable is the table of a route that prints none: main, or the only one
// that the command asks for.
func defaultTable(args ipArgs) string {
	switch table := args.filter("table", "tabl", "tab", "ta"); table {
	case "", "all", "0", "cache":
		if args.filter("vrf") != "" {
			return "" // the VRF's, whose number is not told
		}
		return "main"
	case "254":
		return "main"
	case "255":
		return "local"
	case "253":
		return "default"
	default:
		return table
	}
}

// filtered adds to the hop what the command's filters have kept from being printed.
func (r *routeLine) filtered(args ipArgs) {
	if r.hop.Interface == "" {
		r.hop.Interface = args.filter("dev", "oif")
	}
	if a, _, ok := field.Addr([]byte(args.filter("via"))); ok && !r.hop.Gateway.IsValid() {
		r.hop.Gateway = a
	}
}

// addHop adds the way that the line tells, if it tells one.
func (r *routeLine) addHop() {
	h := r.hop
	if h.Gateway.IsValid() || h.Interface != "" || h.Encap != "" || h.Weight > 0 {
		r.NextHops = append(r.NextHops, h)
	}
	r.hop = fleetnet.NextHop{}
}

// forgetDefaults takes back what [routeLine.complete] assumed, once the line
// below tells that the route is a cached one.
func (r *routeLine) forgetDefaults(args ipArgs) {
	if !slices.Contains(r.Flags, "cache") {
		r.Flags = append(r.Flags, "cache")
	}
	if r.Table == defaultTable(args) {
		r.Table = ""
	}
	if r.Family == "inet" && r.Metric == fleetnet.Some(uint32(0)) {
		r.Metric = fleetnet.Opt[uint32]{}
	}
}
