package lab_test

import (
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
)

// TestFaults plants each fault in a host of its own and looks at it there with
// the host's own ss and ip.
func TestFaults(t *testing.T) {
	t.Parallel()
	cases := []struct {
		host    string
		fault   lab.Fault
		command string
		lines   int    // how many lines of the output have all of want
		want    string // words
	}{
		{"connections", lab.Connections(20).With("close-wait"), "ss -Htnp state established", 20, "backend"},
		{"close-wait", lab.CloseWaitLeak(700).As("leaky"), "ss -Htnp state close-wait", 700, `"leaky"`},
		{"stuck-listener", lab.StuckListener(5, 20).Port(9000), "ss -Htlnp", 1, "6 5 :9000 backend"},
		{"half-open", lab.HalfOpen(300), "ss -Htn state syn-recv", 300, ""},
		{"time-wait", lab.TimeWait(1900), "ss -Htn state time-wait", 1900, ":4"},
		{"fin-wait1", lab.FinWait1(30), "ss -Htno state fin-wait-1", 30, ""},
		{"fin-wait2", lab.FinWait2(30), "ss -Htn state fin-wait-2", 30, ""},
		{"last-ack", lab.LastAck(30), "ss -Htno state last-ack", 30, ""},
		{"syn-sent", lab.SynSent(30), "ss -Htnp state syn-sent", 30, "backend"},
		{"stuck-reader", lab.StuckReader(50000), "ss -Htnp state established", 1, "50000 backend"},
		{"stuck-sender", lab.StuckSender(8 << 20).As("pump"), "ss -Htnop state established", 1, "persist pump"},
		{"no-default", lab.NoDefaultRoute(), "ip -o route show default; ip -6 -o route show default; echo none", 1, "none"},
		{"wrong-mtu", lab.WrongMTU("eth0", 1400), "ip -o link show eth0", 1, "mtu 1400"},
		{"link-down", lab.LinkDown("eth1"), "ip -o link show eth1; ip route show default", 1, "NO-CARRIER state DOWN"},
		{"link-down-route", lab.LinkDown("eth1"), "ip route show default", 1, "eth1 linkdown"},
		{"two-defaults", lab.TwoDefaults(), "ip route show default", 2, "default via dev eth0"},
		{"off-link", lab.GatewayOffLink(), "ip route show default; ip -o -4 addr show eth0", 1, "default via 10.212"},
		{"gateway-failed", lab.GatewayFailed(), "ip neigh show nud failed", 1, ".3 FAILED"},
		{"extra-route", lab.ExtraRoute("10.99.0.0/16"), "ip route", 1, "10.99.0.0/16"},
		{"rx-errors", lab.RXErrors(7), "ip -o -s link show vxlan0", 1, "RX: 7"},
	}
	var hosts []lab.Host
	for _, c := range cases {
		hosts = append(hosts, lab.Host{Name: c.host})
	}
	f := lab.New(t, hosts...)
	f.Plant("time-wait", lab.PortRange(40000, 41999))
	for _, c := range cases {
		t.Run(c.host, func(t *testing.T) {
			f.Plant(c.host, c.fault)
			out, err := f.Exec(c.host, "sh", "-c", c.command)
			if n := countLines(out, c.want); err != nil || n != c.lines {
				t.Errorf("%s: %d lines with %q, want %d, %v:\n%s", c.command, n, c.want, c.lines, err, out)
			}
			t.Log(firstLine(out))
			if _, err := login(t, f, c.host, "true"); err != nil {
				t.Errorf("no login any more: %v", err)
			}
		})
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// countLines counts the lines of s that have all words.
func countLines(s, words string) int {
	n := 0
lines:
	for line := range strings.Lines(s) {
		for word := range strings.FieldsSeq(words) {
			if !strings.Contains(line, word) {
				continue lines
			}
		}
		n++
	}
	return n
}
