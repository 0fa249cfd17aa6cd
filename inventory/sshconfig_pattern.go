package inventory

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// sshPattern is one of PATTERNS in ssh_config(5): * stands for any text, ? for one byte.
type sshPattern struct {
	text    string
	negated bool // written with a leading !
	literal bool // holds neither * nor ?
}

func newSSHPattern(s string) sshPattern {
	text, negated := strings.CutPrefix(s, "!")
	return sshPattern{text, negated, !strings.ContainsAny(text, "*?")}
}

func (p sshPattern) matches(s string) bool {
	if p.literal {
		return p.text == s
	}
	return matchSSHPattern(s, p.text)
}

// matchSSHPattern goes back to the last * only, so that it takes time in
// proportion to the lengths of both.
func matchSSHPattern(s, pattern string) bool {
	i, j, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case j < len(pattern) && pattern[j] == '*':
			star, mark = j, i
			j++
		case j < len(pattern) && (pattern[j] == '?' || pattern[j] == s[i]):
			i, j = i+1, j+1
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	return strings.Trim(pattern[j:], "*") == ""
}

// sshPatterns is a list of patterns.
type sshPatterns []sshPattern

// splitSSHPatterns reads a comma-separated pattern-list.
func splitSSHPatterns(s string) sshPatterns {
	var out sshPatterns
	for p := range strings.SplitSeq(s, ",") {
		out = append(out, newSSHPattern(p))
	}
	return out
}

// match reports whether a pattern matches s and no negated one does.
func (l sshPatterns) match(s string) bool {
	found := false
	for _, p := range l {
		if !found || p.negated {
			if p.matches(s) {
				if p.negated {
					return false
				}
				found = true
			}
		}
	}
	return found
}

// parseNetworks reads the comma-separated addresses and networks of Match localnetwork.
func parseNetworks(s string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for one := range strings.SplitSeq(s, ",") {
		if addr, err := netip.ParseAddr(one); err == nil {
			out = append(out, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(one)
		if err != nil {
			return nil, fmt.Errorf("%q is no network", one)
		}
		if p != p.Masked() {
			return nil, fmt.Errorf("%q has bits set beyond its mask", one)
		}
		out = append(out, p)
	}
	return out, nil
}

// localAddrs returns the addresses of the interfaces that are up.
func localAddrs() []netip.Addr {
	var out []netip.Addr
	ifaces, _ := net.Interfaces()
	for _, iface := range ifaces {
		if iface.Flags&net.FlagUp == 0 {
			continue
		}
		addrs, _ := iface.Addrs()
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil {
				out = append(out, p.Addr().Unmap())
			}
		}
	}
	return out
}
