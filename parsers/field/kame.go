package field

import "net/netip"

// WithoutIndex returns the address that stands for a link-local one in which a
// kernel of KAME keeps the index of an interface, and which its tools may show
// so: fe80:4::1 is fe80::1 on interface 4.
func WithoutIndex(a netip.Addr) netip.Addr {
	if !a.Is6() || !a.IsLinkLocalUnicast() && !a.IsLinkLocalMulticast() && !a.IsInterfaceLocalMulticast() {
		return a
	}
	b := a.As16()
	b[2], b[3] = 0, 0
	return netip.AddrFrom16(b)
}
