package parsers

// netToolsShapes are what net-tools, BusyBox, lsof, nstat and sysctl of Linux
// print. Titles may be in any language where a row tells enough.
func netToolsShapes() []shape {
	row := `^(tcp|udp|raw|udplite|sctp|icmp|udpl)6? (\d+ \d+ )\S*` + port + ` \S*` + port + `( |$)`
	unix := `^unix \d+ \[ ?\w*( \w+)* ?\] `
	return []shape{
		{systems: "linux", command: "netstat -a", lines: []string{row + `|` + unix}, least: 1,
			heading: []string{"Proto Recv-Q Send-Q ", "Proto RefCnt Flags "}, never: []string{`^(tcp|udp)(4|6|46) \d+ \d+ \S+\.(\d+|\*) `}, adds: netstatAdds()},
		{systems: "linux", command: "netstat -a", lines: []string{row}, least: 3, never: []string{`^Proto `}, adds: netstatAdds()},
		{systems: "linux", command: "netstat -s", lines: []string{`^\d+ [a-zA-Z]|^[A-Z]\w+: \d+$`, `^(Ip|Icmp|Tcp|Udp|TcpExt|IpExt|Ip6|Udp6|UdpLite|UdpLite6|IcmpMsg|Icmp6|MPTcpExt):$`}, least: 3, never: []string{`^(ip|tcp|udp|icmp):$`}},
		{systems: "linux", command: "netstat -rn", heading: []string{"Destination "}, lines: []string{`^Destination .*\bGenmask .*\bMSS `, routeRow}, never: []string{`^Destination .*\bMetric `}},
		{systems: "linux", command: "route -n", heading: []string{"Destination "}, lines: []string{`^Destination .*\bGenmask .*\bMetric `, routeRow}},
		{systems: "linux", command: "route -A inet6", heading: []string{"Destination Next Hop Fl"}, lines: []string{`^\[?\S+(/\d+)? (` + v6 + `|\[::\]|\*|\S+) [UGHDAC!a-z]+ \d+ `}},
		{systems: "linux", command: "netstat -i", heading: []string{"Iface MTU Met RX-OK RX-ERR", "Iface MTU RX-OK RX-ERR"}, lines: []string{`^\S+ \d+ .* \[?[A-Z][A-Za-z ]*\]?$`}},
		{systems: "linux", command: "ifconfig", lines: []string{`^\S+ \S+ encap:\S`, `^(UP|inet|RX|TX|BROADCAST|LOOPBACK|\[NO)|\bMTU:\d`}},
		{systems: "linux", command: "ifconfig", lines: []string{`^\S+: flags=\d+<[A-Z0-9,_]*> mtu \d+$`, `^(RX|TX) (packets|errors) \d+ `}},
		{systems: "linux", command: "netstat -g", heading: []string{"Interface RefCnt Group"}, lines: []string{`^\S+ \d+ (` + v4 + `|` + v6 + `|\S+)$`}},
		{systems: "linux", command: "arp", heading: []string{"Address HWtype HWaddress Flags Mask Iface", "Address HWtype HWaddress Flags Mask"}, lines: []string{`^\S+ .*(` + mac + `|incomplete|from_interface|\*)`}},
		{systems: "linux", command: "arp -a", lines: []string{`^\S+ \(` + v4 + `\) at (` + mac + ` \[\w+\]|<incomplete>|<from_interface>) (PERM )?(PUP |PUB )?(netmask \S+ )?on \S+$`}, never: []string{`\[ethernet\]`}},
		{systems: "linux", command: "nstat -a", heading: []string{"#kernel"}, lines: []string{`^[A-Z]\w+ \d+ \d+\.\d+$`}, least: 2,
			doubt: "nstat shows totals with -a and what was added since the last time without"},
		{systems: "linux", command: "sysctl -a", lines: []string{`^(net|kernel|fs|vm|dev|abi|user|debug|crypto)\.[\w./@-]+ = `, readOnly}, least: 2, never: []string{`^net\.inet6?\.`}},
		{systems: "linux", command: "sysctl -a", lines: []string{`^(net|kernel|fs|vm)\.[\w./@-]+ = `}, never: []string{`^net\.inet6?\.`}, vague: true, doubt: "a sysctl.conf looks the same"},
		{systems: "linux", command: "lsof -i", heading: []string{"COMMAND PID "}, lines: []string{`\bIPv[46] \d+ 0t0 \S+ \S|\ba_inode\b|anon_inode|/lib(64|/x86_64-linux-gnu)/|\beventpoll\]|memfd:`}},
	}
}

// routeRow is a row of netstat -r or route: three addresses or names, and flags.
const routeRow = `^\S+ \S+ (` + v4 + `|-|\*) [A-Z!][A-Za-z!]* `

// readOnly is parameters of Linux that nobody can set, so that they stand in no
// sysctl.conf.
const readOnly = `^(kernel\.(osrelease|version|ostype|random\.(boot_id|uuid|entropy_avail))|fs\.(file-nr|inode-nr|inode-state|dentry-state)|net\.netfilter\.nf_conntrack_(count|buckets)|kernel\.(cap_last_cap|ngroups_max|pty\.nr)|net\.ipv4\.tcp_available_\w+|net\.core\.rps_default_mask) = `

// netstatAdds are the options of netstat that headings show.
func netstatAdds() []addition {
	return []addition{
		{`PID/Program name|(LISTEN|ESTABLISHED|CLOSE_WAIT) \d+/\S`, "p"}, {` User Inode`, "e"}, {` Timer| (off|keepalive|timewait|on|probe) \(`, "o"},
	}
}

// hostShapes are what tells who the host is.
func hostShapes() []shape {
	return []shape{
		{systems: "linux", command: "uname -a", lines: []string{`^Linux \S+ \d+\.\d+\S* #\d`}},
		{systems: "linux", command: "cat /etc/os-release", lines: []string{`^(PRETTY_NAME|NAME)=\S`, `^ID=\S`}, never: []string{`^ID="?(freebsd|openbsd|netbsd|dragonfly|midnightbsd|illumos|omnios)\b`}},
		{systems: "linux", command: "cat /etc/lsb-release", lines: []string{`^DISTRIB_ID=\S`, `^DISTRIB_DESCRIPTION=\S`}, never: []string{`^PRETTY_NAME=`}},
		{systems: "linux", command: "cat /etc/redhat-release", lines: []string{`^(CentOS|Red Hat|Rocky|AlmaLinux|Oracle|Fedora|Scientific|Amazon|CloudLinux)\b.* release \d`}, never: []string{`^PRETTY_NAME=`}},
	}
}

// procShapes are the files of /proc/net, of kernels 2.6 to 6. The file of UDP
// looks like those of other protocols.
func procShapes() []shape {
	row4 := `^\d+: [0-9A-F]{8}:[0-9A-F]{4} [0-9A-F]{8}:[0-9A-F]{4} [0-9A-F]{2} `
	row6 := `^\d+: [0-9A-F]{32}:[0-9A-F]{4} [0-9A-F]{32}:[0-9A-F]{4} [0-9A-F]{2} `
	file := func(names string) string { return `^==> /proc/(\d+/|self/|thread-self/)?net/(` + names + `) <==$` }
	shapes := []shape{
		{systems: "linux", command: "head /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 /proc/net/raw /proc/net/raw6 /proc/net/unix", lines: []string{file(`(tcp|udp|raw|udplite|icmp)6?|unix`), `^(sl|Num) `}},
		{systems: "linux", command: "cat /proc/net/unix", heading: []string{"Num RefCount Protocol Flags Type St"}, lines: []string{`^[0-9a-fA-F]{8,16}: [0-9A-F]{8} `}, never: []string{`^==> `}},
		{systems: "linux", command: "cat /proc/net/netlink", heading: []string{"sk Eth Pid Groups Rmem Wmem"}, lines: []string{`^[0-9a-fA-F]{8,16} \d+ -?\d+ [0-9a-f]{8} `}, never: []string{`^==> `}},
		{systems: "linux", command: "cat /proc/net/packet", heading: []string{"sk RefCnt Type Proto Iface R Rmem"}, lines: []string{`^[0-9a-fA-F]{8,16} \d+ \d+ [0-9a-f]{4} \d+ `}, never: []string{`^==> `}},
		{systems: "linux", command: "cat /proc/net/sockstat /proc/net/sockstat6", lines: []string{`^(TCP|UDP|RAW|FRAG)6?: inuse \d+`}, least: 2},
		{systems: "linux", command: "cat /proc/net/route", heading: []string{"Iface Destination Gateway Flags RefCnt Use Metric Mask"}, lines: []string{`^\S+ [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{4} `}, never: []string{`^Inter-\|`, `^==> `}},
		{systems: "linux", command: "cat /proc/net/ipv6_route", lines: []string{`^[0-9a-f]{32} [0-9a-f]{2} [0-9a-f]{32} [0-9a-f]{2} [0-9a-f]{32} [0-9a-f]{8} `}, never: []string{`^Iface `, `^Inter-\|`}},
		{systems: "linux", command: "cat /proc/net/arp", heading: []string{"IP address HW type Flags HW address Mask Device"}, lines: []string{`^` + v4 + ` 0x[0-9a-f]+ 0x[0-9a-f]+ `}},
		{systems: "linux", command: "cat /proc/net/igmp /proc/net/igmp6 /proc/net/dev_mcast", heading: []string{"Idx Device : Count Querier Group Users Timer Reporter"}, lines: []string{`^[0-9A-F]{8} \d+ \d+:[0-9A-F]+ `}},
		{systems: "linux", command: "cat /proc/net/dev_mcast", lines: []string{`^\d+ \S+ \d+ \d+ (01005e|3333)[0-9a-f]{6,8}$`}, never: []string{`^Idx Device`}},
		{systems: "linux", command: "cat /proc/net/igmp6", lines: []string{`^\d+ \S+ ff[0-9a-f]{30} \d+ [0-9A-F]{8} \d+$`}, never: []string{`^Idx Device`}},
		{systems: "linux", command: "cat /proc/net/snmp /proc/net/netstat /proc/net/snmp6", lines: []string{`^(Ip|Tcp|Udp|TcpExt|IpExt): [A-Z]\w+ [A-Z]\w+ |^(Ip6|Udp6|Icmp6)[A-Z]\w+ \d+$`, `^(Ip|Tcp|Udp|TcpExt|IpExt): -?\d+ -?\d+|^Ip6\w+ \d+$`}},
		{systems: "linux", command: "cat /proc/net/dev /proc/net/if_inet6 /proc/net/route /proc/net/fib_trie", heading: []string{"Inter-| Receive | Transmit"}, lines: []string{`^\S+: ?\d+ \d+ \d+`}},
		{systems: "linux", command: "cat /proc/net/if_inet6", lines: []string{`^[0-9a-f]{32} [0-9a-f]{2} [0-9a-f]{2} [0-9a-f]{2} [0-9a-f]{2} \S+$`}, never: []string{`^Inter-\|`}},
	}
	for _, f := range []struct{ name, heading string }{
		{"tcp", `^sl local_address .*\binode$`}, {"udp", `^sl local_address .*\bref pointer( drops)?$`}, {"raw", `^sl local_address .*\bref pointer( drops)?$`},
	} {
		shapes = append(shapes,
			shape{systems: "linux", command: "cat /proc/net/" + f.name, lines: []string{row4, f.heading}, never: []string{row6, `^==> `}},
			shape{systems: "linux", command: "cat /proc/net/" + f.name + "6", lines: []string{row6, f.heading}, never: []string{row4, `^==> `}},
			shape{systems: "linux", command: "cat /proc/net/" + f.name + " /proc/net/" + f.name + "6", lines: []string{row4, f.heading, row6}, never: []string{`^==> `}})
	}
	return shapes
}
