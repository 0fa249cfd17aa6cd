// Package darwin says what to ask a Mac, and how its answers are read: netstat,
// ifconfig, arp, ndp, lsof, ps, route, sysctl and sw_vers of macOS 10.9 to 26.
// Most of the reading is that of all BSD tools (see package bsdnet); the version
// of a tool is told by what it prints, never asked for.
package darwin

import (
	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/bsdnet"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// What the tools of macOS never tell, whatever their options.
var (
	socketLacks = []string{
		"sockets.uid", "sockets.inode", "sockets.timer", "sockets.tcp_info.rtt_us", "sockets.tcp_info.rttvar_us", "sockets.tcp_info.min_rtt_us",
		"sockets.tcp_info.rto_ms", "sockets.tcp_info.mss", "sockets.tcp_info.pmtu", "sockets.tcp_info.cwnd", "sockets.tcp_info.ssthresh",
		"sockets.tcp_info.retransmits", "sockets.tcp_info.lost", "sockets.tcp_info.unacked", "sockets.tcp_info.backoff",
		"sockets.tcp_info.last_send_ms", "sockets.tcp_info.last_recv_ms", "sockets.tcp_info.last_ack_ms", "sockets.tcp_info.rcv_space",
		"sockets.tcp_info.bytes_acked", "sockets.tcp_info.bytes_retrans", "sockets.tcp_info.busy_ms", "sockets.tcp_info.rwnd_limited_ms",
		"sockets.tcp_info.sndbuf_limited_ms", "sockets.tcp_info.congestion",
	}
	ifconfigLacks = []string{"interfaces.aliases", "interfaces.oper_state", "interfaces.counters"}
	netstatILacks = []string{
		"interfaces.aliases", "interfaces.type", "interfaces.flags", "interfaces.carrier", "interfaces.master", "interfaces.parent",
		"interfaces.speed_mbps", "interfaces.duplex",
	}
	routeLacks = []string{"routes.metric", "routes.proto", "routes.scope"}
	arpLacks   = []string{"neighbors.state"}
	groupLacks = []string{"groups.users"}
)

// Probes returns what a scan runs on a Mac. The sockets come from netstat, as it
// lists those of all processes to everybody; ps names the processes where
// netstat (before macOS 26) shows their numbers alone, and lsof, which shows a
// user nothing of others' processes, adds descriptors and further holders.
// Each table of -f inet is asked for apart from that of -f inet6, which leaves
// out the UNIX and kernel sockets.
func Probes() []fleetnet.Probe {
	probes := []fleetnet.Probe{
		{Name: "darwin/host", Slot: "host", Tables: []string{"host"}, Command: hostCommand, Read: Host},
		{Name: "darwin/ifconfig", Slot: "interfaces", Tables: []string{"interfaces"}, Needs: []string{"ifconfig"},
			Command: "ifconfig -a", Lacks: []string{"interfaces.aliases", "interfaces.oper_state"}, Read: bsdnet.Ifconfig},
		{Name: "darwin/netstat-i", Slot: "interface-counters", Needs: []string{"netstat"},
			Command: "netstat -ibdnl", Read: NetstatI},
		{Name: "darwin/netstat-r", Slot: "routes", Tables: []string{"routes"}, Needs: []string{"netstat"},
			Command: "netstat -rnl", Lacks: routeLacks, Read: NetstatR},
		{Name: "darwin/arp", Slot: "neighbors4", Tables: []string{"neighbors"}, Needs: []string{"arp"},
			Command: "arp -an", Lacks: arpLacks, Read: Arp},
		{Name: "darwin/ndp", Slot: "neighbors6", Tables: []string{"neighbors"}, Needs: []string{"ndp"},
			Command: "ndp -an", Read: NDP},
		{Name: "darwin/netstat-g", Slot: "groups", Tables: []string{"groups"}, Needs: []string{"netstat"},
			Command: "netstat -gn", Lacks: groupLacks, Read: bsdnet.Groups},
		{Name: "darwin/netstat-s", Slot: "counters", Tables: []string{"counters"}, Needs: []string{"netstat"},
			Command: "netstat -s", Root: true, Read: bsdnet.CountersOfMac},
		{Name: "darwin/netstat-m", Slot: "mbufs", Tables: []string{"counters"}, Needs: []string{"netstat"},
			Command: "netstat -m", Read: bsdnet.Mbufs},
		{Name: "darwin/sysctl", Slot: "settings", Tables: []string{"settings"}, Needs: []string{"sysctl"},
			Command: sysctlCommand, Read: Sysctl},
		{Name: "darwin/netstat", Slot: "sockets", Tables: []string{"sockets"}, Needs: []string{"netstat"},
			Command: "netstat -anvl -f inet; netstat -anvl -f inet6", Lacks: socketLacks, Read: netstatOfScan},
		{Name: "darwin/netstat-L", Slot: "listen-queues", Needs: []string{"netstat"},
			Command: "netstat -Lanl -f inet; netstat -Lanl -f inet6", Read: Netstat},
		{Name: "darwin/ps", Slot: "process-names", Needs: []string{"ps"}, Command: "ps -axco pid,comm", Read: PS},
		{Name: "darwin/lsof", Slot: "processes", Needs: []string{"lsof"}, Command: "lsof -nP +c 0 -i", Root: true, Read: LsofOwners},
	}
	for i := range probes {
		probes[i].OS = "darwin"
	}
	return probes
}

// Netstat reads the sockets of `netstat -a` and the queues of `netstat -L`.
func Netstat(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	bsdnet.Sockets(in, out, bsdnet.SocketsForm{Probe: "darwin/netstat"})
}

// netstatOfScan is Netstat where ps follows.
func netstatOfScan(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	first := len(out.Sockets)
	bsdnet.Sockets(in, out, bsdnet.SocketsForm{Probe: "darwin/netstat", NamedLater: true})
	coverTimeWait(out, first)
}

// NetstatI reads `netstat -i`.
func NetstatI(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	bsdnet.Interfaces(in, out, bsdnet.InterfacesForm{Probe: "darwin/netstat-i"})
}

// NetstatR reads `netstat -r`.
func NetstatR(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	bsdnet.Routes(in, out, bsdnet.RoutesForm{Probe: "darwin/netstat-r", Whole: true})
}

// RouteGet reads `route get`.
func RouteGet(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	bsdnet.RouteGet(in, out, "darwin/route-get")
}

// Arp reads `arp -a`.
func Arp(in *fleetnet.Lines, out *fleetnet.Snapshot) { bsdnet.Arp(in, out, "darwin/arp") }

// NDP reads `ndp -a`.
func NDP(in *fleetnet.Lines, out *fleetnet.Snapshot) { bsdnet.NDP(in, out, "darwin/ndp") }

// Lsof reads the sockets of `lsof -i`.
func Lsof(in *fleetnet.Lines, out *fleetnet.Snapshot) { sockets.Lsof(in, out, "darwin/lsof") }

// LsofOwners reads `lsof -i` for the processes of sockets that are known.
func LsofOwners(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	sockets.LsofOwners(in, out, "darwin/lsof")
}
