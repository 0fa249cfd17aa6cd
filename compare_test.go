package fleetnet_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet"
)

// known returns a snapshot of which the tables are completely known.
func known(host string, tables ...string) *fleetnet.Snapshot {
	s := fleetnet.NewSnapshot(host)
	s.Host.OS = "linux"
	for _, t := range tables {
		s.Cover(fleetnet.Coverage{Table: t, Status: fleetnet.StatusComplete})
	}
	return s
}

// route reads a route as `ip route` prints it, as far as these tests need.
func route(t *testing.T, line string) fleetnet.Route {
	t.Helper()
	r := fleetnet.Route{Type: "unicast", Table: "main"}
	words := strings.Fields(line)
	switch words[0] {
	case "blackhole", "unreachable", "local", "broadcast", "multicast":
		r.Type, words = words[0], words[1:]
	}
	r.Dst = netip.MustParsePrefix(words[0])
	r.Family = map[bool]string{true: "inet6", false: "inet"}[r.Dst.Addr().Is6()]
	for i := 1; i < len(words); {
		if words[i] == "nexthop" {
			r.NextHops = append(r.NextHops, fleetnet.NextHop{Weight: 1})
			i++
			continue
		}
		routeWord(t, &r, words[i], words[i+1])
		i += 2
	}
	return r
}

func routeWord(t *testing.T, r *fleetnet.Route, word, value string) {
	t.Helper()
	hop := func() *fleetnet.NextHop {
		if r.NextHops == nil {
			r.NextHops = []fleetnet.NextHop{{}}
		}
		return &r.NextHops[len(r.NextHops)-1]
	}
	number := 0
	_, _ = fmt.Sscan(value, &number)
	switch word {
	case "via":
		hop().Gateway = netip.MustParseAddr(value)
	case "dev":
		hop().Interface = value
	case "weight":
		hop().Weight = number
	case "flags":
		hop().Flags = []string{value}
	case "metric":
		r.Metric = fleetnet.Some(uint32(number))
	case "mtu":
		r.MTU = fleetnet.Some(number)
	case "table":
		r.Table = value
	case "proto":
		r.Proto = value
	case "src":
		r.Src = netip.MustParseAddr(value)
	default:
		t.Fatalf("route word %q", word)
	}
}

// routed returns a host with an address and routes.
func routed(t *testing.T, host, addr string, lines ...string) *fleetnet.Snapshot {
	t.Helper()
	s := known(host, "routes", "interfaces")
	s.Interfaces = []fleetnet.Interface{{Name: "eth0", Addrs: []fleetnet.IfAddr{{Prefix: netip.MustParsePrefix(addr)}}}}
	for _, l := range lines {
		s.Routes = append(s.Routes, route(t, l))
	}
	return s
}

// said writes a comparison as lines: "web1 web2", "  ~ key from → to".
func said(c *fleetnet.Comparison) string {
	var b strings.Builder
	for _, g := range c.Groups {
		fmt.Fprintf(&b, "%s: %d\n", strings.Join(g.Hosts, " "), g.Items)
		for _, d := range g.Diff {
			if d.Sign == "~" {
				fmt.Fprintf(&b, "  ~ %s %s → %s\n", d.Key, d.From, d.To)
				continue
			}
			fmt.Fprintf(&b, "  %s\n", strings.TrimSpace(d.Sign+" "+d.Key+" "+d.Text))
		}
	}
	for _, n := range c.NotCompared {
		fmt.Fprintf(&b, "%s ? %s\n", n.Host, n.Reason)
	}
	for _, f := range c.SetAside {
		fmt.Fprintf(&b, "%s ? %s: %s\n", strings.Join(f.Hosts, " "), f.Field, f.Reason)
	}
	return b.String()
}

func compared(t *testing.T, table string, o fleetnet.CompareOptions, snaps ...*fleetnet.Snapshot) string {
	t.Helper()
	c, err := fleetnet.Compare(table, snaps, o)
	if err != nil {
		t.Fatal(err)
	}
	if c.Equal != (len(c.Groups) == 1 && len(c.NotCompared) == 0) {
		t.Errorf("Equal is %v", c.Equal)
	}
	return said(c)
}

// TestCompareRoutes compares two hosts with an address each in one network.
func TestCompareRoutes(t *testing.T) {
	for _, tt := range []struct {
		name, one, two string // routes, separated by semicolons
		opts           fleetnet.CompareOptions
		want           string
	}{
		{"the same in another order", "0.0.0.0/0 via 10.0.0.254 dev eth0; 10.9.0.0/16 via 10.0.0.3 dev eth0",
			"10.9.0.0/16 via 10.0.0.3 dev eth0; 0.0.0.0/0 via 10.0.0.254 dev eth0", fleetnet.CompareOptions{}, "a b: 2\n"},
		{"another default gateway", "0.0.0.0/0 via 10.0.0.254 dev eth0", "0.0.0.0/0 via 10.0.0.253 dev eth0", fleetnet.CompareOptions{},
			"a: 1\nb: 1\n  ~ 0.0.0.0/0 via 10.0.0.254 dev eth0 → via 10.0.0.253 dev eth0\n"},
		{"another interface", "10.9.0.0/16 via 10.0.0.3 dev eth0", "10.9.0.0/16 via 10.0.0.3 dev eth1", fleetnet.CompareOptions{},
			"a: 1\nb: 1\n  ~ 10.9.0.0/16 via 10.0.0.3 dev eth0 → via 10.0.0.3 dev eth1\n"},
		{"next hops are a set", "10.9.0.0/16 nexthop via 10.0.0.3 dev eth0 weight 1 nexthop via 10.0.0.4 dev eth0 weight 2",
			"10.9.0.0/16 nexthop via 10.0.0.4 dev eth0 weight 2 nexthop via 10.0.0.3 dev eth0 weight 1", fleetnet.CompareOptions{}, "a b: 1\n"},
		{"another weight", "10.9.0.0/16 nexthop via 10.0.0.3 dev eth0 nexthop via 10.0.0.4 dev eth0",
			"10.9.0.0/16 nexthop via 10.0.0.3 dev eth0 nexthop via 10.0.0.4 dev eth0 weight 5", fleetnet.CompareOptions{},
			"a: 1\nb: 1\n  ~ 10.9.0.0/16 nexthop via 10.0.0.3 dev eth0 nexthop via 10.0.0.4 dev eth0 → nexthop via 10.0.0.3 dev eth0 nexthop via 10.0.0.4 dev eth0 weight 5\n"},
		{"a hop less", "10.9.0.0/16 nexthop via 10.0.0.3 dev eth0 nexthop via 10.0.0.4 dev eth0", "10.9.0.0/16 via 10.0.0.3 dev eth0", fleetnet.CompareOptions{},
			"a: 1\nb: 1\n  ~ 10.9.0.0/16 nexthop via 10.0.0.3 dev eth0 nexthop via 10.0.0.4 dev eth0 → via 10.0.0.3 dev eth0\n"},
		{"a hop that is down", "10.9.0.0/16 via 10.0.0.3 dev eth0", "10.9.0.0/16 via 10.0.0.3 dev eth0 flags linkdown", fleetnet.CompareOptions{},
			"a: 1\nb: 1\n  ~ 10.9.0.0/16 via 10.0.0.3 dev eth0 → via 10.0.0.3 dev eth0 linkdown\n"},
		{"metric 0 is the default of IPv4", "10.9.0.0/16 via 10.0.0.3 dev eth0 metric 0", "10.9.0.0/16 via 10.0.0.3 dev eth0", fleetnet.CompareOptions{}, "a b: 1\n"},
		{"metric 1024 is the default of IPv6", "2001:db8:9::/48 via fe80::1 dev eth0 metric 1024", "2001:db8:9::/48 via fe80::1 dev eth0", fleetnet.CompareOptions{}, "a b: 1\n"},
		{"metric 0 is none of IPv6", "2001:db8:9::/48 via fe80::1 dev eth0 metric 100", "2001:db8:9::/48 via fe80::1 dev eth0", fleetnet.CompareOptions{},
			"a: 1\nb: 1\n  ~ 2001:db8:9::/48 metric 100 → no metric\n"},
		{"another metric", "0.0.0.0/0 via 10.0.0.3 dev eth0 metric 100", "0.0.0.0/0 via 10.0.0.3 dev eth0 metric 600", fleetnet.CompareOptions{},
			"a: 1\nb: 1\n  ~ 0.0.0.0/0 metric 100 → metric 600\n"},
		{"another metric, ignored", "0.0.0.0/0 via 10.0.0.3 dev eth0 metric 100", "0.0.0.0/0 via 10.0.0.3 dev eth0 metric 600",
			fleetnet.CompareOptions{Ignore: []string{"metric"}}, "a b: 1\n"},
		{"a second default", "0.0.0.0/0 via 10.0.0.3 dev eth0 metric 100; 0.0.0.0/0 via 10.0.0.4 dev eth0 metric 200", "0.0.0.0/0 via 10.0.0.3 dev eth0 metric 100",
			fleetnet.CompareOptions{}, "a: 2\nb: 1\n  - 0.0.0.0/0 via 10.0.0.4 dev eth0 metric 200\n"},
		{"two changed into two", "0.0.0.0/0 via 10.0.0.3 dev eth0; 0.0.0.0/0 via 10.0.0.4 dev eth0 metric 9", "0.0.0.0/0 via 10.0.0.5 dev eth0; 0.0.0.0/0 via 10.0.0.6 dev eth0 metric 9",
			fleetnet.CompareOptions{}, "a: 2\nb: 2\n  - 0.0.0.0/0 via 10.0.0.3 dev eth0\n  - 0.0.0.0/0 via 10.0.0.4 dev eth0 metric 9\n" +
				"  + 0.0.0.0/0 via 10.0.0.5 dev eth0\n  + 0.0.0.0/0 via 10.0.0.6 dev eth0 metric 9\n"},
		{"a black hole instead", "10.9.0.0/16 via 10.0.0.3 dev eth0", "blackhole 10.9.0.0/16", fleetnet.CompareOptions{},
			"a: 1\nb: 1\n  ~ 10.9.0.0/16 via 10.0.0.3 dev eth0 → blackhole\n"},
		{"one more", "10.9.0.0/16 via 10.0.0.3 dev eth0", "10.9.0.0/16 via 10.0.0.3 dev eth0; 10.20.0.0/16 via 10.0.0.3 dev eth0 table 100", fleetnet.CompareOptions{},
			"a: 1\nb: 2\n  + 10.20.0.0/16 table 100 via 10.0.0.3 dev eth0\n"},
		{"one more, ignored", "10.9.0.0/16 via 10.0.0.3 dev eth0", "10.9.0.0/16 via 10.0.0.3 dev eth0; 10.20.0.0/16 via 10.0.0.3 dev eth0",
			fleetnet.CompareOptions{Ignore: []string{"10.20.*"}}, "a b: 1\n"},
		{"own addresses and connected prefixes", "10.0.0.0/24 dev eth0 proto kernel src 10.0.0.1; local 10.0.0.1/32 dev eth0 table local; 10.0.0.1/32 dev eth0; fe80::/64 dev eth0; multicast ff00::/8 dev eth0 table local",
			"broadcast 10.0.0.255/32 dev eth0 table local; 10.0.0.2/32 dev eth0", fleetnet.CompareOptions{}, "a b: 0\n"},
		{"connected, of a tool that tells no protocol", "10.0.0.0/24 dev eth0", "", fleetnet.CompareOptions{}, "a b: 0\n"},
		{"a route that covers an own address is no connected one", "10.0.0.0/8 dev eth0", "", fleetnet.CompareOptions{}, "a: 1\nb: 0\n  - 10.0.0.0/8 dev eth0\n"},
		{"own source addresses", "0.0.0.0/0 via 10.0.0.254 dev eth0 src 10.0.0.1", "0.0.0.0/0 via 10.0.0.254 dev eth0 src 10.0.0.2", fleetnet.CompareOptions{}, "a b: 1\n"},
		{"all: own source addresses", "0.0.0.0/0 via 10.0.0.254 dev eth0 src 10.0.0.1", "0.0.0.0/0 via 10.0.0.254 dev eth0 src 10.0.0.2", fleetnet.CompareOptions{All: true},
			"a: 1\nb: 1\n  ~ 0.0.0.0/0 src 10.0.0.1 → src 10.0.0.2\n"},
		{"all: connected", "10.0.0.0/24 dev eth0 proto kernel", "", fleetnet.CompareOptions{All: true}, "a: 1\nb: 0\n  - 10.0.0.0/24 dev eth0 proto kernel\n"},
		{"how it came to be", "10.9.0.0/16 via 10.0.0.3 dev eth0 proto static", "10.9.0.0/16 via 10.0.0.3 dev eth0 proto bird", fleetnet.CompareOptions{}, "a b: 1\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			split := func(s string) []string {
				return strings.FieldsFunc(s, func(r rune) bool { return r == ';' })
			}
			got := compared(t, "routes", tt.opts, routed(t, "b", "10.0.0.2/24", split(tt.two)...), routed(t, "a", "10.0.0.1/24", split(tt.one)...))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCompareGroups(t *testing.T) {
	var snaps []*fleetnet.Snapshot
	for n, gw := range []string{"10.0.0.8", "10.0.0.9", "10.0.0.9", "10.0.0.7", "10.0.0.8"} {
		snaps = append(snaps, routed(t, fmt.Sprintf("web%d", 12-n), "10.0.0.1/24", "0.0.0.0/0 via "+gw+" dev eth0"))
	}
	want := "web8 web12: 1\n" + // as many as the next, and web8 is before web10
		"web10 web11: 1\n  ~ 0.0.0.0/0 via 10.0.0.8 dev eth0 → via 10.0.0.9 dev eth0\n" +
		"web9: 1\n  ~ 0.0.0.0/0 via 10.0.0.8 dev eth0 → via 10.0.0.7 dev eth0\n"
	if diff := cmp.Diff(want, compared(t, "routes", fleetnet.CompareOptions{}, snaps...)); diff != "" {
		t.Error(diff)
	}
}

// TestCompareUnknown: what is not known is neither equal nor different.
func TestCompareUnknown(t *testing.T) {
	const line = "0.0.0.0/0 via 10.0.0.254 dev eth0"
	failed := fleetnet.NewSnapshot("c")
	partial := routed(t, "d", "10.0.0.4/24", line)
	partial.Cover(fleetnet.Coverage{Table: "routes", Status: fleetnet.StatusPartial, Reason: "1 of 9 lines could not be read"})
	noMetric := routed(t, "e", "10.0.0.5/24", line)
	noMetric.Cover(fleetnet.Coverage{Table: "routes", Status: fleetnet.StatusUnsupported, Fields: []string{"metric"}, Reason: "not told by x"})
	got := compared(t, "routes", fleetnet.CompareOptions{}, routed(t, "a", "10.0.0.1/24", line), routed(t, "b", "10.0.0.2/24", line), failed, partial, noMetric)
	want := "a b e: 1\nc ? routes: skipped: not collected\nd ? routes: partial: 1 of 9 lines could not be read\n" +
		"e ? metric: unsupported: not told by x\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got = compared(t, "routes", fleetnet.CompareOptions{Ignore: []string{"metric"}}, routed(t, "a", "10.0.0.1/24", line), noMetric)
	if want := "a e: 1\n"; got != want {
		t.Errorf("ignoring what is not known: got %q, want %q", got, want)
	}
	if got, want := compared(t, "routes", fleetnet.CompareOptions{}, failed), "c ? routes: skipped: not collected\n"; got != want {
		t.Errorf("nothing known: got %q, want %q", got, want)
	}
}

func TestCompareInterfaces(t *testing.T) {
	host := func(name string, mtu int, state string) *fleetnet.Snapshot {
		s := known(name, "interfaces")
		s.Interfaces = []fleetnet.Interface{{Name: "eth0", Index: fleetnet.Some(len(name)), MAC: "02:00:00:00:00:0" + name[len(name)-1:],
			MTU: fleetnet.Some(mtu), Flags: []string{"UP", "BROADCAST"}, OperState: state}}
		return s
	}
	down := host("d1", 9000, "UP")
	down.Interfaces[0].Flags = []string{"BROADCAST"}
	got := compared(t, "interfaces", fleetnet.CompareOptions{}, host("a1", 9000, "UP"), host("b1", 9000, "UP"), host("c1", 1500, "DOWN"), down)
	want := "a1 b1: 1\nc1: 1\n  ~ eth0 mtu 9000 state UP → mtu 1500 state DOWN\nd1: 1\n  ~ eth0 UP → not UP\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCompareSettings(t *testing.T) {
	host := func(name string, pairs ...string) *fleetnet.Snapshot {
		s := known(name, "settings")
		for i := 0; i < len(pairs); i += 2 {
			s.Settings = append(s.Settings, fleetnet.Setting{Name: pairs[i], Value: pairs[i+1]})
		}
		return s
	}
	one := host("a", "somaxconn", "4096", "nf_conntrack_count", "17", "tcp_ecn", "2")
	two := host("b", "nf_conntrack_count", "99", "somaxconn", "128")
	for _, tt := range []struct {
		opts fleetnet.CompareOptions
		want string
	}{
		{fleetnet.CompareOptions{}, "a: 2\nb: 1\n  ~ somaxconn = 4096 → = 128\n  - tcp_ecn = 2\n"},
		{fleetnet.CompareOptions{All: true, Ignore: []string{"tcp_*", "somaxconn"}}, "a: 1\nb: 1\n  ~ nf_conntrack_count = 17 → = 99\n"},
	} {
		if diff := cmp.Diff(tt.want, compared(t, "settings", tt.opts, one, two)); diff != "" {
			t.Error(diff)
		}
	}
}

// listening returns a host with an address and listeners "proto endpoint process".
func listening(host, addr string, lines ...string) *fleetnet.Snapshot {
	s := known(host, "sockets", "interfaces")
	s.Interfaces = []fleetnet.Interface{
		{Name: "lo", Addrs: []fleetnet.IfAddr{{Prefix: netip.MustParsePrefix("127.0.0.1/8")}}},
		{Name: "eth0", Addrs: []fleetnet.IfAddr{{Prefix: netip.MustParsePrefix(addr)}}}}
	for _, l := range lines {
		w := strings.Fields(l)
		k := fleetnet.Socket{Proto: w[0], State: map[bool]fleetnet.State{true: fleetnet.StateListen, false: fleetnet.StateUnconn}[w[0] == "tcp"]}
		ap := netip.MustParseAddrPort(w[1])
		k.Local = fleetnet.Endpoint{Addr: ap.Addr(), Port: ap.Port()}
		for _, name := range w[2:] {
			k.Processes = append(k.Processes, fleetnet.Process{Name: name, PID: len(host)})
		}
		s.Sockets = append(s.Sockets, k)
	}
	return s
}

func TestCompareListeners(t *testing.T) {
	none := fleetnet.CompareOptions{}
	one := listening("a", "10.0.0.1/24", "tcp 10.0.0.1:443 nginx", "tcp 127.0.0.1:25 master", "udp 0.0.0.0:68 dhclient", "tcp 0.0.0.0:80 nginx nginx", "tcp 0.0.0.0:80 nginx")
	same := listening("bb", "10.0.0.2/24", "udp 0.0.0.0:68 dhclient", "tcp 127.0.0.1:25 master", "tcp 0.0.0.0:80 nginx", "tcp 10.0.0.2:443 nginx")
	other := listening("c", "10.0.0.3/24", "udp 0.0.0.0:68 dhcpcd", "tcp 127.0.0.1:25 master", "tcp 0.0.0.0:80 nginx", "tcp 10.0.0.2:443 nginx")
	want := "a bb: 4\nc: 4\n  + tcp 10.0.0.2:443 nginx\n  - tcp own:443 nginx\n  ~ udp 0.0.0.0:68 dhclient → dhcpcd\n"
	if diff := cmp.Diff(want, compared(t, "listeners", none, one, same, other)); diff != "" {
		t.Error(diff)
	}
	deny := func(s *fleetnet.Snapshot) *fleetnet.Snapshot {
		s.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusDenied, Fields: []string{"processes"}, Reason: "not root"})
		return s
	}
	for _, tt := range []struct {
		name  string
		hosts []*fleetnet.Snapshot
		want  string
	}{
		{"the same but for what is not known", []*fleetnet.Snapshot{deny(listening("a", "10.0.0.4/24", "tcp 0.0.0.0:22")), listening("b", "10.0.0.5/24", "tcp 0.0.0.0:22 sshd"),
			listening("c", "10.0.0.6/24", "tcp 0.0.0.0:22 dropbear"), listening("d", "10.0.0.7/24", "tcp 0.0.0.0:22 dropbear")},
			"a c d: 1\nb: 1\n  ~ tcp 0.0.0.0:22 dropbear → sshd\na ? processes: denied: not root\n"},
		{"another one, as far as is known", []*fleetnet.Snapshot{deny(listening("a", "10.0.0.4/24", "tcp 0.0.0.0:23")), listening("b", "10.0.0.5/24", "tcp 0.0.0.0:22 sshd")},
			"a: 1\nb: 1\n  + tcp 0.0.0.0:22\n  - tcp 0.0.0.0:23\na ? processes: denied: not root\n"},
		{"none knows", []*fleetnet.Snapshot{deny(listening("a", "10.0.0.1/24", "tcp 0.0.0.0:22")), deny(listening("b", "10.0.0.2/24", "tcp 0.0.0.0:22 sshd"))},
			"a b: 1\na b ? processes: denied: not root\n"},
	} {
		if diff := cmp.Diff(tt.want, compared(t, "listeners", none, tt.hosts...)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
	blind := listening("a", "10.0.0.1/24", "tcp 10.0.0.1:443 nginx")
	blind.Coverage = blind.Coverage[:1]
	if got, want := compared(t, "listeners", none, blind), "a ? interfaces: skipped: not collected\n"; got != want {
		t.Errorf("own addresses are not known: got %q, want %q", got, want)
	}
}

func TestComparePolicyRules(t *testing.T) {
	host := func(name, own, table string) *fleetnet.Snapshot {
		s := known(name, "policy_rules", "interfaces")
		a := netip.MustParsePrefix(own)
		s.Interfaces = []fleetnet.Interface{{Name: "eth0", Addrs: []fleetnet.IfAddr{{Prefix: a}}}}
		s.PolicyRules = []fleetnet.PolicyRule{
			{Family: "inet", Priority: 100, From: netip.PrefixFrom(a.Addr(), 32), Action: "lookup", Table: table},
			{Family: "inet", Priority: 32766, Action: "lookup", Table: "main"},
			{Family: "inet6", Priority: 32766, Action: "lookup", Table: "main"},
		}
		return s
	}
	got := compared(t, "policy_rules", fleetnet.CompareOptions{}, host("a", "10.0.0.1/24", "7"), host("b", "10.0.0.2/24", "7"), host("c", "10.0.0.3/24", "8"))
	if want := "a b: 3\nc: 3\n  ~ 100: from own lookup 7 → lookup 8\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCompareErrors(t *testing.T) {
	for _, tt := range []struct {
		table  string
		ignore []string
		want   string
	}{
		{"sockets", nil, `table "sockets" cannot be compared; these can: routes, policy_rules, interfaces, listeners, settings`},
		{"routes", []string{"[a"}, `ignore "[a": syntax error in pattern`},
	} {
		_, err := fleetnet.Compare(tt.table, nil, fleetnet.CompareOptions{Ignore: tt.ignore})
		if err == nil || err.Error() != tt.want {
			t.Errorf("Compare(%s) = %v, want %s", tt.table, err, tt.want)
		}
	}
}
