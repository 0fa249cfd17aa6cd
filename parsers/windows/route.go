package windows

import (
	"bytes"
	"net/netip"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// RoutePrint reads `route print` or `netstat -r` of Windows XP to 11:
//
//	===========================================================================
//	Interface List
//	 12...00 15 5d 0d 45 01 ......Intel(R) 82574L Gigabit Network Connection
//	  1...........................Software Loopback Interface 1
//	Network Destination        Netmask          Gateway       Interface  Metric
//	          0.0.0.0          0.0.0.0     192.168.31.1   192.168.31.221     30
//	        127.0.0.0        255.0.0.0         On-link         127.0.0.1    331
//	  Network Address          Netmask  Gateway Address  Metric
//	         10.0.0.0        255.0.0.0     192.168.31.9  Default
//	 If Metric Network Destination      Gateway
//	 12    281 2001:db8:17:4:9c1f:d3ff:fe2a:1/128
//	                                    On-link
//
// Rows are told by the shape of their words, taken from both ends, as the words
// for on-link may be one or two in any language. An interface is the address it
// has (IPv4) or its number (IPv6); it is named where the interfaces are known, or
// by the list above. Persistent routes are in the table "persistent": they hold
// after the next start, and those in force now are among the others.
func RoutePrint(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := &routeReader{in: in, out: out, names: indexNames(out), byAddr: addrNames(out), better: map[string]bool{}, first: len(out.Routes)}
	for in.Next() {
		r.line(in.Text())
	}
	r.kinds()
	r.cover()
}

// cover says what is missing.
func (r *routeReader) cover() {
	asked := optionsOf(r.in.Command())
	say := func(reason string, fields ...string) {
		coverPart(r.out, "windows/route-print", "routes", reason, fields...)
	}
	if len(r.out.Routes) == r.first && !r.ruled {
		coverEmpty(r.out, "windows/route-print", "routes")
	}
	if r.bare {
		say("the interfaces of IPv4 routes are told by their addresses alone", "interface", "next_hops")
	}
	switch {
	case asked.letter('4'):
		coverOne(r.in, r.out, "windows/route-print", "routes", "inet")
	case asked.letter('6'):
		coverOne(r.in, r.out, "windows/route-print", "routes", "inet6")
	}
	if len(asked.words) > 1 || asked.piped {
		say("the command asks for a part")
	}
}

type routeReader struct {
	in     *fleetnet.Lines
	out    *fleetnet.Snapshot
	names  map[string]string
	byAddr map[netip.Addr]string
	first  int             // index of the first route of this output
	ruled  bool            // a ruler was seen
	bare   bool            // an interface is not known
	wraps  bool            // the gateway of the last route is on the next line
	named  string          // number of the interface whose description the last line had
	better map[string]bool // interfaces that have a name apart from their descriptions
}

func (r *routeReader) line(line []byte) {
	if r.wraps && r.wrapped(line) {
		return
	}
	words := bytes.Fields(line)
	if r.named != "" && !ruler(words) && !listed(words) && !isIPv4(words[0]) {
		r.continued()
		r.named = ""
		return
	}
	r.named = ""
	switch {
	case ruler(words):
		r.ruled = true
		r.in.Skip()
	case listed(words):
		r.listed(line)
	case isIPv4(words[0]):
		r.inet(words)
	case len(words) >= 3 && isNumber(words[0]) && isNumber(words[1]):
		r.inet6(words)
	case heading(line), prompt(line), defaultGateway(words):
		r.in.Skip()
	}
}

// ruler reports whether the words are one line of `=`.
func ruler(words [][]byte) bool {
	return len(words) == 1 && len(words[0]) > 10 && len(bytes.Trim(words[0], "=")) == 0
}

// defaultGateway reports whether the words are a label and an address, as XP
// repeats the gateway below the table.
func defaultGateway(words [][]byte) bool {
	last := len(words) - 1
	return last > 0 && isIPv4(words[last]) && bytes.HasSuffix(words[last-1], []byte(":"))
}

func isIPv4(b []byte) bool {
	a, _, ok := field.Addr(b)
	return ok && a.Is4() && bytes.IndexByte(b, ':') < 0
}

func isNumber(b []byte) bool {
	_, ok := field.Uint(b, 64)
	return ok
}

// listed reports whether the words are a row of the interface list: a number and
// dots, `8...00 15`, `8 ...00 12` (Vista), or `0x2 ...00 0c` (XP).
func listed(words [][]byte) bool {
	number, _, dots := bytes.Cut(words[0], []byte("..."))
	if !dots {
		dots = len(words) > 1 && bytes.HasPrefix(words[1], []byte("..."))
	}
	hex, isHex := bytes.CutPrefix(number, []byte("0x"))
	_, ok := field.Hex(hex)
	return dots && (isHex && ok || isNumber(number))
}
