package linux

import "github.com/fleetnet/fleetnet/parsers/field"

// numberedType returns the type that a number stands for with -N (RTN_ in
// linux/rtnetlink.h), or "". No destination is a bare number.
func numberedType(b []byte) string {
	names := [...]string{"", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit", "throw", "nat", "xresolve"}
	if n, ok := field.Uint(b, 8); ok && int(n) < len(names) {
		return names[n]
	}
	return ""
}

// scopeName returns the scope under its name: -N shows numbers (RT_SCOPE_ in
// linux/rtnetlink.h).
func scopeName(scope string) string {
	switch scope {
	case "0":
		return "global"
	case "200":
		return "site"
	case "253":
		return "link"
	case "254":
		return "host"
	case "255":
		return "nowhere"
	}
	return scope
}
