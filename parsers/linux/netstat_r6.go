package linux

import (
	"bytes"
	"fmt"
	"net/netip"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// row6 reads a route of IPv6. Only the ends of the line are fixed: a route
// without flags has none printed, and wide numbers run together.
func (r *netstatR) row6(c field.Cursor, ref fleetnet.Ref) error {
	dst, gateway := c.Next(), c.Next()
	var letters []byte
	if _, numeric := field.Int(c.Peek()); !numeric {
		letters = c.Next()
	}
	metric := c.Int()
	rest := bytes.Fields(c.Rest())
	prefix, ok := prefix6(dst)
	switch {
	case c.Err() != nil:
		return c.Err()
	case !ok && !namedPrefix(dst):
		return fmt.Errorf("%s is not a network", fleetnet.Quote(dst))
	case len(rest) < 2 || metric < -1<<31 || metric > 1<<32-1:
		return field.ErrShort
	}
	rt := fleetnet.Route{Family: "inet6", Dst: prefix, Metric: fleetnet.Some(uint32(metric)), Flags: r.letters(letters), Ref: ref}
	iface := rest[len(rest)-1]
	// A line that lost its end has a number where the interface should be.
	if _, number := field.Uint(iface, 64); number && len(rest) < 3 {
		return field.ErrShort
	}
	hop := fleetnet.NextHop{Interface: r.iface(iface), Gateway: r.gateway(gateway, letters)}
	kind := ""
	if bytes.IndexByte(letters, 'n') >= 0 {
		kind = ownAddress(prefix)
	}
	if !ok {
		r.named()
	}
	finishRoute6(&rt, hop, kind)
	r.out.Routes = append(r.out.Routes, rt)
	return nil
}

// namedPrefix reports whether a destination is a name and a length, as without
// -n a host's own address is that the resolver knows: db1.example.com/128.
func namedPrefix(dst []byte) bool {
	host, length, ok := bytes.Cut(dst, []byte{'/'})
	n, number := field.Uint(length, 8)
	return ok && number && n <= 128 && isHostName(host)
}

// prefix6 reads an IPv6 destination: [::]/0 is ::/0 (without -n), and an
// address of four numbers is an IPv4-mapped one, whose beginning net-tools cuts.
func prefix6(dst []byte) (netip.Prefix, bool) {
	host, length, ok := bytes.Cut(dst, []byte{'/'})
	n, number := field.Uint(length, 8)
	if !ok || !number || n > 128 {
		return netip.Prefix{}, false
	}
	var a netip.Addr
	switch string(host) {
	case "[::]", "default":
		a = netip.IPv6Unspecified()
	case "localhost", "ip6-localhost", "ip6-loopback":
		a = netip.IPv6Loopback()
	case "ip6-mcastprefix":
		a = netip.AddrFrom16([16]byte{0xff})
	default:
		var err error
		if a, err = netip.ParseAddr(string(host)); err != nil {
			return netip.Prefix{}, false
		}
	}
	return netip.PrefixFrom(netip.AddrFrom16(a.As16()), int(n)).Masked(), true
}

// ownAddress returns the type of a route without a next hop: that of an address
// of the host itself. The letters do not tell anycast from local; the
// subnet-router address of RFC 4291, all zeros after the network, is anycast,
// and has no name.
func ownAddress(dst netip.Prefix) string {
	if !dst.IsValid() {
		return "local"
	}
	raw := dst.Addr().As16()
	if [8]byte(raw[8:]) == [8]byte{} {
		return "anycast"
	}
	return "local"
}

// finishRoute6 sets the type, which is kind unless the route is rejected, and
// the hop of an IPv6 route.
func finishRoute6(rt *fleetnet.Route, hop fleetnet.NextHop, kind string) {
	finishRoute(rt, hop)
	switch {
	case rt.Type != "unicast":
	case kind != "":
		rt.Type = kind
	case rt.Dst.Addr().IsMulticast() && !hop.Gateway.IsValid():
		rt.Type = "multicast"
	}
}
