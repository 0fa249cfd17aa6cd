package fleetnet_test

import (
	"reflect"
	"testing"

	"github.com/fleetnet/fleetnet"
)

// TestKnownAbout asserts which questions an output decides that tells only some rows.
func TestKnownAbout(t *testing.T) {
	tcp := fleetnet.Selection{"proto": {"tcp"}}
	all := func(also fleetnet.Coverage) *fleetnet.Snapshot {
		s := fleetnet.NewSnapshot("web1")
		s.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusComplete})
		also.Table, also.Status = "sockets", fleetnet.StatusPartial
		s.Cover(also)
		return s
	}
	onlyTCP := all(fleetnet.Coverage{Except: tcp})
	connections := all(fleetnet.Coverage{Except: fleetnet.Selection{"proto": {"tcp", "udp"}, "state": {"ESTABLISHED", "CLOSE_WAIT"}}})
	both := all(fleetnet.Coverage{Except: fleetnet.Selection{"proto": {"tcp", "udp"}}})
	scan := fleetnet.NewSnapshot("web1")
	scan.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusComplete})
	unix := fleetnet.NewSnapshot("web1")
	unix.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusComplete})
	unix.Sockets = []fleetnet.Socket{{Proto: "unix"}}
	tests := []struct {
		name  string
		of    *fleetnet.Snapshot
		table string
		asked fleetnet.Selection
		want  fleetnet.Status
	}{
		{"tcp of tcp", onlyTCP, "sockets", tcp, fleetnet.StatusComplete},
		{"udp of tcp", onlyTCP, "sockets", fleetnet.Selection{"proto": {"udp"}}, fleetnet.StatusPartial},
		{"tcp or udp of tcp", onlyTCP, "sockets", fleetnet.Selection{"proto": {"tcp", "udp"}}, fleetnet.StatusPartial},
		{"all of tcp", onlyTCP, "sockets", nil, fleetnet.StatusPartial},
		{"a state that only tcp has", onlyTCP, "sockets", fleetnet.Selection{"state": {"CLOSE_WAIT"}}, fleetnet.StatusComplete},
		{"a state that others have", onlyTCP, "sockets", fleetnet.Selection{"state": {"ESTABLISHED"}}, fleetnet.StatusPartial},
		{"listeners of tcp", onlyTCP, "listeners", tcp, fleetnet.StatusComplete},
		{"listeners in LISTEN", onlyTCP, "listeners", fleetnet.Selection{"state": {"LISTEN"}}, fleetnet.StatusComplete},
		{"all listeners of tcp", onlyTCP, "listeners", nil, fleetnet.StatusPartial},
		{"listeners of connections", connections, "listeners", tcp, fleetnet.StatusPartial},
		{"a state of connections", connections, "sockets", fleetnet.Selection{"state": {"CLOSE_WAIT"}}, fleetnet.StatusComplete},
		{"another state of connections", connections, "sockets", fleetnet.Selection{"proto": {"tcp"}, "state": {"TIME_WAIT"}}, fleetnet.StatusPartial},
		{"any state of connections", connections, "sockets", tcp, fleetnet.StatusPartial},
		{"all of tcp and udp", both, "sockets", nil, fleetnet.StatusComplete},
		{"raw of tcp and udp", both, "sockets", fleetnet.Selection{"proto": {"raw"}}, fleetnet.StatusPartial},
		{"unix of tcp and udp", both, "sockets", fleetnet.Selection{"proto": {"unix"}}, fleetnet.StatusSkipped},
		{"unix of a scan", scan, "sockets", fleetnet.Selection{"proto": {"unix"}}, fleetnet.StatusSkipped},
		{"unix beside tcp of a scan", scan, "sockets", fleetnet.Selection{"proto": {"tcp", "unix"}}, fleetnet.StatusSkipped},
		{"unix where some are shown", unix, "sockets", fleetnet.Selection{"proto": {"unix"}}, fleetnet.StatusComplete},
		{"all of a scan", scan, "sockets", nil, fleetnet.StatusComplete},
	}
	for _, tt := range tests {
		table, _ := fleetnet.TableNamed(tt.table)
		if got := table.KnownAbout(tt.of, tt.asked).Status; got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestJoinGaps asserts what two outputs leave out together, where one entry can say it.
func TestJoinGaps(t *testing.T) {
	type sel = fleetnet.Selection
	gap := func(except sel) fleetnet.Coverage {
		return fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Except: except, Reason: "some"}
	}
	waiting := []string{"LISTEN", "UNCONN"}
	narrow, denied := gap(sel{"proto": {"udp"}}), gap(sel{"proto": {"udp"}})
	narrow.Family, denied.Status = "inet6", fleetnet.StatusDenied
	tests := []struct {
		name string
		a, b fleetnet.Coverage
		want sel // nil: they stay two
	}{
		{"two protocols", gap(sel{"proto": {"udp"}}), gap(sel{"proto": {"tcp"}}), sel{"proto": {"tcp", "udp"}}},
		{"two protocols, waiting", gap(sel{"proto": {"tcp"}, "state": waiting}), gap(sel{"proto": {"udp"}, "state": waiting}), sel{"proto": {"tcp", "udp"}, "state": waiting}},
		{"protocols that overlap", gap(sel{"proto": {"tcp", "udp"}}), gap(sel{"proto": {"tcp", "unix"}}), sel{"proto": {"tcp", "udp", "unix"}}},
		{"other states", gap(sel{"proto": {"tcp"}, "state": waiting}), gap(sel{"proto": {"udp"}, "state": {"ESTABLISHED"}}), nil},
		{"all states of one", gap(sel{"proto": {"tcp"}, "state": waiting}), gap(sel{"proto": {"udp"}}), nil},
		{"other fields", gap(sel{"proto": {"tcp"}}), gap(sel{"state": {"LISTEN"}}), nil},
		{"rows that are wholly missing", gap(sel{"proto": {"tcp"}}), gap(nil), nil},
		{"another family", gap(sel{"proto": {"tcp"}}), narrow, nil},
		{"another status", gap(sel{"proto": {"tcp"}}), denied, nil},
	}
	for _, tt := range tests {
		for _, pair := range [][2]fleetnet.Coverage{{tt.a, tt.b}, {tt.b, tt.a}} {
			got, ok := pair[0].Join(pair[1])
			if ok != (tt.want != nil) || !reflect.DeepEqual(got.Except, tt.want) {
				t.Errorf("%s: %v, %v", tt.name, got.Except, ok)
			}
		}
	}
}

// TestJoinGapsReason asserts that what two entries say is said once.
func TestJoinGapsReason(t *testing.T) {
	for _, tt := range [][3]string{
		{"only tcp", "only udp", "only tcp and only udp"},
		{"only tcp; with -l", "only udp; with -l", "only tcp and only udp; with -l"},
		{"only tcp; with -l", "only udp; without -a", "only tcp; with -l, and only udp; without -a"},
		{"same", "same", "same"},
	} {
		gap := func(proto, reason string) fleetnet.Coverage {
			return fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Except: fleetnet.Selection{"proto": {proto}}, Reason: reason}
		}
		if got, _ := gap("tcp", tt[0]).Join(gap("udp", tt[1])); got.Reason != tt[2] {
			t.Errorf("%q", got.Reason)
		}
	}
}

// TestDark asserts that a field that is not told stays so where rows are missing too.
func TestDark(t *testing.T) {
	s := fleetnet.NewSnapshot("web1")
	s.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusUnsupported, Fields: []string{"tcp_info"}})
	s.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Reason: "stopped after 3 rows"})
	table, _ := fleetnet.TableNamed("sockets")
	if got := table.Dark(s, "tcp_info.rtt_us").Status; got != fleetnet.StatusUnsupported {
		t.Errorf("tcp_info.rtt_us is %s", got)
	}
	if got := table.Dark(s, "pid").Status; got != fleetnet.StatusComplete {
		t.Errorf("pid is %s", got)
	}
}
