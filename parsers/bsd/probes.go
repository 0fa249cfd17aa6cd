// Package bsd says what to ask hosts of FreeBSD, OpenBSD, NetBSD and DragonFly,
// and how their answers are read: netstat, sockstat, fstat, ifconfig, arp, ndp,
// ifmcstat, route and sysctl. Most of the reading is that of all BSD tools (see
// package bsdnet); the release is told by what a tool prints, never asked for.
package bsd

import (
	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/bsdnet"
)

// What the tools of these systems never tell, whatever their options.
var (
	infoLacks = []string{
		"sockets.timer", "sockets.tcp_info.rtt_us", "sockets.tcp_info.rttvar_us", "sockets.tcp_info.min_rtt_us",
		"sockets.tcp_info.rto_ms", "sockets.tcp_info.mss", "sockets.tcp_info.pmtu", "sockets.tcp_info.cwnd", "sockets.tcp_info.ssthresh",
		"sockets.tcp_info.retransmits", "sockets.tcp_info.lost", "sockets.tcp_info.unacked", "sockets.tcp_info.backoff",
		"sockets.tcp_info.last_send_ms", "sockets.tcp_info.last_recv_ms", "sockets.tcp_info.last_ack_ms", "sockets.tcp_info.rcv_space",
		"sockets.tcp_info.bytes_acked", "sockets.tcp_info.bytes_retrans", "sockets.tcp_info.busy_ms", "sockets.tcp_info.rwnd_limited_ms",
		"sockets.tcp_info.sndbuf_limited_ms", "sockets.tcp_info.congestion", "sockets.inode",
	}
	netstatLacks  = append([]string{"sockets.uid"}, infoLacks...)
	heldLacks     = []string{"sockets.recv_q", "sockets.send_q", "sockets.tcp_info", "sockets.timer", "sockets.inode"}
	ifconfigLacks = []string{"interfaces.aliases", "interfaces.oper_state", "interfaces.counters"}
	netstatILacks = []string{
		"interfaces.aliases", "interfaces.type", "interfaces.flags", "interfaces.carrier", "interfaces.master", "interfaces.parent",
		"interfaces.speed_mbps", "interfaces.duplex",
	}
	routeLacks  = []string{"routes.metric", "routes.proto", "routes.scope", "routes.src"}
	routeLacksO = []string{"routes.proto", "routes.scope", "routes.src"} // OpenBSD shows the priority
	arpLacks    = []string{"neighbors.state"}
)

// scanned is what a scan runs on one of the systems.
type scanned struct {
	os         string
	sockets    string // of all processes, with the processes
	holders    string // the program that tells the processes
	uids       bool   // it tells the users by number
	queues     string
	interfaces string
	counters   string
	routes     string
	routeLacks []string
	arpLacks   []string
	groups     bool // ifmcstat is there
}

// systemsScanned are the systems that a scan knows. netstat is asked for each
// family by itself, which leaves out UNIX sockets, with the option that keeps
// addresses whole; the options of sockstat came one by one, so that the next
// form is tried when one is refused.
func systemsScanned() []scanned {
	return []scanned{
		{
			os: "freebsd", sockets: "netstat -anW -f inet; netstat -anW -f inet6; sockstat -46nw || sockstat -46w || sockstat -46", holders: "sockstat", uids: true,
			queues: "netstat -LanW -f inet; netstat -LanW -f inet6", interfaces: "netstat -ibdnW", routes: "netstat -rnW", routeLacks: routeLacks, arpLacks: arpLacks, groups: true,
		},
		{
			os: "openbsd", sockets: "netstat -anv -f inet; netstat -anv -f inet6; fstat", holders: "fstat",
			interfaces: "netstat -ibn", counters: "netstat -in", routes: "netstat -rn", routeLacks: routeLacksO, arpLacks: arpLacks,
		},
		{
			os: "netbsd", sockets: "netstat -anv -f inet; netstat -anv -f inet6; sockstat -46n", holders: "sockstat",
			interfaces: "netstat -ibn", counters: "netstat -in", routes: "netstat -rn", routeLacks: routeLacks, groups: true,
		},
		{
			os: "dragonfly", sockets: "netstat -anW -f inet; netstat -anW -f inet6; sockstat -46", holders: "sockstat",
			queues: "netstat -LanW -f inet; netstat -LanW -f inet6", interfaces: "netstat -ibn", routes: "netstat -rnW", routeLacks: routeLacks, arpLacks: arpLacks, groups: true,
		},
	}
}

// Probes returns what a scan runs on FreeBSD, OpenBSD, NetBSD and DragonFly. The sockets
// come from netstat, as it lists those of all processes, and the processes from
// sockstat or fstat in the same answer.
func Probes() []fleetnet.Probe {
	var all []fleetnet.Probe
	for _, s := range systemsScanned() {
		all = append(all, s.probes()...)
	}
	return all
}

func (s scanned) probes() []fleetnet.Probe {
	probes := []fleetnet.Probe{
		{Name: "host", Slot: "host", Tables: []string{"host"}, Command: hostCommand, Read: Host},
		{Name: "ifconfig", Slot: "interfaces", Tables: []string{"interfaces"}, Needs: []string{"ifconfig"},
			Command: "ifconfig -a", Lacks: []string{"interfaces.aliases", "interfaces.oper_state"}, Read: bsdnet.Ifconfig},
		{Name: "netstat-i", Slot: "interface-counters", Needs: []string{"netstat"}, Command: s.interfaces, Read: netstatI(s.os)},
		{Name: "netstat-r", Slot: "routes", Tables: []string{"routes"}, Needs: []string{"netstat"}, Command: s.routes, Lacks: s.routeLacks, Read: netstatR(s.os)},
		{Name: "arp", Slot: "neighbors4", Tables: []string{"neighbors"}, Needs: []string{"arp"}, Command: "arp -an", Lacks: s.arpLacks, Read: arp(s.os)},
		{Name: "ndp", Slot: "neighbors6", Tables: []string{"neighbors"}, Needs: []string{"ndp"}, Command: "ndp -an", Read: ndp(s.os)},
		{Name: "netstat-s", Slot: "counters", Tables: []string{"counters"}, Needs: []string{"netstat"}, Command: "netstat -s", Read: bsdnet.Counters},
		{Name: "netstat-m", Slot: "mbufs", Tables: []string{"counters"}, Needs: []string{"netstat"}, Command: "netstat -m", Read: Mbufs},
		{Name: "sysctl", Slot: "settings", Tables: []string{"settings"}, Needs: []string{"sysctl"}, Command: sysctlCommand, Read: bsdnet.Settings},
	}
	if s.counters != "" {
		probes = append(probes, fleetnet.Probe{Name: "netstat-in", Slot: "interface-packets", Needs: []string{"netstat"}, Command: s.counters, Read: netstatI(s.os)})
	}
	if s.groups {
		probes = append(probes, fleetnet.Probe{Name: "ifmcstat", Slot: "groups", Tables: []string{"groups"}, Needs: []string{"ifmcstat"},
			Command: "ifmcstat", Lacks: []string{"groups.users"}, Read: ifmcstat(s.os)})
	}
	probes = append(probes, s.socketProbes()...)
	for i := range probes {
		probes[i].OS, probes[i].Name = s.os, s.os+"/"+probes[i].Name
	}
	return probes
}

// socketProbes asks for the sockets with their processes, or without them
// where the program that tells them is missing. What FreeBSD hides of others'
// sockets is asked for first.
func (s scanned) socketProbes() []fleetnet.Probe {
	lacks := netstatLacks
	if s.uids {
		lacks = infoLacks
	}
	probes := []fleetnet.Probe{
		{Name: "netstat", Slot: "sockets", Tables: []string{"sockets"}, Needs: []string{"netstat", s.holders}, Root: true,
			Command: s.sockets, Lacks: lacks, Read: SocketsAndHolders(s.os)},
		{Name: "netstat-alone", Slot: "sockets", Tables: []string{"sockets"}, Needs: []string{"netstat"}, Root: true,
			Command: aloneCommand(s.sockets), Lacks: netstatLacks, Read: netstat(s.os)},
	}
	if s.os == "freebsd" {
		probes = append(probes, fleetnet.Probe{Name: "hidden", Slot: "hidden-sockets", Needs: []string{"sysctl", "id"}, Root: true, Command: hiddenCommand, Read: Hidden})
	}
	if s.queues != "" {
		probes = append(probes, fleetnet.Probe{Name: "netstat-L", Slot: "listen-queues", Needs: []string{"netstat"}, Root: true, Command: s.queues, Read: netstat(s.os)})
	}
	return probes
}
