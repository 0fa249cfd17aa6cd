package windows

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
)

// programs are the programs and cmdlets whose output is read, and those that start
// others, in one spelling.
func programs() []string {
	return []string{
		"netstat", "route", "ipconfig", "arp", "netsh", "tasklist", "hostname", "ver", "cmd", "powershell", "pwsh", "chcp",
		"Get-NetTCPConnection", "Get-NetUDPEndpoint", "Get-NetRoute", "Get-NetAdapter", "Get-NetAdapterStatistics", "Get-NetIPAddress",
		"Get-NetIPInterface", "Get-NetNeighbor", "Get-NetTCPSetting", "Get-Process", "Get-CimInstance",
	}
}

// Dialects returns the outputs that can be read on their own, in the order in
// which they are to be asked. Programs are spelled as [Split] spells them.
func Dialects() []fleetnet.Dialect {
	dialects := append(nativeDialects(), cmdletDialects()...)
	for i := range dialects {
		dialects[i].OS = "windows"
	}
	return command.Pasted(dialects)
}

func nativeDialects() []fleetnet.Dialect {
	return []fleetnet.Dialect{
		{Name: "windows/route-print", Program: "netstat", Accepts: netstatMode('r'), Tables: []string{"routes"}, Lacks: routeLacks, Read: RoutePrint},
		{Name: "windows/netstat-s", Program: "netstat", Accepts: netstatMode('s'), Tables: []string{"counters"}, Read: NetstatS},
		{Name: "windows/netstat", Program: "netstat", Accepts: netstatMode('a'), Tables: []string{"sockets"}, Lacks: socketLacks, Read: Netstat},
		{Name: "windows/route-print", Program: "route", Accepts: hasWords("print"), Tables: []string{"routes"}, Lacks: routeLacks, Read: RoutePrint},
		{Name: "windows/ipconfig", Program: "ipconfig", Accepts: showsAdapters, Tables: []string{"interfaces"}, Lacks: ipconfigLacks, Read: Ipconfig},
		{Name: "windows/arp", Program: "arp", Accepts: listsARP, Tables: []string{"neighbors"}, Lacks: neighborLacks, Read: Arp},
		{Name: "windows/netsh-interfaces", Program: "netsh", Accepts: netshShows("", "interfaces"), Tables: []string{"interfaces"},
			Lacks: append([]string{"interfaces.addrs", "interfaces.counters"}, netshLacks...), Read: NetshInterfaces},
		{Name: "windows/netsh-subinterfaces", Program: "netsh", Accepts: netshShows("", "subinterfaces"), Tables: []string{"interfaces"},
			Lacks: append([]string{"interfaces.addrs", "interfaces.index"}, netshLacks...), Read: NetshSubinterfaces},
		{Name: "windows/netsh-config", Program: "netsh", Accepts: netshShows("ipv4", "config", "addresses"), Tables: []string{"interfaces"},
			Lacks: append([]string{"interfaces.counters", "interfaces.index", "interfaces.mtu", "interfaces.carrier"}, netshLacks...), Read: NetshConfig},
		{Name: "windows/netsh-addresses", Program: "netsh", Accepts: netshShows("ipv4", "ipaddresses"), Tables: []string{"interfaces"}, Lacks: netshAddressLacks, Read: NetshAddresses},
		{Name: "windows/netsh-addresses", Program: "netsh", Accepts: netshShows("ipv6", "addresses"), Tables: []string{"interfaces"}, Lacks: netshAddressLacks, Read: NetshAddresses},
		{Name: "windows/netsh-route", Program: "netsh", Accepts: netshShows("", "routes"), Tables: []string{"routes"},
			Lacks: append([]string{"routes.metric", "routes.src"}, routeLacks...), Read: NetshRoutes},
		{Name: "windows/netsh-neighbors", Program: "netsh", Accepts: netshShows("", "neighbors"), Tables: []string{"neighbors"}, Read: NetshNeighbors},
		{Name: "windows/netsh-dynamicport", Program: "netsh", Accepts: netshShows("", "dynamicportrange"), Tables: []string{"settings"}, Read: NetshDynamicPort},
		{Name: "windows/tasklist", Program: "tasklist", Accepts: listsTasks, Read: Tasklist},
		{Name: "windows/ver", Program: "ver", Tables: []string{"host"}, Read: Host},
		{Name: "windows/ver", Program: "hostname", Tables: []string{"host"}, Read: Host},
	}
}

func cmdletDialects() []fleetnet.Dialect {
	cmdlet := func(name, table string, read func(*fleetnet.Lines, *fleetnet.Snapshot), lacks ...string) fleetnet.Dialect {
		return fleetnet.Dialect{Name: "windows/" + name, Program: name, Accepts: writesObjects, Tables: []string{table}, Lacks: lacks, Read: read}
	}
	return []fleetnet.Dialect{
		cmdlet("Get-NetTCPConnection", "sockets", NetConnections, socketLacks...),
		cmdlet("Get-NetUDPEndpoint", "sockets", NetConnections, socketLacks...),
		cmdlet("Get-NetRoute", "routes", NetRoutes, netRouteLacks...),
		cmdlet("Get-NetAdapter", "interfaces", NetAdapters, append([]string{"interfaces.addrs", "interfaces.counters"}, adapterLacks...)...),
		cmdlet("Get-NetAdapterStatistics", "interfaces", NetAdapterStatistics, statsLacks...),
		cmdlet("Get-NetIPAddress", "interfaces", NetAddresses, addressLacks...),
		cmdlet("Get-NetIPInterface", "interfaces", NetIPInterfaces, ipInterfaceLacks...),
		cmdlet("Get-NetNeighbor", "neighbors", NetNeighbors, neighborLacks...),
		cmdlet("Get-NetTCPSetting", "settings", NetTCPSettings),
		{Name: "windows/Get-Process", Program: "Get-Process", Accepts: writesObjects, Read: Processes},
		{Name: "windows/Get-Process", Program: "Get-CimInstance", Accepts: hasWords("win32_process"), Read: Processes},
	}
}

// netstatMode accepts the arguments of netstat that show one thing: r routes, s
// statistics, a sockets.
func netstatMode(mode byte) func([]string) bool {
	return func(args []string) bool {
		o := readOptions(args)
		var is byte
		switch {
		case strings.ContainsAny(o.letters, "xyc?h"):
			return false // NetworkDirect, templates, processes by their ports, help
		case o.letter('r'):
			is = 'r'
		case o.letter('s') || o.letter('e'):
			is = 's'
		default:
			is = 'a'
		}
		return is == mode
	}
}

func hasWords(words ...string) func([]string) bool {
	return func(args []string) bool {
		o := readOptions(args)
		return !slices.ContainsFunc(words, func(w string) bool { return !o.has(w) })
	}
}

// showsAdapters accepts an ipconfig that changes nothing and does not show the
// cache of names.
func showsAdapters(args []string) bool {
	o := readOptions(args)
	return o.letters == "" || o.letters == "all" || o.letters == "allcompartments" || o.letters == "allcompartmentsall"
}

func listsARP(args []string) bool {
	o := readOptions(args)
	return (o.letter('a') || o.letter('g')) && strings.Trim(o.letters, "agvn") == ""
}

// netshShows accepts `netsh interface ipv4 show OBJECT`, whose words may be
// shortened, of one family or of both. What it shows with level=verbose is a
// list of everything, and is not read.
func netshShows(family string, objects ...string) func([]string) bool {
	return func(args []string) bool {
		words := readOptions(args).words
		if len(words) < 4 || !strings.HasPrefix("interface", words[0]) || !strings.HasPrefix("show", words[2]) ||
			slices.Contains(words, "level=verbose") || slices.Contains(words, "verbose") {
			return false
		}
		of, ok := map[string]string{"ip": "ipv4", "ipv4": "ipv4", "ipv6": "ipv6"}[words[1]]
		if !ok || family != "" && family != of {
			return false
		}
		return slices.ContainsFunc(objects, func(o string) bool { return len(words[3]) >= 3 && strings.HasPrefix(o, words[3]) })
	}
}

// listsTasks accepts a tasklist whose second column is the pid, and that lists no
// modules, as their names stand on lines of their own.
func listsTasks(args []string) bool {
	o := readOptions(args)
	return !strings.Contains(o.letters, "apps") && !o.letter('m') && !o.has("list")
}

// writesObjects refuses what no longer holds the objects' properties.
func writesObjects(args []string) bool {
	return !slices.ContainsFunc(args, func(a string) bool {
		switch strings.ToLower(a) {
		case "measure-object", "measure", "group-object", "group", "format-wide", "fw", "-expandproperty", "convertto-html", "convertto-xml", "-wait":
			return true
		}
		return false
	})
}
