package fleetnet

import "net/netip"

// Neighbor is an entry of the ARP or NDP table.
type Neighbor struct {
	Addr      netip.Addr `json:"addr"` // without a zone
	MAC       string     `json:"mac,omitzero"`
	Interface string     `json:"interface,omitzero"`
	State     string     `json:"state,omitzero"` // REACHABLE, STALE, DELAY, PROBE, FAILED, INCOMPLETE, PERMANENT, NOARP; empty: the tool tells none
	Flags     []string   `json:"flags,omitzero"` // router, proxy, extern_learn, offload
	Ref       Ref        `json:"-"`
}

// Group is the membership of an interface in a multicast group.
type Group struct {
	Interface string      `json:"interface"`
	Group     netip.Addr  `json:"group,omitzero"` // an IP group; invalid for a link-layer group
	MAC       string      `json:"mac,omitzero"`   // a link-layer group
	Users     Opt[uint32] `json:"users,omitzero"`
	Ref       Ref         `json:"-"`
}

// Counter is a protocol counter under its MIB name: Tcp.RetransSegs,
// TcpExt.ListenOverflows, Udp.RcvbufErrors, Ip6.InReceives.
type Counter struct {
	Name  string `json:"name"`
	Value int64  `json:"value"` // signed: Tcp.MaxConn is -1 on Linux
	Ref   Ref    `json:"-"`
}

// Setting is a kernel setting: tcp_fin_timeout, somaxconn, nf_conntrack_max.
// Linux names lose the prefixes net.ipv4., net.core. and net.netfilter.; the
// other names under net. keep everything after it (ipv6.conf.all.forwarding).
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"` // fields separated by one blank
	Ref   Ref    `json:"-"`
}

// SettingEphemeralPorts is the setting that every system has under this name:
// "FIRST-LAST", the ports that outgoing connections take.
const SettingEphemeralPorts = "ephemeral_ports"
