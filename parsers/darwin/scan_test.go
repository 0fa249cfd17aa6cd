package darwin_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/darwin"
)

// scan reads outputs by the probes of their names, in the order of the probes.
func scan(t *testing.T, kernel string, outputs map[string]string) *fleetnet.Snapshot {
	t.Helper()
	s := fleetnet.NewSnapshot("mac1")
	s.Host.OS, s.Host.Kernel = "darwin", kernel
	left := len(outputs)
	for _, p := range darwin.Probes() {
		text, ok := outputs[p.Name]
		if !ok {
			continue
		}
		left--
		if acct := s.ReadBytes(p, []byte(text)); acct.Errors > 0 {
			t.Errorf("%s: %v", p.Name, acct.First[0])
		}
	}
	if left != 0 {
		t.Fatalf("%d outputs have no probe", left)
	}
	return s
}

const scanSockets = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address                                 Foreign Address                               (state)     rhiwat shiwat    pid   epid  state    options
tcp4       0      0  192.168.1.5.50000                             198.51.100.7.443                              ESTABLISHED 131072 131768  84517      0 0x0102 0x00000000
tcp4       0      0  *.22                                          *.*                                           LISTEN      131072 131072      1      0 0x0100 0x00000106
tcp46      0      0  *.3283                                        *.*                                           LISTEN      131072 131072    301      0 0x0100 0x00000106
udp4       0      0  *.5353                                        *.*                                                       196724   9216    187      0 0x0100 0x00000000
udp4       0      0  *.5353                                        *.*                                                       196724   9216    455      0 0x0100 0x00000000
Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address                                 Foreign Address                               (state)     rhiwat shiwat    pid   epid  state    options
tcp6       0      0  *.22                                          *.*                                           LISTEN      131072 131072      1      0 0x0100 0x00000106
tcp46      0      0  *.3283                                        *.*                                           LISTEN      131072 131072    301      0 0x0100 0x00000106
`

const scanQueues = `Current listen queue sizes (qlen/incqlen/maxqlen)
Listen         Local Address         
4/0/128        *.22                   
0/0/50         *.3283                 
Current listen queue sizes (qlen/incqlen/maxqlen)
Listen         Local Address         
9/0/128        *.22                   
0/0/50         *.3283                 
`

const scanPS = `  PID COMM
    1 launchd
  187 mDNSResponder
  301 ARDAgent
  455 rapportd
84517 Code Helper (Plugin)
`

const scanLsof = `COMMAND     PID           USER   FD   TYPE             DEVICE SIZE/OFF NODE NAME
launchd       1           root   12u  IPv6 0x1f3a5c7e9b2d4f60      0t0  TCP *:22 (LISTEN)
launchd       1           root   14u  IPv4 0x1f3a5c7e9b2d4f61      0t0  TCP *:22 (LISTEN)
sshd        700           root    3u  IPv4 0x1f3a5c7e9b2d4f61      0t0  TCP *:22 (LISTEN)
mDNSRespo   187 _mdnsresponder    7u  IPv4 0x1f3a5c7e9b2d4f62      0t0    UDP *:5353
Code\x20H 84517           anna   37u  IPv4 0x1f3a5c7e9b2d4f63      0t0  TCP 192.168.1.5:50000->198.51.100.7:443 (ESTABLISHED)
new         999           anna   37u  IPv4 0x1f3a5c7e9b2d4f69      0t0  TCP 192.168.1.5:50999->198.51.100.7:443 (ESTABLISHED)
`

// TestScanJoinsSockets asserts what netstat, ps and lsof make of a socket
// together.
func TestScanJoinsSockets(t *testing.T) {
	s := scan(t, "18.7.0", map[string]string{"darwin/netstat": scanSockets, "darwin/netstat-L": scanQueues, "darwin/ps": scanPS, "darwin/lsof": scanLsof})
	if len(s.Sockets) != 6 {
		t.Fatalf("%d sockets, want 6: that of both families once, and none that lsof alone saw", len(s.Sockets))
	}
	var got []string
	for _, k := range s.Sockets {
		var names []string
		for _, p := range k.Processes {
			names = append(names, p.String())
		}
		got = append(got, k.Family+" "+k.Local.String()+" "+strings.Join(names, ","))
	}
	want := []string{
		"inet 192.168.1.5:50000 Code Helper (Plugin)/84517", "inet *:22 launchd/1,sshd/700", "inet6 *:3283 ARDAgent/301",
		"inet *:5353 mDNSResponder/187", "inet *:5353 rapportd/455", "inet6 *:22 launchd/1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("sockets:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if fd := s.Sockets[3].Processes[0].FD; fd != fleetnet.Some(7) {
		t.Errorf("descriptor of one of several sockets with the same end: %v", fd)
	}
	if k := s.Sockets[1]; k.AcceptQueue != fleetnet.Some(uint32(4)) || k.Backlog != fleetnet.Some(uint32(128)) {
		t.Errorf("queues of *:22 of IPv4: %v of %v", k.AcceptQueue, k.Backlog)
	}
	if k := s.Sockets[2]; k.Backlog != fleetnet.Some(uint32(50)) {
		t.Errorf("backlog of a socket of both families: %v", k.Backlog)
	}
	if c := s.Known("sockets", "process"); c.Status != fleetnet.StatusComplete {
		t.Errorf("processes are named by ps, and yet: %+v", c)
	}
}

// TestTimeWait asserts that what an old macOS leaves out is not taken for none.
func TestTimeWait(t *testing.T) {
	for kernel, want := range map[string]fleetnet.Status{
		"13.4.0": fleetnet.StatusPartial, "14.5.0": fleetnet.StatusPartial, "15.0.0": fleetnet.StatusComplete, "25.0.0": fleetnet.StatusComplete, "": fleetnet.StatusComplete,
	} {
		s := scan(t, kernel, map[string]string{"darwin/netstat": scanSockets})
		if got := s.Known("sockets").Status; got != want {
			t.Errorf("Darwin %q: %s, want %s", kernel, got, want)
		}
		table, _ := fleetnet.TableNamed("sockets")
		if got := table.KnownAbout(s, fleetnet.Selection{"state": {"CLOSE_WAIT"}}).Status; got != fleetnet.StatusComplete {
			t.Errorf("Darwin %q: CLOSE_WAIT is %s, want complete", kernel, got)
		}
	}
}

const scanIfconfig = `lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384
	inet 127.0.0.1 netmask 0xff000000 
utun80: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1380
utun8: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1380
utun81: flags=8050<POINTOPOINT,RUNNING,MULTICAST> mtu 1380
bridge100: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
vmnet1: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
vmnet8: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
`

const scanCounters = `Name  Mtu   Network       Address            Ipkts Ierrs     Ibytes    Opkts Oerrs     Obytes  Coll Drop
lo0   16384 <Link#1>                         14560     0    1918273    14560     0    1918273     0   0
utun8 1380  <Link#10>                          100     0       5000      200     0       6000     0   0
utun8 1380  <Link#11>                          101     0       5000      201     0       6000     0   0
utun8 1380  <Link#12>                          102     0       5000      202     0       6000     0   0
bridg 1500  <Link#14>   52:a6:d8:f5:7a:64        7     0          0        0     0          0     0   0
vmnet 1500  <Link#15>   00:50:56:c0:00:01        8     0          0        0     0          0     0   0
`

// TestScanJoinsInterfaces asserts that cut names find their interface by order,
// and none when the tables do not have as many of them.
func TestScanJoinsInterfaces(t *testing.T) {
	s := scan(t, "", map[string]string{"darwin/ifconfig": scanIfconfig, "darwin/netstat-i": scanCounters})
	got := map[string]uint64{}
	for _, it := range s.Interfaces {
		if it.Counters != nil {
			got[it.Name] = it.Counters.RxPackets.V
		}
	}
	want := map[string]uint64{"lo0": 14560, "utun80": 100, "utun8": 101, "utun81": 102, "bridge100": 7}
	for name, n := range want {
		if got[name] != n {
			t.Errorf("%s received %d packets, want %d", name, got[name], n)
		}
	}
	if len(got) != len(want) || len(s.Interfaces) != 7 {
		t.Errorf("counters of %v, of %d interfaces", got, len(s.Interfaces))
	}
	if c := s.Known("interfaces", "counters"); c.Status != fleetnet.StatusPartial {
		t.Errorf("the counters of two interfaces are not known, and yet: %+v", c)
	}
}
