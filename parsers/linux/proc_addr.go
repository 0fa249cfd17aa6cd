package linux

import (
	"bytes"
	"errors"
	"net/netip"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// trie reads /proc/net/fib_trie (Linux, net/ipv4/fib_trie.c), the only file
// that tells the host's IPv4 addresses: leaves of the type LOCAL. It tells no
// interfaces.
//
//	Local:
//	  +-- 0.0.0.0/0 3 0 5
//	     |-- 10.0.0.1
//	        /32 host LOCAL
//	     |-- 10.0.0.255
//	        /32 link BROADCAST
//
// Without policy rules the kernel keeps the tables main and local in one trie,
// and lists it under both names.
type trie struct {
	read      bool
	leaf      netip.Addr
	local     []netip.Addr // addresses of the host, in order
	ranges    []netip.Prefix
	refs      map[netip.Addr]fleetnet.Ref // the lines of the addresses
	broadcast map[netip.Addr]bool
}

// table takes the line that begins a table: "Main:", "Local:", "Id 200:".
func (t *trie) table(line []byte) bool {
	name := bytes.TrimSuffix(line, []byte{':'})
	if string(name) != "Main" && string(name) != "Local" && !bytes.HasPrefix(name, []byte("Id ")) {
		return false
	}
	t.read, t.leaf = true, netip.Addr{}
	if t.broadcast == nil {
		t.broadcast, t.refs = map[netip.Addr]bool{}, map[netip.Addr]fleetnet.Ref{}
	}
	return true
}

// line reads a line below a table.
func (t *trie) line(c field.Cursor, ref fleetnet.Ref) error {
	if t.refs == nil {
		return errors.New("stands before any table")
	}
	switch first := c.Next(); {
	case string(first) == "+--":
		c.Next()
		return c.Err()
	case string(first) == "|--":
		t.leaf = c.Addr()
		return c.Err()
	case len(first) > 1 && first[0] == '/':
		n, ok := field.Uint(first[1:], 8)
		if !ok || n > 32 || !t.leaf.Is4() {
			return errors.New("a prefix length below an address expected")
		}
		c.Next() // scope
		return t.entry(netip.PrefixFrom(t.leaf, int(n)), c, ref)
	}
	return errors.New("a node, a leaf or a prefix length expected")
}

// entry notes what is said of a leaf: `/32 host LOCAL`.
func (t *trie) entry(p netip.Prefix, c field.Cursor, ref fleetnet.Ref) error {
	switch string(c.Next()) {
	case "LOCAL":
		if p.Bits() < 32 { // 127.0.0.0/8
			t.ranges = append(t.ranges, p)
		} else {
			t.add(p.Addr(), ref)
		}
	case "BROADCAST":
		t.broadcast[p.Addr()] = true
	}
	return c.Err()
}

// add notes an address, once though it is listed under two tables.
func (t *trie) add(a netip.Addr, ref fleetnet.Ref) {
	if _, seen := t.refs[a]; !seen {
		t.refs[a] = ref
		t.local = append(t.local, a)
	}
}

// owner returns the interface that has the address and the prefix length, as
// far as that is certain: there is one connected network that the address lies
// in, and the kernel has the broadcast address that belongs to it.
func (r *procInterfaces) owner(a netip.Addr) (string, int, bool) {
	if a.IsLoopback() {
		return r.loopback(a)
	}
	big := r.routes.bigEndian(r.out)
	iface, bits := "", -1
	for _, rt := range r.routes.rows {
		p, ok := maskPrefix(quadAddr(rt.dst, big), quadAddr(rt.mask, big))
		if !ok || rt.gateway != 0 || rt.flags&rtfReject != 0 || rt.iface == "*" || p.Bits() == 0 || p.Bits() == 32 ||
			p.Bits() < bits || !p.Contains(a) || p.Bits() < 31 && !r.trie.broadcast[lastAddr(p)] {
			continue
		}
		if p.Bits() == bits && rt.iface != iface {
			return "", 0, false
		}
		iface, bits = rt.iface, p.Bits()
	}
	return iface, bits, bits > 0
}

// loopback attributes an address in 127.0.0.0/8 to lo, with the length of the
// range that the kernel keeps for it.
func (r *procInterfaces) loopback(a netip.Addr) (string, int, bool) {
	for _, p := range r.trie.ranges {
		if p.Contains(a) {
			return "lo", p.Bits(), true
		}
	}
	return "", 0, false
}

// lastAddr returns the last address of an IPv4 network.
func lastAddr(p netip.Prefix) netip.Addr {
	quad := p.Masked().Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		quad[i/8] |= 1 << (7 - i%8)
	}
	return netip.AddrFrom4(quad)
}

// scope4 returns the scope that the kernel gives an IPv4 address by itself, or
// "" where it may be another.
func scope4(a netip.Addr) string {
	if a.IsLoopback() {
		return "host"
	}
	return ""
}
