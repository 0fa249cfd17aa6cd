package fleetnet

import (
	"net/netip"
	"slices"
)

// Hop is a row of the next_hops view: one way that one unicast route goes,
// joined with the interface it leaves by and the gateway's neighbour entry.
type Hop struct {
	Family    string       `json:"family"`
	Dst       netip.Prefix `json:"dst"`
	Table     string       `json:"table,omitzero"`
	Metric    Opt[uint32]  `json:"metric,omitzero"`
	Proto     string       `json:"proto,omitzero"`
	Gateway   netip.Addr   `json:"gateway,omitzero"`
	Interface string       `json:"interface,omitzero"`
	Flags     []string     `json:"flags,omitzero"` // the route's and the hop's
	// InterfaceUp is false when the interface is administratively or
	// operationally down, or has no carrier.
	InterfaceUp Opt[bool] `json:"interface_up,omitzero"`
	// GatewayOnLink says whether the gateway lies in a prefix that is directly
	// connected; unknown when there is no gateway.
	GatewayOnLink Opt[bool] `json:"gateway_on_link,omitzero"`
	// GatewayState is the gateway's state in the neighbour table; empty when
	// it has no entry there.
	GatewayState string `json:"gateway_state,omitzero"`
	Ref          Ref    `json:"-"`
}

var nextHopTable = tableOf("next_hops", "one row is one way that a unicast route goes, with the state of its interface and gateway",
	[]string{"routes", "interfaces", "neighbors"}, hops,
	func(h *Hop) Ref { return h.Ref }, []column[Hop]{
		col("family", KindString, "inet or inet6", func(h *Hop) Value { return textOrUnknown(h.Family) }),
		shown("dst", KindString, "destination", func(h *Hop) Value { return prefixValue(h.Dst) }),
		shown("gateway", KindString, "gateway; absent when on the link", func(h *Hop) Value { return addrValue(h.Gateway) }),
		shown("interface", KindString, "interface", func(h *Hop) Value { return textOrUnknown(h.Interface) }),
		shown("table", KindString, "routing table", func(h *Hop) Value { return textOrUnknown(h.Table) }),
		shown("metric", KindInt, "metric", func(h *Hop) Value { return optInt(h.Metric) }),
		col("proto", KindString, "who made it", func(h *Hop) Value { return textOrUnknown(h.Proto) }),
		col("flags", KindList, "flags of the route and the hop", func(h *Hop) Value { return ListValue(h.Flags) }),
		shown("interface_up", KindBool, "the interface is up and has a carrier", func(h *Hop) Value { return optBool(h.InterfaceUp) }),
		shown("gateway_on_link", KindBool, "the gateway lies in a connected prefix", func(h *Hop) Value { return optBool(h.GatewayOnLink) }),
		shown("gateway_state", KindString, "the gateway's neighbour state; \"\" without an entry", func(h *Hop) Value { return StringValue(h.GatewayState) }),
	})

func hops(s *Snapshot) []Hop {
	var out []Hop
	links := connected(s)
	for i := range s.Routes {
		r := &s.Routes[i]
		if r.Type != "unicast" {
			continue
		}
		for _, nh := range r.NextHops {
			h := Hop{
				Family: r.Family, Dst: r.Dst, Table: r.Table, Metric: r.Metric, Proto: r.Proto,
				Gateway: nh.Gateway, Interface: nh.Interface, Flags: slices.Concat(r.Flags, nh.Flags), Ref: r.Ref,
			}
			h.InterfaceUp = s.interfaceUp(nh.Interface)
			if nh.Gateway.IsValid() {
				h.GatewayOnLink = Some(onLink(links, &h))
				h.GatewayState = s.neighborState(nh)
			}
			out = append(out, h)
		}
	}
	return out
}

// linkPrefix is a prefix that is directly connected through an interface.
type linkPrefix struct {
	prefix netip.Prefix
	iface  string
}

// connected returns the prefixes that are on a link: those of the interfaces'
// addresses and those of routes without a gateway.
func connected(s *Snapshot) []linkPrefix {
	var out []linkPrefix
	for i := range s.Interfaces {
		for _, a := range s.Interfaces[i].Addrs {
			out = append(out, linkPrefix{a.Prefix, s.Interfaces[i].Name})
			if a.Peer.IsValid() {
				out = append(out, linkPrefix{a.Peer, s.Interfaces[i].Name})
			}
		}
	}
	for i := range s.Routes {
		r := &s.Routes[i]
		// G without an address is a gateway that the tool showed by name.
		if r.Type != "unicast" || r.Default() || slices.Contains(r.Flags, "G") {
			continue
		}
		for _, nh := range r.NextHops {
			if !nh.Gateway.IsValid() {
				out = append(out, linkPrefix{r.Dst, nh.Interface})
			}
		}
	}
	return out
}

func onLink(links []linkPrefix, h *Hop) bool {
	if h.Gateway.IsLinkLocalUnicast() && h.Gateway.Is6() || slices.Contains(h.Flags, "onlink") {
		return true
	}
	for _, l := range links {
		if (h.Interface == "" || l.iface == h.Interface) && l.prefix.Contains(h.Gateway) {
			return true
		}
	}
	return false
}

// interfaceUp reports whether the named interface can carry traffic; unknown
// when there is no such interface among those read.
func (s *Snapshot) interfaceUp(name string) Opt[bool] {
	for i := range s.Interfaces {
		it := &s.Interfaces[i]
		if it.Name != name {
			continue
		}
		switch {
		case it.Flags != nil && !it.HasFlag("UP"),
			it.Carrier.OK && !it.Carrier.V,
			it.OperState == "DOWN" || it.OperState == "LOWERLAYERDOWN" || it.OperState == "NOTPRESENT":
			return Some(false)
		case it.Flags != nil || it.OperState != "":
			return Some(true)
		}
	}
	return Opt[bool]{}
}

func (s *Snapshot) neighborState(nh NextHop) string {
	for _, n := range s.Neighbors {
		if n.Addr == nh.Gateway && (nh.Interface == "" || n.Interface == "" || n.Interface == nh.Interface) {
			return n.State
		}
	}
	return ""
}
