package darwin_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/darwin"
)

const (
	complete = fleetnet.StatusComplete
	partial  = fleetnet.StatusPartial
	skipped  = fleetnet.StatusSkipped
)

// TestCoverage asks what is known of a table, and of its rows of IPv4 and of
// IPv6, after the output of a command that asked for some rows.
func TestCoverage(t *testing.T) {
	const (
		routes   = "Internet:\nDestination Gateway Flags Netif Expire\ndefault 10.31.7.1 UGScg en0\n"
		routes6  = "Internet6:\nDestination Gateway Flags Netif Expire\ndefault fe80::1%en0 UGcg en0\n"
		found    = "   route to: default\ndestination: default\n    gateway: 10.31.7.1\n  interface: en0\n      flags: <UP,GATEWAY>\n"
		links    = "Name Mtu Network Address Ipkts Ierrs Opkts Oerrs Coll\nlo0 16384 <Link#1> 7 0 7 0 0\n"
		ifconfig = "lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384\n\tinet 127.0.0.1 netmask 0xff000000\n"
		arp      = "? (10.31.7.1) at 0:1f:5b:3c:91:a on en0 ifscope [ethernet]\n"
		ndp      = "fe80::1%en0 0:1f:5b:3c:91:a en0 3s R R\n"
		tcp      = "tcp:\n\t7 packets sent\n"
		groups   = "224.0.0.1 1:0:5e:0:0:1 en0\n"
	)
	for _, tc := range []struct {
		command, output, table, field string
		all, inet, inet6              fleetnet.Status
	}{
		{"netstat -rn", routes + routes6, "routes", "", complete, complete, complete},
		{"netstat -rn -f inet", routes, "routes", "", partial, complete, partial},
		{"netstat -rn -f inet6", routes6, "routes", "", partial, partial, complete},
		{"route -n get default", found, "routes", "", partial, partial, partial},
		{"route -n get 10.9.9.9", "route: writing to routing socket: not in table\n", "routes", "", partial, partial, partial},
		{"netstat -in", links, "interfaces", "", complete, complete, complete},
		{"netstat -I lo0 -n", links, "interfaces", "", partial, partial, partial},
		{"ifconfig -a", ifconfig, "interfaces", "", complete, complete, complete},
		{"ifconfig", ifconfig, "interfaces", "", complete, complete, complete},
		{"ifconfig lo0", ifconfig, "interfaces", "", partial, partial, partial},
		{"ifconfig -u", ifconfig, "interfaces", "", partial, partial, partial},
		{"ifconfig -a inet", ifconfig, "interfaces", "", complete, complete, complete},
		{"ifconfig -a inet", ifconfig, "interfaces", "addrs", partial, partial, partial},
		{"arp -an", arp, "neighbors", "", partial, complete, partial},
		{"arp -an -i en0", arp, "neighbors", "", partial, partial, partial},
		{"arp -n 10.31.7.1", arp, "neighbors", "", partial, partial, partial},
		{"ndp -an", ndp, "neighbors", "", partial, partial, complete},
		{"netstat -s", tcp, "counters", "", complete, complete, complete},
		{"netstat -s -p tcp", tcp, "counters", "", partial, partial, partial},
		{"netstat -m", "7/9 mbufs in use:\n", "counters", "", partial, partial, partial},
		{"netstat -gn", groups, "groups", "", complete, complete, complete},
		{"netstat -gn -f inet", groups, "groups", "", partial, complete, partial},
		{"netstat -an -f inet", scanSockets, "sockets", "", partial, complete, partial},
		{"netstat -an -p tcp", scanSockets, "sockets", "", partial, partial, partial},
		{"netstat -n", scanSockets, "sockets", "", partial, partial, partial},
		{"netstat -Lan", scanQueues, "sockets", "", partial, partial, partial},
		{"arp -an | grep en0", arp, "neighbors", "", partial, partial, partial},
		{"sysctl net.inet", "net.inet.tcp.msl: 15000\n", "neighbors", "", skipped, skipped, skipped},
	} {
		s := read(t, tc.command, tc.output)
		var fields []string
		if tc.field != "" {
			fields = []string{tc.field}
		}
		got := [3]fleetnet.Status{s.Known(tc.table, fields...).Status, s.KnownOf("inet", tc.table, fields...).Status, s.KnownOf("inet6", tc.table, fields...).Status}
		if want := [3]fleetnet.Status{tc.all, tc.inet, tc.inet6}; got != want {
			t.Errorf("%s: %s %s of all, inet and inet6: %v, want %v", tc.command, tc.table, tc.field, got, want)
		}
	}
}

// TestCoverageOfSockets asks of some sockets after a command that asked for
// some.
func TestCoverageOfSockets(t *testing.T) {
	listen := fleetnet.Selection{"proto": {"tcp"}, "state": {"LISTEN"}}
	open := fleetnet.Selection{"proto": {"tcp"}, "state": {"ESTABLISHED"}}
	udp := fleetnet.Selection{"proto": {"udp"}}
	table, _ := fleetnet.TableNamed("sockets")
	for _, tc := range []struct {
		command           string
		listen, open, udp fleetnet.Status
	}{
		{"netstat -an", complete, complete, complete},
		{"netstat -an -p tcp", complete, complete, partial},
		{"netstat -an -p udp", partial, partial, complete},
		{"netstat -n", partial, complete, partial},
		{"netstat -Lan", complete, partial, partial},
	} {
		output := scanSockets
		if strings.Contains(tc.command, "L") {
			output = scanQueues
		}
		s := read(t, tc.command, output)
		got := [3]fleetnet.Status{table.KnownAbout(s, listen).Status, table.KnownAbout(s, open).Status, table.KnownAbout(s, udp).Status}
		if want := [3]fleetnet.Status{tc.listen, tc.open, tc.udp}; got != want {
			t.Errorf("%s: listeners, connections and UDP: %v, want %v", tc.command, got, want)
		}
	}
}

// read reads an output of a command that was typed.
func read(t *testing.T, command, output string) *fleetnet.Snapshot {
	t.Helper()
	words := strings.Fields(command)
	s := fleetnet.NewSnapshot("mac1")
	i := slices.IndexFunc(darwin.Dialects(), func(d fleetnet.Dialect) bool {
		return d.Program == words[0] && (d.Accepts == nil || d.Accepts(words[1:]))
	})
	if i < 0 {
		t.Fatalf("%s is not read", command)
	}
	if acct := s.ReadBytes(darwin.Dialects()[i].Probe(command), []byte(output)); acct.Errors > 0 {
		t.Errorf("%s: %v", command, acct.First[0])
	}
	return s
}
