package parsers

import (
	"testing"

	"github.com/fleetnet/fleetnet"
)

// TestLookupBesideTable reads a session in which a route was looked up that the
// table lists as well.
func TestLookupBesideTable(t *testing.T) {
	const session = "root@web1:~# ip route\n" +
		"default via 10.6.0.254 dev ens5 proto dhcp metric 100\n" +
		"root@web1:~# ip route get 198.51.100.7\n" +
		"198.51.100.7 via 10.6.0.254 dev ens5 src 10.6.0.2 uid 1000 \n    cache \n"
	told, err := Tell([]byte(session), Asked{})
	if err != nil {
		t.Fatal(err)
	}
	snap := fleetnet.NewSnapshot("web1")
	if _, err := told.Read(snap); err != nil || len(snap.Routes) != 2 {
		t.Errorf("%d routes, %v; want 2", len(snap.Routes), err)
	}
}

// TestLookupOnMac reads the same of macOS, whose lookup of a route that the
// table lists adds none.
func TestLookupOnMac(t *testing.T) {
	const table = "anna@mac1 ~ % netstat -rn -f inet\n" +
		"Routing tables\n\nInternet:\nDestination        Gateway            Flags               Netif Expire\n" +
		"default            10.6.0.254         UGScg                 en0\n"
	const lookup = "anna@mac1 ~ % route -n get default\n" +
		"   route to: default\ndestination: default\n       mask: default\n    gateway: 10.6.0.254\n" +
		"  interface: en0\n      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>\n"
	for _, session := range []string{table + lookup, lookup + table} {
		told, err := Tell([]byte(session), Asked{})
		if err != nil {
			t.Fatal(err)
		}
		snap := fleetnet.NewSnapshot("mac1")
		accounts, err := told.Read(snap)
		if err != nil || len(snap.Routes) != 1 || len(accounts) != 2 {
			t.Errorf("%d routes, %v; want 1", len(snap.Routes), err)
			continue
		}
		if c := snap.KnownOf("inet", "routes", "dst"); c.Status != fleetnet.StatusComplete {
			t.Errorf("routes are %s: %s", c.Status, c.Reason)
		}
		if e := snap.Evidence(snap.Routes[0].Ref); e.Command != "netstat -rn -f inet" {
			t.Errorf("the route is that of %q", e.Command)
		}
	}
}

// TestOwnersBesideTable reads sessions in which lsof tells of sockets that netstat
// lists: it adds their processes; of one that netstat does not list it is refused.
func TestOwnersBesideTable(t *testing.T) {
	const table = "anna@mac1 ~ % netstat -an -p tcp\nActive Internet connections (including servers)\n" +
		"Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)    \n" +
		"tcp46      0      0  *.9090                 *.*                    LISTEN     \n" +
		"tcp4       0      0  10.6.0.2.50201         10.6.0.9.443           ESTABLISHED\n"
	const owners = "anna@mac1 ~ % lsof -nP -i tcp\n" +
		"COMMAND     PID       USER   FD   TYPE             DEVICE SIZE/OFF NODE NAME\n" +
		"proxyd    41902       anna   17u  IPv6 0xb6a1ec2ce64a7433      0t0  TCP *:9090 (LISTEN)\n"
	const other = "proxyd    41902       anna   18u  IPv4 0xb6a1ec2ce64a9001      0t0  TCP 10.6.0.2:50333->10.6.0.9:443 (ESTABLISHED)\n"
	for _, session := range []string{table + owners, owners + table} {
		told, err := Tell([]byte(session), Asked{})
		if err != nil {
			t.Fatal(err)
		}
		snap := fleetnet.NewSnapshot("mac1")
		if _, err := told.Read(snap); err != nil || len(snap.Sockets) != 2 {
			t.Fatalf("%d sockets, %v; want 2", len(snap.Sockets), err)
		}
		if p := snap.Sockets[0].Processes; len(p) != 1 || p[0].PID != 41902 || p[0].Name != "proxyd" || len(snap.Sockets[1].Processes) != 0 {
			t.Errorf("processes %+v and %+v", p, snap.Sockets[1].Processes)
		}
	}
	told, err := Tell([]byte(table+owners+other), Asked{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := told.Read(fleetnet.NewSnapshot("mac1")); err == nil {
		t.Error("a socket that netstat does not list was left out, or counted beside those that it does")
	}
}
