package parsers

// Pieces of the expressions of shapes.
const (
	v4    = `\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}`
	v6    = `[0-9a-f]*:[0-9a-f:]*:[0-9a-f.:]*`
	mac   = `(?:[0-9a-f]{2}:){5}[0-9a-f]{2}`
	port  = `:(?:\*|\d{1,5}|[a-z][\w+.-]*)`
	quads = `\d{1,3}(?:\.\d{1,3}){3}`
)

// ssAdds are the options that the rows of ss show. A row of -e has an inode or a
// cookie, one of -i the state of TCP.
func ssAdds() []addition {
	return []addition{
		{`users:\(\(`, "p"}, {` (ino:\d+ )?sk:[0-9a-f]+|uid:\d+ `, "e"}, {` timer:\(`, "o"}, {`skmem:\(`, "m"},
		{`^(ts |sack |cubic |reno |bbr ).*(rto|mss|cwnd):|^(rto|mss|cwnd|rcv_space):`, "i"},
	}
}

// tcpOnly is a row in a state that no other protocol of ss has; sctpRow is an
// association below its socket.
const (
	tcpOnly = `^(LISTEN|SYN-SENT|SYN-RECV|TIME-WAIT|FIN-WAIT-[12]|CLOSE-WAIT|LAST-ACK|CLOSING|NEW-SYN-RECV) (\d+ \d+ )?\S+`
	tcpInfo = `\b(rto:\d|bytes_acked:\d|cwnd:\d)|timer:\((keepalive|on|timewait|persist),`
	sctpRow = "^`- |\\bsctp\\b"
	oneSock = `^(State )?(Recv-Q Send-Q )?Local Address:Port Peer Address:Port`
	netid   = `(tcp|udp|raw|u_str|u_dgr|u_seq|nl|p_raw|p_dgr|icmp6|v_str|v_dgr|mptcp|sctp|dccp|tipc|xdp|\?\?\?)`
	ssState = `(ESTAB|LISTEN|UNCONN|SYN-SENT|SYN-RECV|TIME-WAIT|FIN-WAIT-[12]|CLOSE-WAIT|LAST-ACK|CLOSING)`
)

// iprouteShapes are what ss and ip print. Source: misc/ss.c and ip/ip*.c of
// iproute2.
func iprouteShapes() []shape {
	return append(ssShapes(), append(ipAddrShapes(), ipShapes()...)...)
}

// ssShapes are the lists of ss. Without the column Netid only the rows tell the
// protocol, and a list of nothing but ESTAB may be of any.
func ssShapes() []shape {
	socket := `^` + ssState + ` (\d+ \d+ )?\S+ \S+`
	headless := `^` + ssState + ` \d+ \d+ \S+` + port + ` \S+` + port
	stateless := `^\d+ \d+ \S+` + port + ` \S+` + port
	return []shape{
		{systems: "linux", command: "ss -a", heading: []string{"Netid State Recv-Q Send-Q Local Address:Port", "Netid Recv-Q Send-Q Local Address:Port", "Netid State Local Address:Port", "Netid Local Address:Port"},
			lines: []string{`^` + netid + ` ` + `\S+ \S+ \S+`}, adds: ssAdds()},
		{systems: "linux", command: "ss -Ha", lines: []string{`^` + netid + ` ` + ssState + ` \d+ \d+ \S+ \S+`}, least: 2, never: []string{`^Netid `}, adds: ssAdds()},
		{systems: "linux", command: "ss -ta", lines: []string{socket, tcpOnly, oneSock}, never: []string{sctpRow, `^Netid `}, adds: ssAdds()},
		{systems: "linux", command: "ss -ta", lines: []string{socket, tcpInfo, oneSock}, never: []string{sctpRow, `^Netid `}, adds: ssAdds()},
		{systems: "linux", command: "ss -Hta", lines: []string{headless, tcpOnly}, least: 2, never: []string{sctpRow, oneSock, `^Netid `}, adds: ssAdds()},
		{systems: "linux", command: "ss -ta", lines: []string{socket, oneSock}, never: []string{sctpRow, `^Netid `, tcpOnly, tcpInfo, `^UNCONN `}, adds: ssAdds()},
		{systems: "linux", command: "ss -ua", lines: []string{socket, oneSock}, never: []string{sctpRow, `^Netid `, tcpOnly, tcpInfo, `^UNCONN .*:(icmp|ipv6-icmp|gre|ospf) `}, adds: ssAdds()},
		{systems: "linux", command: "ss -Hta", lines: []string{headless}, least: 2, never: []string{sctpRow, oneSock, `^Netid `, tcpOnly, `^UNCONN `}, vague: true},
		{systems: "linux", command: "ss -Hua", lines: []string{headless}, least: 2, never: []string{sctpRow, oneSock, `^Netid `, tcpOnly}, vague: true},
		{systems: "linux", command: "ss -tl", lines: []string{stateless, oneSock}, never: []string{socket, tcpOnly}, vague: true, doubt: "no state is in the text"},
		{systems: "linux", command: "ss -t state established", lines: []string{stateless, oneSock}, never: []string{socket, tcpOnly, `^\d+ \d+ \S+ \S+:\*`}, vague: true, doubt: "no state is in the text"},
		{systems: "linux", command: "ss -u", lines: []string{stateless, oneSock}, never: []string{socket, tcpOnly}, vague: true, doubt: "no state is in the text"},
		{systems: "linux", command: "ss -s", heading: []string{"Total: "}, lines: []string{`^TCP: \d+ \(estab \d+, closed \d+, orphaned \d+, `}},
		{systems: "linux", command: "ss -wa", lines: []string{`^UNCONN (\d+ \d+ )?\S+:(icmp|ipv6-icmp|gre|ospf|\d{1,2}|1\d\d|2[0-5]\d) `, oneSock},
			never: []string{sctpRow, `^Netid `, tcpOnly, tcpInfo, `^(UNCONN|ESTAB) (\d+ \d+ )?\S+:(\d{4,5}|[3-9]\d\d|2[6-9]\d|bootpc|domain|ntp|mdns|snmp|syslog|sunrpc) `}, adds: ssAdds()},
	}
}

func ipAddrShapes() []shape {
	link := `^\d+: [^ ]+: <[A-Z0-9_,-]*> .*\bmtu \d+`
	return []shape{
		{systems: "linux", command: "ip addr", lines: []string{link, `^inet6? \S+/\d+|^inet \S+ peer`}, never: []string{`promiscuity \d`}},
		{systems: "linux", command: "ip -d addr", lines: []string{link, `^inet6? \S+/\d+|^inet \S+ peer`, `promiscuity \d`}},
		{systems: "linux", command: "ip link", lines: []string{link, `link/\w+`}, never: []string{`^inet6? `, `promiscuity \d`, `^\d+: \S+ inet`}},
		{systems: "linux", command: "ip -d link", lines: []string{link, `link/\w+`, `promiscuity \d`}, never: []string{`^inet6? `, `^\d+: \S+ inet`}},
		{systems: "linux", command: "ip -o addr", lines: []string{`^\d+: \S+ inet6? \S+ .*scope \w+ `}},
		{systems: "linux", command: "ip -br addr", lines: []string{brief + `.*/\d+`}, never: []string{`<[A-Z_,0-9-]+>$`}},
		{systems: "linux", command: "ip -br link", lines: []string{brief + `.*<[A-Z_,0-9-]+>$`}},
		{systems: "linux", command: "ip -j addr", lines: []string{`^(\[|\{)`, `"ifname": ?"`, `"(addr_info|local)": ?`}},
		{systems: "linux", command: "ip -j link", lines: []string{`^(\[|\{)`, `"ifname": ?"`, `"(flags|operstate)": ?`}, never: []string{`"(addr_info|maddr|groups)": ?`}},
	}
}

// brief is a row of ip -br: name, state, and then what there is.
const brief = `^\S+ (UP|DOWN|UNKNOWN|LOWERLAYERDOWN|DORMANT|NOTPRESENT|TESTING) `

func ipShapes() []shape {
	kind := `(?:(?:unicast|local|broadcast|multicast|blackhole|unreachable|prohibit|throw|anycast) )?`
	more := `(?: .*)?(?: (?:via|dev|nhid|nexthop|encap|metric|proto) \S.*)?$`
	route4 := `^` + kind + `(?:default|` + v4 + `(?:/\d+)?)` + `(?: .*)? (?:via \S+ dev|dev|via) \S+(?: .*)?$|^nexthop via ` + v4
	route6 := `^` + kind + `(?:default|` + v6 + `(?:/\d+)?)` + `(?: .*)? (?:via \S+ dev|dev|via) \S+(?: .*)?$|^nexthop via ` + v6
	// Only routes of IPv4 have a scope other than global, and hops of the other family.
	is4 := `^` + kind + v4 + `(/\d+)?` + more + `|^default (?:.* )?(?:via|src) ` + v4 + `|^nexthop via ` + v4 + `|^default .*\b(?:scope (?:link|host)|via inet6 )`
	is6 := `^` + kind + v6 + `(/\d+)?` + more + `|^default (?:.* )?(?:via|src) ` + v6 + `|^nexthop via ` + v6 + `|^default .*\bpref (?:medium|low|high)\b`
	neighbor := `^\S+ dev \S+( lladdr \S+)?( router| proxy| extern_learn| used \S+| ref \d+| probes \d+)* (REACHABLE|STALE|DELAY|PROBE|FAILED|INCOMPLETE|PERMANENT|NOARP|NONE|used|proxy)|^\S+ dev \S+ (lladdr|proxy)`
	rule := `^\d+: (not )?from \S+ .*\b(lookup|goto|unreachable|prohibit|blackhole|nop|realms|proto)\b`
	return []shape{
		{systems: "linux", command: "ip route", lines: []string{route4, is4}, never: []string{neighbor, `^` + kind + v6 + `\S* `, `^\d+: `, ` table \w+`}},
		{systems: "linux", command: "ip -6 route", lines: []string{route6, is6}, never: []string{neighbor, `^` + kind + v4 + `\S* `, `^\d+: `, ` table \w+`}},
		{systems: "linux", command: "ip route show table all", lines: []string{`^(` + route4[1:] + `|` + route6[1:] + `)`, ` table (local|main|default|\d+)`}, never: []string{neighbor, `^\d+: `}},
		{systems: "linux", command: "ip rule", lines: []string{rule, `from ` + v4 + `|to ` + v4 + `|^32767: from all lookup default`}, never: []string{`(from|to) ` + v6 + ` `}},
		{systems: "linux", command: "ip -6 rule", lines: []string{rule, `(from|to) ` + v6 + `(/\d+)? `}, never: []string{`(from|to) ` + v4}},
		{systems: "linux", command: "ip rule", lines: []string{rule}, vague: true},
		{systems: "linux", command: "ip -6 rule", lines: []string{rule}, vague: true},
		{systems: "linux", command: "ip neigh", lines: []string{neighbor}},
		{systems: "linux", command: "ip -br neigh", lines: []string{`^(` + v4 + `|` + v6 + `) [a-z][\w.@-]* ` + mac + `$`}, least: 2},
		{systems: "linux", command: "ip maddr", lines: []string{`^(inet|inet6|link) (` + v4 + `|` + v6 + `|` + mac + `)`, `^\d+: \S+$`}},
		{systems: "linux", command: "ip maddr", lines: []string{`^\d+: \S+\\ (inet|inet6|link) \S+`}},
		{systems: "linux", command: "ip -j route", lines: []string{`"dst": ?"`, `"(dev|gateway|nexthops|type)": ?`, `"flags": ?\[`}, never: []string{`"(ifname|lladdr|priority)": ?`, `"state": ?\[`}},
		{systems: "linux", command: "ip -j neigh", lines: []string{`"dst": ?"`, `"dev": ?"`, `"lladdr": ?"|"state": ?\[`}, never: []string{`"(ifname|priority)": ?`}},
		{systems: "linux", command: "ip -j rule", lines: []string{`"priority": ?\d`, `"src": ?"`, `"(table|action|goto)": ?`}, never: []string{`"ifname": ?`}},
		{systems: "linux", command: "ip -j maddr", lines: []string{`"ifname": ?"`, `"maddr": ?\[`}},
	}
}
