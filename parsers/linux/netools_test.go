package linux_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/linux"
)

// read reads a capture of testdata, of which every line must be understood.
func read(t testing.TB, file string) *fleetnet.Snapshot {
	t.Helper()
	s, acct := captureNamed(t, file)
	if acct.Rows == 0 || acct.Errors > 0 {
		t.Fatalf("%s: %+v", file, acct)
	}
	return s
}

// The tools were asked one after the other on one quiet host, so what each
// tells must be what /proc tells.
func TestCountersAgree(t *testing.T) {
	truth := map[string]int64{}
	for _, c := range read(t, "counters/proc.txtar").Counters {
		truth[c.Name] = c.Value
	}
	for _, file := range []string{"counters/nstat-6.1.txtar", "counters/netstat-s-2.10.txtar", "counters/netstat-s6-2.10.txtar"} {
		for _, c := range read(t, file).Counters {
			want, ok := truth[c.Name]
			if !ok || c.Value != want {
				t.Errorf("%s: %s is %d, /proc has %d (%v)", file, c.Name, c.Value, want, ok)
			}
		}
	}
}

// routeKey is what every source tells of a route, flags and metric aside.
func routeKeys(routes []fleetnet.Route, family string) []string {
	var keys []string
	for _, r := range routes {
		if r.Family == family {
			keys = append(keys, fmt.Sprint(r.Family, r.Type, r.Dst, r.NextHops))
		}
	}
	slices.Sort(keys)
	return keys
}

func TestRoutesAgree(t *testing.T) {
	truth := read(t, "proc-route/linux-6.txtar").Routes
	for family, files := range map[string][]string{
		"inet": {
			"net-tools-2.10-n", "net-tools-2.10-names", "net-tools-2.10-ee", "net-tools-2.10-netstat", "net-tools-2.10-netstat-e",
			"busybox-1.35-n", "busybox-1.35-ne", "busybox-1.35-netstat",
		},
		"inet6": {"net-tools-2.10-inet6", "net-tools-2.10-inet6-names", "net-tools-2.10-netstat-inet6", "busybox-1.35-inet6"},
	} {
		want := routeKeys(truth, family)
		if len(want) < 9 {
			t.Fatalf("%s: %d routes", family, len(want))
		}
		for _, f := range files {
			if diff := cmp.Diff(want, routeKeys(read(t, "route/"+f+".txtar").Routes, family)); diff != "" {
				t.Errorf("%s (-/proc +tool):\n%s", f, diff)
			}
		}
	}
}

func TestNeighborsAndGroupsAgree(t *testing.T) {
	neighbors := func(file string) []string {
		var keys []string
		for _, n := range read(t, file).Neighbors {
			keys = append(keys, fmt.Sprint(n.Addr, n.MAC, n.Interface, n.State, n.Flags))
		}
		slices.Sort(keys)
		return keys
	}
	want := neighbors("arp/proc.txtar")
	for _, f := range []string{"net-tools-2.10-an", "net-tools-2.10-n", "net-tools-2.10-vn", "busybox-1.35"} {
		if diff := cmp.Diff(want, neighbors("arp/"+f+".txtar")); diff != "" {
			t.Errorf("%s (-/proc +tool):\n%s", f, diff)
		}
	}
	groups := func(file string) []string {
		var keys []string
		for _, g := range read(t, file).Groups {
			if g.Group.IsValid() {
				keys = append(keys, fmt.Sprint(g.Group, g.Interface, g.Users))
			}
		}
		slices.Sort(keys)
		return keys
	}
	if diff := cmp.Diff(groups("groups/proc.txtar"), groups("groups/net-tools-2.10.txtar")); diff != "" {
		t.Errorf("groups (-/proc +netstat):\n%s", diff)
	}
}

func TestInterfacesAgree(t *testing.T) {
	keys := func(file string) []string {
		var keys []string
		for _, it := range read(t, file).Interfaces {
			keys = append(keys, fmt.Sprint(it.Name, it.Type, it.MAC, it.MTU, it.Flags, it.Carrier, it.Addrs))
		}
		return keys
	}
	want := keys("ifconfig/net-tools-2.10.txtar")
	for _, f := range []string{"busybox-1.35", "net-tools-2.10-netstat-ie"} {
		if diff := cmp.Diff(want, keys("ifconfig/"+f+".txtar")); diff != "" {
			t.Errorf("%s (-ifconfig +this):\n%s", f, diff)
		}
	}
}

// probe returns the named probe.
func probe(t testing.TB, name string) fleetnet.Probe {
	t.Helper()
	for _, p := range linux.Probes() {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no probe %s", name)
	return fleetnet.Probe{}
}

func TestHost(t *testing.T) {
	for _, tt := range []struct {
		name, output string
		want         fleetnet.Host
	}{
		{
			"debian",
			"ostype=Linux\nosrelease=6.1.0-18-amd64\nhostname=web1\narch=x86_64\nboot_id=c0ffee\nuptime=8123.45\n" +
				"os.PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nos.NAME=\"Debian GNU/Linux\"\ndebian=12.5\neuid=0\nepoch=1735689601\n",
			fleetnet.Host{
				OS: "linux", OSVersion: "Debian GNU/Linux 12 (bookworm)", Kernel: "6.1.0-18-amd64", Arch: "x86_64", Hostname: "web1",
				BootID: "c0ffee", UptimeSeconds: fleetnet.Some(8123.45), Privileged: fleetnet.Some(true), ClockOffsetMS: fleetnet.Some[int64](1000),
			},
		},
		{
			"alpine without a pretty name", "ostype=Linux\nos.NAME=\"Alpine Linux\"\nos.VERSION=3.2\nrelease=3.2.0\neuid=1000\n",
			fleetnet.Host{OS: "linux", OSVersion: "Alpine Linux 3.2", Privileged: fleetnet.Some(false)},
		},
		{"red hat 6", "ostype=Linux\nrelease=CentOS release 6.10 (Final)\n", fleetnet.Host{OS: "linux", OSVersion: "CentOS release 6.10 (Final)"}},
		{"old debian", "debian=7.11\n", fleetnet.Host{OSVersion: "Debian 7.11"}},
		{"old openwrt", "os.DISTRIB_DESCRIPTION='OpenWrt Chaos Calmer'\n", fleetnet.Host{OSVersion: "OpenWrt Chaos Calmer"}},
		{"nothing certain", "uptime=soon\neuid=root\nepoch=\nrhubarb=1\nplain text\n", fleetnet.Host{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := fleetnet.NewSnapshot("")
			s.Host.TakenAt = time.Unix(1735689600, 0)
			acct := s.ReadBytes(probe(t, "linux/host"), []byte(tt.output))
			got := s.Host
			got.TakenAt, got.Ref = time.Time{}, fleetnet.Ref{}
			if got != tt.want {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
			if errors := tt.want == (fleetnet.Host{}); errors != (acct.Errors > 0) {
				t.Errorf("account %+v", acct)
			}
		})
	}
}

// Without the time that the collecting side took, no offset is known.
func TestHostWithoutTimeHasNoClockOffset(t *testing.T) {
	s := fleetnet.NewSnapshot("")
	s.ReadBytes(probe(t, "linux/host"), []byte("epoch=1735689601\n"))
	if s.Host.ClockOffsetMS.OK {
		t.Error(s.Host.ClockOffsetMS)
	}
}

func TestSysClassNet(t *testing.T) {
	s := fleetnet.NewSnapshot("")
	acct := s.ReadBytes(probe(t, "linux/proc-interfaces"), []byte(`==> /sys/class/net <==
eth0 ifindex=2 mtu=1500 type=1 flags=0x1003 address=02:00:0a:00:00:01 operstate=up carrier=1 speed=1000 duplex=full master=bond0
eth0.100 ifindex=7 mtu=1500 type=1 flags=0x1003 address=02:00:0a:00:00:01 operstate=lowerlayerdown carrier=0 speed=-1 duplex=unknown lower=eth0 ifalias=to the lab
old0 ifindex=8 mtu=1500 type=1 flags=0x1002 address=02:00:0a:00:00:02 operstate=down speed=4294967295
sit0 ifindex=9 mtu=1480 type=776 flags=0x80 address=00:00:00:00 operstate=down
bad0 ifindex=x
bad1
`))
	if acct.Rows != 4 || acct.Errors != 2 {
		t.Errorf("account %+v", acct)
	}
	some := fleetnet.Some[int]
	want := []fleetnet.Interface{
		{Name: "eth0", Index: some(2), MTU: some(1500), Type: "ether", Flags: []string{"UP", "BROADCAST", "MULTICAST"}, MAC: "02:00:0a:00:00:01",
			OperState: "UP", Carrier: fleetnet.Some(true), SpeedMbps: some(1000), Duplex: "full", Master: "bond0"},
		{Name: "eth0.100", Index: some(7), MTU: some(1500), Type: "ether", Flags: []string{"UP", "BROADCAST", "MULTICAST"}, MAC: "02:00:0a:00:00:01",
			OperState: "LOWERLAYERDOWN", Carrier: fleetnet.Some(false), Parent: "eth0", Aliases: []string{"to the lab"}},
		{Name: "old0", Index: some(8), MTU: some(1500), Type: "ether", Flags: []string{"BROADCAST", "MULTICAST"}, MAC: "02:00:0a:00:00:02", OperState: "DOWN"},
		{Name: "sit0", Index: some(9), MTU: some(1480), Type: "sit", Flags: []string{"NOARP"}, OperState: "DOWN"},
		{Name: "bad0"},
	}
	if diff := cmp.Diff(asJSON(t, want), asJSON(t, s.Interfaces)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// /sys may be that of another network namespace; nothing of it is taken then.
func TestSysOfAnotherNamespace(t *testing.T) {
	const proc = `==> /proc/net/dev <==
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
  eth0: 1 2 0 0 0 0 0 0 3 4 0 0 0 0 0 0
==> /proc/net/if_inet6 <==
fe8000000000000000000000000000aa 03 40 20 80     eth0
==> /sys/class/net <==
`
	for sys, known := range map[string]bool{
		"eth0 ifindex=3 mtu=1500\n":                          true,
		"eth0 ifindex=4 mtu=1500\n":                          false,
		"eth0 ifindex=3 mtu=1500\neth1 ifindex=5 mtu=1500\n": false,
		"eth1 ifindex=3 mtu=1500\n":                          false,
	} {
		s := fleetnet.NewSnapshot("")
		s.ReadBytes(probe(t, "linux/proc-interfaces"), []byte(proc+sys))
		c := s.Known("interfaces", "mtu")
		if len(s.Interfaces) != 1 || s.Interfaces[0].MTU.OK != known || (c.Status == fleetnet.StatusComplete) != known {
			t.Errorf("%q: %+v, %+v", sys, s.Interfaces, c)
		}
	}
}

// What sys-speed tells goes to the interfaces that are there, and to no others.
func TestSysSpeedMerges(t *testing.T) {
	s := fleetnet.NewSnapshot("")
	s.Interfaces = []fleetnet.Interface{
		{Name: "eth0", Index: fleetnet.Some(2), Type: "ether", MAC: "02:00:0a:00:00:01", OperState: "UP"}, {Name: "eth1"},
		{Name: "eth3", Index: fleetnet.Some(3)}, {Name: "eth4", Index: fleetnet.Some(4), Type: "ether", MAC: "02:00:0a:00:00:04"},
	}
	acct := s.ReadBytes(probe(t, "linux/sys-speed"), []byte(`eth0 ifindex=2 address=02:00:0a:00:00:01 speed=25000 duplex=full master=br0
eth1 ifindex=9 speed=-1 duplex=unknown
eth2 ifindex=5 speed=10
eth1 ifindex=9 speed=x
eth3 ifindex=33 speed=10
eth4 ifindex=4 address=02:00:0a:00:00:44 speed=10
`))
	if s.Interfaces[2].SpeedMbps.OK || s.Interfaces[3].SpeedMbps.OK {
		t.Errorf("the speeds of another namespace: %+v", s.Interfaces[2:])
	}
	if acct.Rows != 2 || acct.Skips != 3 || acct.Errors != 1 || len(s.Interfaces) != 4 {
		t.Errorf("account %+v, %d interfaces", acct, len(s.Interfaces))
	}
	if e := s.Interfaces[0]; e.SpeedMbps != fleetnet.Some(25000) || e.Duplex != "full" || e.Master != "br0" || e.OperState != "UP" {
		t.Errorf("%+v", e)
	}
	if e := s.Interfaces[1]; e.SpeedMbps.OK || e.Duplex != "" {
		t.Errorf("%+v", e)
	}
	if len(s.Coverage) != 0 {
		t.Errorf("a merge covers no table: %+v", s.Coverage)
	}
}

// An interface whose name route -ee cuts is known when only one begins so.
func TestRouteCompletesCutNames(t *testing.T) {
	s := fleetnet.NewSnapshot("")
	s.Interfaces = []fleetnet.Interface{{Name: "enp0s31f6"}, {Name: "docker0"}, {Name: "docker1"}}
	s.ReadBytes(fleetnet.Probe{Read: linux.NetstatR}, []byte(
		"Destination     Gateway         Genmask         Flags Metric Ref    Use Iface    MSS   Window irtt\n"+
			"10.0.0.0        0.0.0.0         255.255.255.0   U     0      0        0 enp0s3   0     0      0\n"+
			"10.0.1.0        0.0.0.0         255.255.255.0   U     0      0        0 docker   0     0      0\n"))
	if len(s.Routes) != 2 || s.Routes[0].NextHops[0].Interface != "enp0s31f6" || s.Routes[1].NextHops[0].Interface != "" {
		t.Errorf("%+v", s.Routes)
	}
}

// On a host known to be big-endian a file that does not tell by its masks is
// read so.
func TestProcRouteTakesByteOrderFromArch(t *testing.T) {
	for arch, want := range map[string]string{"s390x": "10.3.0.254", "x86_64": "254.0.3.10"} {
		s := fleetnet.NewSnapshot("")
		s.Host.Arch = arch
		s.ReadBytes(fleetnet.Probe{Read: linux.ProcRoute}, []byte("eth0\t00000000\t0A0300FE\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"))
		if got := s.Routes[0].NextHops[0].Gateway; got != netip.MustParseAddr(want) {
			t.Errorf("%s: %v", arch, got)
		}
	}
}

func TestLegacyDialects(t *testing.T) {
	for command, want := range map[string]string{
		"netstat -s": "linux/netstat-s", "netstat -st": "linux/netstat-s", "netstat --statistics": "linux/netstat-s",
		"netstat -rn": "linux/netstat-r", "netstat -rn6": "linux/netstat-r", "netstat -A inet6 -r": "linux/netstat-r", "netstat --route": "linux/netstat-r",
		"netstat -i": "linux/netstat-i", "netstat -ai": "linux/netstat-i", "netstat -ie": "linux/netstat-ie", "netstat -iea": "linux/netstat-ie",
		"netstat -agn": "linux/netstat-g", "netstat --groups": "linux/netstat-g", "netstat -rC": "", "netstat -rn > /tmp/x": "linux/netstat-r",
		"/sbin/ifconfig": "linux/ifconfig", "ifconfig eth0": "linux/ifconfig", "ifconfig -s": "linux/ifconfig-s", "ifconfig -a | head": "linux/ifconfig",
		"route": "linux/route", "route -n": "linux/route", "route -A inet6 -n": "linux/route", "route -nee": "linux/route", "route --inet6": "linux/route",
		"route add default gw 10.0.0.1": "", "route -C": "",
		"arp -an": "linux/arp", "arp -n -i eth0": "linux/arp", "arp -d 10.0.0.1": "", "arp -s 10.0.0.1 02:00:00:00:00:01": "",
		"nstat -az": "linux/nstat", "nstat -asz": "linux/nstat", "nstat": "", "nstat -azj": "",
		"sysctl -a": "linux/sysctl", "sysctl net.core.somaxconn 2>/dev/null": "linux/sysctl", "sysctl -n net.core.somaxconn": "linux/setting-values", "sysctl -n -a": "", "sysctl -nw net.core.somaxconn=1": "",
		"cat /proc/sys/net/core/somaxconn": "linux/setting-values", "tail -n +1 /proc/sys/net/core/*": "linux/setting-values", "cat /proc/sys/net/core/somaxconn /etc/hosts": "",
		"grep . /proc/sys/net/core/somaxconn": "linux/setting-values", "grep -r 1 /etc": "", "cat /etc/os-release": "linux/os-release", "cat /etc/release.conf": "",
		"uname -a": "linux/uname", "uname -srm": "linux/uname", "uname --help": "", "hostname": "linux/hostname", "hostname -I": "", "hostname web9": "",
		"cat /proc/net/snmp": "linux/proc-snmp", "cat /proc/net/snmp /proc/net/netstat /proc/1/net/snmp6": "linux/proc-snmp",
		"cat /proc/net/route": "linux/proc-route", "cat /proc/net/ipv6_route": "linux/proc-route", "cat /proc/net/arp": "linux/proc-arp",
		"cat /proc/net/igmp /proc/net/dev_mcast": "linux/proc-igmp", "cat /proc/net/dev": "linux/proc-interfaces", "head /proc/net/fib_trie": "linux/proc-interfaces",
		"cat /proc/net/sctp/snmp": "linux/proc-snmp", "cat /etc/hosts": "", "cat": "", "cat /proc/net/dev /etc/hosts": "",
	} {
		d, _ := dialectOf(command)
		if d.Name != want {
			t.Errorf("%q is read by %q, want %q", command, d.Name, want)
		}
	}
}

// The shells that a host may have must take each command as it is.
func TestLegacyCommandsAreShell(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		skipOrFail(t, "no sh here")
	}
	for _, p := range linux.Probes() {
		if strings.Contains(p.Command, "\n") || strings.Contains(p.If, "\n") {
			t.Errorf("%s: the command has more than one line", p.Name)
		}
		for _, text := range []string{p.Command, p.If} {
			if out, err := exec.Command(shell, "-n", "-c", text).CombinedOutput(); err != nil {
				t.Errorf("%s: %v: %s", p.Name, err, out)
			}
		}
	}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
