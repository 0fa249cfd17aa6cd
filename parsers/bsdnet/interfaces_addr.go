package bsdnet

import (
	"bytes"
	"net/netip"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// How wide the columns Network and Address are: of IPv4, of IPv6, and with -l
// (macOS since 10.15).
const (
	network4    = 13
	network6    = 11
	address6    = 17
	wideAddress = 39
)

// address reads the columns Network and Address of a row that is not
// <Link#N>. An address whose length is cut or that is cut itself is left out.
//
//	192.168.1     192.168.1.221
//	fe80::1%lo0   fe80:1::1
func (r *interfacesReader) address(words [][]byte) {
	if len(words) < 2 || string(words[0]) == "none" {
		return
	}
	network, text := words[0], words[1]
	p, ok := r.prefix(network, text)
	if !ok {
		r.noAddrs = true
		return
	}
	it := &r.linked[r.cur].it
	it.Addrs = append(it.Addrs, fleetnet.IfAddr{Prefix: p})
}

// prefix joins the two columns.
func (r *interfacesReader) prefix(network, text []byte) (netip.Prefix, bool) {
	a, _, ok := field.Addr(text)
	four := bytes.IndexByte(text, ':') < 0
	if !ok || r.fills(network, network4, network6, four) || !four && r.fills(text, 0, address6, four) {
		return netip.Prefix{}, false
	}
	if four {
		n, ok := Network(network, false)
		return netip.PrefixFrom(a, n.Bits()), ok && n.Contains(a)
	}
	a = field.WithoutIndex(to6(a))
	_, length, slashed := bytes.Cut(network, []byte{'/'})
	bits, ok := field.Uint(length, 8)
	return netip.PrefixFrom(a, int(bits)), slashed && ok && bits <= 128
}

// fills reports whether a value is as long as its column, so that its end may
// be missing.
func (r *interfacesReader) fills(b []byte, width4, width6 int, four bool) bool {
	switch {
	case r.form.Whole != "" && r.network > network4:
		return r.fillsSized(b, width4 > 0)
	case r.whole:
		return false
	case r.wide:
		return len(b) >= wideAddress && bytes.IndexByte(b, '/') >= 0
	case four:
		if r.network >= 11 && r.network < width4 { // OpenBSD
			width4 = r.network
		}
		return len(b) >= width4
	}
	return len(b) >= width6
}

// How wide the column Network is on FreeBSD with -W: without any IPv6 address,
// and with one, when the column Address has room for all of it. FreeBSD 15 makes
// both as wide as what they hold.
const (
	networkW4 = 18
	networkW6 = 24
)

// fillsSized is [interfacesReader.fills] of FreeBSD where its columns are wider than
// they were first.
func (r *interfacesReader) fillsSized(b []byte, network bool) bool {
	switch {
	case network:
		return (r.network == networkW4 || r.network == networkW6) && len(b) >= r.network
	case r.network == networkW4:
		return len(b) >= address6
	}
	return false
}
