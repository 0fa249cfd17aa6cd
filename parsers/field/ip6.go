package field

import "net/netip"

// ipv6 reads a numeric IPv6 address (RFC 4291, section 2.2) without
// allocating. The address is as written: a mapped one is not unmapped.
func ipv6(b []byte) (netip.Addr, bool) {
	if len(b) < 2 || len(b) > 45 {
		return netip.Addr{}, false
	}
	var out [16]byte
	n, gap := 0, -1 // octets written, and where :: stands
	if b[0] == ':' {
		if b[1] != ':' {
			return netip.Addr{}, false
		}
		gap, b = 0, b[2:]
	}
	for len(b) > 0 {
		if n == 16 {
			return netip.Addr{}, false
		}
		group, width := hexGroup(b)
		if width < len(b) && b[width] == '.' {
			quad, ok := ipv4(b)
			if !ok || n > 12 {
				return netip.Addr{}, false
			}
			four := quad.As4()
			copy(out[n:], four[:])
			n, b = n+4, nil
			break
		}
		if width == 0 || width > 4 {
			return netip.Addr{}, false
		}
		out[n], out[n+1] = byte(group>>8), byte(group)
		n, b = n+2, b[width:]
		if len(b) == 0 {
			break
		}
		if b[0] != ':' || len(b) == 1 {
			return netip.Addr{}, false
		}
		if b = b[1:]; b[0] == ':' {
			if gap >= 0 {
				return netip.Addr{}, false
			}
			gap, b = n, b[1:]
		}
	}
	return fillGap(out, n, gap)
}

// hexGroup reads the hexadecimal digits that b begins with, at most five of
// them, so that a group too wide is told from one that is right.
func hexGroup(b []byte) (group uint32, width int) {
	for width < len(b) && width < 5 {
		d, ok := nibble(b[width])
		if !ok {
			break
		}
		group = group<<4 | uint32(d)
		width++
	}
	return group, width
}

// fillGap moves what stands after :: to the end of the address.
func fillGap(out [16]byte, n, gap int) (netip.Addr, bool) {
	switch {
	case gap < 0:
		return netip.AddrFrom16(out), n == 16
	case n >= 16:
		return netip.Addr{}, false
	}
	tail := n - gap
	copy(out[16-tail:], out[gap:n])
	clear(out[gap : 16-tail])
	return netip.AddrFrom16(out), true
}
