package parsers

// winMAC is how Windows writes the address of an adapter.
const winMAC = `([0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}`

// nativeShapes are what the programs of Windows print, in any language: none
// depends on a word that is translated.
func nativeShapes() []shape {
	row := `^(TCP|UDP)(v6)? \S*:(\d+|\*|\S+) \S*:(\d+|\*|[A-Za-z][\w-]*)( |$)`
	return []shape{
		{systems: "windows", command: "netstat -an", lines: []string{row}, least: 1, raw: `^[ \t]*(TCP|UDP)(v6)?[ \t]+\S+:\S+[ \t]+\S+`,
			adds: []addition{{`^(TCP|UDP)(v6)? \S+ \S+( \S+){0,3}? \d+$`, "o"}, {`^\[[^\]]+\.(exe|EXE)\]$`, "b"}}},
		{systems: "windows", command: "route print", lines: []string{`^` + quads + ` ` + quads + ` \S.* \d+$`, `^={50,}$`}},
		{systems: "windows", command: "route print", lines: []string{`^\d+ \d+ ` + v6 + `(/\d+)?( \S.*)?$`, `^={50,}$`}, never: []string{`^` + quads + ` ` + quads}},
		{systems: "windows", command: "netstat -s", lines: []string{`^\S.* = \d+$`, `\b(IPv4|IPv6|ICMPv4|ICMPv6|TCP|UDP|ICMP|IP)\b`}, least: 5, raw: `^ *\S.*? {2,}= \d+$`},
		{systems: "windows", command: "netstat -e", lines: []string{`^\S.* \d+ \d+$`}, least: 5, raw: totals, never: []string{` = \d+$`, quads}},
		{systems: "windows", command: "ipconfig", lines: []string{dots, `DNS|IP`}, least: 2, raw: rawDots, never: []string{`: ?` + winMAC + `$`}},
		{systems: "windows", command: "ipconfig /all", lines: []string{dots, `: ?` + winMAC + `$`}, least: 3, raw: rawDots},
		{systems: "windows", command: "arp -a", lines: []string{`^` + quads + ` (` + winMAC + ` )?\S+`, `^\S.*[:：] ?` + quads + ` (---|on Interface) 0x[0-9a-fA-F]+$`}},
		{systems: "windows", command: "netsh interface ipv4 show interfaces", lines: []string{`^\d+ \d+ \d+ \S+`, `^-{3} -{10} -{10} -{12} -{10,}$`}},
		{systems: "windows", command: "netsh interface ipv4 show subinterfaces", lines: []string{`^\d+ \d+ \d+ \d+ \S+`, `^-{6,10} -{15} -{9,} -{9,} -{10,}$`}},
		{systems: "windows", command: "netsh interface ipv4 show dynamicport tcp", lines: []string{ports, `^-{20,}$`, `\btcp\b`}, least: 2, doubt: "the family is not in the text"},
		{systems: "windows", command: "netsh interface ipv6 show dynamicport tcp", lines: []string{ports, `^-{20,}$`, `\btcp\b`}, least: 2, doubt: "the family is not in the text"},
		{systems: "windows", command: "netsh interface ipv4 show dynamicport udp", lines: []string{ports, `^-{20,}$`, `\budp\b`}, least: 2, doubt: "the family is not in the text"},
		{systems: "windows", command: "netsh interface ipv6 show dynamicport udp", lines: []string{ports, `^-{20,}$`, `\budp\b`}, least: 2, doubt: "the family is not in the text"},
		{systems: "windows", command: "netsh interface ipv4 show route", lines: []string{`\d+ ` + quads + `/\d+ \d+ \S`, routeRuler}},
		{systems: "windows", command: "netsh interface ipv6 show route", lines: []string{`\d+ ` + v6 + `/\d+ \d+ \S`, routeRuler}},
		{systems: "windows", command: "netsh interface ipv4 show neighbors", lines: []string{`^` + quads + ` (` + winMAC + ` )?\S`, neighborRuler}},
		{systems: "windows", command: "netsh interface ipv6 show neighbors", lines: []string{`^` + v6 + ` (` + winMAC + ` )?\S`, neighborRuler}},
		{systems: "windows", command: "netsh interface ipv4 show ipaddresses", lines: []string{` \S+ \S+ ` + quads + `$`, addressRuler}},
		{systems: "windows", command: "netsh interface ipv6 show addresses", lines: []string{` \S+ \S+ ` + v6 + `(%\d+)?$`, addressRuler}},
		{systems: "windows", command: "netsh interface ipv4 show config", lines: []string{`^\S.*: ` + quads + `/\d+ \(\S+ ` + quads + `\)$`, `"[^"]+"`}, least: 1},
		{systems: "windows", command: "ver", lines: []string{`^Microsoft Windows ((\S+ )?\[.*\b\d+\.\d+\.\d+(\.\d+)?\]|\d+\.\d+\.\d+)$`}},
	}
}

// totals is the table of netstat -e: five rows of two numbers, and one of one.
const totals = `^(?:[^\d\n]+ \d+ +\d+\n){5}[^\d\n]+ \d+$`

// The rulers of tables of netsh, as wide in every language.
const (
	routeRuler    = `^-{7} -{8} -{3} -{24} -{3} -{20,}$`
	neighborRuler = `^-{44} -{17} -{11}$`
	addressRuler  = `^-{9} -{11} -{10} -{10} -{20,}$`
)

// dots is a label of ipconfig, which is filled up with dots, rawDots as it was
// printed; ports is one of the two numbers of a range.
const (
	dots    = `^\S.*?\. ?\..*: ?\S*`
	rawDots = `^[ \t]*\S.*(\. \.|\.{4}).*:`
	ports   = `^\S.*: \d{1,5}$`
)

// cmdletShapes are what PowerShell's cmdlets print as a table, a list, CSV or
// JSON. The names of properties are the same in all languages.
func cmdletShapes() []shape {
	has := func(name string) string { return `(^|[",;{ ])` + name + `("?[,;:]|"? ?:| |"$|$)` }
	cmdlet := func(name string, never string, properties ...string) shape {
		s := shape{systems: "windows", command: name}
		for _, p := range properties {
			s.lines = append(s.lines, has(p))
		}
		if never != "" {
			s.never = []string{has(never)}
		}
		return s
	}
	return []shape{
		cmdlet("Get-NetTCPConnection", "", "LocalAddress", "LocalPort", "RemoteAddress", "RemotePort", "State"),
		cmdlet("Get-NetUDPEndpoint", "RemoteAddress", "LocalAddress", "LocalPort"),
		cmdlet("Get-NetRoute", "", "DestinationPrefix", "NextHop"),
		cmdlet("Get-NetAdapter", "", "(InterfaceDescription|ifDesc|LinkSpeed)", "Name", "(ifIndex|Status|ifOperStatus|MacAddress)"),
		cmdlet("Get-NetAdapterStatistics", "", "Name", "ReceivedBytes", "SentBytes"),
		cmdlet("Get-NetIPAddress", "LinkLayerAddress", "IPAddress", "PrefixLength", "(InterfaceIndex|InterfaceAlias|ifIndex)"),
		cmdlet("Get-NetIPInterface", "", "InterfaceAlias", `NlMtu(\(Bytes\)|Bytes)?`),
		cmdlet("Get-NetNeighbor", "", "IPAddress", "LinkLayerAddress", "State"),
		cmdlet("Get-NetTCPSetting", "", "SettingName", `(MinRto|MinRtoMs|CongestionProvider|DynamicPortRangeStartPort)(\(ms\))?`),
	}
}
