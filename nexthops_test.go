package fleetnet_test

import (
	"net/netip"
	"testing"

	"github.com/fleetnet/fleetnet"
)

// oneDefault is a host with one default route through gw over eth0.
func oneDefault(gw string, change func(*fleetnet.Snapshot)) *fleetnet.Snapshot {
	s := fleetnet.NewSnapshot("web1")
	s.Interfaces = []fleetnet.Interface{{
		Name: "eth0", Flags: []string{"UP", "LOWER_UP"}, OperState: "UP", Carrier: fleetnet.Some(true),
		Addrs: []fleetnet.IfAddr{{Prefix: netip.MustParsePrefix("10.0.0.7/24")}},
	}}
	s.Routes = []fleetnet.Route{{
		Family: "inet", Type: "unicast", Dst: netip.MustParsePrefix("0.0.0.0/0"), Table: "main",
		NextHops: []fleetnet.NextHop{{Gateway: netip.MustParseAddr(gw), Interface: "eth0"}},
	}}
	if change != nil {
		change(s)
	}
	return s
}

func TestNextHops(t *testing.T) {
	for name, tc := range map[string]struct {
		snap                *fleetnet.Snapshot
		up, onLink, gwState string
	}{
		"healthy":            {oneDefault("10.0.0.1", nil), "true", "true", ""},
		"gateway off link":   {oneDefault("10.9.0.1", nil), "true", "false", ""},
		"link-local gateway": {oneDefault("fe80::1", nil), "true", "true", ""},
		"onlink flag": {oneDefault("10.9.0.1", func(s *fleetnet.Snapshot) {
			s.Routes[0].NextHops[0].Flags = []string{"onlink"}
		}), "true", "true", ""},
		"connected by a route": {oneDefault("10.9.0.1", func(s *fleetnet.Snapshot) {
			s.Routes = append(s.Routes, fleetnet.Route{Family: "inet", Type: "unicast", Dst: netip.MustParsePrefix("10.9.0.1/32"),
				NextHops: []fleetnet.NextHop{{Interface: "eth0"}}})
		}), "true", "true", ""},
		"no carrier": {oneDefault("10.0.0.1", func(s *fleetnet.Snapshot) {
			s.Interfaces[0].Carrier = fleetnet.Some(false)
		}), "false", "true", ""},
		"interface not read": {oneDefault("10.0.0.1", func(s *fleetnet.Snapshot) {
			s.Interfaces[0].Name = "eth9"
		}), "", "false", ""},
		"gateway failed": {oneDefault("10.0.0.1", func(s *fleetnet.Snapshot) {
			s.Neighbors = []fleetnet.Neighbor{{Addr: netip.MustParseAddr("10.0.0.1"), Interface: "eth0", State: "FAILED"}}
		}), "true", "true", "FAILED"},
		"arp tells its address": {oneDefault("10.0.0.1", func(s *fleetnet.Snapshot) {
			s.Neighbors = []fleetnet.Neighbor{{Addr: netip.MustParseAddr("10.0.0.1"), MAC: "52:54:00:00:00:01"}}
		}), "true", "true", "RESOLVED"},
		"an entry that tells nothing": {oneDefault("10.0.0.1", func(s *fleetnet.Snapshot) {
			s.Neighbors = []fleetnet.Neighbor{{Addr: netip.MustParseAddr("10.0.0.1")}}
		}), "true", "true", ""},
		"link down, says the route": {oneDefault("10.0.0.1", func(s *fleetnet.Snapshot) {
			s.Interfaces, s.Routes[0].NextHops[0].Flags = nil, []string{"linkdown"}
		}), "false", "false", ""},
		"on the link of another interface": {oneDefault("10.1.0.1", func(s *fleetnet.Snapshot) {
			s.Interfaces = append(s.Interfaces, fleetnet.Interface{Name: "eth1", Addrs: []fleetnet.IfAddr{{Prefix: netip.MustParsePrefix("10.1.0.7/24")}}})
		}), "true", "false", ""},
		"no interface named": {oneDefault("10.1.0.1", func(s *fleetnet.Snapshot) {
			s.Routes[0].NextHops[0].Interface = ""
			s.Interfaces = append(s.Interfaces, fleetnet.Interface{Name: "eth1", Addrs: []fleetnet.IfAddr{{Prefix: netip.MustParsePrefix("10.1.0.7/24")}}})
			s.Neighbors = []fleetnet.Neighbor{{Addr: netip.MustParseAddr("10.1.0.1"), Interface: "eth1", State: "STALE"}}
		}), "", "true", "STALE"},
		"far end of a point-to-point link": {oneDefault("192.0.2.9", func(s *fleetnet.Snapshot) {
			s.Interfaces[0].Addrs = []fleetnet.IfAddr{{Prefix: netip.MustParsePrefix("192.0.2.1/32"), Peer: netip.MustParsePrefix("192.0.2.9/32")}}
		}), "true", "true", ""},
		"prefixes of the other family": {oneDefault("2001:db8::1", func(s *fleetnet.Snapshot) {
			s.Routes[0].Family, s.Routes[0].Dst = "inet6", netip.MustParsePrefix("::/0")
		}), "true", "false", ""},
		"two rows of one interface, the first without a state": {oneDefault("10.0.0.1", func(s *fleetnet.Snapshot) {
			s.Interfaces = append([]fleetnet.Interface{{Name: "eth0"}}, s.Interfaces...)
		}), "true", "true", ""},
		"neighbour of another interface": {oneDefault("10.0.0.1", func(s *fleetnet.Snapshot) {
			s.Neighbors = []fleetnet.Neighbor{{Addr: netip.MustParseAddr("10.0.0.1"), Interface: "eth1", State: "FAILED"}}
		}), "true", "true", ""},
	} {
		t.Run(name, func(t *testing.T) {
			table, _ := fleetnet.TableNamed("next_hops")
			rows := table.Rows(tc.snap)
			get := func(field string) string {
				f, ok := table.Field(field)
				if !ok {
					t.Fatalf("no field %s", field)
				}
				return rows.Value(0, f).String()
			}
			if got := [3]string{get("interface_up"), get("gateway_on_link"), get("gateway_state")}; got != [3]string{tc.up, tc.onLink, tc.gwState} {
				t.Errorf("up, on link, state: %q; want %q %q %q", got, tc.up, tc.onLink, tc.gwState)
			}
		})
	}
}

// A listener's queues are known only where LISTEN rows carry them.
func TestListenersView(t *testing.T) {
	s := fleetnet.NewSnapshot("web1")
	s.Host.OS = "linux"
	s.Sockets = []fleetnet.Socket{
		{Proto: "tcp", State: fleetnet.StateListen, Local: fleetnet.Endpoint{Port: 22}, RecvQ: fleetnet.Some[uint64](3), SendQ: fleetnet.Some[uint64](128)},
		{Proto: "tcp", State: fleetnet.StateEstablished},
		{Proto: "udp", State: fleetnet.StateUnconn, Local: fleetnet.Endpoint{Port: 53}, RecvQ: fleetnet.Some[uint64](900)},
	}
	table, _ := fleetnet.TableNamed("listeners")
	rows := table.Rows(s)
	if rows.Len() != 2 {
		t.Fatalf("%d listeners, want 2", rows.Len())
	}
	queue, _ := table.Field("accept_queue")
	backlog, _ := table.Field("backlog")
	if got := rows.Value(0, queue).Int(); got != 3 {
		t.Errorf("accept queue %d", got)
	}
	if got := rows.Value(0, backlog).Int(); got != 128 {
		t.Errorf("backlog %d", got)
	}
	if rows.Value(1, queue).Known() {
		t.Error("bytes queued at a datagram socket are no accept queue")
	}
}

// Keys are equal exactly where values are, also where a tool printed a name.
func TestAppendKey(t *testing.T) {
	addr := func(s string) fleetnet.Endpoint { return fleetnet.Endpoint{Addr: netip.MustParseAddr(s)} }
	ends := []fleetnet.Endpoint{
		addr("10.0.0.1"), addr("10.0.0.2"), addr("::1"), addr("::ffff:10.0.0.1"), addr("0.0.0.0"), addr("::"), addr("fe80::1%eth0"), addr("fe80::1"),
		{}, {Name: "*"}, {Name: "10.0.0.1"}, {Name: "::1"}, {Name: "0:0::1"}, {Name: "gw"}, {Name: "gw.example"}, {Name: "010.0.0.1"}, addr("10.0.0.1"),
	}
	s := fleetnet.NewSnapshot("web1")
	for i, e := range ends {
		s.Sockets = append(s.Sockets, fleetnet.Socket{Proto: "tcp", Local: e, Peer: e})
		if i%2 == 0 {
			s.Sockets[i].Processes = []fleetnet.Process{{Name: e.Name, PID: i / 4}}
		}
	}
	for _, table := range []string{"sockets", "listeners"} {
		if table == "listeners" {
			for i := range s.Sockets {
				s.Sockets[i].State = fleetnet.StateListen
			}
		}
		tab, _ := fleetnet.TableNamed(table)
		rows := tab.Rows(s)
		for _, f := range tab.Fields {
			for i := range rows.Len() {
				if key := rows.AppendKey(nil, i, f); (len(key) == 1 && key[0] == 0) == rows.Value(i, f).Known() {
					t.Errorf("%s of row %d is %q, and its key %q", f.Name, i, rows.Value(i, f), key)
				}
				for j := range rows.Len() {
					same := rows.Value(i, f).Compare(rows.Value(j, f)) == 0 && rows.Value(i, f).String() == rows.Value(j, f).String()
					if got := string(rows.AppendKey(nil, i, f)) == string(rows.AppendKey(nil, j, f)); got != same {
						t.Errorf("%s: keys of %q and %q: equal %v", f.Name, rows.Value(i, f), rows.Value(j, f), got)
					}
				}
			}
		}
	}
}

// BenchmarkNextHops reads the view of a router, and of a node with a route on
// the link and a gateway for each of its neighbours.
func BenchmarkNextHops(b *testing.B) {
	const routes = 200_000
	for name, gateways := range map[string]int{"gateways=4": 4, "gateways=200000": routes} {
		s := oneDefault("10.0.0.1", nil)
		for i := range routes {
			via := netip.AddrFrom4([4]byte{10, byte(i % gateways >> 16), byte(i % gateways >> 8), byte(i % gateways)})
			dst := netip.AddrFrom4([4]byte{byte(11 + i>>16), byte(i >> 8), byte(i), 0})
			r := fleetnet.Route{Family: "inet", Type: "unicast", Dst: netip.PrefixFrom(dst, 24), NextHops: []fleetnet.NextHop{{Gateway: via, Interface: "eth0"}}}
			s.Routes = append(s.Routes, r)
			if i < gateways {
				r.Dst, r.NextHops = netip.PrefixFrom(via, 32), []fleetnet.NextHop{{Interface: "eth0"}}
				s.Routes = append(s.Routes, r)
			}
		}
		b.Run(name, func(b *testing.B) {
			table, _ := fleetnet.TableNamed("next_hops")
			b.ReportAllocs()
			for b.Loop() {
				table.Rows(s)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/routes, "ns/route")
		})
	}
}
