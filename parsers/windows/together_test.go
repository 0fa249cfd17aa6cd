package windows_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/charset"
	"github.com/fleetnet/fleetnet/parsers/windows"
)

// read reads the answers of probes, one after the other, into one snapshot.
func read(t *testing.T, answers ...string) *fleetnet.Snapshot {
	t.Helper()
	s := fleetnet.NewSnapshot("win1")
	for i := 0; i+1 < len(answers); i += 2 {
		p := probe(t, answers[i])
		if a := s.ReadBytes(p, []byte(answers[i+1])); a.Errors > 0 {
			t.Errorf("%s: %v", p.Name, a.First[0])
		}
	}
	return s
}

func probe(t *testing.T, name string) fleetnet.Probe {
	t.Helper()
	for _, p := range windows.Probes() {
		if p.Name == "windows/"+name {
			return p
		}
	}
	t.Fatalf("no probe %s", name)
	return fleetnet.Probe{}
}

const (
	ipconfigText = `
Windows IP Configuration

   Host Name . . . . . . . . . . . . : WIN1

Ethernet adapter Ethernet 2:

   Connection-specific DNS Suffix  . :
   Description . . . . . . . . . . . : Intel(R) 82574L
   Physical Address. . . . . . . . . : 00-15-5D-0D-45-01
   Link-local IPv6 Address . . . . . : fe80::77%12(Preferred)
   IPv4 Address. . . . . . . . . . . : 10.20.0.5(Preferred)
   Subnet Mask . . . . . . . . . . . : 255.255.255.0

Ethernet adapter Lab:

   Connection-specific DNS Suffix  . :
   Description . . . . . . . . . . . : VMware Adapter
   Physical Address. . . . . . . . . : 00-50-56-C0-00-08
   IPv4 Address. . . . . . . . . . . : 192.168.7.1(Preferred)
   Subnet Mask . . . . . . . . . . . : 255.255.255.0
`
	routesText = `===========================================================================
Interface List
 12...00 15 5d 0d 45 01 ......Intel(R) 82574L
 21...00 50 56 c0 00 08 ......VMware Adapter
===========================================================================
          0.0.0.0          0.0.0.0        10.20.0.1        10.20.0.5     25
      192.168.7.0    255.255.255.0         On-link       192.168.7.1    281
 21    281 fe80::/64                On-link
`
	netstatText = `
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1064
  TCP    10.20.0.5:50113        203.0.113.20:443       TIME_WAIT       0
  UDP    [fe80::77%12]:1900     *:*                                    6208
  UDP    [fe80::78%99]:1900     *:*                                    77
`
	tasklistText = `"System Idle Process","0","Services","0","8 K"
"svchost.exe","1064","Services","0","18.244 K"
"Mein Büro.exe","6208","Console","1","1 K"
`
)

// TestNative: what the programs of a host say of each other.
func TestNative(t *testing.T) {
	s := read(t, "ipconfig", ipconfigText, "netsh-interfaces", "Idx Met MTU State Name\n---  ---  ---  ---  ---\n 12 25 1500 connected Ethernet 2\n  1 75 4294967295 connected Loopback Pseudo-Interface 1\n",
		"route-print", routesText, "arp", "\nInterface: 192.168.7.1 --- 0x15\n  192.168.7.9  00-50-56-c0-00-09  dynamic\n", "netstat", netstatText, "tasklist", tasklistText)
	var names []string
	for _, it := range s.Interfaces {
		names = append(names, it.Name)
	}
	if got := strings.Join(names, ", "); got != "Ethernet 2, Lab, Loopback Pseudo-Interface 1" {
		t.Errorf("interfaces %s", got)
	}
	if it := s.Interfaces[0]; it.MTU != fleetnet.Some(1500) || it.MAC != "00:15:5d:0d:45:01" || it.Index != fleetnet.Some(12) {
		t.Errorf("%+v", it)
	}
	if it := s.Interfaces[1]; it.Index != fleetnet.Some(21) {
		t.Errorf("the list of route print gives the number: %+v", it)
	}
	for i, want := range []string{"Ethernet 2", "Lab", "Lab"} {
		if got := s.Routes[i].NextHops[0].Interface; got != want {
			t.Errorf("route %d goes through %q, want %q", i, got, want)
		}
	}
	if got := s.Neighbors[0].Interface; got != "Lab" {
		t.Errorf("neighbour on %q", got)
	}
	checkProcesses(t, s)
	if c := s.Known("sockets", "process"); c.Status != fleetnet.StatusComplete {
		t.Errorf("names of processes: %+v", c)
	}
}

func checkProcesses(t *testing.T, s *fleetnet.Snapshot) {
	t.Helper()
	var got []string
	for _, k := range s.Sockets {
		line := k.Zone + "/"
		for _, p := range k.Processes {
			line += p.Name
		}
		got = append(got, line)
	}
	if want := []string{"/svchost.exe", "/", "Ethernet 2/Mein Büro.exe", "99/"}; !slices.Equal(got, want) {
		t.Errorf("zones and processes %q, want %q", got, want)
	}
}

// TestTasklistTable: a name that fills its column was cut, and is not known.
func TestTasklistTable(t *testing.T) {
	rows := "\n  TCP    0.0.0.0:1              0.0.0.0:0              LISTENING       "
	s := read(t, "netstat", netstatText+rows+"7312"+rows+"7313"+rows+"7314\n", "tasklist", `
Image Name                     PID Session Name        Session#    Mem Usage
========================= ======== ================ =========== ============
svchost.exe                   1064 Services                   0     18,244 K
MicrosoftEdgeUpdateBroker     7312 Console                    1    118,244 K
SecurityHealthSystray.exe     7313 Console                    1        244 K
A name of 3 words             7314 Console                    1        244 K
`)
	var got []string
	for _, k := range s.Sockets {
		for _, p := range k.Processes {
			got = append(got, p.Name)
		}
	}
	if want := []string{"svchost.exe", "", "", "", "SecurityHealthSystray.exe", "A name of 3 words"}; !slices.Equal(got, want) {
		t.Errorf("names %q, want %q", got, want)
	}
}

// TestCmdlets: addresses, counters and sockets find their interfaces.
func TestCmdlets(t *testing.T) {
	s := read(t,
		"Get-NetAdapter", "\"Name\",\"InterfaceDescription\",\"ifIndex\"\n\"Ethernet 2\",\"Intel(R) 82574L\",\"12\"\n",
		"Get-NetIPAddress", "\"IPAddress\",\"PrefixLength\",\"InterfaceIndex\",\"InterfaceAlias\"\n\"10.20.0.5\",\"24\",\"12\",\"Ethernet 2\"\n\"::1\",\"128\",\"1\",\"Loopback Pseudo-Interface 1\"\n\"10.9.0.1\",\"32\",\"99\",\"\"\n",
		"Get-NetAdapterStatistics", "\"Name\",\"ReceivedBytes\",\"SentBytes\"\n\"Ethernet 2\",\"7\",\"8\"\n",
		"Get-NetRoute", "\"DestinationPrefix\",\"NextHop\",\"InterfaceIndex\",\"RouteMetric\",\"InterfaceMetric\",\"Store\"\n\"10.20.0.5/32\",\"0.0.0.0\",\"12\",\"256\",\"25\",\"ActiveStore\"\n",
		"Get-NetTCPConnection", "\"LocalAddress\",\"LocalPort\",\"RemoteAddress\",\"RemotePort\",\"State\",\"OwningProcess\"\n\"0.0.0.0\",\"135\",\"0.0.0.0\",\"0\",\"Listen\",\"1064\"\n\"10.20.0.5\",\"50113\",\"203.0.113.20\",\"443\",\"TimeWait\",\"0\"\n"+
			"\"LocalAddress\",\"LocalPort\",\"OwningProcess\"\n\"fe80::77%12\",\"1900\",\"6208\"\n\"fe80::78%99\",\"1900\",\"77\"\n",
		"tasklist", tasklistText)
	if len(s.Interfaces) != 3 || s.Interfaces[0].Counters.RxBytes != fleetnet.Some(uint64(7)) || len(s.Interfaces[0].Addrs) != 1 || s.Interfaces[2].Name != "99" {
		t.Errorf("%+v", s.Interfaces)
	}
	if r := s.Routes[0]; r.Type != "local" || r.NextHops[0].Interface != "Ethernet 2" || r.Metric != fleetnet.Some(uint32(281)) {
		t.Errorf("%+v", r)
	}
	s.Sockets[3].Zone = "99" // named by its number, as the interface is
	checkProcesses(t, s)
}

// TestProbes: commands fit the shells that they are for, and what they ask is what
// they read.
func TestProbes(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range windows.Probes() {
		if seen[p.Name] || p.OS != "windows" || p.Read == nil || len(p.Needs) == 0 {
			t.Errorf("%s: told twice, or not whole", p.Name)
		}
		seen[p.Name] = true
		for _, r := range p.Command {
			if r > 0x7e || r < ' ' {
				t.Errorf("%s: %q in %s", p.Name, r, p.Command)
			}
		}
		switch p.Shell {
		case fleetnet.ShellCmd:
			if strings.ContainsAny(p.Command, "\"$`!%") || p.Decode == nil {
				t.Errorf("%s: %s", p.Name, p.Command)
			}
		case fleetnet.ShellPowerShell:
			if p.Decode != nil {
				t.Errorf("%s: PowerShell writes UTF-8", p.Name)
			}
		default:
			t.Errorf("%s is for %q", p.Name, p.Shell)
		}
		for _, c := range fleetnet.NewSnapshot("").Coverage {
			t.Error(c)
		}
	}
}

// TestProbesAskForAll: no reader takes the command of its own probe for one that
// leaves something out.
func TestProbesAskForAll(t *testing.T) {
	for _, p := range windows.Probes() {
		s := fleetnet.NewSnapshot("")
		s.ReadBytes(p, nil)
		for _, c := range s.Coverage {
			if strings.Contains(c.Reason, "part") || strings.Contains(c.Reason, "only") || strings.Contains(c.Reason, "without") {
				t.Errorf("%s: %s", p.Name, c.Reason)
			}
		}
	}
}

// TestEncodings: a probe reads the same whatever code page the console has, with
// CR CR LF as XP writes it, and UTF-16 as PowerShell 5 redirects it.
func TestEncodings(t *testing.T) {
	for _, c := range []struct {
		name, heading, state, process string
		encoding                      encoding.Encoding
	}{
		{"cp850", "Aktive Verbindungen für", "ABHÖREN", "Mein Büro.exe", charmap.CodePage850},
		{"cp437", "Aktive Verbindungen für", "ABHÖREN", "Mein Büro.exe", charmap.CodePage437},
		{"cp1252", "Connexions actives État", "LISTENING", "Café.exe", charmap.Windows1252},
		{"cp866", "Активные подключения", "LISTENING", "Учёт.exe", charmap.CodePage866},
		{"cp932", "アクティブな接続", "LISTENING", "会計ソフト.exe", japanese.ShiftJIS},
		{"cp936", "活动连接 外部地址 状态", "LISTENING", "财务软件.exe", simplifiedchinese.GBK},
		{"utf-8 with a mark", "Активные 活动连接", "LISTENING", "Mein Büro.exe", unicode.UTF8BOM},
		{"utf-16le", "Активные 活动连接", "LISTENING", "会計ソフト.exe", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		{"utf-16be", "Активные 活动连接", "LISTENING", "会計ソフト.exe", unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "\r\r\n" + c.heading + "\r\r\n\r\r\n  Proto  A  B  C  PID\r\r\n" +
				"  TCP    0.0.0.0:135            0.0.0.0:0              " + c.state + "       1064\r\r\n [" + c.process + "]\r\r\n"
			raw, err := c.encoding.NewEncoder().Bytes([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			s := fleetnet.NewSnapshot("")
			p := fleetnet.Probe{Name: "windows/netstat", Tables: []string{"sockets"}, Command: "netstat -anob", Read: windows.Netstat}
			p.Decode = func(raw []byte) []byte { text, _ := charset.Decode(raw); return text }
			if a := s.ReadBytes(p, raw); a.Errors != 0 || a.Rows != 2 {
				t.Fatalf("%+v", a)
			}
			if k := s.Sockets[0]; k.State != fleetnet.StateListen || k.Processes[0].Name != c.process {
				t.Errorf("%+v", k)
			}
		})
	}
}

// TestUnknownPage: where the page cannot be told, states are read and names are
// marked, not mistaken.
func TestUnknownPage(t *testing.T) {
	raw := "  TCP    0.0.0.0:135            0.0.0.0:0              ABH\xffREN       1064\n [B\xfe\xff.exe]\n"
	s := fleetnet.NewSnapshot("")
	p := probe(t, "netstat")
	p.Command = "netstat -anob"
	if a := s.ReadBytes(p, []byte(raw)); a.Errors != 0 {
		t.Fatalf("%+v", a)
	}
	if k := s.Sockets[0]; k.State != fleetnet.StateListen || k.Processes[0].Name != "B\uFFFD\uFFFD.exe" {
		t.Errorf("%+v", k)
	}
}

// TestUTF16WithoutMark: as some tools save what they were sent.
func TestUTF16WithoutMark(t *testing.T) {
	var raw []byte
	for _, u := range utf16.Encode([]rune(netstatText)) {
		raw = append(raw, byte(u), byte(u>>8))
	}
	s := fleetnet.NewSnapshot("")
	if a := s.ReadBytes(probe(t, "netstat"), raw); a.Errors != 0 || a.Rows != 4 {
		t.Fatalf("%+v", a)
	}
}

// TestServices: tasklist /svc names processes, as do rows that findstr left of the table.
func TestServices(t *testing.T) {
	for name, tasks := range map[string]string{
		"services": "Image Name                     PID Services\n========================= ======== =================\n" +
			"svchost.exe                   7312 DcomLaunch, PlugPlay,\n                                   Power 4\n",
		"findstr": "svchost.exe                   7312                            0     38,456 K Unknown         N/A\n",
	} {
		s := read(t, "netstat", "  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       7312\n", "tasklist", tasks)
		if p := s.Sockets[0].Processes; len(p) != 1 || p[0].Name != "svchost.exe" {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestSplit(t *testing.T) {
	for command, want := range map[string]string{
		"netstat -ano":                       "netstat -ano",
		`C:\Windows\System32\NETSTAT.EXE /a`: "netstat /a",
		`cmd /c "netstat -ano"`:              "netstat -ano",
		"chcp 65001 & ipconfig /all":         "ipconfig /all",
		`powershell -NoProfile -Command "Get-NetTcpConnection | ConvertTo-Json"`: "Get-NetTCPConnection | ConvertTo-Json",
		"pwsh -c get-netroute|ft":                                                           "Get-NetRoute | ft",
		"Get-NetAdapter -Physical | Get-NetAdapterStatistics | ft":                          "Get-NetAdapterStatistics -InputObject | ft",
		"Get-NetTCPConnection -State Listen | % { Get-Process -Id $_.OwningProcess }":       "Get-Process -InputObject -Id $_.OwningProcess",
		"Get-NetTCPConnection | select LocalPort, @{n='P';e={(Get-Process -Id $_.O).Name}}": "Get-NetTCPConnection | select LocalPort, @ n= P ; e= Get-Process -Id $_.O .Name",
		"no-such thing": "no-such thing",
		"cmd /c":        "",
		"powershell":    "",
	} {
		program, args := windows.Split(command)
		if got := strings.TrimSpace(program + " " + strings.Join(args, " ")); got != want {
			t.Errorf("%s: %q, want %q", command, got, want)
		}
	}
}

// TestNotRead: what another option makes netstat, tasklist and netsh print is not
// taken for what they print without it.
func TestNotRead(t *testing.T) {
	for _, command := range []string{
		"netstat -c", "netstat -xan", "netstat -y", "netstat /?", "tasklist /m", "tasklist /fo list",
		"netsh interface ipv6 show addresses level=verbose", "netsh interface ipv4 show dnsservers", "netsh interface show interface",
	} {
		program, args := windows.Split(command)
		for _, d := range windows.Dialects() {
			if d.Program == program && (d.Accepts == nil || d.Accepts(args)) {
				t.Errorf("%s is read as %s", command, d.Name)
			}
		}
	}
}

// TestPrompts: what a console shows above and below an output changes nothing.
func TestPrompts(t *testing.T) {
	for _, d := range windows.Dialects() {
		if d.Name != "windows/netstat" {
			continue
		}
		for _, above := range []string{"C:\\Users\\ops>netstat -ano\n", "PS C:\\> netstat -ano\n", "ops@WIN1 C:\\Users\\ops>netstat -ano\n",
			"[win1]: PS C:\\Users\\ops1> netstat -ano\n", "(base) C:\\a b1>netstat -ano\n", "\\\\srv1\\share>netstat -ano\n", "PS HKLM:\\S1> netstat -ano\n"} {
			s := fleetnet.NewSnapshot("")
			a := s.ReadBytes(d.Probe("netstat -ano"), []byte(above+netstatText+"\n"+above[:strings.IndexByte(above, '>')+1]+"\n"))
			if a.Errors > 0 || len(s.Sockets) != 4 {
				t.Errorf("%q: %+v", above, a)
			}
		}
	}
}
