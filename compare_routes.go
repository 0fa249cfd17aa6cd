package fleetnet

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

var routeComparer = comparer{
	table:     "routes",
	keys:      []string{"dst", "table"},
	fields:    []string{"type", "next_hops", "metric", "mtu", "src"},
	allFields: []string{"proto", "scope", "flags"},
	items:     routeItems,
}

// routeItems returns the routes with what decides where packets go. By default
// a host's own addresses and connected prefixes are set aside: any two hosts
// differ in them.
func routeItems(s *Snapshot, all bool) []item {
	own := ownOf(s)
	var out []item
	for i := range s.Routes {
		r := &s.Routes[i]
		if !all && ownRoute(r, own) {
			continue
		}
		it := item{key: routeKey(r), parts: []part{
			{"type", routeType(r), "unicast"}, {"next_hops", hopsText(r), "no next hop"}, {"metric", metricText(r), "no metric"},
			{"mtu", optText("mtu ", r.MTU), "no mtu"}, {"src", srcText(r, own, all), "no src"},
		}}
		if all {
			it.parts = append(it.parts, part{"proto", prefixed("proto ", r.Proto), "no proto"},
				part{"scope", prefixed("scope ", r.Scope), "no scope"}, part{"flags", strings.Join(r.Flags, " "), "no flags"})
		}
		out = append(out, it)
	}
	return out
}

// routeKey names a route as it is looked for: destination, and source and
// table where they are out of the ordinary.
func routeKey(r *Route) string {
	key := "?"
	if r.Dst.IsValid() {
		key = r.Dst.String()
	}
	if r.From.IsValid() && r.From.Bits() > 0 {
		key += " from " + r.From.String()
	}
	switch r.Table {
	case "", "main", "254":
		return key
	}
	return key + " table " + r.Table
}

// routeType returns the type where it is not the ordinary one.
func routeType(r *Route) string {
	if r.Type == "unicast" {
		return ""
	}
	return r.Type
}

// hopsText returns the next hops in one order: the kernel keeps them as a set.
func hopsText(r *Route) string {
	hops := make([]string, len(r.NextHops))
	for i, h := range r.NextHops {
		h.Flags = slices.DeleteFunc(slices.Clone(h.Flags), func(f string) bool { return !stateFlag(f) })
		for _, f := range r.Flags {
			if stateFlag(f) && !slices.Contains(h.Flags, f) {
				h.Flags = append(h.Flags, f)
			}
		}
		slices.Sort(h.Flags)
		hops[i] = h.String()
	}
	slices.SortFunc(hops, NaturalCompare)
	if len(hops) < 2 {
		return strings.Join(hops, "")
	}
	return "nexthop " + strings.Join(hops, " nexthop ")
}

// stateFlag reports whether the flag says that the hop cannot be used.
func stateFlag(f string) bool { return f == "linkdown" || f == "dead" }

// metricText returns the metric where it is not the kernel's default, which is
// 0 for IPv4 and 1024 for IPv6 (ip-route(8)).
func metricText(r *Route) string {
	usual := uint32(0)
	if r.Dst.Addr().Is6() {
		usual = 1024
	}
	if !r.Metric.OK || r.Metric.V == usual {
		return ""
	}
	return "metric " + strconv.FormatUint(uint64(r.Metric.V), 10)
}

// srcText returns the preferred source, unless it is one that only this host has.
func srcText(r *Route, own *ownNet, all bool) string {
	if !r.Src.IsValid() || !all && (own == nil || own.has(r.Src)) {
		return ""
	}
	return "src " + r.Src.String()
}

// ownRoute reports whether any two hosts differ in the route by nature, or all
// have it.
func ownRoute(r *Route, own *ownNet) bool {
	switch r.Type {
	case "local", "broadcast", "multicast", "anycast":
		return true
	}
	dst := r.Dst.Addr()
	switch {
	case r.Table == "local" || r.Table == "255":
		return true
	case !r.Dst.IsValid() || r.Default():
		return r.Type == "unreachable" && r.Proto == "kernel" // ip6_null_entry
	case dst.IsLinkLocalUnicast() || dst.IsMulticast() || dst.IsLoopback():
		return true
	case r.Dst.IsSingleIP() && own.has(dst):
		return true
	}
	return connectedRoute(r, own)
}

// connectedRoute reports whether the route only says what is on the link: the
// kernel made it for an address, or it is the prefix of one.
func connectedRoute(r *Route, own *ownNet) bool {
	if r.Type != "unicast" || slices.ContainsFunc(r.NextHops, func(h NextHop) bool { return h.Gateway.IsValid() }) {
		return false
	}
	return r.Proto == "kernel" || own != nil && own.prefixes[r.Dst]
}

// ownNet is where a host itself is on its networks.
type ownNet struct {
	addrs    map[netip.Addr]bool
	prefixes map[netip.Prefix]bool // masked
}

// ownOf returns the addresses of the host's interfaces, nil when they are not known.
func ownOf(s *Snapshot) *ownNet {
	if s.Known("interfaces", "addrs").Status != StatusComplete {
		return nil
	}
	own := &ownNet{map[netip.Addr]bool{}, map[netip.Prefix]bool{}}
	for i := range s.Interfaces {
		for _, a := range s.Interfaces[i].Addrs {
			if !a.Address().IsLoopback() { // the same on every host
				own.addrs[a.Address()] = true
			}
			if a.Prefix.IsValid() {
				own.prefixes[a.Prefix.Masked()] = true
			}
		}
	}
	return own
}

func (o *ownNet) has(a netip.Addr) bool { return o != nil && o.addrs[a] }

// prefixed returns word and text, or "" when there is no text.
func prefixed(word, text string) string {
	if text == "" {
		return ""
	}
	return word + text
}

func optText[T any](word string, o Opt[T]) string {
	if !o.OK {
		return ""
	}
	return word + fmt.Sprint(o.V)
}
