package fleetnet

import (
	"net/netip"
	"slices"
)

// Hop is a row of the next_hops view: one way that one unicast route goes,
// joined with the interface it leaves by and the gateway's neighbour entry.
type Hop struct {
	Family    string       `json:"family"`
	Dst       netip.Prefix `json:"dst,omitzero"`
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
	// GatewayState is the gateway's state in the neighbour table, [GatewayResolved]
	// where arp tells no states; unknown when it tells nothing of the entry, and
	// empty when the gateway has none.
	GatewayState Opt[string] `json:"gateway_state,omitzero"`
	Ref          Ref         `json:"-"` // the route's line
	InterfaceRef Ref         `json:"-"` // that of the interface that InterfaceUp is told of
	NeighborRef  Ref         `json:"-"` // that of the neighbour entry
}

// GatewayResolved is the state of a gateway whose link-layer address is shown by
// a tool that shows no states: one that did not answer has none, see arp(8).
const GatewayResolved = "RESOLVED"

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
		shown("interface_up", KindBool, "the interface is up and has a carrier", func(h *Hop) Value { return optBool(h.InterfaceUp) }).
			from(func(h *Hop) Ref { return h.InterfaceRef }),
		shown("gateway_on_link", KindBool, "the gateway lies in a connected prefix", func(h *Hop) Value { return optBool(h.GatewayOnLink) }),
		shown("gateway_state", KindString, "the gateway's neighbour state, RESOLVED where only its address is told; \"\" without an entry", func(h *Hop) Value { return optString(h.GatewayState) }).
			from(func(h *Hop) Ref { return h.NeighborRef }),
	})

func hops(s *Snapshot) []Hop {
	n := 0
	for i := range s.Routes {
		if s.Routes[i].Type == "unicast" {
			n += len(s.Routes[i].NextHops)
		}
	}
	out := make([]Hop, 0, n)
	j := newHopJoin(s)
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
			j.join(&h)
			out = append(out, h)
		}
	}
	return out
}
