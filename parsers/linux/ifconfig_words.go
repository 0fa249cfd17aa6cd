package linux

import (
	"bytes"
	"net/netip"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// translated reads a line of the old form in another language than English, by
// what stands behind the colons. It reports whether the line tells anything, and
// whether it is such a line:
//
//	inet Adresse:10.0.0.1  Bcast:10.0.0.255  Maske:255.255.255.0
//	inet6-Adresse: fe80::1/64 Gültigkeitsbereich:Verbindung
//	Paquetes RX:9 errores:0 perdidos:0 overruns:0 frame:0
//	Kollisionen:0 Sendewarteschlangenlänge:1000
//	Octets reçus:620 (620.0 B) Octets transmis:620 (620.0 B)
//
// The words are those of net-tools' po, and of the distributions'.
func (r *ifconfigReader) translated(line []byte) (row, ok bool) {
	if bytes.IndexByte(line, ':') < 0 {
		return false, false
	}
	if p, ok := prefix6In(line); ok {
		it := r.it()
		it.Addrs = append(it.Addrs, fleetnet.IfAddr{Prefix: p})
		return true, true
	}
	if bytes.Contains(line, []byte(":0x")) || bytes.Contains(line, []byte(": 0x")) {
		return false, true // an interrupt and a base address
	}
	quads, numbers := behindColons(line)
	switch {
	case len(quads) >= 2 && len(numbers) == 0:
		return true, r.addInet(quads[0], quads[len(quads)-1], netip.Addr{}) == nil
	case len(quads) == 0:
		return true, r.translatedCounters(numbers, bytes.IndexByte(line, '(') >= 0)
	}
	return false, false
}

// prefix6In returns the IPv6 prefix that stands in the line, before its scope.
func prefix6In(line []byte) (netip.Prefix, bool) {
	words := bytes.Fields(line)
	for i, w := range words {
		if bytes.IndexByte(w, '/') < 0 || i+1 >= len(words) || bytes.IndexByte(words[i+1], ':') < 0 {
			continue
		}
		if p, ok := wholePrefix(w); ok && p.Addr().Is6() {
			return p, true
		}
	}
	return netip.Prefix{}, false
}

// behindColons returns the addresses and the numbers that stand behind colons.
func behindColons(line []byte) (quads []netip.Addr, numbers []uint64) {
	for _, w := range bytes.Fields(line) {
		_, value, ok := bytes.Cut(w, []byte{':'})
		if !ok {
			continue
		}
		if a, _, ok := field.Addr(value); ok && a.Is4() {
			quads = append(quads, a)
		} else if n, ok := field.Uint(value, 64); ok {
			numbers = append(numbers, n)
		}
	}
	return quads, numbers
}

// translatedCounters keeps the counters of a line: five of packets, which those
// received begin; two of bytes, with their sizes in brackets; or the collisions
// and the length of the queue.
func (r *ifconfigReader) translatedCounters(n []uint64, sized bool) bool {
	it := r.it()
	c := fleetnet.IfCounters{}
	if it.Counters != nil {
		c = *it.Counters
	}
	some := fleetnet.Some[uint64]
	switch {
	case len(n) == 5 && !c.RxPackets.OK:
		c.RxPackets, c.RxErrors, c.RxDropped, c.RxOverruns, c.RxFrame = some(n[0]), some(n[1]), some(n[2]), some(n[3]), some(n[4])
	case len(n) == 5 && !c.TxPackets.OK:
		c.TxPackets, c.TxErrors, c.TxDropped, c.TxOverruns, c.TxCarrier = some(n[0]), some(n[1]), some(n[2]), some(n[3]), some(n[4])
	case len(n) == 2 && sized && !c.RxBytes.OK:
		c.RxBytes, c.TxBytes = some(n[0]), some(n[1])
	case len(n) == 2 && !sized && c.TxPackets.OK && !c.Collisions.OK:
		c.Collisions = some(n[0])
	default:
		return false
	}
	it.Counters = &c
	return true
}
