package windows_test

import (
	"fmt"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/windows"
)

// benchRows is how many sockets the benchmarks read.
const benchRows = 100_000

func netstatRows() []byte {
	text := []byte("\r\nActive Connections\r\n\r\n  Proto  Local Address          Foreign Address        State           PID\r\n")
	states := []string{"ESTABLISHED", "ESTABLISHED", "TIME_WAIT", "CLOSE_WAIT", "LISTENING"}
	for n := range benchRows {
		if n%5 == 4 {
			text = fmt.Appendf(text, "  TCP    %-22s %-22s ESTABLISHED     %d\r\n", "[2001:db8:17:4::a]:443", fmt.Sprintf("[2001:db8:99::%x:%x]:%d", n%9999, n%777, 1024+n%60000), 1000+n%8)
			continue
		}
		text = fmt.Appendf(text, "  TCP    %-22s %-22s %-15s %d\r\n", fmt.Sprintf("10.0.%d.%d:443", n/250%250, n%250), fmt.Sprintf("192.0.2.%d:%d", n%250, 1024+n%60000), states[n%len(states)], 1000+n%8)
	}
	return text
}

func BenchmarkNetstat(b *testing.B) { benchmark(b, "netstat -ano", netstatRows(), windows.Netstat) }

func BenchmarkNetTCPConnection(b *testing.B) {
	text := []byte("\"LocalAddress\",\"LocalPort\",\"RemoteAddress\",\"RemotePort\",\"State\",\"OwningProcess\"\r\n")
	for n := range benchRows {
		text = fmt.Appendf(text, "\"10.0.%d.%d\",\"443\",\"192.0.2.%d\",\"%d\",\"Established\",\"%d\"\r\n", n/250%250, n%250, n%250, 1024+n%60000, 1000+n%8)
	}
	benchmark(b, "Get-NetTCPConnection", text, windows.NetConnections)
}

func benchmark(b *testing.B, command string, content []byte, read func(*fleetnet.Lines, *fleetnet.Snapshot)) {
	text := new(fleetnet.Text)
	_, _ = text.Write(content)
	p := fleetnet.Probe{Name: "bench", Tables: []string{"sockets"}, Command: command, Read: read}
	allocs := testing.AllocsPerRun(1, func() { fleetnet.NewSnapshot("h").Read(p, text, 0) })
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		s := fleetnet.NewSnapshot("h")
		if a := s.Read(p, text, 0); len(s.Sockets) != benchRows || a.Errors != 0 {
			b.Fatalf("%d rows of %d, %+v", len(s.Sockets), benchRows, a)
		}
	}
	b.ReportMetric(allocs/benchRows, "allocs/row")
}
