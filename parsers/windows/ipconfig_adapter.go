package windows

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// end makes an interface of the block that ends here.
func (r *ipconfigReader) end() {
	a := r.adapter
	r.adapter = nil
	if a == nil {
		return
	}
	r.found++
	name, kind, known := adapterName(a.heading)
	if !known {
		r.unnamed++
	}
	it := fleetnet.Interface{Name: name, Type: kind, Ref: a.ref}
	if at := a.physical(); at >= 0 {
		it.MAC = mac(field.MAC([]byte(a.lines[at].values[0])))
	}
	if d := a.description(); r.all && d != "" && d != name {
		it.Aliases = []string{d}
	}
	r.addrs(a, &it)
	if a.disconnected() && it.Addrs == nil {
		it.Carrier = fleetnet.Some(false)
	}
	r.out.Interfaces = append(r.out.Interfaces, it)
}

// physical returns the line of the address of the link, which its shape tells, or -1.
func (a *adapter) physical() int {
	for i, l := range a.lines {
		if _, ok := field.MAC([]byte(l.values[0])); ok && strings.Contains(l.values[0], "-") {
			return i
		}
	}
	return -1
}

// suffix returns the line of the suffix of names, the first or the second, or -1.
func (a *adapter) suffix() int {
	for i := range min(len(a.lines), 2) {
		if ofDNS(a.lines[i].label) {
			return i
		}
	}
	return -1
}

// description returns what the adapter is: it stands above the address of the
// link and, where there is no such address, below the suffix of names.
func (a *adapter) description() string {
	at := a.physical() - 1
	if at < 0 {
		at = a.suffix() + 1
	}
	if at >= len(a.lines) || at == 0 && a.physical() < 0 || ofDNS(a.lines[at].label) {
		return ""
	}
	return a.lines[at].values[0]
}

// disconnected reports whether the first line is the state of the medium, which
// stands above the suffix of names when there is no medium. XP prints no suffix
// then, so that the words tell it.
func (a *adapter) disconnected() bool {
	if len(a.lines) == 0 || ofDNS(a.lines[0].label) || a.lines[0].values[0] == "" {
		return false
	}
	if a.suffix() == 1 {
		return true
	}
	return (len(a.lines) == 1 || a.physical() == 2) && strings.ContainsFunc(a.lines[0].values[0], func(r rune) bool { return r == ' ' || r > 0x7f })
}

// addrs finds the addresses of the adapter among those of gateways and servers:
// their labels have IP in them, in every language. That of IPv4 has its mask on
// the next line, but for Wine.
func (r *ipconfigReader) addrs(a *adapter, it *fleetnet.Interface) {
	for i, l := range a.lines {
		for _, v := range l.values {
			addr, zone, mark, ok := ipconfigAddr(v)
			if !ok || !ofIP(l.label) || addr.IsUnspecified() {
				continue
			}
			own := fleetnet.IfAddr{Addr: addr, Scope: scopeOf(addr), Flags: r.addrFlags(l.label, mark)}
			n, masked := a.maskBelow(i)
			switch {
			case addr.Is4() && masked:
				own.Prefix, own.Addr = netip.PrefixFrom(addr, n), netip.Addr{}
			case addr.Is4():
				r.long = true
			default:
				r.bare = true
				setIndex(it, zone)
			}
			it.Addrs = append(it.Addrs, own)
		}
	}
}

// ofIP reports whether a label is of an address: IPv4 Address, Dirección IP.
func ofIP(label string) bool {
	return strings.Contains(label, "IP") && !ofDNS(label)
}

// maskBelow returns the length of the mask on the line below.
func (a *adapter) maskBelow(i int) (int, bool) {
	if i+1 >= len(a.lines) {
		return 0, false
	}
	n, ok := maskBits([]byte(a.lines[i+1].values[0]))
	return n, ok && n > 0
}

// ipconfigAddr reads an address with its zone and its mark.
func ipconfigAddr(v string) (addr netip.Addr, zone, mark string, ok bool) {
	text, mark, _ := strings.Cut(v, "(")
	a, z, ok := field.Addr(bytes.TrimSpace([]byte(text)))
	return a, string(z), strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(mark), ")")), ok
}

// setIndex takes the number of the interface from the zone of an address that is
// its own.
func setIndex(it *fleetnet.Interface, zone string) {
	if n, err := strconv.Atoi(zone); err == nil && n > 0 && !it.Index.OK {
		it.Index = fleetnet.Some(n)
	}
}
