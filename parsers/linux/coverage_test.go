package linux_test

import (
	"testing"

	"github.com/fleetnet/fleetnet"
)

// TestCoverage asserts what each command leaves unknown, with an output that
// has nothing else to be said of it.
func TestCoverage(t *testing.T) {
	const (
		link  = "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n"
		addr  = "    inet 10.0.0.1/24 scope global eth0\n"
		stats = "    RX:  bytes packets errors dropped  missed   mcast\n  90 1 0 0 0 0\n    TX:  bytes packets errors dropped carrier collsns\n  90 1 0 0 0 0\n"
		oAddr = "2: eth0    inet 10.0.0.1/24 scope global eth0\n"
		old   = "eth0      Link encap:Ethernet  HWaddr 02:00:00:00:00:01\n          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n"
	)
	complete, partial, unsupported, skipped := fleetnet.StatusComplete, fleetnet.StatusPartial, fleetnet.StatusUnsupported, fleetnet.StatusSkipped
	for _, tc := range []struct {
		command, output, table, field string
		all, inet, inet6              fleetnet.Status
	}{
		{"ip addr", link + addr, "interfaces", "", complete, complete, complete},
		{"ip addr", link + addr, "interfaces", "addrs", complete, complete, complete},
		{"ip addr", link + addr, "interfaces", "counters.rx_bytes", unsupported, unsupported, unsupported},
		{"ip -s addr", link + addr + stats, "interfaces", "counters.rx_bytes", complete, complete, complete},
		{"ip -s addr", link + addr + stats, "interfaces", "counters.rx_frame", unsupported, unsupported, unsupported},
		{"ip -s addr", link + addr, "interfaces", "counters.rx_bytes", unsupported, unsupported, unsupported},
		{"ip link", link, "interfaces", "addrs", unsupported, unsupported, unsupported},
		{"ip link", link, "interfaces", "mtu", complete, complete, complete},
		{"ip addr show dev eth0", link + addr, "interfaces", "", partial, partial, partial},
		{"ip a s eth0", link + addr, "interfaces", "", partial, partial, partial},
		{"ip addr show up 2>/dev/null", link + addr, "interfaces", "", partial, partial, partial},
		{"ip addr show 2>/dev/null", link + addr, "interfaces", "", complete, complete, complete},
		{"ip -4 addr", link + addr, "interfaces", "", partial, partial, partial},
		{"ip -4 addr", link + addr, "interfaces", "addrs", partial, partial, partial},
		{"ip -o addr", oAddr, "interfaces", "", partial, partial, partial},
		{"ip -o addr", oAddr, "interfaces", "flags", partial, partial, partial},
		{"ip -o link && ip -o addr", "2: eth0: <UP> mtu 1500\\    link/ether 02:00:00:00:00:01\n" + oAddr, "interfaces", "addrs", complete, complete, complete},
		{"ip -br link", "eth0 UP 02:00:00:00:00:01 <UP>\n", "interfaces", "addrs", unsupported, unsupported, unsupported},
		{"ip -br link", "eth0 UP 02:00:00:00:00:01 <UP>\n", "interfaces", "counters.rx_bytes", unsupported, unsupported, unsupported},
		{"ip -br addr", "eth0 UP 10.0.0.1/24\n", "interfaces", "addrs", complete, complete, complete},
		{"ip -br addr", "eth0 UP 10.0.0.1/24\n", "interfaces", "flags", unsupported, unsupported, unsupported},
		{"ip -j -br link", `[{"ifname":"eth0","operstate":"UP","address":"02:00:00:00:00:01","flags":["UP"]}]`, "interfaces", "addrs", unsupported, unsupported, unsupported},

		{"ip route", "default via 10.0.0.2 dev eth0\n", "routes", "", partial, partial, partial},
		{"ip -4 route show table all", "default via 10.0.0.2 dev eth0\n", "routes", "", partial, complete, skipped},
		{"ip -6 route show table all", "default via fe80::2 dev eth0 metric 1\n", "routes", "", partial, skipped, complete},
		{"ip route show table all", "default via 10.0.0.2 dev eth0\n", "routes", "", complete, complete, complete},
		{"ip route show table all type local", "local 10.0.0.1 dev eth0 table local\n", "routes", "", partial, partial, partial},
		{"ip route get 10.0.0.9", "10.0.0.9 dev eth0 src 10.0.0.1 uid 0 \n    cache \n", "routes", "", partial, partial, partial},
		{"ip -j route list table 7", `[{"dst":"default","gateway":"10.0.0.2","dev":"eth0","flags":[]}]`, "routes", "", partial, partial, partial},
		{"ip rule", "0:\tfrom all lookup local\n", "policy_rules", "", partial, complete, skipped},
		{"ip -6 rule list table 7", "9:\tfrom all lookup 7\n", "policy_rules", "", partial, partial, partial},
		{"ip neigh", "10.0.0.2 dev eth0 lladdr 02:00:00:00:00:02 STALE\n", "neighbors", "", complete, complete, complete},
		{"ip neigh show nud all", "10.0.0.2 dev eth0 lladdr 02:00:00:00:00:02 STALE\n", "neighbors", "", complete, complete, complete},
		{"ip -4 neigh", "10.0.0.2 dev eth0 lladdr 02:00:00:00:00:02 STALE\n", "neighbors", "", partial, complete, skipped},
		{"ip neigh show nud failed", "10.0.0.2 dev eth0 FAILED\n", "neighbors", "", partial, partial, partial},
		{"ip maddr", "2:\teth0\n\tinet  224.0.0.1\n", "groups", "", complete, complete, complete},
		{"ip -4 maddr", "2:\teth0\n\tinet  224.0.0.1\n", "groups", "", partial, partial, partial},

		{"route -n", "0.0.0.0 10.0.0.2 0.0.0.0 UG 0 0 0 eth0\n", "routes", "", partial, complete, skipped},
		{"route -n", "0.0.0.0 10.0.0.2 0.0.0.0 UG 0 0 0 eth0\n", "routes", "table", partial, partial, skipped},
		{"route -A inet6", "Destination Next Hop Flag Met Ref Use If\n::/0 fe80::1 UG 1024 1 0 eth0\n", "routes", "", partial, skipped, complete},
		{"netstat -rn --inet6", "Destination Next Hop Flag Met Ref Use If\n::/0 fe80::1 UG 1024 1 0 eth0\n", "routes", "", partial, skipped, complete},
		{"netstat -rn46", "0.0.0.0 10.0.0.2 0.0.0.0 UG 0 0 0 eth0\n", "routes", "", complete, complete, complete},
		{"route -6", "Destination Next Hop Flag Met Ref Use If\ndb1.example.com/128 [::] U 256 1 0 eth0\n", "routes", "dst", partial, partial, partial},
		{"cat /proc/net/ipv6_route", "", "routes", "", partial, skipped, complete},
		{"arp -n", "10.0.0.7 ether 02:00:00:00:00:07 C eth0\n", "neighbors", "", partial, complete, partial},
		{"arp -n -i eth0", "10.0.0.7 ether 02:00:00:00:00:07 C eth0\n", "neighbors", "", partial, partial, partial},
		{"ifconfig", old, "interfaces", "", partial, partial, partial},
		{"ifconfig -a", old, "interfaces", "", complete, complete, complete},
		{"ifconfig eth0", old, "interfaces", "", partial, partial, partial},
		{"ifconfig -a eth0", old, "interfaces", "", partial, partial, partial},
	} {
		d, ok := dialectOf(tc.command)
		if !ok {
			t.Errorf("%s is not read", tc.command)
			continue
		}
		s := fleetnet.NewSnapshot("web1")
		if acct := s.ReadBytes(d.Probe(tc.command), []byte(tc.output)); acct.Errors > 0 {
			t.Errorf("%s: %v", tc.command, acct.First[0])
		}
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
