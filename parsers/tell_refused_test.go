package parsers_test

import (
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers"
)

// TestTellRefuses: what is no output of a command that is read is refused with
// what it looks like, and what may be several is refused with all of them.
func TestTellRefuses(t *testing.T) {
	noise := make([]byte, 4096)
	for i, r := 0, rand.New(rand.NewPCG(1, 2)); i < len(noise); i++ {
		noise[i] = byte(r.Uint32())
	}
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "it is empty"},
		{"blanks", " \n\t\n\r\n", "it is empty"},
		{"noise", string(noise), "binary data"},
		{"an archive", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03abc", "binary data"},
		{"a key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----\n", "PEM"},
		{"a page", "<html><body>\n<pre>tcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN</pre>\n", "HTML"},
		{"a letter", "Dear all, since this morning the server answers no more.\nWe ran netstat -an and saw many sockets in TIME_WAIT.\nCan you help?\n", "prose"},
		{"a letter that begins with a command", "netstat -rn shows\nthat the default route is gone, and nobody knows why.\n", "cannot be told"},
		{"a config with comments", "# ip addresses of the servers\nserver 10.0.0.1\n# ss listens here\nlisten 0.0.0.0:80\n", "cannot be told"},
		{"a config like sysctl's output", "net.ipv4.ip_forward = 1\nnet.core.somaxconn = 4096\n", "a sysctl.conf looks the same"},
		{"a log", "Nov 21 03:24:01 web1 sshd[812]: Accepted publickey for ops from 10.0.0.9 port 51514 ssh2\n", "a log"},
		{"a log of time stamps", "2026-11-21T03:24:01Z level=info msg=\"listening\" addr=0.0.0.0:8080 state=LISTEN\n", "a log"},
		{"an access log", "10.0.0.9 - - [21/Nov/2026:03:24:01 +0000] \"GET / HTTP/1.1\" 200 612\n", "a log"},
		{"ps", "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nroot           1  0.0  0.1 168140 11788 ?        Ss   Nov09   0:12 /sbin/init\n", "ps"},
		{"hosts", "127.0.0.1 localhost\n10.0.0.1 web1\n::1 localhost ip6-localhost\n", "cannot be told"},
		{"CSV of a shop", "id,customer,amount\n1,Meyer,12.50\n2,Schulz,3.00\n", "CSV"},
		{"CSV with an address", "\"IPAddress\",\"Owner\",\"Room\"\n\"10.0.0.1\",\"Meyer\",\"12\"\n", "CSV"},
		{"JSON of another tool", "[{\"id\": 1, \"state\": \"up\", \"dev\": \"eth0\"}]\n", "JSON"},
		{"docker ps", "CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS   PORTS                  NAMES\n3f1   nginx   \"nginx\"   2 days ago   Up 2 days   0.0.0.0:80->80/tcp   web\n", "cannot be told"},
		{"ping", "PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.\n64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.1 ms\n", "ping"},
		{"iptables", "Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination\n", "iptables"},
		{"no such command", "bash: netstat: command not found\n", "the command was not there"},
		{"a heading alone", "State Recv-Q Send-Q Local Address:Port Peer Address:Port\n", "cannot be told"},
		{"rows within a log", strings.Repeat("Nov 21 03:24:01 web1 app[1]: polled\n", 8) + "tcp 0 0 10.0.0.1:22 10.0.0.2:4711 ESTABLISHED\ntcp 0 0 10.0.0.1:22 10.0.0.2:4712 ESTABLISHED\ntcp 0 0 10.0.0.1:22 10.0.0.2:4713 ESTABLISHED\n", "could not be read"},
		{"sockets of any protocol", "State Recv-Q Send-Q Local Address:Port Peer Address:Port\nESTAB 0 0 10.0.0.1:22 10.0.0.2:4711\n", `"ss -ta" of linux or "ss -ua" of linux: say --command`},
		{"rules of either family", "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n", `"ip rule" of linux or "ip -6 rule" of linux: say --command`},
		{"counters of any BSD", "ip:\n\t12 total packets received\n\t0 bad header checksums\n\t12 packets for this host\n\t9 packets sent from this host\n", "darwin, freebsd, dragonfly, openbsd or netbsd: say --platform"},
		{"a command of which nothing is read", "root@web1:~# uptime\n 09:12:11 up 12 days\n", `line 1: "uptime" is passed over`},
		{"a command that printed nothing", "root@web1:~# ip route\nroot@web1:~#\n", "it printed nothing"},
		{"two hosts", "root@web1:~# ip route\ndefault via 10.0.0.2 dev eth0\nroot@web2:~# ip route\ndefault via 10.0.0.2 dev eth0\n", "several places (web1, web2)"},
		{"two systems", "C:\\>arp -a\n\nInterface: 10.20.0.5 --- 0xc\n  10.20.0.1             00-1d-aa-12-34-56     dynamic\n\nroot@web1:~# ip route\ndefault via 10.0.0.2 dev eth0\n", "different systems"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := parsers.Tell([]byte(c.text), parsers.Asked{})
			var unclear *parsers.UnclearError
			if !errors.As(err, &unclear) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %+v, %v; want an error with %q", got, err, c.want)
			}
		})
	}
}

// TestTellSession: the parts of a session go to their commands, at their lines.
func TestTellSession(t *testing.T) {
	const session = "Last login: Mon Nov 20 10:00:00 2026\n" +
		"mac1:~ ops$ netstat -rn\nRouting tables\n\nInternet:\nDestination        Gateway            Flags               Netif Expire\ndefault            192.168.1.254      UGScg                 en0\n" +
		"mac1:~ ops$ cd /tmp\nmac1:~ ops$ arp -an\n? (192.168.1.7) at 0:90:a9:ed:4:5 on en0 ifscope [ethernet]\nmac1:~ ops$ \n"
	told, err := parsers.Tell([]byte(session), parsers.Asked{})
	if err != nil {
		t.Fatal(err)
	}
	snap := fleetnet.NewSnapshot("mac1")
	accounts, err := told.Read(snap)
	if err != nil {
		t.Fatal(err)
	}
	if told.Platform != "darwin" || len(snap.Routes) != 1 || len(snap.Neighbors) != 1 || len(accounts) != 2 || len(told.Passed) != 1 {
		t.Fatalf("told %+v, routes %+v, neighbours %+v", told, snap.Routes, snap.Neighbors)
	}
	if e := snap.Evidence(snap.Neighbors[0].Ref); e.Line != 10 || e.Command != "arp -an" || !strings.HasPrefix(e.Text, "? (192.168.1.7)") {
		t.Errorf("evidence %+v", e)
	}
}

// TestTellDamaged: what pastes lose may cost the telling, never make it wrong.
func TestTellDamaged(t *testing.T) {
	const every = 4 // each capture suffers a quarter of the damages
	blanks := regexp.MustCompile(` {2,}`)
	half := func(s string) string {
		lines := strings.SplitAfter(s, "\n")
		return strings.Join(lines[len(lines)/2:], "")
	}
	for name, damage := range map[string]func(string) string{
		"CR LF":         func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"single blanks": func(s string) string { return blanks.ReplaceAllString(s, " ") },
		"indented":      func(s string) string { return "    " + strings.ReplaceAll(s, "\n", "\n    ") },
		"no first line": func(s string) string { _, rest, _ := strings.Cut(s, "\n"); return rest },
		"two lines": func(s string) string {
			return strings.Join(strings.SplitAfter(s, "\n")[:min(2, strings.Count(s, "\n"))], "")
		},
		"the second half":  half,
		"in small letters": strings.ToLower,
		"in a mail":        func(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") },
	} {
		t.Run(name, func(t *testing.T) {
			for i, c := range captures(t) {
				if (i+len(name))%every != 0 {
					continue
				}
				got, err := parsers.Tell([]byte(damage(c.output)), parsers.Asked{})
				if err != nil {
					continue
				}
				want, _ := parsers.Find(c.platform, c.command)
				if r := got.Readings[0]; got.Platform != c.platform || r.Probe.Tables[0] != want.Tables[0] {
					t.Errorf("%s (%s): told %q of %s", c.file, c.command, r.Probe.Command, got.Platform)
				}
			}
		})
	}
}
