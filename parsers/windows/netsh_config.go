package windows

import (
	"bytes"
	"net/netip"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// NetshConfig reads `netsh interface ipv4 show config` (or addresses), in any
// language:
//
//	Configuration for interface "Ethernet"
//	    DHCP enabled:                         Yes
//	    IP Address:                           192.168.1.5
//	    Subnet Prefix:                        192.168.1.0/24 (mask 255.255.255.0)
//
// The interface stands in quotes, and an address is the one above its prefix or,
// on XP, above its mask.
func NetshConfig(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := &netshConfig{in: in, out: out}
	for in.Next() {
		r.line(in.Text())
	}
	if !r.named {
		coverEmpty(out, "windows/netsh-config", "interfaces")
	}
}

type netshConfig struct {
	in      *fleetnet.Lines
	out     *fleetnet.Snapshot
	named   bool
	current string
	last    netip.Addr // of the line before
}

func (r *netshConfig) line(line []byte) {
	last := r.last
	r.last = netip.Addr{}
	if line[0] != ' ' && line[0] != '\t' {
		if name, ok := quoted(string(line)); ok {
			r.named, r.current = true, name
			ifaceOf(r.out, fleetnet.Opt[int]{}, name, r.in.Ref())
			r.in.Row()
		} else if prompt(line) {
			r.in.Skip()
		}
		return
	}
	if !r.named {
		return // not understood
	}
	value := line[bytes.LastIndex(line, []byte(": "))+1:]
	words := bytes.Fields(value)
	if len(words) == 0 {
		r.in.Skip()
		return
	}
	if p, ok := field.Prefix(words[0]); ok && bytes.IndexByte(words[0], '/') > 0 && last.IsValid() && p.Contains(last) {
		it := ifaceOf(r.out, fleetnet.Opt[int]{}, r.current, r.in.Ref())
		addAddr(it, fleetnet.IfAddr{Prefix: netip.PrefixFrom(last, p.Bits()), Scope: scopeOf(last)})
		r.in.Row()
		return
	}
	if n, ok := maskBits(words[0]); ok && n > 0 && last.Is4() { // XP
		it := ifaceOf(r.out, fleetnet.Opt[int]{}, r.current, r.in.Ref())
		addAddr(it, fleetnet.IfAddr{Prefix: netip.PrefixFrom(last, n), Scope: scopeOf(last)})
	} else if a, _, ok := field.Addr(words[0]); ok && len(words) == 1 {
		r.last = a
	}
	r.in.Row()
}

// quoted returns what stands in quotes of any language.
func quoted(s string) (string, bool) {
	open := strings.IndexAny(s, `"„“«`)
	if open < 0 {
		return "", false
	}
	_, rest, _ := strings.Cut(s[open:], string([]rune(s[open:])[0]))
	end := strings.LastIndexAny(rest, `"“”»`)
	if end < 1 {
		return "", false
	}
	name := strings.Trim(rest[:end], " \u00a0")
	return name, name != ""
}

// scopeOf returns the scope that an address has by itself.
func scopeOf(a netip.Addr) string {
	switch {
	case a.IsLoopback():
		return "host"
	case a.IsLinkLocalUnicast():
		return "link"
	}
	return "global"
}

// addAddr adds an address that is not there yet. One whose length was not known
// is replaced.
func addAddr(it *fleetnet.Interface, a fleetnet.IfAddr) {
	for i, have := range it.Addrs {
		if have.Address() == a.Address() {
			if !have.Prefix.IsValid() {
				it.Addrs[i] = a
			}
			return
		}
	}
	it.Addrs = append(it.Addrs, a)
}
