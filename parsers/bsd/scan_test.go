package bsd_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/bsd"
)

// What a scan of FreeBSD 14 prints: netstat twice, then sockstat.
const freebsdSockets = `Active Internet connections (including servers)
Proto Recv-Q Send-Q Local Address          Foreign Address        (state)
tcp4       0      0 10.0.0.5.22            10.0.0.9.50122         ESTABLISHED
tcp4       0      0 10.0.0.5.33012         203.0.113.80.443       TIME_WAIT
tcp46      0      0 *.8080                 *.*                    LISTEN
tcp4       0      0 *.22                   *.*                    LISTEN
udp4       0      0 *.5353                 *.*
udp4       0      0 *.5353                 *.*
Active Internet connections (including servers)
Proto Recv-Q Send-Q Local Address                                 Foreign Address                               (state)
tcp6       0      0 2001:db8:17:4::5.443                          2001:db8:17:4::a.51514                        CLOSE_WAIT
tcp46      0      0 *.8080                                        *.*                                           LISTEN
tcp6       0      0 *.22                                          *.*                                           LISTEN
USER COMMAND      PID FD PROTO LOCAL ADDRESS         FOREIGN ADDRESS
80   nginx       2012  6 tcp46 *:8080                *:*
80   nginx       2013  6 tcp46 *:8080                *:*
80   nginx       2013  9 tcp6  2001:db8:17:4::5:443  2001:db8:17:4::a:51514
0    sshd         812  3 tcp6  *:22                  *:*
0    sshd         812  4 tcp4  *:22                  *:*
0    sshd        1400  4 tcp4  10.0.0.5:22           10.0.0.9:50122
1001 mdnsd        600  5 udp4  *:5353                *:*
1002 avahi        601  5 udp4  *:5353                *:*
0    late        9999  4 tcp4  10.0.0.5:1            10.0.0.9:2
?    ?              ?  ? tcp4  10.0.0.5:33012        203.0.113.80:443
`

const openbsdSockets = `Active Internet connections (including servers)
Proto   Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp          0      0  10.0.0.5.22            10.0.0.9.50122         ESTABLISHED
tcp          0      0  *.22                   *.*                    LISTEN
Active Internet connections (including servers)
Proto   Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp6         0      0  2001:db8:17:4:a00:27ff:fe4e:66a1.22 2001:db8:17:4::a.51514 ESTABLISHED
tcp6         0      0  *.22                   *.*                    LISTEN
USER     CMD          PID   FD MOUNT        INUM  MODE         R/W    SZ|DV
root     sshd       71344   wd /                2  drwxr-xr-x     r      512
root     sshd       71344    3* internet stream tcp 0x0 *:22
root     sshd       71344    4* internet6 stream tcp 0x0 *:22
root     sshd       71400    4* internet stream tcp 0x0 10.0.0.5:22 <-- 10.0.0.9:50122
ops      sshd       71500    4* internet6 stream tcp 0x0 [2001:db8:17:4:a00:27ff:fe4e:66a1]:22 <-- [2001:db8:17:4::a]:51514
`

const netbsdSockets = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        State
tcp        0      0  *.22                   *.*                    LISTEN
Active Internet6 connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp6       0      0  *.22                   *.*                    LISTEN
USER     COMMAND    PID   FD PROTO  LOCAL ADDRESS         FOREIGN ADDRESS
root     sshd       412    3 tcp6   *.22                  *.*
root     sshd       412    4 tcp    *.22                  *.*
`

func probe(t testing.TB, name string) fleetnet.Probe {
	t.Helper()
	for _, p := range bsd.Probes() {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no probe %q", name)
	return fleetnet.Probe{}
}

func scan(t testing.TB, name, text string) *fleetnet.Snapshot {
	t.Helper()
	s := fleetnet.NewSnapshot("h")
	if acct := s.ReadBytes(probe(t, name), []byte(text)); acct.Errors > 0 {
		t.Fatalf("%s: %v", name, acct.First[0])
	}
	return s
}

// shown is a socket in a line: protocol, ends, state, and who holds it.
func shown(s *fleetnet.Snapshot) string {
	var b strings.Builder
	for _, k := range s.Sockets {
		fmt.Fprintf(&b, "%s %s %s %s %s", k.Proto, k.Family, k.Local.String(), k.Peer.String(), k.State)
		for _, p := range k.Processes {
			fmt.Fprintf(&b, " %s/%d/%d", p.Name, p.PID, p.FD.V)
		}
		if k.UID.OK {
			fmt.Fprintf(&b, " uid=%d", k.UID.V)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestHolders(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"freebsd/netstat", freebsdSockets, `tcp inet 10.0.0.5:22 10.0.0.9:50122 ESTABLISHED sshd/1400/4 uid=0
tcp inet 10.0.0.5:33012 203.0.113.80:443 TIME_WAIT
tcp inet6 *:8080 *:* LISTEN nginx/2012/6 nginx/2013/6 uid=80
tcp inet *:22 *:* LISTEN sshd/812/4 uid=0
udp inet *:5353 *:* UNCONN
udp inet *:5353 *:* UNCONN
tcp inet6 [2001:db8:17:4::5]:443 [2001:db8:17:4::a]:51514 CLOSE_WAIT nginx/2013/9 uid=80
tcp inet6 *:22 *:* LISTEN sshd/812/3 uid=0
`},
		{"openbsd/netstat", openbsdSockets, `tcp inet 10.0.0.5:22 10.0.0.9:50122 ESTABLISHED sshd/71400/4
tcp inet *:22 *:* LISTEN sshd/71344/3
tcp inet6 [2001:db8:17:4:a00:27ff:fe4e:66a1]:22 [2001:db8:17:4::a]:51514 ESTABLISHED sshd/71500/4
tcp inet6 *:22 *:* LISTEN sshd/71344/4
`},
		{"netbsd/netstat", netbsdSockets, `tcp inet *:22 *:* LISTEN sshd/412/4
tcp inet6 *:22 *:* LISTEN sshd/412/3
`},
	}
	for _, tt := range tests {
		if got := shown(scan(t, tt.name, tt.text)); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// TestHoldersCoverage asserts that processes are known when they were told, and
// said to be unknown when they were not, or when it is not clear whose they are.
func TestHoldersCoverage(t *testing.T) {
	netstatOnly, _, _ := strings.Cut(freebsdSockets, "USER ")
	tests := []struct {
		name, text string
		want       fleetnet.Status
	}{
		{"openbsd/netstat", openbsdSockets, fleetnet.StatusComplete},
		{"netbsd/netstat", netbsdSockets, fleetnet.StatusComplete},
		{"freebsd/netstat", freebsdSockets, fleetnet.StatusPartial}, // who holds which of two *:5353
		{"freebsd/netstat", netstatOnly, fleetnet.StatusUnsupported},
		{"freebsd/netstat-alone", netstatOnly, fleetnet.StatusUnsupported},
	}
	for _, tt := range tests {
		s := scan(t, tt.name, tt.text)
		if got := s.Known("sockets", "processes"); got.Status != tt.want {
			t.Errorf("%s: processes are %s (%s), want %s", tt.name, got.Status, got.Reason, tt.want)
		}
		if got := s.Known("sockets", "local", "peer", "state"); got.Status != fleetnet.StatusComplete {
			t.Errorf("%s: ends and states are %s (%s)", tt.name, got.Status, got.Reason)
		}
	}
}

// TestHoldersAlone asserts that a netstat that says nothing is not taken for a
// host without sockets.
func TestHoldersAlone(t *testing.T) {
	_, alone, _ := strings.Cut(freebsdSockets, "USER ")
	s := scan(t, "freebsd/netstat", "USER "+alone)
	if got := s.Known("sockets"); len(s.Sockets) != 8 || got.Status != fleetnet.StatusPartial {
		t.Errorf("%d sockets, %s", len(s.Sockets), got.Status)
	}
}

// TestHidden asserts that sockets which FreeBSD hides are not taken for none.
func TestHidden(t *testing.T) {
	tests := []struct {
		text string
		want fleetnet.Status
	}{
		{"0\nsecurity.bsd.see_other_uids: 0\nsecurity.bsd.see_other_gids: 0\n", fleetnet.StatusComplete},
		{"1001\nsecurity.bsd.see_other_uids: 1\nsecurity.bsd.see_other_gids: 1\n", fleetnet.StatusComplete},
		{"1001\nsecurity.bsd.see_other_uids: 0\nsecurity.bsd.see_other_gids: 1\n", fleetnet.StatusDenied},
	}
	for _, tt := range tests {
		s := scan(t, "freebsd/netstat", freebsdSockets)
		s.ReadBytes(probe(t, "freebsd/hidden"), []byte(tt.text))
		if got := s.Known("sockets"); got.Status != tt.want {
			t.Errorf("%q: sockets are %s, want %s", tt.text, got.Status, tt.want)
		}
	}
}

// TestQueues asserts that the queues of listeners join them.
func TestQueues(t *testing.T) {
	s := scan(t, "freebsd/netstat", freebsdSockets)
	s.ReadBytes(probe(t, "freebsd/netstat-L"), []byte(`Current listen queue sizes (qlen/incqlen/maxqlen)
Proto Listen                           Local Address
tcp46 193/0/128                        *.8080
tcp4  0/0/128                          *.22
Current listen queue sizes (qlen/incqlen/maxqlen)
Proto Listen                           Local Address
tcp46 193/0/128                        *.8080
tcp6  1/0/256                          *.22
`))
	want := map[string]string{"inet6 *:8080": "193/128", "inet *:22": "0/128", "inet6 *:22": "1/256"}
	for _, k := range s.Sockets {
		if k.State != fleetnet.StateListen {
			continue
		}
		name := k.Family + " " + k.Local.String()
		if got := fmt.Sprintf("%d/%d", k.AcceptQueue.V, k.Backlog.V); got != want[name] || !k.Backlog.OK {
			t.Errorf("%s: %s (known: %v), want %s", name, got, k.Backlog.OK, want[name])
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("no listeners %v", want)
	}
}

// TestInterfaceTables asserts that the bytes and the packets of OpenBSD, which
// stand in two tables, come together.
func TestInterfaceTables(t *testing.T) {
	s := scan(t, "openbsd/ifconfig", "em0: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500\n\tlladdr 08:00:27:4e:66:a1\n\tindex 1 priority 0 llprio 3\n")
	s.ReadBytes(probe(t, "openbsd/netstat-i"), []byte("Name    Mtu   Network     Address              Ibytes     Obytes\nem0     1500  <Link>      08:00:27:4e:66:a1 372538087  198573339\n"))
	s.ReadBytes(probe(t, "openbsd/netstat-in"), []byte("Name    Mtu   Network     Address              Ipkts Ifail    Opkts Ofail Colls\nem0     1500  <Link>      08:00:27:4e:66:a1   372717     2   213821     1     0\n"))
	if len(s.Interfaces) != 1 || s.Interfaces[0].Counters == nil {
		t.Fatalf("%+v", s.Interfaces)
	}
	n := s.Interfaces[0].Counters
	if n.RxBytes.V != 372538087 || n.TxBytes.V != 198573339 || n.RxPackets.V != 372717 || n.TxErrors.V != 1 || !n.TxErrors.OK || n.RxDropped.OK {
		t.Errorf("%+v", n)
	}
}

// TestHost asserts what is made of the time of boot in each system's form.
func TestHost(t *testing.T) {
	const freebsd = "kern.ostype: FreeBSD\nkern.osrelease: 14.1-RELEASE\nkern.hostname: fw1\nhw.machine: amd64\n" +
		"kern.boottime: { sec = 1718000000, usec = 918881 } Mon Jun 10 06:13:20 2024\nuserland: 14.1-RELEASE-p5\neuid: 1001\nepoch: 1718000100\n"
	const netbsd = "kern.ostype = NetBSD\nkern.osrelease = 10.0\nkern.hostname = vm3\nhw.machine = amd64\n" +
		"kern.boottime = Mon Jun 10 06:13:20 2024\neuid: 0\nepoch: 1718000100\n"
	for name, text := range map[string]string{"freebsd/host": freebsd, "netbsd/host": netbsd} {
		h := scan(t, name, text).Host
		if h.UptimeSeconds.V != 100 || !h.UptimeSeconds.OK || h.Privileged.V != (name == "netbsd/host") {
			t.Errorf("%s: %+v", name, h)
		}
	}
	if h := scan(t, "freebsd/host", freebsd).Host; h.OSVersion != "FreeBSD 14.1-RELEASE-p5" || h.Kernel != "14.1-RELEASE" {
		t.Errorf("%+v", h)
	}
}

// TestProbes asserts what every probe must have.
func TestProbes(t *testing.T) {
	var names []string
	for _, p := range bsd.Probes() {
		if slices.Contains(names, p.Name) || !strings.HasPrefix(p.Name, p.OS+"/") || p.Slot == "" || p.Command == "" || p.Read == nil {
			t.Errorf("probe %q is not complete, or twice there", p.Name)
		}
		names = append(names, p.Name)
	}
}

func BenchmarkSockets(b *testing.B) {
	var text strings.Builder
	text.WriteString("Active Internet connections (including servers)\nProto Recv-Q Send-Q Local Address          Foreign Address        (state)\n")
	for i := range 50_000 {
		local, peer := fmt.Sprintf("10.0.%d.%d.443", i>>8&7, i&255), fmt.Sprintf("203.0.113.%d.%d", i&255, 1024+i)
		fmt.Fprintf(&text, "tcp4       0     36 %-22s %-22s ESTABLISHED\n", local, peer)
	}
	benchmark(b, "freebsd/netstat", text.String())
}

func BenchmarkHolders(b *testing.B) {
	var text strings.Builder
	text.WriteString("USER COMMAND      PID FD PROTO LOCAL ADDRESS         FOREIGN ADDRESS\n")
	for i := range 50_000 {
		local, peer := fmt.Sprintf("10.0.%d.%d:443", i>>8&7, i&255), fmt.Sprintf("203.0.113.%d:%d", i&255, 1024+i)
		fmt.Fprintf(&text, "80   nginx       2012 %d tcp4  %-21s %-21s\n", i, local, peer)
	}
	benchmark(b, "freebsd/netstat", text.String())
}

func benchmark(b *testing.B, name, text string) {
	p := probe(b, name)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		s := fleetnet.NewSnapshot("h")
		if acct := s.ReadBytes(p, []byte(text)); acct.Errors > 0 {
			b.Fatal(acct.First[0])
		}
	}
}
