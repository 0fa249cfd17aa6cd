package fleetnet

import (
	"net/netip"
	"slices"
)

// hopJoin looks up what is joined to hops. A router has a million of them
// through a few gateways, and a node of a cluster thousands of prefixes on its
// links: nothing is searched for each hop.
type hopJoin struct {
	links    map[string]linkUp
	gateways map[hopGateway]gatewayJoin
	// neighbors are the entries of an address, in the order of the tool's output.
	neighbors map[netip.Addr][]*Neighbor
	// connected are the prefixes that are on a link, masked, each under its
	// interface and under "", and bits the lengths that they have.
	connected map[linkPrefix]struct{}
	bits      []int
}

// linkUp is whether an interface can carry traffic, and the line that says so.
type linkUp struct {
	up  Opt[bool]
	ref Ref
}

// hopGateway is a gateway as a hop names it. The interface may be empty.
type hopGateway struct {
	addr  netip.Addr
	iface string
}

type gatewayJoin struct {
	onLink bool
	state  Opt[string]
	ref    Ref
}

// linkPrefix is a prefix that is directly connected through an interface.
type linkPrefix struct {
	prefix netip.Prefix
	iface  string
}

func newHopJoin(s *Snapshot) *hopJoin {
	j := &hopJoin{
		links: make(map[string]linkUp, len(s.Interfaces)), gateways: map[hopGateway]gatewayJoin{},
		neighbors: make(map[netip.Addr][]*Neighbor, len(s.Neighbors)), connected: map[linkPrefix]struct{}{},
	}
	for i := range s.Interfaces {
		j.addInterface(&s.Interfaces[i])
	}
	for i := range s.Neighbors {
		n := &s.Neighbors[i]
		j.neighbors[n.Addr] = append(j.neighbors[n.Addr], n)
	}
	for i := range s.Routes {
		j.addRoute(&s.Routes[i])
	}
	return j
}

// addInterface notes the state of an interface, of the first row of its name
// that tells it, and its addresses.
func (j *hopJoin) addInterface(it *Interface) {
	if up := it.canCarry(); up.OK && !j.links[it.Name].up.OK {
		j.links[it.Name] = linkUp{up, it.Ref}
	}
	for _, a := range it.Addrs {
		j.connect(a.Prefix, it.Name)
		j.connect(a.Peer, it.Name)
	}
}

// addRoute notes a route without a gateway.
func (j *hopJoin) addRoute(r *Route) {
	// G without an address is a gateway that the tool showed by name.
	if r.Type != "unicast" || r.Default() || slices.Contains(r.Flags, "G") {
		return
	}
	for i := range r.NextHops {
		if !r.NextHops[i].Gateway.IsValid() {
			j.connect(r.Dst, r.NextHops[i].Interface)
		}
	}
}

func (j *hopJoin) connect(p netip.Prefix, iface string) {
	if !p.IsValid() {
		return
	}
	p = p.Masked()
	j.connected[linkPrefix{p, iface}] = struct{}{}
	j.connected[linkPrefix{p, ""}] = struct{}{}
	if !slices.Contains(j.bits, p.Bits()) {
		j.bits = append(j.bits, p.Bits())
	}
}

// join fills in what a hop is joined with.
func (j *hopJoin) join(h *Hop) {
	link := j.links[h.Interface]
	h.InterfaceUp, h.InterfaceRef = link.up, link.ref
	if !link.up.OK && (slices.Contains(h.Flags, "linkdown") || slices.Contains(h.Flags, "dead")) {
		h.InterfaceUp = Some(false) // rtnetlink(7): the kernel says so of the route itself
	}
	if h.GatewayState = Some(""); !h.Gateway.IsValid() {
		return
	}
	g := j.gateway(hopGateway{h.Gateway, h.Interface})
	h.GatewayOnLink = Some(g.onLink || slices.Contains(h.Flags, "onlink"))
	h.GatewayState, h.NeighborRef = g.state, g.ref
}

// gateway looks a gateway up, once.
func (j *hopJoin) gateway(k hopGateway) gatewayJoin {
	if g, ok := j.gateways[k]; ok {
		return g
	}
	g := gatewayJoin{onLink: k.addr.Is6() && k.addr.IsLinkLocalUnicast() || j.contains(k), state: Some("")}
	for _, n := range j.neighbors[k.addr] {
		if k.iface == "" || n.Interface == "" || n.Interface == k.iface {
			g.state, g.ref = n.Answer(), n.Ref
			break
		}
	}
	j.gateways[k] = g
	return g
}

// Answer returns the entry's state, [GatewayResolved] when it tells none but its
// link-layer address, and nothing when it tells neither.
func (n *Neighbor) Answer() Opt[string] {
	switch {
	case n.State != "":
		return Some(n.State)
	case n.MAC != "":
		return Some(GatewayResolved)
	}
	return Opt[string]{}
}

// contains reports whether a gateway lies in a connected prefix.
func (j *hopJoin) contains(k hopGateway) bool {
	for _, bits := range j.bits {
		p, err := k.addr.Prefix(bits)
		if err != nil {
			continue // longer than an address of the family
		}
		if _, ok := j.connected[linkPrefix{p, k.iface}]; ok {
			return true
		}
	}
	return false
}

// canCarry reports whether an interface can carry traffic; unknown when the
// row tells neither flags nor a state.
func (i *Interface) canCarry() Opt[bool] {
	switch {
	case i.Flags != nil && !i.HasFlag("UP"),
		i.Carrier.OK && !i.Carrier.V,
		i.OperState == "DOWN" || i.OperState == "LOWERLAYERDOWN" || i.OperState == "NOTPRESENT":
		return Some(false)
	case i.Flags != nil || i.OperState != "":
		return Some(true)
	}
	return Opt[bool]{}
}
