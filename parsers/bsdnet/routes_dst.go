package bsdnet

import (
	"bytes"
	"fmt"
	"net/netip"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// destination reads the column Destination. What is not known of it, as it was
// cut or is a name, leaves the destination unknown, which coverage says.
func (r *routesReader) destination(rt *fleetnet.Route, b []byte) error {
	width := r.width("Destination")
	host := hasLetter(rt.Flags, "H")
	var dst netip.Prefix
	ok := false
	switch {
	case string(b) == "default" && rt.Family == "inet6":
		dst, ok = netip.PrefixFrom(netip.IPv6Unspecified(), 0), true
	case string(b) == "default":
		dst, ok = netip.PrefixFrom(netip.IPv4Unspecified(), 0), true
	case rt.Family == "inet6":
		dst, ok = destination6(b, host, len(b) == width)
	default:
		dst, ok = Network(b, host)
	}
	switch {
	case ok:
		rt.Dst = dst
	case len(bytes.Trim(b, "0123456789./")) == 0:
		return fmt.Errorf("%s is not a network", fleetnet.Quote(b))
	default:
		r.unknown("dst", "a destination is cut, shown by name, or has a mask with holes")
	}
	return nil
}

// destination6 reads an IPv6 destination: an address with its length, or that
// of a host; a zone stands before the slash.
//
//	fe80::%en0/64  2001:db8::39  ff01::%lo0/32
func destination6(b []byte, host, full bool) (netip.Prefix, bool) {
	text, length, slashed := bytes.Cut(b, []byte{'/'})
	a, zone, ok := field.Addr(text)
	if !ok || a.Is4() && bytes.IndexByte(text, ':') < 0 {
		return netip.Prefix{}, false
	}
	a = field.WithoutIndex(to6(a))
	switch {
	case slashed && full: // /12 may be /128
		return netip.Prefix{}, false
	case slashed:
		n, ok := field.Uint(length, 8)
		p, err := a.Prefix(int(n))
		return p, ok && err == nil
	case !host, full && zone == nil && len(b) < wideHost: // without -n no length is shown
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, 128), true
}

// to6 undoes the unmapping of an IPv4-mapped address, as a route has one family.
func to6(a netip.Addr) netip.Addr {
	if a.Is4() {
		return netip.AddrFrom16(a.As16())
	}
	return a
}

// Network reads an IPv4 network in the shorthand of netname (route.c): trailing
// octets that are zero are left out, and so is the length when it is that of the
// class (A 8, B 16, C and beyond 24). With four octets it is that of a host.
//
//	127  169.254  192.168.1  10/16  224.0.0/4  192.168.1.221/32  10.1.2.3
func Network(b []byte, host bool) (netip.Prefix, bool) {
	text, length, slashed := bytes.Cut(b, []byte{'/'})
	var quad [4]byte
	octets := 0
	for rest, more := text, true; more; octets++ {
		var part []byte
		part, rest, more = bytes.Cut(rest, []byte{'.'})
		n, ok := field.Uint(part, 8)
		if !ok || octets == 4 {
			return netip.Prefix{}, false
		}
		quad[octets] = byte(n)
	}
	bits := classBits(quad[0])
	switch {
	case slashed:
		n, ok := field.Uint(length, 8)
		if !ok || n > 32 {
			return netip.Prefix{}, false
		}
		bits = int(n)
	case host || octets == 4:
		bits = 32
	}
	p, err := netip.AddrFrom4(quad).Prefix(bits)
	if !slashed && p.Addr() != netip.AddrFrom4(quad) { // no network of its class: no netstat prints that
		return netip.Prefix{}, false
	}
	return p, err == nil
}

// classBits returns the length of a network of the class of its first octet.
func classBits(first byte) int {
	switch {
	case first < 128:
		return 8
	case first < 192:
		return 16
	}
	return 24
}
