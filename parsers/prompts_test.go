package parsers_test

import (
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers"
)

// TestTellHeaded: how people and shells show which command printed what follows.
func TestTellHeaded(t *testing.T) {
	const table = "Routing tables\n\nInternet:\nDestination        Gateway            Flags           Netif Expire\n" +
		"default            10.3.0.1           UGScg             en0       \n127                127.0.0.1          UCS               lo0       \n"
	for name, above := range map[string]string{
		"a prompt at the right edge":  "❯ netstat -rn                                        12s 11:22:33\n",
		"a theme of zsh":              "╭─ops@mac1 ~/src ‹main*›\n╰─➤  netstat -rn                              1 ↵\n",
		"a theme without a character": "╭─ ~/src ········ ✔ 11:22:33 ─╮\n╰─ netstat -rn                          ─╯\n",
		"sudo asks":                   "bash-3.2$ netstat -rn\nPassword:\n",
		"the end of a prompt":         "✗ netstat -rn\n",
		"between marks":               "===== netstat -rn =====\n",
		"a title":                     "### netstat -rn\n",
		"code and a colon":            "`netstat -rn`:\n",
		"a colon":                     "netstat -rn:\n",
		"an arrow":                    "==> netstat -rn <==\n",
	} {
		told, err := parsers.Tell([]byte(above+table), parsers.Asked{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r := told.Readings[0]; len(told.Readings) != 1 || r.Probe.Command != "netstat -rn" || !r.Typed || r.Lines() != 5 {
			t.Errorf("%s: told %q, %d lines", name, r.Probe.Command, r.Lines())
		}
	}
}

// TestTellCollected: a file that a script put together is a session, too.
func TestTellCollected(t *testing.T) {
	const text = "--- arp -an ---\n? (10.3.0.1) at 0:1c:42:0:0:8 on en0 ifscope [ethernet]\n\n" +
		"--- ifconfig lo0 ---\nlo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384\n\tinet 127.0.0.1 netmask 0xff000000 \n"
	told, err := parsers.Tell([]byte(text), parsers.Asked{Platforms: []string{"darwin"}})
	if err != nil || len(told.Readings) != 2 || told.Readings[0].Line != 1 || told.Readings[1].Line != 4 {
		t.Errorf("told %+v, %v", told, err)
	}
}

// windowsSockets is what `netstat -ano` of Windows prints.
const windowsSockets = "\nActive Connections\n\n  Proto  Local Address          Foreign Address        State           PID\n" +
	"  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       912\n"

// TestTellOnWindows: the prompts that stand above an output of Windows, and those of
// other systems from which it was asked.
func TestTellOnWindows(t *testing.T) {
	for _, above := range []string{
		"C:\\>netstat -ano",
		"PS> netstat -ano",
		"(base) PS C:\\Users\\ops> netstat -ano",
		"(venv) C:\\a b>netstat -ano",
		"PS HKLM:\\Software> netstat -ano",
		"PS Microsoft.PowerShell.Core\\FileSystem::\\\\srv1\\share> netstat -ano",
		"PS C:\\src [main +1 ~0 -0 | +2 ~0 -0 !]> netstat -ano",
		"*Evil-WinRM* PS C:\\Users\\ops> netstat -ano",
		"[web7.example.com]: PS C:\\Users\\ops> netstat -ano",
		"[10.20.0.5]: PS>netstat -ano",
		"ops@WIN7 MINGW64 ~/src (main)\n$ netstat -ano",
		"ops@WIN7 /cygdrive/c\n$ netstat -ano",
		"ops@laptop:~$ ssh win7 netstat -ano",
		"ops@win7:/mnt/c$ netstat.exe -ano",
		"ops@win7:~$ powershell.exe -Command netstat -ano",
	} {
		told, err := parsers.Tell([]byte(above+windowsSockets+above), parsers.Asked{})
		if err != nil {
			t.Errorf("%s: %v", above, err)
			continue
		}
		r := told.Readings[0]
		if told.Platform != "windows" || len(told.Readings) != 1 || !r.Typed || r.Lines() != 3 {
			t.Errorf("%s: told %s, %q, %d lines", above, told.Platform, r.Probe.Command, r.Lines())
		}
	}
}

// TestTellPipe: the last cmdlet that gets objects of its own is the one that prints.
func TestTellPipe(t *testing.T) {
	const text = "PS C:\\> Get-NetAdapter -Physical | Get-NetAdapterStatistics\n\n" +
		"Name                             ReceivedBytes ReceivedUnicastPackets       SentBytes SentUnicastPackets\n" +
		"----                             ------------- ----------------------       --------- ------------------\n" +
		"Ethernet 3                       2230513627210            32739256671 ...314576506360       481331993840\n"
	told, err := parsers.Tell([]byte(text), parsers.Asked{})
	if err != nil {
		t.Fatal(err)
	}
	snap := fleetnet.NewSnapshot("")
	snap.ReadBytes(told.Readings[0].Probe, told.Readings[0].Text)
	if c := snap.Interfaces[0].Counters; c.RxBytes != fleetnet.Some(uint64(2230513627210)) || c.TxBytes.OK {
		t.Errorf("counters %+v", c)
	}
}

// TestTellTwoPlaces: what ran in a session on another host is not mixed with what
// ran on this one.
func TestTellTwoPlaces(t *testing.T) {
	const arp = "\nInterface: 10.20.0.5 --- 0xc\n  Internet Address      Physical Address      Type\n  10.20.0.254           00-1b-21-0a-0b-0c     dynamic\n"
	for _, prompts := range [][2]string{{"PS C:\\> ", "[web7]: PS C:\\> "}, {"[10.20.0.5]: PS>", "[10.20.0.6]: PS>"}} {
		_, err := parsers.Tell([]byte(prompts[0]+"netstat -ano"+windowsSockets+prompts[1]+"arp -a"+arp), parsers.Asked{})
		if err == nil || !strings.Contains(err.Error(), "several places") {
			t.Errorf("%q: %v", prompts, err)
		}
	}
}

// TestLinuxSaysWindows: what Windows prints, read as that of Linux, is not understood
// rather than passed over.
func TestLinuxSaysWindows(t *testing.T) {
	p, err := parsers.Find("linux", "netstat -ano")
	if err != nil {
		t.Fatal(err)
	}
	if a := fleetnet.NewSnapshot("").ReadBytes(p, []byte(windowsSockets)); a.Errors != 1 || a.Rows != 0 {
		t.Errorf("%+v", a)
	}
}

// TestTellAmongProse: a heading that nothing else has tells a table, whatever was
// written around it; the lines of that are errors.
func TestTellAmongProse(t *testing.T) {
	const text = "This is what I get with the tunnel up:\n\nRouting tables\n\nInternet:\n" +
		"Destination        Gateway            Flags               Netif Expire\n" +
		"default            link#18            UCSg                utun3       \n" +
		"default            10.3.0.1           UGScIg                en0       \n"
	told, err := parsers.Tell([]byte(text), parsers.Asked{})
	if err != nil || told.Readings[0].Probe.Command != "netstat -rn" {
		t.Fatalf("told %+v, %v", told, err)
	}
	snap := fleetnet.NewSnapshot("mac1")
	if accounts, err := told.Read(snap); err != nil || accounts[0].Errors != 1 || len(snap.Routes) != 2 {
		t.Errorf("%+v, %v, %d routes", accounts, err, len(snap.Routes))
	}
}

// TestTellOther: a program of the same name that prints something else is told
// to be none that is read, not to be of the system whose program it is.
func TestTellOther(t *testing.T) {
	const text = "ops@mac1 ~ % ip addr\nlo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384\n\tinet 127.0.0.1/8 lo0\n\tinet6 ::1/128\n"
	if told, err := parsers.Tell([]byte(text), parsers.Asked{}); err == nil {
		t.Errorf("told %+v", told)
	}
}

// TestTellSamePrompt: a prompt that tells itself by nothing but a command that is
// read is one before other commands, too.
func TestTellSamePrompt(t *testing.T) {
	const text = "web1$ ss -tan\nState  Recv-Q Send-Q Local Address:Port Peer Address:Port\nESTAB 0 0 10.0.0.1:8080 10.0.0.2:3000\n" +
		"web1$ date\nSat Nov 21\nweb1$\nweb1$ ip r\ndefault via 10.0.0.254 dev eth0\nweb1$ exit\n"
	told, err := parsers.Tell([]byte(text), parsers.Asked{})
	if err != nil || len(told.Readings) != 2 || told.Readings[1].Line != 7 || len(told.Passed) != 1 || told.Passed[0].Command != "date" {
		t.Errorf("told %+v, passed %+v, %v", told.Readings, told.Passed, err)
	}
}
