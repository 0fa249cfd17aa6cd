package parsers

// winMAC is how Windows writes the address of an adapter.
const winMAC = `([0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}`

// nativeShapes are what the programs of Windows print, in any language: none
// depends on a word that is translated.
func nativeShapes() []shape {
	row := `^(TCP|UDP)(v6)? \S*:(\d+|\*|\S+) \S*:(\d+|\*|[A-Za-z][\w-]*)( |$)`
	return []shape{
		{systems: "windows", command: "netstat -an", lines: []string{row}, least: 1, raw: `^ +(TCP|UDP)(v6)? +\S+:\S+ +\S+`,
			adds: []addition{{`^(TCP|UDP)(v6)? \S+ \S+( \S+)? \d+$`, "o"}, {`^\[[^\]]+\.(exe|EXE)\]$`, "b"}}},
		{systems: "windows", command: "route print", lines: []string{`^` + quads + ` ` + quads + ` \S.* \d+$`, `^={50,}$`}},
		{systems: "windows", command: "route print", lines: []string{`^\d+ \d+ ` + v6 + `(/\d+)?( \S.*)?$`, `^={50,}$`}, never: []string{`^` + quads + ` ` + quads}},
		{systems: "windows", command: "netstat -s", lines: []string{`^\S.* = \d+$`, `\b(IPv4|IPv6|ICMPv4|ICMPv6|TCP|UDP|ICMP|IP)\b`}, least: 5, raw: `^  \S.*? {2,}= \d+\r?$`},
		{systems: "windows", command: "ipconfig", lines: []string{dots, `DNS|IP`}, least: 2, raw: rawDots, never: []string{`: ?` + winMAC + `$`}},
		{systems: "windows", command: "ipconfig /all", lines: []string{dots, `: ?` + winMAC + `$`}, least: 3, raw: rawDots},
		{systems: "windows", command: "arp -a", lines: []string{`^` + quads + ` (` + winMAC + ` )?\S+`, `^\S.*: ` + quads + ` --- 0x[0-9a-fA-F]+$`}},
		{systems: "windows", command: "netsh interface ipv4 show interfaces", lines: []string{`^\d+ \d+ \d+ \S+`, `^-{3} -{10} -{10} -{12} -{10,}$`}},
		{systems: "windows", command: "netsh interface ipv4 show subinterfaces", lines: []string{`^\d+ \d+ \d+ \d+ \S+`, `^-{6} -{15} -{9,} -{9,} -{10,}$`}},
		{systems: "windows", command: "netsh interface ipv4 show dynamicport tcp", lines: []string{ports, `^-{20,}$`, `\btcp\b`}, least: 2, doubt: "the family is not in the text"},
		{systems: "windows", command: "netsh interface ipv6 show dynamicport tcp", lines: []string{ports, `^-{20,}$`, `\btcp\b`}, least: 2, doubt: "the family is not in the text"},
		{systems: "windows", command: "netsh interface ipv4 show dynamicport udp", lines: []string{ports, `^-{20,}$`, `\budp\b`}, least: 2, doubt: "the family is not in the text"},
		{systems: "windows", command: "netsh interface ipv6 show dynamicport udp", lines: []string{ports, `^-{20,}$`, `\budp\b`}, least: 2, doubt: "the family is not in the text"},
		{systems: "windows", command: "netsh interface ipv4 show config", lines: []string{`^\S.*: ` + quads + `/\d+ \(\S+ ` + quads + `\)$`, `"[^"]+"`}, least: 1},
		{systems: "windows", command: "ver", lines: []string{`^Microsoft Windows (\S+ )?\[.*\b\d+\.\d+\.\d+(\.\d+)?\]$`}},
	}
}

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
		cmdlet("Get-NetAdapter", "", "InterfaceDescription", "Name", "(ifIndex|LinkSpeed|Status|ifOperStatus|MacAddress)"),
		cmdlet("Get-NetAdapterStatistics", "", "Name", "ReceivedBytes", "SentBytes"),
		cmdlet("Get-NetIPAddress", "LinkLayerAddress", "IPAddress", "PrefixLength", "(InterfaceIndex|InterfaceAlias|ifIndex)"),
		cmdlet("Get-NetIPInterface", "", "InterfaceAlias", `NlMtu(\(Bytes\)|Bytes)?`),
		cmdlet("Get-NetNeighbor", "", "IPAddress", "LinkLayerAddress", "State"),
		cmdlet("Get-NetTCPSetting", "", "SettingName", `(MinRto|MinRtoMs|CongestionProvider|DynamicPortRangeStartPort)(\(ms\))?`),
	}
}
