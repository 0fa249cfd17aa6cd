package parsers_test

import (
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers"
)

// TestTellFences: what people write between the outputs of a ticket is none of
// them, and an output that they show without its command is one.
func TestTellFences(t *testing.T) {
	const fence = "```\n"
	const sockets = "State  Recv-Q Send-Q Local Address:Port Peer Address:Port\nLISTEN 0      128       10.20.0.5:22        0.0.0.0:*\n"
	const routes = "default via 10.20.0.1 dev eth0\n10.20.0.0/24 dev eth0 proto kernel scope link src 10.20.0.5\n"
	tests := []struct {
		name, text             string
		sockets, routes, notes int
	}{
		{"prose between", "Here they are:\n\n" + fence + "$ ss -tln\n" + sockets + fence + "\nOnly 22 listens.\nAnd the routes:\n\n" + fence + "$ ip route\n" + routes + fence + "Thanks!\n", 1, 2, 3},
		{"the command above its fence", "$ ss -tln\n" + fence + sockets + fence + "Only 22 listens.\n", 1, 0, 1},
		{"an output without its command", "$ ss -tln\n" + fence + sockets + fence + "\n" + fence + routes + fence, 1, 2, 0},
		{"a fence of shell", "```sh\n$ ss -tln\n" + sockets + fence, 1, 0, 0},
	}
	for _, tt := range tests {
		told, err := parsers.Tell([]byte(tt.text), parsers.Asked{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		snap := fleetnet.NewSnapshot("")
		accounts, err := told.Read(snap)
		errors := 0
		for _, a := range accounts {
			errors += int(a.Errors)
		}
		if err != nil || errors > 0 || len(snap.Sockets) != tt.sockets || len(snap.Routes) != tt.routes || len(told.Passed) != tt.notes {
			t.Errorf("%s: %d sockets, %d routes, %d lines not read, passed over %v, %v", tt.name, len(snap.Sockets), len(snap.Routes), errors, told.Passed, err)
		}
	}
}
