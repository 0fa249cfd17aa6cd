package parsers_test

import (
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers"
)

// TestGapsOfSessions asserts what the commands of a session decide together, and
// what they do not.
func TestGapsOfSessions(t *testing.T) {
	rows := map[string]string{
		"ss":      "State  Recv-Q Send-Q Local Address:Port Peer Address:Port\n",
		"netstat": "Active Internet connections\nProto Recv-Q Send-Q Local Address           Foreign Address         State\n",
	}
	const (
		tcp4, udp4       = "LISTEN 0      128       10.20.0.5:22        0.0.0.0:*\n", "UNCONN 0      0         10.20.0.5:123       0.0.0.0:*\n"
		udp6             = "UNCONN 0      0          [fe80::5]%eth0:123          [::]:*\n"
		netTCP4, netUDP4 = "tcp        0      0 10.20.0.5:22            0.0.0.0:*               LISTEN\n", "udp        0      0 10.20.0.5:123           0.0.0.0:*\n"
	)
	listeners := fleetnet.Selection{"state": {"LISTEN", "UNCONN"}}
	tests := []struct {
		name, text string
		table      string
		about      fleetnet.Selection
		want       fleetnet.Status
	}{
		{"listeners", "$ ss -tln\n" + rows["ss"] + tcp4 + "$ ss -uln\n" + rows["ss"] + udp4, "sockets", listeners, fleetnet.StatusComplete},
		{"the view of them", "$ ss -tln\n" + rows["ss"] + tcp4 + "$ ss -uln\n" + rows["ss"] + udp4, "listeners", nil, fleetnet.StatusComplete},
		{"connections of listeners", "$ ss -tln\n" + rows["ss"] + tcp4 + "$ ss -uln\n" + rows["ss"] + udp4, "sockets", nil, fleetnet.StatusPartial},
		{"one of them alone", "$ ss -tln\n" + rows["ss"] + tcp4, "sockets", listeners, fleetnet.StatusPartial},
		{"all of both", "$ ss -tan\n" + rows["ss"] + tcp4 + "$ ss -uan\n" + rows["ss"] + udp4, "sockets", nil, fleetnet.StatusComplete},
		{"netstat", "$ netstat -tln\n" + rows["netstat"] + netTCP4 + "$ netstat -uln\n" + rows["netstat"] + netUDP4, "sockets", listeners, fleetnet.StatusComplete},
		{"other families", "$ ss -4tan\n" + rows["ss"] + tcp4 + "$ ss -6uan\n" + rows["ss"] + udp6, "sockets", nil, fleetnet.StatusPartial},
		{"a filter", "$ ss -tan | grep 22\n" + rows["ss"] + tcp4 + "$ ss -uan\n" + rows["ss"] + udp4, "sockets", nil, fleetnet.StatusPartial},
		{"lines that cannot be read", "$ ss -tan\n" + rows["ss"] + tcp4 + "LISTEN 0 oops\n$ ss -uan\n" + rows["ss"] + udp4, "sockets", nil, fleetnet.StatusPartial},
		{"routes of both families", "$ ip -4 route\n10.20.0.0/24 dev eth0\n$ ip -6 route\nfe80::/64 dev eth0 metric 256\n", "routes", fleetnet.Selection{"table": {"main"}}, fleetnet.StatusComplete},
		{"routes of one family", "$ ip -4 route\n10.20.0.0/24 dev eth0\n", "routes", fleetnet.Selection{"table": {"main"}}, fleetnet.StatusPartial},
		{"routes of all tables", "$ ip -4 route\n10.20.0.0/24 dev eth0\n$ ip -6 route\nfe80::/64 dev eth0 metric 256\n", "routes", nil, fleetnet.StatusPartial},
	}
	for _, tt := range tests {
		told, err := parsers.Tell([]byte(tt.text), parsers.Asked{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		snap := fleetnet.NewSnapshot("")
		if _, err := told.Read(snap); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		table, _ := fleetnet.TableNamed(tt.table)
		if c := table.KnownAbout(snap, tt.about); c.Status != tt.want {
			t.Errorf("%s: %s, want %s: %+v", tt.name, c.Status, tt.want, snap.Coverage)
		}
	}
}
