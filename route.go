package fleetnet

import "net/netip"

// Route is one entry of a routing table.
type Route struct {
	Family   string       `json:"family"`          // inet, inet6
	Type     string       `json:"type"`            // unicast, local, broadcast, multicast, anycast, blackhole, unreachable, prohibit, throw, nat
	Dst      netip.Prefix `json:"dst,omitzero"`    // masked; 0.0.0.0/0 and ::/0 are the defaults; zero when the tool shows a name or cuts it
	Table    string       `json:"table,omitzero"`  // main, local, default, or the number or name that the tool prints
	Metric   Opt[uint32]  `json:"metric,omitzero"` // Linux: 0 is the most preferred IPv4 metric; a route that prints none has it
	Proto    string       `json:"proto,omitzero"`  // kernel, static, dhcp, ra, bird …
	Scope    string       `json:"scope,omitzero"`  // global, link, host
	Src      netip.Addr   `json:"src,omitzero"`    // preferred source address
	From     netip.Prefix `json:"from,omitzero"`   // source-specific routing
	MTU      Opt[int]     `json:"mtu,omitzero"`    //
	Flags    []string     `json:"flags,omitzero"`  // onlink, linkdown, dead, pervasive, offload; or the letters U, G, H … one each
	NextHops []NextHop    `json:"next_hops,omitzero"`
	Ref      Ref          `json:"-"`
}

// NextHop is one way that a route goes.
type NextHop struct {
	Gateway   netip.Addr `json:"gateway,omitzero"` // invalid: the destination is on the link, or, when the route has the flag G, the tool showed a name
	Interface string     `json:"interface,omitzero"`
	Weight    int        `json:"weight,omitzero"` // multipath weight from 1; 0 when the route has one hop and prints none
	Flags     []string   `json:"flags,omitzero"`  // onlink, linkdown, dead, pervasive
	Encap     string     `json:"encap,omitzero"`  // "mpls 100", "ip id 42 dst …": the tool's own words
}

// Default reports whether the route is a default route.
func (r *Route) Default() bool { return r.Dst.IsValid() && r.Dst.Bits() == 0 }

// PolicyRule is one rule of the routing policy database (`ip rule`).
type PolicyRule struct {
	Family   string       `json:"family,omitzero"`
	Priority uint32       `json:"priority"`
	Not      bool         `json:"not,omitzero"`
	From     netip.Prefix `json:"from,omitzero"` // absent: all
	To       netip.Prefix `json:"to,omitzero"`   // absent: all
	IIF      string       `json:"iif,omitzero"`
	OIF      string       `json:"oif,omitzero"`
	FWMark   string       `json:"fwmark,omitzero"` // "0x1" or "0x1/0xff", as printed
	Table    string       `json:"table,omitzero"`
	Action   string       `json:"action"`           // lookup, blackhole, unreachable, prohibit, goto, nop, nat
	Options  []string     `json:"options,omitzero"` // anything else the rule says, in the tool's words: "suppress_prefixlength 0"
	Ref      Ref          `json:"-"`
}
