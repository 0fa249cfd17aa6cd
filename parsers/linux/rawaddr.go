package linux

import (
	"encoding/binary"
	"math/bits"
	"net/netip"

	"github.com/fleetnet/fleetnet/parsers/field"
)

// maskBits returns the prefix length of a netmask; a mask with holes has none.
func maskBits(mask netip.Addr) (int, bool) {
	if !mask.Is4() {
		return 0, false
	}
	quad := mask.As4()
	m := binary.BigEndian.Uint32(quad[:])
	n := bits.LeadingZeros32(^m)
	return n, m<<n == 0
}

// maskPrefix returns addr with the prefix length that the netmask tells.
func maskPrefix(addr, mask netip.Addr) (netip.Prefix, bool) {
	n, ok := maskBits(mask)
	if !ok || !addr.Is4() {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(addr, n), true
}

// quadAddr returns the address whose four bytes the kernel printed as one
// number (%08X) in the host's byte order.
func quadAddr(n uint32, bigEndian bool) netip.Addr {
	var quad [4]byte
	if bigEndian {
		binary.BigEndian.PutUint32(quad[:], n)
	} else {
		binary.LittleEndian.PutUint32(quad[:], n)
	}
	return netip.AddrFrom4(quad)
}

// hexAddr6 reads an IPv6 address written as 32 hexadecimal digits, which the
// kernel always prints in network order.
func hexAddr6(b []byte) (netip.Addr, bool) {
	if len(b) != 32 {
		return netip.Addr{}, false
	}
	hi, ok := field.Hex(b[:16])
	lo, ok2 := field.Hex(b[16:])
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], hi)
	binary.BigEndian.PutUint64(raw[8:], lo)
	return netip.AddrFrom16(raw).Unmap(), ok && ok2
}

// hexUint reads a hexadecimal number, with or without 0x, of at most 32 bits.
func hexUint(b []byte) (uint32, bool) {
	if len(b) > 2 && b[0] == '0' && b[1] == 'x' {
		b = b[2:]
	}
	n, ok := field.Hex(b)
	return uint32(n), ok && n>>32 == 0
}

// bigEndianArch reports whether `uname -m` names a machine that is always
// big-endian. It decides where a file of /proc does not tell by itself.
func bigEndianArch(arch string) bool {
	switch arch {
	case "s390", "s390x", "ppc", "ppc64", "sparc", "sparc64", "parisc", "parisc64", "m68k", "armeb", "aarch64_be":
		return true
	}
	return false
}
