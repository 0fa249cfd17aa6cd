package fleetnet

import "net/netip"

// Interface is one network interface of a host.
type Interface struct {
	Name      string      `json:"name"`
	Index     Opt[int]    `json:"index,omitzero"`
	Aliases   []string    `json:"aliases,omitzero"` // altname, ifalias
	Type      string      `json:"type,omitzero"`    // ether, loopback, ppp, none …; the word after `link/`
	MAC       string      `json:"mac,omitzero"`     // lower case, colons, whole octets; empty when there is none
	MTU       Opt[int]    `json:"mtu,omitzero"`
	Flags     []string    `json:"flags,omitzero"`      // capitals, in the tool's order: UP, BROADCAST, RUNNING, LOWER_UP …
	OperState string      `json:"oper_state,omitzero"` // UP, DOWN, UNKNOWN, LOWERLAYERDOWN, DORMANT, TESTING, NOTPRESENT (RFC 2863)
	Carrier   Opt[bool]   `json:"carrier,omitzero"`    // false also when the tool prints NO-CARRIER
	Master    string      `json:"master,omitzero"`     // bridge, bond or VRF that it belongs to
	Parent    string      `json:"parent,omitzero"`     // lower device: eth0 of eth0.100@eth0
	SpeedMbps Opt[int]    `json:"speed_mbps,omitzero"` // unknown when the driver reports none
	Duplex    string      `json:"duplex,omitzero"`
	Addrs     []IfAddr    `json:"addrs,omitzero"`
	Counters  *IfCounters `json:"counters,omitzero"` // nil: not read
	Ref       Ref         `json:"-"`
}

// IfAddr is an address of an interface.
type IfAddr struct {
	Prefix netip.Prefix `json:"prefix,omitzero"` // the address with its prefix length, not masked; zero when the length is unknown
	Addr   netip.Addr   `json:"addr,omitzero"`   // the address whose prefix length is unknown (ipconfig shows none of IPv6), else zero
	Peer   netip.Prefix `json:"peer,omitzero"`   // the far end of a point-to-point link
	Scope  string       `json:"scope,omitzero"`  // global, link, host, site
	Flags  []string     `json:"flags,omitzero"`  // secondary, tentative, dadfailed, deprecated, temporary, dynamic …
}

// Address returns the address, whether or not its prefix length is known.
func (a IfAddr) Address() netip.Addr {
	if a.Prefix.IsValid() {
		return a.Prefix.Addr()
	}
	return a.Addr
}

// String returns the address as it is shown: with its prefix length, if known.
func (a IfAddr) String() string {
	if a.Prefix.IsValid() {
		return a.Prefix.String()
	}
	return a.Addr.String()
}

// IfCounters are an interface's totals since it came up. On Linux rx_frame,
// rx_overruns and tx_carrier are also part of rx_errors and tx_errors.
type IfCounters struct {
	RxBytes    Opt[uint64] `json:"rx_bytes,omitzero"`
	RxPackets  Opt[uint64] `json:"rx_packets,omitzero"`
	RxErrors   Opt[uint64] `json:"rx_errors,omitzero"`
	RxDropped  Opt[uint64] `json:"rx_dropped,omitzero"`
	RxOverruns Opt[uint64] `json:"rx_overruns,omitzero"`
	RxFrame    Opt[uint64] `json:"rx_frame,omitzero"`
	TxBytes    Opt[uint64] `json:"tx_bytes,omitzero"`
	TxPackets  Opt[uint64] `json:"tx_packets,omitzero"`
	TxErrors   Opt[uint64] `json:"tx_errors,omitzero"`
	TxDropped  Opt[uint64] `json:"tx_dropped,omitzero"`
	TxOverruns Opt[uint64] `json:"tx_overruns,omitzero"`
	TxCarrier  Opt[uint64] `json:"tx_carrier,omitzero"`
	Collisions Opt[uint64] `json:"collisions,omitzero"`
	Ref        Ref         `json:"-"` // the line that tells them, where it is not the interface's own
}

// HasFlag reports whether the interface carries the flag.
func (i *Interface) HasFlag(flag string) bool {
	for _, f := range i.Flags {
		if f == flag {
			return true
		}
	}
	return false
}
