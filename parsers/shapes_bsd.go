package parsers

// Names of interfaces that tell a system: those of macOS, and the drivers that
// FreeBSD and DragonFly have and macOS has not.
const (
	appleIface = `(en\d+|utun\d+|awdl\d+|llw\d+|anpi\d+|bridge100|ap1)`
	bsdIface   = `(em|igb|igc|ix|ixl|ixv|re|rl|vtnet|bge|bce|bxe|hn|vmx|xn|xl|ue|nfe|msk|alc|ale|axe|mlxen|mce|cxgbe|cxl|ena|epair\d+[ab]?|tap|vlan|lagg|wlan|gre|pflog|ovpnc|ovpns|igb|dc|fxp|sis|vr|ste|sk|ath)\d*[ab]?(\.\d+)?`
	aixRoutes  = `^Destination Gateway Flags Refs Use If\b`
	aixClosed  = `^tcp \d+ \d+ \*\.\* \*\.\* CLOSED$`
	freeIface  = `(vtnet|igb|lagg|epair|hn|xn|ue|wlan|cxl|cxgbe|mce|mlxen|bxe|ovpnc|ovpns)\d*[ab]?(\.\d+)?`
	dotted     = `\S+\.(\d+|\*|[a-z][\w-]*)`
)

// macOSShapes are what macOS 10.9 to 26 prints. Source: Apple's network_cmds.
func macOSShapes() []shape {
	return []shape{
		{systems: "darwin", command: "netstat -an", lines: []string{`^(tcp|udp|icm|div|mptcp)(4|6|46)? \d+ \d+ ` + dotted + ` `, `^(tcp|udp|icm)(4|46) \d|^Active Internet connections`}, raw: `^Proto Recv-Q Send-Q  Local Address .*\(state\)`, never: []string{`^tcp \d`}},
		{systems: "darwin", command: "netstat -an", lines: []string{`^(tcp|udp|icm)(4|6|46) \d+ \d+ ` + dotted + ` `, `^Active (Multipath|LOCAL|kernel)|rhiwat shiwat`}},
		{systems: "darwin", command: "netstat -an", lines: []string{`^[0-9a-f]{8,16} ([0-9a-f]{1,8} )?(tcp|udp)(4|6|46) \d+ \d+ ` + dotted + ` `}, raw: `^(Socket|PCB|pcb|Tcpcb|Address) .*Proto Recv-Q Send-Q  Local`},
		{systems: "darwin", command: "netstat -Lan", heading: []string{"Listen Local Address"}, lines: []string{`^\d+/\d+/\d+ ` + dotted + `$`}, never: []string{`^Proto Recv-Q`}},
		{systems: "darwin", command: "netstat -ALan", heading: []string{"Socket Flowhash Listen Local Address"}, lines: []string{`^[0-9a-f]{8,16} [0-9a-f]{1,8} \d+/\d+/\d+ ` + dotted + `$`}},
		{systems: "darwin", command: "netstat -rn", heading: []string{"Destination Gateway "}, lines: []string{`^\S+ \S+ (\S+ )?[A-Z][A-Za-z0-9]* (\d+ \d+ (\d+ )?)?` + appleIface + `( |$)`}, never: []string{aixRoutes}},
		{systems: "darwin", command: "netstat -i", heading: []string{"Name Mtu Network Address Ipkts "}, lines: []string{`^` + appleIface + `\*? \d+ .*<Link#\d+>`}},
		{systems: "darwin", command: "netstat -i", lines: []string{`^\S+ \d+ .*<Link#\d+>`}, raw: `^Name( {7}| {11})Mtu {3}Network( {7}Address {12}| {33}Address {36})Ipkts `},
		{systems: "darwin", command: "netstat -g", heading: []string{"Link-layer Multicast Group Memberships"}, lines: []string{`^\S+ \S+ (en|lo|utun|awdl|bridge|llw)\d+$`}},
		{systems: "darwin", command: "netstat -m", lines: []string{`^\d+/\d+ mbufs in use:$`, `^\d+ KB allocated to network`}},
		{systems: "darwin", command: "netstat -s", lines: []string{`^\d+ \S`, `^(tcp|udp|ip|ip6|icmp):$`, `^mptcp:$|\bTFO\b|\btail loss prob|kctl|TCP Fast Open|MPTCP`}, least: 5, never: []string{`(?i)^(tcp|ip)ext:$`, `syncache|hostcache|TCP connection count by state`}},
		{systems: "darwin", command: "lsof -i", lines: []string{`^\S+ \d+ .*\bIPv[46] 0x[0-9a-f]{7,16} (0t0|0x0) (TCP|UDP) `}, never: []string{`\bIPv[46] 0xfffff8[0-9a-f]{2}`}},
		{systems: "darwin", command: "ifconfig", lines: []string{`^(en|utun|awdl|llw|ap|anpi|bridge|gif|stf|lo)\d+: flags=[0-9a-f]+<[A-Z0-9,_]*> mtu \d+`, `^` + appleIface + `: flags=`, `^(ether|inet6?|options=|nd6 options=|status:) ?\S`}, never: []string{`^index \d+ priority `, `^(RX|TX) packets`, `flags=0x`}},
		{systems: "darwin", command: "arp -an", lines: []string{`^\S+ \(` + v4 + `\) at \S+ on \S+ (ifscope |permanent |published |\(proxy only\) )*(\[\w+\])?`, `\bifscope\b|at [0-9a-f:]*\b[0-9a-f]:[0-9a-f:]* on |on ` + appleIface + ` `}, never: []string{`\[ether\]`}},
		{systems: "darwin", command: "arp -anl", heading: []string{"Neighbor Linklayer Address Expire(O) Expire(I)"}, lines: []string{`^` + v4 + ` \S+ `}},
		{systems: "darwin", command: "ndp -an", heading: []string{"Neighbor Linklayer Address Netif Expire St Flgs Prbs"}, lines: []string{`^` + v6 + `\S* \S+ \S+ \S+ `}},
		{systems: "darwin", command: "route -n get default", lines: []string{`^(interface|gateway): \S+`, `^(route to|destination): \S+`, `^flags: <\S*(PRCLONING|GLOBAL|IFSCOPE|IFREF)`}},
		{systems: "darwin", command: "sysctl net.inet", lines: []string{`^[a-z0-9]+(\.\w+)+: `, `^(net\.inet\.mptcp|net\.necp|net\.link\.generic\.system\.(rcvq|sndq|hwcksum)|net\.inet\.tcp\.(rledbat|doautorcvbuf|cc_debug|win_scale_factor|local_slowstart|mptcp\w*|tcbhashsize)|kern\.osproductversion)\b`}, least: 2},
		{systems: "darwin", command: "sysctl net.inet", lines: []string{`^(net|kern\.ipc)(\.\w+)+: `, `^kern\.ostype: Darwin$`}},
		{systems: "darwin", command: "sysctl kern.ostype kern.osrelease kern.hostname", lines: []string{`^kern\.ostype: Darwin$`}, never: []string{`^(net|kern\.ipc)\.`}},
		{systems: "darwin", command: "uname -a", lines: []string{`^Darwin \S+ \d+\.\d+\.\d+ Darwin Kernel Version `}},
		{systems: "darwin", command: "uname -sr", lines: []string{`^Darwin \d+\.\d+\.\d+$`}},
		{systems: "darwin", command: "uname -srm", lines: []string{`^Darwin \d+\.\d+\.\d+ (arm64|x86_64|i386|Power Macintosh)$`}},
		{systems: "darwin", command: "uname", lines: []string{`^Darwin$`}},
		{systems: "darwin", command: "sw_vers", lines: []string{`^ProductName: \S`, `^ProductVersion: \d`}},
	}
}

// bsdShapes are what FreeBSD, OpenBSD, NetBSD and DragonFly print, each alone.
func bsdShapes() []shape {
	return append(freeBSDShapes(), append(openBSDShapes(), netBSDShapes()...)...)
}

func freeBSDShapes() []shape {
	route := `^\S+ \S+ [A-Z]\w* (\d+ (\d+ )?)?` + bsdIface + `\.?( |$)`
	hop := `^\S+ link#\d+ UHS (\d+ (\d+ )?)?lo\d+( |$)`
	return []shape{
		{systems: "freebsd", command: "netstat -an", lines: []string{`^(tcp|udp|icm|div|sctp)(4|6|46) \d+ \d+ ` + dotted + ` `}, raw: `^Proto Recv-Q Send-Q Local Address( {10}|[ ]{33})Foreign Address +\(state\)`},
		{systems: "freebsd", command: "netstat -Aan", lines: []string{`^[0-9a-f]{8,16} (tcp|udp|icm|div)(4|6|46) \d+ \d+ ` + dotted + ` `}, raw: `^(Socket|Tcpcb) +Proto Recv-Q Send-Q Local`},
		{systems: "freebsd", command: "netstat -anT", heading: []string{"Proto Rexmit OOORcv 0-win Local Address"}, lines: []string{`^tcp(4|6|46) \d+ \d+ \d+ ` + dotted}},
		{systems: "freebsd", command: "netstat -AanT", lines: []string{`^[0-9a-f]{8,16} tcp(4|6|46) \d+ \d+ \d+ ` + dotted, `^(Socket|Tcpcb) Proto Rexmit OOORcv 0-win Local Address`}},
		{systems: "freebsd", command: "netstat -anR", lines: []string{`^(tcp|udp|icm|div|toe)(4|6|46) \d+ \d+ ` + dotted + ` `, `^Proto Recv-Q Send-Q Local Address Foreign Address flowid ftype`}},
		{systems: "freebsd", command: "netstat -anx", lines: []string{`^(tcp|udp)(4|6|46) \d+ \d+ ` + dotted + ` `, `^Proto Recv-Q Send-Q Local Address Foreign Address R-MBUF S-MBUF`}},
		{systems: "freebsd", command: "netstat -Lan", heading: []string{"Proto Listen Local Address"}, lines: []string{`^(tcp|unix|sctp)\w* \d+/\d+/\d+ \S+`}},
		{systems: "freebsd", command: "netstat -rn", heading: []string{"Destination Gateway Flags Netif Expire"}, lines: []string{route, hop}, never: []string{`^\S+ \S+ [A-Z]\w* ` + appleIface}},
		{systems: "freebsd", command: "netstat -rnW", heading: []string{"Destination Gateway Flags Nhop# Mtu Netif Expire", "Destination Gateway Flags Use Mtu Netif Expire"}, lines: []string{`^\S+ \S+ [A-Z]\w* \d+ (\d+ )?\S+`}},
		{systems: "freebsd", command: "netstat -i", heading: []string{"Name Mtu Network Address Ipkts Ierrs Idrop"}, lines: []string{`^\S+ \d+ <Link#\d+>`}},
		{systems: "freebsd", command: "netstat -m", lines: []string{`^\d+/\d+/\d+ mbufs in use \(current/cache/total\)$`}},
		{systems: "freebsd", command: "netstat -s", lines: []string{`^\d+ \S`, `^(tcp|udp|ip|ip6|icmp):$`, `hostcache entr|TCP connection count by state|cookies sent.*SYN|dropped due to no socket \(|RACK|ECN connections negotiated|unnecessarily retransmitted`}, least: 5, never: []string{`(?i)\bTFO\b|^mptcp:`}},
		{systems: "freebsd", command: "ifconfig", lines: []string{`^\S+: flags=[0-9a-f]+<[A-Z0-9,_]*> metric \d+ mtu \d+`, `^nd6 options=[0-9a-f]+<|^options=[0-9a-f]+<\S*(LINKSTATE|VLAN_HWTSO|RXCSUM_IPV6|NOMAP)|flags=\S+<\S*LOWER_UP`}, never: []string{`^(en\d+|utun\d+|lo0): flags=\S+ mtu `}},
		{systems: "freebsd", command: "arp -an", lines: []string{`^\S+ \(` + v4 + `\) at \S+ on \S+ .*\[\w+\]$`, ` expires in \d+ seconds| expired \[|on ` + bsdIface + ` permanent`}, never: []string{`\[ether\]`, `\bifscope\b`}},
		{systems: "freebsd", command: "ndp -an", lines: []string{`^` + v6 + `\S* \S+ ` + freeIface + ` \S+ `}, raw: `^Neighbor {29}Linklayer Address  Netif Expire +S(t)? Fl`},
		{systems: "freebsd", command: "route -n get default", lines: []string{`^(interface|gateway): \S+`, `^(route to|destination): \S+`, `^fib: \d+$|rtt,msec mtu weight expire`}},
		{systems: "freebsd", command: "sockstat", heading: []string{"USER COMMAND PID FD PROTO LOCAL ADDRESS FOREIGN ADDRESS"}, lines: []string{`^\S+ \S.* \d+ \d+ (tcp|udp)(4|6|46) \S+:\S+ \S+:\S+`, `\b(tcp46|udp46|seqpac|sctp\d?)\b|^\? \? \? \? `}},
		{systems: "freebsd", command: "sockstat", heading: []string{"USER COMMAND PID FD PROTO LOCAL ADDRESS FOREIGN ADDRESS PATH STATE", "USER COMMAND PID FD PROTO LOCAL ADDRESS FOREIGN ADDRESS STATE"}, lines: []string{`^\S+ \S.* (\d+|\?) (\d+|\?) \w+ \S+`}},
		{systems: "freebsd", command: "sockstat", lines: []string{`^\S+ \S.* (\d+|\?+) (\d+|\?+) (tcp|udp)(4|6|46) \S+ \S+`}, raw: `^USER +COMMAND +PID +FD  PROTO +LOCAL ADDRESS|^USER +COMMAND +PID FD PROTO +LOCAL ADDRESS  `},
		{systems: "freebsd", command: "ifmcstat", lines: []string{`^group \S+ (scopeid \S+ )?mode \w+`, `^(igmpv\d|mldv\d) `}},
		{systems: "freebsd", command: "sysctl net.inet", lines: []string{`^[a-z0-9]+(\.\w+)+: `, `^(net\.inet\.tcp\.(functions_\w+|cc\.(available|algorithm)|syncache\.\w+|hostcache\.\w+)|net\.inet\.ip\.portrange\.randomized|kern\.(ident|osreldate)|security\.bsd\.\w+)\b`}, least: 2},
		{systems: "freebsd", command: "sysctl net.inet", lines: []string{`^(net|kern\.ipc)(\.\w+)+: `, `^kern\.ostype: FreeBSD$`}},
		{systems: "freebsd", command: "sysctl kern.ostype kern.osrelease kern.hostname", lines: []string{`^kern\.ostype: FreeBSD$`}, never: []string{`^net\.`}},
		{systems: "freebsd", command: "uname -a", lines: []string{`^FreeBSD \S+ \d+\.\d+-`}},
	}
}

func openBSDShapes() []shape {
	return []shape{
		{systems: "openbsd", command: "netstat -an", lines: []string{`^(tcp|udp|ip)6? \d+ \d+ ` + dotted + ` `}, raw: `^(PCB +)?Proto   +Recv-Q Send-Q  Local Address +Foreign Address`},
		{systems: "openbsd", command: "netstat -rn", heading: []string{"Destination Gateway Flags Refs Use Mtu Prio Iface"}, lines: []string{`^\S+ \S+ [A-Z]\w* \d+ \d+ `}},
		{systems: "openbsd", command: "netstat -in", heading: []string{"Name Mtu Network Address Ipkts Ifail Opkts Ofail"}, lines: []string{`^\S+ \d+ <Link>`}},
		{systems: "openbsd", command: "netstat -ibn", heading: []string{"Name Mtu Network Address Ibytes Obytes"}, lines: []string{`^\S+ \d+ <Link>`, `^lo0 32768 <Link>`}},
		{systems: "openbsd", command: "netstat -m", lines: []string{`^\d+ mbufs in use:$`, `^\d+/\d+/\d+ Kbytes allocated to network`}},
		{systems: "openbsd", command: "netstat -s", lines: []string{`^\d+ \S`, `^(tcp|udp|ip|ip6|icmp):$`, `^(etherip|ipencap|divert6?|pflow):$|\bPCB cache miss`}, least: 5},
		{systems: "openbsd", command: "ifconfig", lines: []string{`^\S+: flags=[0-9a-f]+<[A-Z0-9,_]*> (rdomain \d+ )?mtu \d+$`, `^index \d+ priority \d+ llprio \d+$`}},
		{systems: "openbsd", command: "arp -an", heading: []string{"Host Ethernet Address Netif Expire Flags"}, lines: []string{`^\S+ \S+ \S+ \S+`}, least: 2},
		{systems: "openbsd", command: "ndp -an", lines: []string{`^` + v6 + `\S* \S+ \S+ \S+ `}, raw: `^Neighbor {32}Linklayer Address   Netif Expire +S Flags`},
		{systems: "openbsd", command: "route -n get default", lines: []string{`^(interface|gateway): \S+`, `^(route to|destination): \S+`, `^priority: \d+|^if address: `}},
		{systems: "openbsd", command: "fstat", lines: []string{`^\S+ \S.* \d+ \d+\* internet6? stream tcp 0x[0-9a-f]+ (\*|\[[0-9a-f:%.\w]+\]|[\d.]+):\d+`}},
		{systems: "openbsd", command: "sysctl net.inet", lines: []string{`^net\.inet6?\.\w+\.\w+=`, `^(kern\.(ostype|osrelease|version|osrevision|boottime)|hw\.(ncpu|model))=`}, least: 2},
		{systems: "openbsd", command: "sysctl net.inet", lines: []string{`^net\.inet6?\.\w+\.\w+=`}, least: 1, vague: true, doubt: "a sysctl.conf looks the same"},
		{systems: "openbsd", command: "sysctl kern.ostype kern.osrelease", lines: []string{`^kern\.ostype=OpenBSD$`}, never: []string{`^net\.`}},
		{systems: "openbsd", command: "uname -a", lines: []string{`^OpenBSD \S+ \d+\.\d+ `}},
	}
}

func netBSDShapes() []shape {
	return []shape{
		{systems: "netbsd", command: "netstat -an", heading: []string{"Proto Recv-Q Send-Q Local Address Foreign Address State", "Active Internet6 connections"}, lines: []string{`^(tcp|udp|ip|icmp)6? \d+ \d+ ` + dotted + ` `}, raw: `^Proto Recv-Q Send-Q  Local Address`, never: []string{`^(tcp|udp)(4|46) \d`}},
		{systems: "netbsd", command: "netstat -Aan", lines: []string{`^[0-9a-f]{8,16} (tcp|udp)6? \d+ \d+ ` + dotted + ` `, `^PCB Proto Recv-Q`}, never: []string{`^[0-9a-f]+ (tcp|udp)(4|46) \d`}},
		{systems: "netbsd", command: "netstat -rn", heading: []string{"Destination Gateway Flags Refs Use Mtu Interface"}, lines: []string{`^\S+ \S+ [A-Z]\w* (\d+|-) (\d+|-) `}},
		{systems: "netbsd", command: "netstat -ibn", heading: []string{"Name Mtu Network Address Ibytes Obytes"}, lines: []string{`^\S+ \d+ <Link>`, `^lo0 33\d{3} <Link>`}},
		{systems: "netbsd", command: "netstat -in", heading: []string{"Name Mtu Network Address Ipkts Ierrs Opkts Oerrs Colls"}, lines: []string{`^\S+ \d+ <Link>`}},
		{systems: "netbsd", command: "netstat -s", lines: []string{`^\d+ \S`, `^(tcp|udp|ip|ip6|icmp):$`, `^udp6:$|\bPCB hash miss|delayed frees? of tcpcb$`}, least: 5},
		{systems: "netbsd", command: "ifconfig", lines: []string{`^\S+: flags=0x[0-9a-f]+<[A-Z0-9,_]*> mtu \d+$`}},
		{systems: "netbsd", command: "arp -an", lines: []string{`^\S+ \(` + v4 + `\) at \S+ on \S+( (permanent|\d+\S*)( [A-Z])?)?$`, ` on \S+ (permanent|\d+[hms]\S*) [A-Z]$`}, never: []string{`\[\w+\]$`}},
		{systems: "netbsd", command: "route -n get default", lines: []string{`^(interface|gateway): \S+`, `^(route to|destination): \S+`, `^local addr: \S+`}},
		{systems: "netbsd", command: "sockstat", heading: []string{"USER COMMAND PID FD PROTO LOCAL ADDRESS FOREIGN ADDRESS"}, lines: []string{`^\S+ \S.* \d+ \d+ (tcp|udp)6? \S*\.(\d+|\*) `}},
		{systems: "netbsd", command: "sysctl net.inet", lines: []string{`^net\.inet6?\.\w+\.\w+ = `}, least: 2},
		{systems: "netbsd", command: "uname -a", lines: []string{`^NetBSD \S+ \d+\.\d+`}},
		{systems: "dragonfly", command: "sysctl net.inet", lines: []string{`^(net|kern\.ipc)(\.\w+)+: `, `^kern\.ostype: DragonFly$`}},
		{systems: "dragonfly", command: "uname -a", lines: []string{`^DragonFly \S+ \d+\.\d+`}},
		{systems: "dragonfly", command: "netstat -m", lines: []string{`^\d+/\d+/\d+ mbufs in use \(current/peak/max\):$`}},
		{systems: "dragonfly", command: "netstat -s", lines: []string{`^\d+ \S`, `^(tcp|udp|ip|ip6|icmp):$`, `\bSACK scoreboard updates?$|^\d+ records? fast allocated$`}, least: 5},
		{systems: "dragonfly", command: "netstat -rnW", heading: []string{"Destination Gateway Flags Refs Use Mtu Netif Expire Labelops"}, lines: []string{`^\S+ \S+ [A-Z]\w* \d+ \d+ `}},
		{systems: "dragonfly", command: "netstat -i", lines: []string{`^\S+ \d+ <Link#\d+>`}, raw: `^Name    Mtu   Network       Address            Ipkts Ierrs`},
		{systems: "dragonfly", command: "netstat -anP", lines: []string{`^(\d+|max|-) (\d+|-) ([\d.]+|-) (tcp|udp|icm|div)(4|6|46) \d+ \d+ ` + dotted}, raw: `^ +TxWin  Unacked   RTT/ms Proto Recv-Q`},
		{systems: "dragonfly", command: "netstat -an", lines: []string{`^(tcp|udp|icm|div)(4|6|46) \d+ \d+ ` + dotted + ` `}, raw: `^Proto Recv-Q Send-Q Local Address {9}Foreign Address {7}\(state\)`},
	}
}

// sharedShapes are what several systems print alike: which it is must be said,
// unless another shape tells.
func sharedShapes() []shape {
	apple := "darwin freebsd dragonfly"
	return []shape{
		{systems: apple, command: "netstat -an", lines: []string{`^(tcp|udp|icm|div)(4|6|46) \d+ \d+ ` + dotted + ` `}, never: []string{aixClosed}, vague: true},
		{systems: "openbsd netbsd", command: "netstat -an", lines: []string{`^(tcp|udp|ip)6? \d+ \d+ ` + dotted + ` (\S+\.(\d+|\*))( |$)`}, never: []string{`^(tcp|udp)(4|46) \d`}, vague: true},
		{systems: apple, command: "netstat -rn", heading: []string{"Destination Gateway Flags "}, lines: []string{`^\S+ \S+ [A-Z]\w* (\d+ \d+ )?\S+`}, never: []string{`^Destination .*(Genmask|Prio|Interface)`, aixRoutes}, vague: true},
		{systems: apple, command: "netstat -i", heading: []string{"Name Mtu Network Address Ipkts "}, lines: []string{`^\S+ \d+ <Link#\d+>`}, vague: true},
		{systems: "openbsd netbsd", command: "netstat -in", heading: []string{"Name Mtu Network Address "}, lines: []string{`^\S+ \d+ <Link>`}, vague: true},
		{systems: apple + " openbsd netbsd", command: "netstat -s", lines: []string{`^\d+ \S`, `^(tcp|udp|ip|ip6|icmp|icmp6|arp|igmp|carp):$`}, least: 4, never: []string{`(?i)^(tcp|ip)ext:$`}, vague: true},
		{systems: "openbsd netbsd", command: "netstat -m", lines: []string{`^\d+ mbufs in use:$`}, vague: true},
		{systems: "freebsd dragonfly", command: "sockstat", heading: []string{"USER COMMAND PID FD PROTO LOCAL ADDRESS FOREIGN ADDRESS"}, lines: []string{`^\S+ \S.*[\d?] (\d+|\?) (tcp|udp)(4|6|46) \S+:\S+ \S+:\S+`}, vague: true},
		{systems: "freebsd dragonfly", command: "netstat -Lan", lines: []string{`^(tcp|unix|sctp)\w* \d+/\d+/\d+ \S+$`}, vague: true},
		{systems: "freebsd netbsd dragonfly", command: "ifmcstat", lines: []string{`^group \S+`, `^(inet6?|mcast-macaddr|enaddr) \S+`}, vague: true},
		{systems: apple, command: "ifconfig", lines: []string{`^\S+: flags=[0-9a-f]+<[A-Z0-9,_]*> (metric \d+ )?mtu \d+`, `^(ether|inet6?|options=) ?\S`}, never: []string{`^(RX|TX) `, `flags=0x`, `^index \d+ priority`}, vague: true},
		{systems: "darwin freebsd dragonfly netbsd openbsd", command: "arp -an", lines: []string{`^\S+ \(` + v4 + `\) at (\S+) on \S+`}, never: []string{`\[ether\]`, `(PERM|PUB) on `}, vague: true},
		{systems: "darwin freebsd openbsd netbsd dragonfly", command: "ndp -an", heading: []string{"Neighbor Linklayer Address Netif Expire"}, lines: []string{`^` + v6 + `\S* \S+ \S+ \S+ `}, vague: true},
		{systems: "darwin freebsd netbsd dragonfly", command: "route -n get default", lines: []string{`^(interface|gateway): \S+`, `^(route to|destination): \S+`, `^flags: <`}, vague: true},
		{systems: apple, command: "sysctl net.inet", lines: []string{`^net\.inet6?\.\w+(\.\w+)+: `}, least: 2, vague: true},
	}
}
