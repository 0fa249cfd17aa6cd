package bsdnet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
	"net/netip"
	"slices"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// inet reads an IPv4 address:
//
//	inet 192.168.1.5 netmask 0xffffff00 broadcast 192.168.1.255
//	inet 10.8.0.2 --> 10.8.0.1  netmask 0xffffffff
//	inet 10.0.2.15/24 broadcast 10.0.2.255 flags 0x0
func (r *ifconfigReader) inet(c field.Cursor) error {
	c.Take("alias")
	masked := bytes.IndexByte(c.Peek(), '/') >= 0
	p := c.Prefix()
	var peer netip.Addr
	for c.More() {
		switch string(c.Next()) {
		case "-->", "->":
			slashed := bytes.IndexByte(c.Peek(), '/') >= 0
			to := c.Prefix()
			if peer = to.Addr(); slashed { // -f inet:cidr shows the length behind the peer
				p, masked = netip.PrefixFrom(p.Addr(), to.Bits()), true
			}
		case "netmask":
			n, ok := netmaskBits(c.Next())
			if !ok && c.Err() == nil {
				c.Failf("the netmask has holes or is none")
			}
			p, masked = netip.PrefixFrom(p.Addr(), n), true
		case "broadcast", "flags", "vhid":
			c.Next()
		}
	}
	if c.Err() == nil && !p.Addr().Is4() {
		c.Failf("an IPv4 address expected")
	}
	if c.Err() != nil {
		return c.Err()
	}
	a := fleetnet.IfAddr{Prefix: p, Scope: scopeOf(p.Addr())}
	if peer.Is4() && peer != p.Addr() {
		a.Peer = netip.PrefixFrom(peer, p.Bits())
		masked = true
	}
	if !masked {
		return errors.New("an address without a netmask")
	}
	r.it().Addrs = append(r.it().Addrs, a)
	return nil
}

// netmaskBits reads 0xffffff00 or 255.255.255.0.
func netmaskBits(b []byte) (int, bool) {
	var m uint32
	if hex, ok := bytes.CutPrefix(b, []byte("0x")); ok {
		n, ok := field.Hex(hex)
		if !ok || n>>32 != 0 {
			return 0, false
		}
		m = uint32(n)
	} else {
		a, _, ok := field.Addr(b)
		if !ok || !a.Is4() {
			return 0, false
		}
		quad := a.As4()
		m = binary.BigEndian.Uint32(quad[:])
	}
	n := bits.LeadingZeros32(^m)
	return n, n == 32 || m<<n == 0
}

// addrWords are the flags of an IPv6 address under the names of the model.
var addrWords = []string{
	"anycast", "tentative", "optimistic", "duplicated", "detached", "deprecated", "autoconf", "temporary", "dynamic", "secured", "clat46",
	"autoconfprivacy", "no_dad", "auto_linklocal", "prefer_source",
}

// inet6 reads an IPv6 address:
//
//	inet6 fe80::1%lo0 prefixlen 64 scopeid 0x1
//	inet6 2001:db8::5 prefixlen 64 deprecated autoconf temporary
//	inet6 fe80::2%utun0 --> fe80::3%utun0 prefixlen 64
func (r *ifconfigReader) inet6(c field.Cursor) error {
	c.Take("alias")
	slashed := bytes.IndexByte(c.Peek(), '/') >= 0
	p := c.Prefix()
	var a fleetnet.IfAddr
	for c.More() {
		switch word := c.Next(); string(word) {
		case "-->", "->":
			if string(c.Peek()) == "prefixlen" { // OpenBSD shows no peer
				continue
			}
			if bytes.IndexByte(c.Peek(), '/') >= 0 { // -f inet6:cidr
				to := c.Prefix()
				p, slashed, a.Peer = netip.PrefixFrom(p.Addr(), to.Bits()), true, netip.PrefixFrom(to.Addr(), 128)
				continue
			}
			a.Peer = netip.PrefixFrom(c.Addr(), 128)
		case "prefixlen":
			p, slashed = netip.PrefixFrom(p.Addr(), int(c.Uint(8))), true
		case "scopeid":
			r.index(c.Next())
		case "pltime", "vltime", "flags", "vhid":
			c.Next()
		case "tentative", "duplicated":
			a.Flags = append(a.Flags, map[string]string{"tentative": "tentative", "duplicated": "dadfailed"}[string(word)])
		default:
			if slices.Contains(addrWords, string(word)) {
				a.Flags = append(a.Flags, r.out.Intern(word))
			}
		}
	}
	if c.Err() == nil && (!p.IsValid() || p.Addr().Is4() || !slashed) {
		c.Failf("an IPv6 address with a prefix length expected")
	}
	if c.Err() != nil {
		return c.Err()
	}
	a.Prefix, a.Scope = p, scopeOf(p.Addr())
	r.it().Addrs = append(r.it().Addrs, a)
	return nil
}

// index takes the index of the interface from a scope.
func (r *ifconfigReader) index(b []byte) {
	n, ok := field.Hex(bytes.TrimPrefix(b, []byte("0x")))
	if it := r.it(); ok && n > 0 && n < 1<<31 && !it.Index.OK {
		it.Index = fleetnet.Some(int(n))
	}
}

// scopeOf returns the scope of an address in ip's words.
func scopeOf(a netip.Addr) string {
	switch {
	case a.IsLoopback():
		return "host"
	case a.IsLinkLocalUnicast():
		return "link"
	}
	return "global"
}

// media reads the speed and duplex of the medium in use: that in brackets
// behind autoselect, or the one that was chosen by hand.
//
//	autoselect (1000baseT <full-duplex,flow-control>)
//	10Gbase-T <full-duplex>
func (r *ifconfigReader) media(text []byte) {
	text = bytes.TrimPrefix(text, []byte("Ethernet "))
	if open := bytes.IndexByte(text, '('); open >= 0 {
		text = text[open+1:]
	}
	it := r.it()
	if n, ok := mediaMbps(text); ok {
		it.SpeedMbps = fleetnet.Some(n)
	} else {
		return
	}
	switch {
	case bytes.Contains(text, []byte("full-duplex")):
		it.Duplex = "full"
	case bytes.Contains(text, []byte("half-duplex")):
		it.Duplex = "half"
	}
}

// mediaMbps reads 100baseTX, 10Gbase-T or 2.5Gbase-T.
func mediaMbps(text []byte) (int, bool) {
	lower := bytes.ToLower(text)
	number, _, ok := bytes.Cut(lower, []byte("base"))
	unit := int64(1)
	if g, giga := bytes.CutSuffix(number, []byte{'g'}); giga {
		number, unit = g, 1000
	}
	n, valid := field.Thousandths(number)
	if !ok || !valid || n == 0 || n > 1<<40 {
		return 0, false
	}
	return int(n * unit / 1000), true
}
