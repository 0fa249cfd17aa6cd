package linux

import (
	"encoding/json"
	"errors"
	"net/netip"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/jsontext"
)

// IPAddrJSON reads `ip -j addr` and `ip -j link` with any of -p, -s, -d and -br
// (4.14 and later, ipaddress.c):
//
//	[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP","LOWER_UP"],"mtu":65536,"operstate":"UNKNOWN",
//	  "addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host","label":"lo"}]}]
//
// Versions up to 4.16 put empty objects between the interfaces.
func IPAddrJSON(in *fleetnet.Lines, out *fleetnet.Snapshot) { IPAddr(in, out) }

func ipAddrElement(out *fleetnet.Snapshot) ipElement {
	return func(element []byte, ref fleetnet.Ref) error {
		f := jsonFields{out: out}
		it := fleetnet.Interface{Ref: ref}
		for key, value := range jsontext.Members(element) {
			f.interfaceMember(&it, key, value)
		}
		if f.pair {
			it.Parent = ""
		}
		if it.Name == "" {
			return nameless(element)
		}
		out.Interfaces = append(out.Interfaces, it)
		return f.err
	}
}

// nameless accepts an element without an interface's name when it is empty, or
// holds nothing but an empty list.
func nameless(element []byte) error {
	for _, value := range jsontext.Members(element) {
		if len(jsontext.List(value)) > 0 || value[0] != '[' {
			return errors.New("no name of an interface")
		}
	}
	return nil
}

func (f *jsonFields) interfaceMember(it *fleetnet.Interface, key string, value json.RawMessage) {
	switch key {
	case "ifindex":
		it.Index = f.int(value)
	case "ifname":
		it.Name, _, _ = strings.Cut(f.word(value), "@")
	case "link":
		it.Parent = f.word(value)
	case "flags":
		it.Flags = f.words(value)
		it.Carrier = carrier(it)
	case "mtu":
		it.MTU = f.int(value)
	case "master":
		it.Master = f.word(value)
	case "operstate":
		it.OperState = operState(f.word(value))
	case "link_type":
		it.Type = linkType(f.word(value))
	case "address":
		it.MAC = linkMAC(it.Type, f.text(value))
	case "ifalias":
		it.Aliases = append(it.Aliases, f.word(value))
	case "altnames":
		it.Aliases = append(it.Aliases, f.words(value)...)
	case "stats64", "stats644", "stats": // stats644: 4.14
		it.Counters = f.counters(value)
	case "addr_info":
		f.addresses(it, value)
	case "linkinfo":
		for key, kind := range jsontext.Members(value) {
			f.pair = f.pair || key == "info_kind" && isPeerKind(f.word(kind))
		}
	}
}

// counters reads {"rx":{"bytes":90,…,"fifo_errors":0},"tx":{…}}.
func (f *jsonFields) counters(value json.RawMessage) *fleetnet.IfCounters {
	c := &fleetnet.IfCounters{}
	for dir, numbers := range jsontext.Members(value) {
		if dir != "rx" && dir != "tx" {
			continue
		}
		for name, n := range jsontext.Members(numbers) {
			setCounter(c, dir[0]-'a'+'A', strings.TrimSuffix(name, "_errors"), f.uint(n, 64))
		}
	}
	return c
}

func (f *jsonFields) addresses(it *fleetnet.Interface, value json.RawMessage) {
	for _, v := range jsontext.List(value) {
		a, ok := f.address(v)
		if ok {
			it.Addrs = append(it.Addrs, a)
		}
	}
}

// address reads an element of addr_info; ok is false for one that holds no IP address.
func (f *jsonFields) address(value json.RawMessage) (a fleetnet.IfAddr, ok bool) {
	var local, peer netip.Addr
	bits := -1
	for key, v := range jsontext.Members(value) {
		switch key {
		case "family":
			if family := string(f.text(v)); family != "inet" && family != "inet6" {
				return a, false
			}
		case "local":
			local = f.wholeAddr(v)
		case "address":
			peer = f.wholeAddr(v)
		case "prefixlen":
			bits = f.int(v).V
		case "scope":
			a.Scope = f.word(v)
		default:
			if string(v) == "true" {
				a.Flags = append(a.Flags, f.out.Intern([]byte(key)))
			}
		}
	}
	return f.join(a, local, peer, bits, value)
}

// join puts an address's parts together: beside a peer, the length is the peer's.
func (f *jsonFields) join(a fleetnet.IfAddr, local, peer netip.Addr, bits int, value json.RawMessage) (fleetnet.IfAddr, bool) {
	if !local.IsValid() && !peer.IsValid() && bits < 0 {
		return a, false
	}
	if bits < 0 || !local.IsValid() || bits > local.BitLen() {
		f.fail(value, "an address with its length")
		return a, false
	}
	a.Prefix = unmapPrefix(netip.PrefixFrom(local, bits))
	if peer.IsValid() {
		a.Prefix = unmapPrefix(netip.PrefixFrom(local, local.BitLen()))
		a.Peer = unmapPrefix(netip.PrefixFrom(peer, min(bits, peer.BitLen())))
	}
	return a, true
}

// wholeAddr is addr without the unmapping, which a prefix length belongs to.
func (f *jsonFields) wholeAddr(value json.RawMessage) netip.Addr {
	p, ok := wholePrefix([]byte(string(f.text(value)) + "/0"))
	if !ok {
		f.fail(value, "an address")
	}
	return p.Addr()
}
