package rules

import (
	"fmt"
	"net/netip"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/conf"
)

// addFunctions adds the functions that only look at their arguments. Those that
// look something up are replaced before (see rewriter.call).
func addFunctions(cfg *conf.Config) {
	expr.Function("cidr", func(args ...any) (any, error) { return cidr(args...) }, new(func(string, ...string) bool))(cfg)
	for name, is := range map[string]func(netip.Addr) bool{"loopback": netip.Addr.IsLoopback, "private": private} {
		expr.Function(name, func(args ...any) (any, error) {
			s, _ := args[0].(string)
			addr, err := netip.ParseAddr(s)
			return err == nil && is(addr), nil
		}, new(func(string) bool))(cfg)
	}
}

// cidr reports whether an address lies in one of the prefixes. What is no
// address, such as "*", lies in none.
func cidr(args ...any) (bool, error) {
	s, _ := args[0].(string)
	addr, err := netip.ParseAddr(s)
	if err != nil {
		return false, nil
	}
	for _, arg := range args[1:] {
		p, _ := arg.(string)
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			return false, fmt.Errorf("cidr: %w", err)
		}
		if prefix.Contains(addr) {
			return true, nil
		}
	}
	return false, nil
}

// private reports whether an address is one that no stranger has: loopback,
// link-local, RFC 1918, RFC 4193, or a provider's own (RFC 6598).
func private(a netip.Addr) bool {
	shared := netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64, 0, 0}), 10)
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || shared.Contains(a)
}
