package windows

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
	"net/netip"
	"strconv"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// listed reads a row of the interface list: the number, the address of the
// link, dots, and what the adapter is.
//
//	8...00 ff 58 60 5f 61 ......TAP-Windows Adapter V9
//	5...00 00 00 00 00 00 00 e0 Microsoft ISATAP Adapter
func (r *routeReader) listed(line []byte) {
	number, rest, _ := bytes.Cut(bytes.TrimSpace(line), []byte("..."))
	index, err := strconv.ParseInt(string(bytes.TrimSpace(number)), 0, 32)
	if err != nil {
		r.in.Fail(errors.New("the number of an interface expected"))
		return
	}
	c := field.New(bytes.TrimLeft(rest, ". "))
	octets := 0
	for octets < 8 && isOctet(c.Peek()) {
		c.Next()
		octets++
	}
	r.name(int(index), string(bytes.TrimLeft(c.Rest(), ". ")))
	r.named = strconv.FormatInt(index, 10)
	r.in.Row()
}

// continued reads the end of a description that a narrow console put on a line of
// its own: what the adapter is is not known then, as a blank may stand between.
func (r *routeReader) continued() {
	if !r.better[r.named] {
		delete(r.names, r.named)
	}
	r.in.Row()
}

func isOctet(word []byte) bool {
	_, ok := field.Hex(word)
	return ok && len(word) == 2
}

// name names an interface by what its adapter is, unless it has a better name.
// One that was read without its number (`ipconfig`) gets it.
func (r *routeReader) name(index int, description string) {
	key := strconv.Itoa(index)
	if _, known := r.names[key]; known {
		r.better[key] = true
		return
	}
	r.names[key] = description
	for i := range r.out.Interfaces {
		it := &r.out.Interfaces[i]
		if !it.Index.OK && len(it.Aliases) > 0 && it.Aliases[0] == description {
			it.Index = fleetnet.Some(index)
			r.names[key] = it.Name
			return
		}
	}
}

// inet reads a row of IPv4: destination, mask, gateway and, unless the route is
// a persistent one, the address of the interface; then the metric.
func (r *routeReader) inet(words [][]byte) {
	if len(words) < 4 {
		r.in.Fail(field.ErrShort)
		return
	}
	last := len(words) - 1
	dst, ok := maskedPrefix(words[0], words[1])
	if !ok {
		r.in.Fail(errors.New("a destination and a mask expected"))
		return
	}
	rt := fleetnet.Route{Family: "inet", Type: "unicast", Dst: dst, Table: "main", Metric: metric(words[last]), Ref: r.in.Ref()}
	hop, gateway := fleetnet.NextHop{}, words[2:last]
	switch own := words[last-1]; {
	case last >= 4 && isIPv4(own):
		rt.Src, _, _ = field.Addr(own)
		hop.Interface = r.byAddr[rt.Src]
		gateway = words[2 : last-1]
	case last == 4 && isIPv4(words[2]) && r.hexNamed(own, &hop): // XP, of an interface without an address
		gateway = words[2:3]
	default:
		rt.Table = "persistent"
		if isIPv4(words[2]) { // what follows is the metric, a word or two ("Par défaut")
			gateway = words[2:3]
		}
	}
	if !rt.Metric.OK && rt.Table == "main" {
		r.in.Fail(errors.New("a metric expected"))
		return
	}
	r.bare = r.bare || hop.Interface == "" && rt.Table == "main"
	if len(gateway) == 1 {
		hop.Gateway, _, _ = field.Addr(gateway[0])
	}
	if hop.Gateway == rt.Src || hop.Gateway == broadcast { // so XP says on-link, and that an address is its own
		if hop.Gateway = (netip.Addr{}); rt.Src.IsLoopback() && dst.IsSingleIP() {
			rt.Type = "local"
		}
	}
	rt.NextHops = []fleetnet.NextHop{hop}
	r.out.Routes = append(r.out.Routes, rt)
	r.in.Row()
}

// broadcast is the address of all on the link.
var broadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// hexNamed sets the interface that XP tells by its number, in hexadecimal digits.
func (r *routeReader) hexNamed(number []byte, hop *fleetnet.NextHop) bool {
	index, ok := field.Hex(number)
	if ok {
		hop.Interface = r.names[strconv.FormatUint(index, 10)]
	}
	return ok
}

// maskedPrefix returns the prefix of an address and a mask. A mask with holes
// makes none.
func maskedPrefix(addr, mask []byte) (netip.Prefix, bool) {
	a, _, ok := field.Addr(addr)
	n, isMask := maskBits(mask)
	if !ok || !isMask || !a.Is4() {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, n).Masked(), true
}

// maskBits returns the length of the prefix that a mask stands for.
func maskBits(mask []byte) (int, bool) {
	m, _, ok := field.Addr(mask)
	if !ok || !m.Is4() {
		return 0, false
	}
	quad := m.As4()
	n := binary.BigEndian.Uint32(quad[:])
	ones := bits.LeadingZeros32(^n)
	return ones, n<<ones == 0
}

// metric returns a metric; 4294967295 and words ("Default") stand for the one
// of the interface, which is not told here.
func metric(b []byte) fleetnet.Opt[uint32] {
	n, ok := field.Uint(b, 32)
	return fleetnet.Opt[uint32]{V: uint32(n), OK: ok && n != math.MaxUint32}
}

// inet6 reads a row of IPv6. The interface 0 is none: the route is a persistent one.
func (r *routeReader) inet6(words [][]byte) {
	dst, ok := field.Prefix(words[2])
	if !ok || bytes.IndexByte(words[2], ':') < 0 {
		r.in.Fail(errors.New("a destination expected"))
		return
	}
	rt := fleetnet.Route{Family: "inet6", Type: "unicast", Dst: dst.Masked(), Table: "main", Metric: metric(words[1]), Ref: r.in.Ref()}
	hop := fleetnet.NextHop{}
	if index := string(words[0]); index == "0" {
		rt.Table = "persistent"
	} else if hop.Interface = r.names[index]; hop.Interface == "" {
		hop.Interface = index
	}
	if r.wraps = len(words) == 3; len(words) == 4 {
		hop.Gateway, _, _ = field.Addr(words[3])
	}
	rt.NextHops = []fleetnet.NextHop{hop}
	r.out.Routes = append(r.out.Routes, rt)
	r.in.Row()
}

// wrapped reads the gateway that did not fit beside a long destination: an
// address, or words far from the edge. A line that is something else is left to
// others: the gateway is unknown then.
func (r *routeReader) wrapped(line []byte) bool {
	r.wraps = false
	rt := &r.out.Routes[len(r.out.Routes)-1]
	text := bytes.TrimSpace(line)
	far := len(line)-len(bytes.TrimLeft(line, " \t")) >= 20
	switch a, _, ok := field.Addr(text); {
	case ok && a.Is6():
		rt.NextHops[0].Gateway = a
	case far && heading(text) && !ruler([][]byte{text}): // on-link
	default:
		rt.Flags = append(rt.Flags, "G")
		coverPart(r.out, "windows/route-print", "routes", "the gateways of some routes are missing", "gateway", "next_hops")
		return false
	}
	r.in.Row()
	return true
}

// kinds tells what the destinations of routes are, which Windows lists like any
// other: the addresses of the host, broadcasts, multicast.
func (r *routeReader) kinds() {
	own := r.out.Routes[r.first:]
	broadcasts, sources := map[netip.Addr]bool{}, map[netip.Addr]bool{}
	for i := range own {
		sources[own[i].Src] = true
		if src := own[i].Src; src.Is4() { // XP lists the broadcast address of the class too
			broadcasts[lastAddr(classOf(src))] = true
		}
		if rt := &own[i]; rt.Family == "inet" && !rt.NextHops[0].Gateway.IsValid() && rt.Dst.Bits() < 31 && rt.Dst.Bits() > 0 {
			broadcasts[lastAddr(rt.Dst)] = true
		}
	}
	for i := range own {
		rt := &own[i]
		if hop := &rt.NextHops[0]; hop.Gateway.IsValid() && sources[hop.Gateway] && rt.Table == "main" {
			hop.Gateway = netip.Addr{} // so XP says on-link
		}
		_, ours := r.byAddr[rt.Dst.Addr()]
		switch {
		case rt.NextHops[0].Gateway.IsValid() || rt.Table != "main":
		case rt.Dst.Addr().IsMulticast():
			rt.Type = "multicast"
		case !rt.Dst.IsSingleIP():
		case rt.Dst.Addr() == rt.Src || ours || rt.Dst.Addr().IsLoopback() && rt.Dst.Addr().Is6():
			rt.Type = "local"
		case rt.Dst.Addr() == broadcast || broadcasts[rt.Dst.Addr()]:
			rt.Type = "broadcast"
		}
	}
}

// classOf returns the network of an address of class A, B or C.
func classOf(a netip.Addr) netip.Prefix {
	bits := 24
	switch first := a.As4()[0]; {
	case first < 128:
		bits = 8
	case first < 192:
		bits = 16
	}
	return netip.PrefixFrom(a, bits).Masked()
}

// lastAddr returns the last address of a prefix of IPv4.
func lastAddr(p netip.Prefix) netip.Addr {
	quad := p.Addr().As4()
	n := binary.BigEndian.Uint32(quad[:]) | math.MaxUint32>>p.Bits()
	binary.BigEndian.PutUint32(quad[:], n)
	return netip.AddrFrom4(quad)
}
