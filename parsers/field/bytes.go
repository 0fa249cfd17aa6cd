package field

import (
	"bytes"
	"net/netip"

	"github.com/fleetnet/fleetnet"
)

// Uint reads a decimal number of at most the given bits that is all of b.
func Uint(b []byte, bits int) (uint64, bool) {
	if len(b) == 0 || len(b) > 20 {
		return 0, false
	}
	var n uint64
	if len(b) < 20 { // cannot overflow
		for _, ch := range b {
			d := uint64(ch - '0')
			if d > 9 {
				return 0, false
			}
			n = n*10 + d
		}
		return n, bits >= 64 || n>>bits == 0
	}
	for _, ch := range b {
		d := uint64(ch - '0')
		if d > 9 || n > (1<<64-1-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	return n, bits >= 64 || n>>bits == 0
}

// Int reads a decimal number that is all of b and may have a minus sign.
func Int(b []byte) (int64, bool) {
	neg := len(b) > 0 && b[0] == '-'
	if neg {
		b = b[1:]
	}
	n, ok := Uint(b, 63)
	if neg {
		return -int64(n), ok
	}
	return int64(n), ok
}

// Hex reads a hexadecimal number of at most 64 bits that is all of b.
func Hex(b []byte) (uint64, bool) {
	if len(b) == 0 || len(b) > 16 {
		return 0, false
	}
	var n uint64
	for _, ch := range b {
		d, ok := nibble(ch)
		if !ok {
			return 0, false
		}
		n = n<<4 | uint64(d)
	}
	return n, true
}

func nibble(ch byte) (byte, bool) {
	switch {
	case ch >= '0' && ch <= '9':
		return ch - '0', true
	case ch >= 'a' && ch <= 'f':
		return ch - 'a' + 10, true
	case ch >= 'A' && ch <= 'F':
		return ch - 'A' + 10, true
	}
	return 0, false
}

// Addr reads an address that is all of b: the address unmapped and without
// its zone, and the zone (the text after %), which shares b's memory.
func Addr(b []byte) (a netip.Addr, zone []byte, ok bool) {
	if i := bytes.IndexByte(b, '%'); i >= 0 {
		b, zone = b[:i], b[i+1:]
	}
	if a, ok = ipv4(b); ok {
		return a, zone, true
	}
	if a, ok = ipv6(b); !ok {
		return netip.Addr{}, nil, false
	}
	return fleetnet.Unmap(a), zone, true
}

// ipv4 reads a dotted quad without allocating.
func ipv4(b []byte) (netip.Addr, bool) {
	if len(b) < 7 || len(b) > 15 {
		return netip.Addr{}, false
	}
	var quad [4]byte
	part, n, width := 0, 0, 0
	for _, ch := range b {
		if ch == '.' {
			if width == 0 || part == 3 {
				return netip.Addr{}, false
			}
			quad[part] = byte(n)
			part, n, width = part+1, 0, 0
			continue
		}
		d := int(ch - '0')
		if d > 9 {
			return netip.Addr{}, false
		}
		n, width = n*10+d, width+1
		if n > 255 || width > 3 {
			return netip.Addr{}, false
		}
	}
	quad[3] = byte(n)
	return netip.AddrFrom4(quad), part == 3 && width > 0
}

// Prefix reads a prefix that is all of b; an address alone is one of full
// length. The address bits are kept as they are; a zone is dropped.
func Prefix(b []byte) (netip.Prefix, bool) {
	host, bits, slashed := bytes.Cut(b, []byte{'/'})
	a, _, ok := Addr(host)
	if !ok {
		return netip.Prefix{}, false
	}
	n := uint64(a.BitLen())
	if slashed {
		if n, ok = Uint(bits, 8); !ok || int(n) > a.BitLen() {
			return netip.Prefix{}, false
		}
	}
	return netip.PrefixFrom(a, int(n)), true
}

// MAC reads a link-layer address in any tool's spelling (00:1a:…, 0:1a:…,
// 00-1A-…) and returns it in lower case with colons and whole octets. Addresses
// of 6, 8 and 20 octets (Ethernet, EUI-64, InfiniBand) are read.
func MAC(b []byte) (string, bool) {
	if len(b) < 11 || len(b) > 59 {
		return "", false
	}
	const digit = "0123456789abcdef"
	out := make([]byte, 0, 59)
	octets, width := 0, 0
	var cur byte
	for i := 0; i <= len(b); i++ {
		if i == len(b) || b[i] == ':' || b[i] == '-' {
			if width == 0 {
				return "", false
			}
			if octets > 0 {
				out = append(out, ':')
			}
			out = append(out, digit[cur>>4], digit[cur&15])
			octets, width, cur = octets+1, 0, 0
			continue
		}
		n, ok := nibble(b[i])
		if width++; !ok || width > 2 {
			return "", false
		}
		cur = cur<<4 | n
	}
	return string(out), octets == 6 || octets == 8 || octets == 20
}
