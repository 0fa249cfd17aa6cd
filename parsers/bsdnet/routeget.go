package bsdnet

import (
	"bytes"
	"errors"
	"net/netip"
	"slices"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// RouteGet reads `route -n get ADDRESS` (route.c, print_getmsg):
//
//	   route to: default
//	destination: default
//	       mask: default
//	    gateway: 192.168.1.254
//	  interface: en0
//	      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>
//	 recvpipe  sendpipe  ssthresh  rtt,msec    rttvar  hopcount      mtu     expire
//	       0         0         0         0         0         0      1500         0
//
// An L behind a number says that it is locked. The route is not in the table
// when a sentence stands in its place ("not in table").
func RouteGet(in *fleetnet.Lines, out *fleetnet.Snapshot, probe string) {
	r := routeGet{in: in, out: out, rt: fleetnet.Route{Type: "unicast", Table: "main"}}
	for in.Next() {
		line := in.Text()
		c := field.New(line)
		if isMetricNames(c) {
			r.columns = bytes.Fields(bytes.Clone(line))
			in.Skip()
		} else if r.columns != nil && isMetric(c.Peek()) {
			claim(in, r.values(c))
		} else {
			r.pair(line)
		}
	}
	r.settle(probe)
}

type routeGet struct {
	in       *fleetnet.Lines
	out      *fleetnet.Snapshot
	rt       fleetnet.Route
	hop      fleetnet.NextHop
	dst      []byte
	mask     []byte
	gateway  bool
	columns  [][]byte
	any      bool
	unknowns []string
}

// pair reads `key: value`.
func (r *routeGet) pair(line []byte) {
	key, value, ok := bytes.Cut(line, []byte(": "))
	key, value = bytes.TrimSpace(key), bytes.TrimSpace(value)
	if !ok {
		key = bytes.TrimSuffix(key, []byte{':'})
	}
	switch string(key) {
	case "route to":
		r.rt.Ref = r.in.Ref()
		r.any = true
	case "destination":
		r.dst = bytes.Clone(value)
	case "mask":
		r.mask = bytes.Clone(value)
	case "gateway":
		r.gateway = true
		if a, _, ok := field.Addr(value); ok {
			r.hop.Gateway = field.WithoutIndex(a)
		} else if !bytes.HasPrefix(value, []byte("index:")) {
			r.unknowns = append(r.unknowns, "next_hops")
		}
	case "interface":
		r.hop.Interface = r.out.Intern(value)
	case "flags":
		r.flags(value)
	case "route": // writing to routing socket: not in table
		r.in.Skip()
		return
	case "if address", "local addr":
		r.rt.Src, _, _ = field.Addr(value)
	case "priority":
		r.priority(value)
	case "fib", "sockaddrs", "locks", "inits", "label", "use", "tag", "nexthop":
	default:
		return // not understood
	}
	r.in.Row()
}

// isMetricNames reports whether the line is the heading of the numbers.
func isMetricNames(c field.Cursor) bool {
	first, second := c.Next(), c.Next()
	return string(first) == "recvpipe" || string(first) == "use" && string(second) == "mtu" // OpenBSD
}

// priority reads `8 (static)`, as OpenBSD tells who made the route.
func (r *routeGet) priority(value []byte) {
	c := field.New(value)
	if n := c.Uint(32); c.Err() == nil {
		r.rt.Metric = fleetnet.Some(uint32(n))
	}
	r.rt.Proto = r.out.Intern(bytes.Trim(c.Rest(), "()"))
}

// routeWords are the letters that netstat has for the words of the flags.
var routeWords = map[string]string{
	"UP": "U", "GATEWAY": "G", "HOST": "H", "REJECT": "R", "DYNAMIC": "D", "MODIFIED": "M", "DONE": "d", "CLONING": "C", "XRESOLVE": "X",
	"LLINFO": "L", "STATIC": "S", "PROTO1": "1", "PROTO2": "2", "PROTO3": "3", "WASCLONED": "W", "PRCLONING": "c", "BLACKHOLE": "B",
	"BROADCAST": "b", "MULTICAST": "m", "IFSCOPE": "I", "IFREF": "i", "PROXY": "Y", "ROUTER": "r", "GLOBAL": "g",
}

func (r *routeGet) flags(value []byte) {
	if _, words, ok := bytes.Cut(value, []byte{'<'}); ok { // NetBSD shows the number too: 0x843<UP,GATEWAY>
		value = words
	}
	for _, w := range bytes.FieldsFunc(bytes.Trim(value, "<>"), func(ch rune) bool { return ch == ',' }) {
		letter, ok := routeWords[string(w)]
		if !ok {
			letter = string(w)
		}
		r.rt.Flags = append(r.rt.Flags, r.out.Intern([]byte(letter)))
		switch letter {
		case "I":
			r.rt.Table = "scoped"
		case "B":
			r.rt.Type = "blackhole"
		case "R":
			r.rt.Type = "unreachable"
		}
	}
}

// isMetric reports whether b is a number, locked or not, or one below zero.
func isMetric(b []byte) bool {
	_, ok := field.Int(bytes.TrimSuffix(b, []byte{'L'}))
	return ok
}

// values reads the row of numbers below their names.
func (r *routeGet) values(c field.Cursor) error {
	for _, name := range r.columns {
		word := c.Next()
		if c.Err() != nil {
			return c.Err()
		}
		if !isMetric(word) {
			return errors.New("a number expected")
		}
		if n, ok := field.Uint(bytes.TrimSuffix(word, []byte{'L'}), 31); ok && n > 0 && string(name) == "mtu" {
			r.rt.MTU = fleetnet.Some(int(n))
		}
	}
	r.columns = nil
	return nil
}

// settle adds the route, once all of it was read.
func (r *routeGet) settle(probe string) {
	if !slices.ContainsFunc(r.out.Coverage, func(c fleetnet.Coverage) bool { return c.Table == "routes" && c.Probe != probe }) { // the table itself was not read
		coverPart(r.out, "routes", probe, "a lookup tells the way to one destination")
	}
	if !r.any || r.dst == nil {
		return
	}
	r.rt.NextHops = []fleetnet.NextHop{r.hop}
	if p, ok := r.prefix(); ok {
		r.rt.Dst = p
	} else {
		r.unknowns = append(r.unknowns, "dst")
	}
	r.rt.Family = "inet"
	if r.rt.Dst.Addr().Is6() || !r.rt.Dst.IsValid() && r.hop.Gateway.Is6() {
		r.rt.Family = "inet6"
	}
	for _, column := range r.unknowns {
		r.out.Cover(fleetnet.Coverage{Table: "routes", Status: fleetnet.StatusPartial, Fields: []string{column}, Probe: probe, Reason: "shown by name; use -n"})
	}
	if !r.listed() {
		r.out.Routes = append(r.out.Routes, r.rt)
	}
}

// listed reports whether a table that was read before has the route.
func (r *routeGet) listed() bool {
	return slices.ContainsFunc(r.out.Routes, func(rt fleetnet.Route) bool {
		return rt.Dst.IsValid() && rt.Dst == r.rt.Dst && rt.Table == r.rt.Table && len(rt.NextHops) == 1 &&
			rt.NextHops[0].Gateway == r.hop.Gateway && rt.NextHops[0].Interface == r.hop.Interface
	})
}

// prefix joins destination and mask. A route without a mask is that of a host.
func (r *routeGet) prefix() (netip.Prefix, bool) {
	a, _, ok := field.Addr(r.dst)
	if string(r.dst) == "default" {
		a, ok = netip.IPv4Unspecified(), true
		if r.hop.Gateway.Is6() {
			a = netip.IPv6Unspecified()
		}
		if r.mask == nil {
			return netip.PrefixFrom(a, 0), true
		}
	}
	a = field.WithoutIndex(a)
	switch {
	case !ok:
		return netip.Prefix{}, false
	case r.mask == nil:
		return netip.PrefixFrom(a, a.BitLen()), true
	case string(r.mask) == "default":
		p, err := a.Prefix(0)
		return p, err == nil
	}
	n, ok := maskLength(r.mask)
	p, err := a.Prefix(n)
	return p, ok && err == nil
}

// maskLength returns the length that a mask stands for, of either family.
func maskLength(b []byte) (int, bool) {
	a, _, ok := field.Addr(b)
	if !ok {
		return 0, false
	}
	n, ended := 0, false
	for _, octet := range a.AsSlice() {
		for bit := 7; bit >= 0; bit-- {
			set := octet>>bit&1 == 1
			if set && ended {
				return 0, false
			}
			if ended = ended || !set; set {
				n++
			}
		}
	}
	return n, true
}
