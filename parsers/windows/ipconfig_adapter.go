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
	r.physical(a, &it)
	r.addrs(a, &it)
	if a.disconnected() && it.Addrs == nil {
		it.Carrier = fleetnet.Some(false)
	}
	r.out.Interfaces = append(r.out.Interfaces, it)
}

// physical finds the address of the link by its shape; what the adapter is stands
// above it.
func (r *ipconfigReader) physical(a *adapter, it *fleetnet.Interface) {
	for i, l := range a.lines {
		m, ok := field.MAC([]byte(l.values[0]))
		if !ok || !strings.Contains(l.values[0], "-") {
			continue
		}
		it.MAC = mac(m, ok)
		if r.all && i > 0 && a.lines[i-1].values[0] != "" {
			it.Aliases = []string{a.lines[i-1].values[0]}
		}
		return
	}
}

// disconnected reports whether the first line is the state of the medium, which
// is printed when there is none: words. The suffix of names that stands first
// otherwise has no blanks and is ASCII.
func (a *adapter) disconnected() bool {
	if len(a.lines) == 0 {
		return false
	}
	v := a.lines[0].values[0]
	return strings.ContainsFunc(v, func(r rune) bool { return r == ' ' || r > 0x7f })
}

// addrs finds the addresses of the adapter among those of gateways and servers.
// One of IPv4 has its mask on the next line. Those of IPv6 are marked with a word
// in brackets, `fe80::1%11(Preferred)`; where nothing is marked (without /all, and
// on XP) they stand above the mask or under the label of an address of IPv4.
func (r *ipconfigReader) addrs(a *adapter, it *fleetnet.Interface) {
	mask, marked, label := a.marks()
	for i, l := range a.lines {
		for _, v := range l.values {
			addr, zone, mark, ok := ipconfigAddr(v)
			switch {
			case !ok:
			case addr.Is4():
				if n, isMask := a.maskBelow(i); isMask {
					it.Addrs = append(it.Addrs, fleetnet.IfAddr{Prefix: netip.PrefixFrom(addr, n), Scope: scopeOf(addr), Flags: addrFlags(mark)})
				}
			case marked && mark != "", !marked && (i < mask || l.label == label):
				r.bare = true
				setIndex(it, zone)
				it.Addrs = append(it.Addrs, fleetnet.IfAddr{Addr: addr, Scope: scopeOf(addr), Flags: addrFlags(mark)})
			}
		}
	}
}

// marks returns the line of the first mask, or that of the gateway, the last, when
// there is none; whether addresses are marked; and the label of the address.
func (a *adapter) marks() (mask int, marked bool, label string) {
	mask = len(a.lines) - 1
	for i := len(a.lines) - 1; i >= 0; i-- {
		v := a.lines[i].values[0]
		addr, _, mark, ok := ipconfigAddr(v)
		marked = marked || ok && mark != ""
		if _, isMask := a.maskBelow(i); ok && addr.Is4() && isMask {
			mask, label = i+1, a.lines[i].label
		}
	}
	return mask, marked, label
}

// maskBelow returns the length of the mask on the line below.
func (a *adapter) maskBelow(i int) (int, bool) {
	if i+1 >= len(a.lines) || len(a.lines[i+1].values) == 0 {
		return 0, false
	}
	n, ok := maskBits([]byte(a.lines[i+1].values[0]))
	return n, ok && n > 0
}

// ipconfigAddr reads an address with its zone and its mark.
func ipconfigAddr(v string) (addr netip.Addr, zone, mark string, ok bool) {
	text, mark, _ := strings.Cut(v, "(")
	a, z, ok := field.Addr(bytes.TrimSpace([]byte(text)))
	return a, string(z), strings.TrimSuffix(strings.TrimSpace(mark), ")"), ok
}

// addrFlags returns what a mark says of an address beyond that it is in use, for
// the English words; in other languages it is not known.
func addrFlags(mark string) []string {
	switch mark = strings.ToLower(mark); mark {
	case "tentative", "deprecated":
		return []string{mark}
	case "duplicate":
		return []string{"dadfailed"}
	}
	return nil
}

// setIndex takes the number of the interface from the zone of an address that is
// its own.
func setIndex(it *fleetnet.Interface, zone string) {
	if n, err := strconv.Atoi(zone); err == nil && n > 0 && !it.Index.OK {
		it.Index = fleetnet.Some(n)
	}
}

// kinds are what stands before the name of an adapter, in the languages that
// are known, and what type it is.
var kinds = []struct{ prefix, kind string }{
	{"Ethernet adapter ", "ether"}, {"Wireless LAN adapter ", "ether"}, {"Tunnel adapter ", "tunnel"}, {"PPP adapter ", "ppp"},
	{"Mobile Broadband adapter ", "wwan"}, {"Unknown adapter ", ""},
	{"Ethernet-Adapter ", "ether"}, {"Ethernetadapter ", "ether"}, {"Drahtlos-LAN-Adapter ", "ether"}, {"Drahtlosnetzwerkadapter ", "ether"},
	{"Tunneladapter ", "tunnel"}, {"PPP-Adapter ", "ppp"}, {"Mobiler Breitbandadapter ", "wwan"}, {"Unbekannter Adapter ", ""},
	{"Carte Ethernet ", "ether"}, {"Carte réseau sans fil ", "ether"}, {"Carte Tunnel ", "tunnel"}, {"Carte PPP ", "ppp"}, {"Carte inconnue ", ""},
	{"Adaptador de Ethernet ", "ether"}, {"Adaptador Ethernet ", "ether"}, {"Adaptador de LAN inalámbrica ", "ether"},
	{"Adaptador de túnel ", "tunnel"}, {"Adaptador PPP ", "ppp"}, {"Adaptador desconocido ", ""},
	{"Adaptador de Rede sem Fio ", "ether"}, {"Adaptador de Rede Sem Fio ", "ether"}, {"Adaptador de LAN sem Fio ", "ether"},
	{"Scheda Ethernet ", "ether"}, {"Scheda LAN wireless ", "ether"}, {"Scheda Tunnel ", "tunnel"}, {"Scheda sconosciuta ", ""},
	{"Ethernet-adapter ", "ether"}, {"Adapter voor draadloos LAN ", "ether"}, {"Tunnel-adapter ", "tunnel"},
	{"Адаптер Ethernet ", "ether"}, {"Ethernet адаптер ", "ether"}, {"Адаптер беспроводной локальной сети ", "ether"},
	{"Туннельный адаптер ", "tunnel"}, {"Адаптер PPP ", "ppp"}, {"Неизвестный адаптер ", ""},
	{"Karta Ethernet ", "ether"}, {"Karta bezprzewodowej sieci LAN ", "ether"}, {"Karta tunelowa ", "tunnel"},
	{"以太网适配器 ", "ether"}, {"无线局域网适配器 ", "ether"}, {"隧道适配器 ", "tunnel"}, {"未知适配器 ", ""},
	{"イーサネット アダプター ", "ether"}, {"イーサネット アダプタ ", "ether"}, {"不明なアダプター ", ""},
}

// adapterName takes the kind off a heading. Where it is not known, the whole
// heading is returned.
func adapterName(heading string) (name, kind string, known bool) {
	for _, k := range kinds {
		if rest, ok := strings.CutPrefix(heading, k.prefix); ok && strings.TrimSpace(rest) != "" {
			return strings.TrimSpace(rest), k.kind, true
		}
	}
	return heading, "", false
}
