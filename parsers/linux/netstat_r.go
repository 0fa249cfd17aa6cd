package linux

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// NetstatR reads `netstat -r` and `route` for IPv4, with any of -n, -e and -ee
// (net-tools and BusyBox; lib/inet_gr.c, rprint_fib):
//
//	Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
//	0.0.0.0         10.0.0.254      0.0.0.0         UG    100    0        0 eth0
//	10.9.0.0        -               255.255.0.0     !     0      -        0 -
//	Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface
//	0.0.0.0         10.0.0.254      0.0.0.0         UG        0 0          0 eth0
//
// and for IPv6 (lib/inet6_gr.c, rprint_fib6):
//
//	Destination                    Next Hop                   Flag Met Ref Use If
//	::/0                           fe80::1                    UG   1024 1      0 eth0
//
// The sources are /proc/net/route and /proc/net/ipv6_route: see [ProcRoute]
// for what these cannot tell. What stands there as a name has no address, and
// coverage says so: the destination is unknown; of the gateway the hop tells the
// interface, and the route keeps the flag G.
func NetstatR(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := netstatR{out: out, from: len(out.Routes), columns: routeColumns, flags: map[string][]string{}}
	for in.Next() {
		line := in.Text()
		switch {
		case r.heading(line), r.title(in.Peek()):
			in.Skip()
		case r.six:
			claim(in, r.row6(field.New(line), in.Ref()))
		default:
			claim(in, r.row4(field.New(line), in.Ref()))
		}
	}
	coverRoutes(out, "linux/route", r.from)
	in.Family(listedFamily(in.Command()))
}

// listedFamily returns the family of which route or netstat -r lists the routes:
// IPv4, unless another is asked for; empty when both are.
func listedFamily(line string) string {
	o := command.Of(line, "A")
	four := o.Has("4", "inet") || slices.Contains(o.Values, "inet")
	six := o.Has("6", "inet6") || slices.Contains(o.Values, "inet6")
	switch {
	case line == "" || four && six || slices.ContainsFunc(o.Values, func(v string) bool { return strings.Contains(v, ",") }):
		return ""
	case six:
		return "inet6"
	}
	return "inet"
}

// routeColumns are the columns after Flags when no heading names them.
var routeColumns = []string{"Metric", "Ref", "Use", "Iface"}

type netstatR struct {
	out     *fleetnet.Snapshot
	columns []string // of an IPv4 table, after Flags
	six     bool     // within an IPv6 table
	from    int      // the first route of this output
	flags   map[string][]string
}

// heading reads the lines that carry no route.
func (r *netstatR) heading(line []byte) bool {
	switch c := field.New(line); {
	case bytes.HasPrefix(line, []byte("Kernel IP routing table")):
		r.six, r.columns = false, routeColumns
	case bytes.HasPrefix(line, []byte("Kernel IPv6 routing table")):
		r.six = true
	case bytes.HasPrefix(line, []byte("INET (IPv4) not configured")),
		bytes.HasPrefix(line, []byte("INET6 (IPv6) not configured")):
	case !c.Take("Destination"):
		return false
	case c.Take("Next"):
		r.six = true
	default:
		r.six, r.columns = false, nil
		for n := 1; c.More(); n++ {
			if w := c.Word(); n > columnsToFlags {
				r.columns = append(r.columns, w)
			}
		}
	}
	return true
}

// columnsToFlags are Gateway, Genmask and Flags, under the names that they
// have in the host's language.
const columnsToFlags = 3

// title reports whether the line stands above the names of the columns, which
// all languages leave one of as it is.
func (r *netstatR) title(next []byte) bool {
	return bytes.HasPrefix(next, []byte("Destination")) && bytes.Contains(next, []byte("Iface"))
}

// row4 reads a route of IPv4.
func (r *netstatR) row4(c field.Cursor, ref fleetnet.Ref) error {
	dst, gateway, mask := c.Next(), c.Next(), c.Addr()
	letters := c.Next()
	rest := bytes.Fields(c.Rest())
	prefix, ok := namedNetwork(dst, mask)
	switch {
	case c.Err() != nil:
		return c.Err()
	case len(rest) != len(r.columns):
		return errors.New("the columns do not match their heading")
	case !ok && isHostName(dst):
		r.named()
	case !ok:
		return fmt.Errorf("%s is not a network", fleetnet.Quote(dst))
	}
	rt := fleetnet.Route{Family: "inet", Dst: prefix, Table: "main", Flags: r.letters(letters), Ref: ref}
	iface, err := r.columns4(&rt, rest)
	if err != nil {
		return err
	}
	hop := fleetnet.NextHop{Interface: iface}
	hop.Gateway = r.gateway(gateway, letters)
	finishRoute(&rt, hop)
	r.out.Routes = append(r.out.Routes, rt)
	return nil
}

// named says that a destination is a name, which leaves it unknown.
func (r *netstatR) named() {
	coverField(r.out, "routes", "linux/route", "dst", "the destination of a route is shown by name; use -n")
}

// columns4 reads the columns after Flags and returns the interface.
func (r *netstatR) columns4(rt *fleetnet.Route, rest [][]byte) (string, error) {
	iface := ""
	for i, column := range r.columns {
		switch column {
		case "Metric":
			m, ok := field.Uint(rest[i], 32)
			if !ok {
				return "", errors.New("the metric is not a number")
			}
			rt.Metric = fleetnet.Some(uint32(m))
		case "Iface":
			iface = r.iface(rest[i])
			if i < len(r.columns)-1 && len(iface) == 6 {
				iface = r.cutIface(iface)
			}
		}
	}
	return iface, nil
}

// iface returns the name of an interface; - and * stand for none.
func (r *netstatR) iface(b []byte) string {
	if string(b) == "-" || string(b) == "*" {
		return ""
	}
	return r.out.Intern(b)
}

// cutIface returns the name of an interface of which -ee prints the first 6
// characters (%-6.6s): the only one known that begins so, or "" for unknown.
func (r *netstatR) cutIface(start string) string {
	var found []string
	for i := range r.out.Interfaces {
		if name := r.out.Interfaces[i].Name; strings.HasPrefix(name, start) {
			found = append(found, name)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	for _, f := range []string{"interface", "next_hops"} {
		coverField(r.out, "routes", "linux/route", f, "route -ee cuts the names of interfaces to 6 characters")
	}
	return unknownIface
}

// unknownIface stands for the interface of a hop that has one, but which is unknown.
const unknownIface = "?"

// letters returns the flags one by one. Routes with the same flags share them.
func (r *netstatR) letters(b []byte) []string {
	if have, ok := r.flags[string(b)]; ok {
		return have
	}
	flags := strings.Split(string(b), "")
	r.flags[string(b)] = flags
	return flags
}

// gateway returns the address of a gateway, invalid when there is none or when
// a name stands for it.
func (r *netstatR) gateway(b, letters []byte) netip.Addr {
	switch string(b) {
	case "*", "-", "0.0.0.0", "default", "::", "[::]":
		return netip.Addr{}
	}
	a, _, ok := field.Addr(b)
	if !ok && bytes.IndexByte(letters, 'G') >= 0 {
		for _, f := range []string{"gateway", "next_hops"} {
			coverField(r.out, "routes", "linux/route", f, "a gateway is shown by name; use -n")
		}
	}
	return a
}

// namedNetwork reads an IPv4 destination, which is a network or one of the
// names that net-tools has built in or takes from every /etc/networks.
func namedNetwork(dst []byte, mask netip.Addr) (netip.Prefix, bool) {
	a, _, ok := field.Addr(dst)
	switch string(dst) {
	case "default", "*":
		a, ok = netip.IPv4Unspecified(), true
	case "loopback":
		a, ok = netip.AddrFrom4([4]byte{127}), true
	case "link-local":
		a, ok = netip.AddrFrom4([4]byte{169, 254}), true
	}
	if !ok {
		return netip.Prefix{}, false
	}
	p, ok := maskPrefix(a, mask)
	return p.Masked(), ok
}

// isHostName reports whether b may be the name of a host or a network: no
// address, and nothing that names have not.
func isHostName(b []byte) bool {
	letter := false
	for _, ch := range b {
		switch {
		case ch >= 'a' && ch <= 'z' || ch >= 'A' && ch <= 'Z' || ch == '_':
			letter = true
		case !isDigit(ch) && ch != '-' && ch != '.':
			return false
		}
	}
	return letter
}

// finishRoute sets the type that the flags and the absence of an interface
// tell, and the hop. The kernel marks unreachable and prohibited routes alike
// (!), and does not mark blackhole and throw routes: they have no interface.
func finishRoute(rt *fleetnet.Route, hop fleetnet.NextHop) {
	rt.Type = "unicast"
	for _, f := range rt.Flags {
		if f == "!" {
			rt.Type = "unreachable"
		}
	}
	if rt.Type == "unicast" && hop.Interface == "" && !hop.Gateway.IsValid() {
		rt.Type = "blackhole"
	}
	if hop.Interface != "" || hop.Gateway.IsValid() {
		if hop.Interface == unknownIface {
			hop.Interface = ""
		}
		rt.NextHops = []fleetnet.NextHop{hop}
	}
}

// coverRoutes says what the kernel's own tables left out of the routes from
// one on.
func coverRoutes(out *fleetnet.Snapshot, probe string, from int) {
	partial := fleetnet.Coverage{Table: "routes", Status: fleetnet.StatusPartial, Probe: probe}
	for _, r := range out.Routes[from:] {
		if r.Family == "inet6" && r.Table == "" {
			out.Cover(fleetnet.Coverage{Table: "routes", Status: fleetnet.StatusUnsupported, Fields: []string{"table"}, Family: "inet6", Probe: probe,
				Reason: "the routes of all tables are listed as one"})
		}
		switch {
		case r.Family == "inet" && r.Type == "unicast":
			partial.Family, partial.Fields = r.Family, []string{"table", "next_hops"}
			partial.Reason = "only the main table, and of several next hops only the first"
			out.Cover(partial)
		case r.Type == "blackhole" || r.Type == "unreachable" && r.Metric.V != nullMetric:
			partial.Family, partial.Fields = r.Family, []string{"type"}
			partial.Reason = "unreachable is not told from prohibit, nor blackhole from throw"
			out.Cover(partial)
		}
	}
}

// nullMetric is the metric of the unreachable default route that every IPv6
// table ends with (ip6_null_entry).
const nullMetric = 1<<32 - 1
