package rules

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/google/go-cmp/cmp"
)

// lines reads a probe's text, one row a line.
func lines(s *fleetnet.Snapshot, table, text string, row func(ref fleetnet.Ref)) {
	s.ReadBytes(fleetnet.Probe{Name: table, Tables: []string{table}, Read: func(in *fleetnet.Lines, _ *fleetnet.Snapshot) {
		for in.Next() {
			row(in.Ref())
			in.Row()
		}
	}}, []byte(text))
}

// twoDefaults has two default routes, the second through an interface without
// carrier and a gateway that does not answer.
func twoDefaults() *fleetnet.Snapshot {
	s := fleetnet.NewSnapshot("web1")
	s.Host.OS = "linux"
	lines(s, "interfaces", "link eth0 UP\nlink eth1 DOWN\n", func(ref fleetnet.Ref) {
		name := [...]string{"eth0", "eth1"}[len(s.Interfaces)]
		s.Interfaces = append(s.Interfaces, fleetnet.Interface{
			Name: name, Type: "ether", Flags: []string{"UP"}, Carrier: fleetnet.Some(name == "eth0"), Ref: ref,
			Addrs: []fleetnet.IfAddr{{Prefix: netip.MustParsePrefix("10.0.0.5/24")}},
		})
	})
	lines(s, "neighbors", "10.0.0.9 dev eth0 FAILED\n10.0.0.1 dev eth0 REACHABLE\n10.0.0.9 dev eth1 FAILED\n", func(ref fleetnet.Ref) {
		s.Neighbors = append(s.Neighbors, [...]fleetnet.Neighbor{
			{Addr: netip.MustParseAddr("10.0.0.9"), Interface: "eth0", State: "FAILED", Ref: ref},
			{Addr: netip.MustParseAddr("10.0.0.1"), Interface: "eth0", State: "REACHABLE", Ref: ref},
			{Addr: netip.MustParseAddr("10.0.0.9"), Interface: "eth1", State: "FAILED", Ref: ref},
		}[len(s.Neighbors)])
	})
	lines(s, "routes", "default via 10.0.0.1 dev eth0\ndefault via 10.0.0.9 dev eth1\n10.8.0.0/16 via 10.0.0.9 dev eth1\n", func(ref fleetnet.Ref) {
		n := len(s.Routes)
		s.Routes = append(s.Routes, fleetnet.Route{
			Family: "inet", Type: "unicast", Dst: netip.MustParsePrefix([...]string{"0.0.0.0/0", "0.0.0.0/0", "10.8.0.0/16"}[n]),
			Table: "main", Metric: fleetnet.Some(uint32(n)), Ref: ref,
			NextHops: []fleetnet.NextHop{{
				Gateway:   netip.MustParseAddr([...]string{"10.0.0.1", "10.0.0.9", "10.0.0.9"}[n]),
				Interface: [...]string{"eth0", "eth1", "eth1"}[n],
			}},
		})
	})
	return s
}

// A finding on routes shows the line of the interface, or of the neighbour,
// that proves it, and not the routes that are as they should be.
func TestEvidenceOfJoinedRows(t *testing.T) {
	got := map[string][]string{}
	for _, f := range builtinSet(t).Evaluate(twoDefaults(), Target{}) {
		for _, e := range f.Evidence {
			got[f.Rule] = append(got[f.Rule], e.Text)
		}
	}
	want := map[string][]string{
		"default-route-down-interface": {"default via 10.0.0.9 dev eth1", "link eth1 DOWN"},
		"gateway-failed":               {"default via 10.0.0.9 dev eth1", "10.0.0.9 dev eth1 FAILED", "10.8.0.0/16 via 10.0.0.9 dev eth1"},
		"no-carrier":                   {"link eth1 DOWN"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Rows that any() finds are shown, also when they are not the first.
func TestEvidenceIsWhatAnyFinds(t *testing.T) {
	s := fleetnet.NewSnapshot("web1")
	s.Host.OS = "linux"
	lines(s, "sockets", strings.Repeat("a line\n", 20), func(ref fleetnet.Ref) {
		port := uint16(1000 + len(s.Sockets))
		s.Sockets = append(s.Sockets, fleetnet.Socket{Proto: "tcp", Local: fleetnet.Endpoint{Port: port}, Ref: ref})
	})
	for alert, want := range map[string][]int{
		"any(rows, .local.port == 1012) or any(rows, .local.port > 1018)": {13, 20},
		"count > 3": {1, 2, 3, 4, 5},
		"count > 3 or any(rows, .local.port == 7)":                                 {1, 2, 3, 4, 5},
		"any(rows, .local.port > 1010)":                                            {12, 13, 14, 15, 16},
		"none(rows, .local.port == 7) and not any(rows, .local.port == 8)":         {1, 2, 3, 4, 5},
		"count(rows, .local.port == 1012) == 1 and any(rows, .local.port >= 1019)": {20},
	} {
		file := "rules: [{id: r, title: t, from: sockets, alert: \"" + alert + "\"}]"
		set, err := Load(write(t, "r.yaml", file))
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, f := range set.Evaluate(s, Target{}) {
			if f.Rule == "r" {
				for _, e := range f.Evidence {
					got = append(got, e.Line)
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(alert, diff)
		}
	}
}
