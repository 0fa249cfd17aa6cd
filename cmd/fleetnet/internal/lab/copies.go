package lab

import (
	"fmt"
	"net/netip"
)

// maxCopies is how many addresses the segment of copies has room for.
const maxCopies = 250

// copyName is the inventory name of a copy, counted from 1.
func copyName(host string, i int) string { return fmt.Sprintf("%s%03d", host, i) }

// copyAddr is the address of a copy.
func (f *Fleet) copyAddr(h *host, i int) netip.Addr { return f.net.in(h.copies, i) }

// Copy is the inventory name of the i-th copy, counted from 1, of a host with
// [Host.Copies], which is not in the inventory itself. Each copy has an address of
// its own; the namespaces, the server and its keys are those of the one host.
func (f *Fleet) Copy(name string, i int) string {
	f.t.Helper()
	return copyName(f.host(name).Name, i)
}

// copiesAddressing is what gives h the addresses of its copies, or leads to
// those of hosts behind it.
func (f *Fleet) copiesAddressing(h *host) []string {
	var lines []string
	for i := range h.Copies {
		lines = append(lines, fmt.Sprintf("addr add %s/32 dev eth0", f.copyAddr(h, i+1)))
	}
	for _, other := range f.order {
		if other.Copies > 0 && other.Jump == h.Name {
			lines = append(lines, fmt.Sprintf("route add %s/24 via %s", f.net.in(other.copies, 0), f.addr(other)))
		}
	}
	return lines
}
