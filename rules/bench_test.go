package rules

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/fleetnet/fleetnet"
)

// busyHost is a host with n sockets: most of them established, one in ten in
// TIME_WAIT, some in each of the other states.
func busyHost(n int) *fleetnet.Snapshot {
	snap := fleetnet.NewSnapshot("busy")
	snap.Host.OS = "linux"
	snap.Settings = []fleetnet.Setting{{Name: fleetnet.SettingEphemeralPorts, Value: "32768-60999"}, {Name: "tcp_tw_reuse", Value: "2"}}
	states := []fleetnet.State{
		fleetnet.StateEstablished, fleetnet.StateEstablished, fleetnet.StateEstablished, fleetnet.StateTimeWait,
		fleetnet.StateEstablished, fleetnet.StateEstablished, fleetnet.StateEstablished, fleetnet.StateEstablished,
		fleetnet.StateFinWait1, fleetnet.StateFinWait2, fleetnet.StateCloseWait, fleetnet.StateLastAck,
	}
	snap.Sockets = make([]fleetnet.Socket, 0, n)
	for i := range n {
		snap.Sockets = append(snap.Sockets, fleetnet.Socket{
			Proto: "tcp", Family: "inet", State: states[i%len(states)],
			Local: fleetnet.Endpoint{Addr: netip.AddrFrom4([4]byte{10, 0, 0, 1}), Port: uint16(32768 + i%28000)},
			Peer:  fleetnet.Endpoint{Addr: netip.AddrFrom4([4]byte{10, 1, byte(i >> 8), byte(i)}), Port: 443},
			RecvQ: fleetnet.Some(uint64(i % 7)), SendQ: fleetnet.Some(uint64(i % 5)),
			Timer:     &fleetnet.Timer{Name: "on", Retransmits: fleetnet.Some(uint32(0))},
			Processes: []fleetnet.Process{{Name: fmt.Sprintf("worker%d", i%100), PID: 1000 + i%100}},
		})
	}
	for _, t := range []string{"sockets", "interfaces", "routes", "neighbors", "settings"} {
		snap.Cover(fleetnet.Coverage{Table: t, Status: fleetnet.StatusComplete})
	}
	return snap
}

// BenchmarkMillionSockets judges a host with 1,000,000 sockets by all built-in rules.
func BenchmarkMillionSockets(b *testing.B) {
	const sockets = 1_000_000
	snap, set := busyHost(sockets), builtinSet(b)
	b.ReportAllocs()
	for b.Loop() {
		set.Evaluate(snap, Target{})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/sockets, "ns/socket")
}

// BenchmarkOrdinaryHost judges a host with 300 sockets, as most are.
func BenchmarkOrdinaryHost(b *testing.B) {
	snap, set := busyHost(300), builtinSet(b)
	b.ReportAllocs()
	for b.Loop() {
		set.Evaluate(snap, Target{})
	}
}

// BenchmarkBuiltin loads the built-in rules, as each start does.
func BenchmarkBuiltin(b *testing.B) {
	for b.Loop() {
		if _, err := Builtin(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMillionDestinations is the dearest grouping: a million sockets in
// TIME_WAIT, each towards a destination of its own.
func BenchmarkMillionDestinations(b *testing.B) {
	const sockets = 1_000_000
	snap, set := busyHost(sockets), builtinSet(b)
	for i := range snap.Sockets {
		k := &snap.Sockets[i]
		k.State, k.Local.Port = fleetnet.StateTimeWait, 40000
		k.Peer.Addr = netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
	}
	b.ReportAllocs()
	for b.Loop() {
		set.Evaluate(snap, Target{})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/sockets, "ns/socket")
}

// fullTable is a router with n routes through four gateways, and a node of a
// cluster with as many addresses on its links as it has routes in ten.
func fullTable(n int) *fleetnet.Snapshot {
	snap := fleetnet.NewSnapshot("router")
	snap.Host.OS = "linux"
	for i := range 4 {
		name := fmt.Sprintf("eth%d", i)
		snap.Interfaces = append(snap.Interfaces, fleetnet.Interface{Name: name, Type: "ether", Flags: []string{"UP", "LOWER_UP"}, OperState: "UP",
			Addrs: []fleetnet.IfAddr{{Prefix: netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(64*i + 2)}), 26)}}})
		snap.Neighbors = append(snap.Neighbors, fleetnet.Neighbor{Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(64*i + 1)}), Interface: name, State: "REACHABLE"})
	}
	for i := range n {
		r := fleetnet.Route{Family: "inet", Type: "unicast", Table: "main", Metric: fleetnet.Some[uint32](0), Proto: "bird"}
		ip := netip.AddrFrom4([4]byte{byte(1 + i>>16), byte(i >> 8), byte(i), 0})
		r.Dst, r.NextHops = netip.PrefixFrom(ip, 24), []fleetnet.NextHop{{Gateway: snap.Neighbors[i%4].Addr, Interface: snap.Interfaces[i%4].Name}}
		if i%10 == 0 {
			r.Dst, r.NextHops = netip.PrefixFrom(ip, 32), []fleetnet.NextHop{{Interface: fmt.Sprintf("cali%d", i)}}
		}
		snap.Routes = append(snap.Routes, r)
	}
	for _, t := range []string{"interfaces", "routes", "neighbors", "sockets"} {
		snap.Cover(fleetnet.Coverage{Table: t, Status: fleetnet.StatusComplete})
	}
	return snap
}

// BenchmarkFullTable judges a router with 200,000 routes.
func BenchmarkFullTable(b *testing.B) {
	const routes = 200_000
	snap, set := fullTable(routes), builtinSet(b)
	b.ReportAllocs()
	for b.Loop() {
		set.Evaluate(snap, Target{})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/routes, "ns/route")
}
