// Package windows says what to ask a Windows host, and how its answers are read:
// the cmdlets of PowerShell, and netstat, route, ipconfig, arp, netsh and
// tasklist of Windows XP to 11, in any language of the display. No reader
// depends on a translated word. Bytes are decoded before (see package charset).
package windows

import (
	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/charset"
)

// What the tools of Windows never tell, whatever their options.
var (
	socketLacks = []string{
		"sockets.uid", "sockets.inode", "sockets.timer", "sockets.tcp_info", "sockets.recv_q", "sockets.send_q",
		"sockets.accept_queue", "sockets.backlog",
	}
	adapterLacks  = []string{"interfaces.master", "interfaces.parent"}
	statsLacks    = []string{"interfaces.type", "interfaces.mac", "interfaces.mtu", "interfaces.flags", "interfaces.oper_state", "interfaces.carrier", "interfaces.addrs", "interfaces.speed_mbps", "interfaces.duplex", "interfaces.master", "interfaces.parent", "interfaces.index"}
	addressLacks  = []string{"interfaces.type", "interfaces.mac", "interfaces.mtu", "interfaces.flags", "interfaces.oper_state", "interfaces.carrier", "interfaces.counters", "interfaces.speed_mbps", "interfaces.duplex", "interfaces.master", "interfaces.parent"}
	ipconfigLacks = []string{"interfaces.mtu", "interfaces.flags", "interfaces.oper_state", "interfaces.counters", "interfaces.speed_mbps", "interfaces.duplex", "interfaces.master", "interfaces.parent"}
	netshLacks    = []string{"interfaces.type", "interfaces.mac", "interfaces.flags", "interfaces.oper_state", "interfaces.speed_mbps", "interfaces.duplex", "interfaces.master", "interfaces.parent", "interfaces.aliases"}
	routeLacks    = []string{"routes.proto", "routes.scope", "routes.mtu"}
	netRouteLacks = []string{"routes.scope", "routes.mtu", "routes.src"}
	neighborLacks = []string{"neighbors.flags"}
)

// csv ends a pipeline: objects become lines of CSV, one each, which are the
// evidence of a row and need no memory for the whole.
const csv = " | ConvertTo-Csv -NoTypeInformation"

// Probes returns what a scan asks a Windows host: the cmdlets where PowerShell
// answers and has them (Windows 8 and 2012 on), what programs print elsewhere, and
// for counters always. PowerShell is to write UTF-8; what programs write is in the
// code page of the console, and is decoded. No command changes anything, and none
// tells more to an administrator.
func Probes() []fleetnet.Probe {
	cmdlets, native := cmdletProbes(), nativeProbes()
	for i := range cmdlets {
		cmdlets[i].Shell = fleetnet.ShellPowerShell
	}
	for i := range native {
		native[i].Shell, native[i].Decode = fleetnet.ShellCmd, decode
	}
	probes := append(cmdlets, native...)
	for i := range probes {
		probes[i].OS = "windows"
	}
	return probes
}

// decode turns the output of a program into UTF-8.
func decode(raw []byte) []byte {
	text, _ := charset.Decode(raw)
	return text
}

func cmdletProbes() []fleetnet.Probe {
	return []fleetnet.Probe{
		{Name: "windows/host", Slot: "host", Tables: []string{"host"}, Needs: []string{"Get-CimInstance"}, Command: hostCommand, Read: Host},
		{Name: "windows/Get-NetAdapter", Slot: "interfaces", Tables: []string{"interfaces"}, Needs: []string{"Get-NetAdapter"},
			Command: "Get-NetAdapter -IncludeHidden | Select-Object Name,InterfaceDescription,ifIndex,InterfaceType,MacAddress,MtuSize,Speed,FullDuplex,ifOperStatus,MediaConnectState,AdminStatus" + csv,
			Lacks:   adapterLacks, Read: NetAdapters},
		{Name: "windows/Get-NetIPAddress", Slot: "addresses", Needs: []string{"Get-NetIPAddress"},
			Command: "Get-NetIPAddress | Select-Object IPAddress,PrefixLength,InterfaceIndex,InterfaceAlias,AddressState,PrefixOrigin" + csv, Read: NetAddresses},
		{Name: "windows/Get-NetAdapterStatistics", Slot: "interface-counters", Needs: []string{"Get-NetAdapterStatistics"},
			Command: "Get-NetAdapterStatistics -IncludeHidden | Select-Object Name,Received*,Sent*,Outbound*" + csv, Read: NetAdapterStatistics},
		{Name: "windows/Get-NetRoute", Slot: "routes", Tables: []string{"routes"}, Needs: []string{"Get-NetRoute"},
			Command: "Get-NetRoute | Select-Object DestinationPrefix,NextHop,InterfaceIndex,InterfaceAlias,RouteMetric,InterfaceMetric,Protocol,Store" + csv,
			Lacks:   netRouteLacks, Read: NetRoutes},
		{Name: "windows/Get-NetNeighbor", Slot: "neighbors", Tables: []string{"neighbors"}, Needs: []string{"Get-NetNeighbor"},
			Command: "Get-NetNeighbor | Select-Object IPAddress,LinkLayerAddress,InterfaceIndex,InterfaceAlias,State" + csv, Lacks: neighborLacks, Read: NetNeighbors},
		{Name: "windows/Get-NetTCPSetting", Slot: "settings", Tables: []string{"settings"}, Needs: []string{"Get-NetTCPSetting"},
			Command: "Get-NetTCPSetting | Select-Object * -ExcludeProperty Cim*,PS*" + csv, Read: NetTCPSettings},
		{Name: "windows/Get-NetTCPConnection", Slot: "sockets", Tables: []string{"sockets"}, Needs: []string{"Get-NetTCPConnection", "Get-NetUDPEndpoint"},
			Command: "Get-NetTCPConnection | Select-Object LocalAddress,LocalPort,RemoteAddress,RemotePort,State,OwningProcess" + csv +
				"; Get-NetUDPEndpoint | Select-Object LocalAddress,LocalPort,OwningProcess" + csv,
			Lacks: socketLacks, Read: netConnectionsNamedLater},
	}
}

// nativeProbes are what answers where there are no cmdlets, up to Windows 7 and
// 2008 R2 and in cmd, and what only programs tell.
func nativeProbes() []fleetnet.Probe {
	return []fleetnet.Probe{
		{Name: "windows/ver", Slot: "host", Tables: []string{"host"}, Needs: []string{"hostname"}, Command: "hostname & ver",
			Lacks: []string{"host.arch", "host.boot_id", "host.uptime_seconds"}, Read: Host},
		{Name: "windows/ipconfig", Slot: "interfaces", Tables: []string{"interfaces"}, Needs: []string{"ipconfig"}, Command: "ipconfig /all",
			Lacks: ipconfigLacks, Read: Ipconfig},
		{Name: "windows/netsh-interfaces", Slot: "addresses", Needs: []string{"netsh"}, Command: "netsh interface ipv4 show interfaces", Read: NetshInterfaces},
		{Name: "windows/route-print", Slot: "routes", Tables: []string{"routes"}, Needs: []string{"route"}, Command: "route print", Lacks: routeLacks, Read: RoutePrint},
		{Name: "windows/arp", Slot: "neighbors", Tables: []string{"neighbors"}, Needs: []string{"arp"}, Command: "arp -a", Lacks: neighborLacks, Read: Arp},
		{Name: "windows/netsh-dynamicport", Slot: "settings", Tables: []string{"settings"}, Needs: []string{"netsh"},
			Command: "netsh interface ipv4 show dynamicport tcp", Read: NetshDynamicPort},
		{Name: "windows/netstat", Slot: "sockets", Tables: []string{"sockets"}, Needs: []string{"netstat"}, Command: "netstat -ano", Lacks: socketLacks, Read: netstatNamedLater},
		{Name: "windows/tasklist", Slot: "process-names", Needs: []string{"tasklist"}, Command: "tasklist /fo csv /nh", Read: Tasklist},
		{Name: "windows/netstat-s", Slot: "counters", Tables: []string{"counters"}, Needs: []string{"netstat"}, Command: "netstat -s", Read: NetstatS},
		{Name: "windows/netstat-e", Slot: "interface-totals", Tables: []string{"counters"}, Needs: []string{"netstat"}, Command: "netstat -e", Read: netstatTotals},
	}
}
