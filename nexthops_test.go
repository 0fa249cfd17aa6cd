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
