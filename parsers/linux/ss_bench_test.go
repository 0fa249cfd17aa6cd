package linux_test

import (
	"fmt"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/linux"
)

// benchRows is how many sockets the benchmarks read.
const benchRows = 100_000

// ssText returns what `ss -tan` prints of a busy host, or `ss -tuwanpeoi`.
func ssText(details bool) []byte {
	states := []string{"ESTAB     ", "ESTAB     ", "ESTAB     ", "TIME-WAIT ", "CLOSE-WAIT", "FIN-WAIT-2"}
	text := []byte("State      Recv-Q Send-Q                  Local Address:Port                    Peer Address:Port Process\n")
	if details {
		text = []byte("Netid State      Recv-Q Send-Q                  Local Address:Port                    Peer Address:Port Process\n")
	}
	for n := range benchRows {
		if details {
			text = append(text, "tcp   "...)
		}
		local, peer := fmt.Sprintf("10.0.%d.%d:443", n/250%250, n%250), fmt.Sprintf("192.0.2.%d:%d", n%250, 1024+n%60000)
		if n%5 == 4 {
			local, peer = "[2001:db8:17:4::a]:443", fmt.Sprintf("[2001:db8:99::%x:%x]:%d", n%9999, n%777, 1024+n%60000)
		}
		text = fmt.Appendf(text, "%s 0      %-6d %30s %31s", states[n%len(states)], n%3, local, peer)
		if details {
			text = fmt.Appendf(text, " users:((\"nginx\",pid=%d,fd=%d)) timer:(keepalive,%dmin%dsec,0) uid:33 ino:%d sk:%x cgroup:/system.slice/nginx.service <->\n", 1000+n%8, n%4000, 1+n%9, 1+n%58, 40000+n, 4096+n)
			text = fmt.Appendf(text, "\t ts sack cubic wscale:7,7 rto:%d rtt:%d.%d/0.%d ato:40 mss:1448 pmtu:1500 rcvmss:536 advmss:1448 cwnd:10 bytes_sent:%d bytes_acked:%d bytes_received:%d segs_out:17 segs_in:16 data_segs_out:9 data_segs_in:8 send 128Mbps lastsnd:%d lastrcv:%d lastack:%d pacing_rate 257Mbps delivery_rate 93.6Mbps delivered:10 app_limited busy:%dms rcv_space:14480 rcv_ssthresh:64088 minrtt:0.%d",
				201+n%9, n%90, n%10, 1+n%900, n*7, n*7, n*13, n%99999, n%99999, n%9999, n%500, 1+n%99)
		}
		text = append(text, '\n')
	}
	return text
}

func BenchmarkSS(b *testing.B) {
	b.Run("tan", func(b *testing.B) { benchmarkRead(b, "ss -tan", ssText(false), linux.SS) })
	b.Run("tuwanpeoi", func(b *testing.B) { benchmarkRead(b, "ss -tuwanpeoi", ssText(true), linux.SS) })
}

// benchmarkRead measures a reader over a text of benchRows sockets.
func benchmarkRead(b *testing.B, command string, content []byte, read func(*fleetnet.Lines, *fleetnet.Snapshot)) {
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

func BenchmarkNetstat(b *testing.B) {
	text := []byte("Active Internet connections (servers and established)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       User       Inode      PID/Program name     Timer\n")
	for n := range benchRows {
		if n%5 == 4 {
			text = fmt.Appendf(text, "tcp6       0      0 %-23s %-23s ESTABLISHED 33         %-10d %-20s keepalive (%d.20/0/0)\n", "2001:db8:17:4::a:443", fmt.Sprintf("2001:db8:99::%x:%d", n%9999, 1024+n%60000), n, fmt.Sprintf("%d/nginx", 1000+n%8), n%60)
			continue
		}
		text = fmt.Appendf(text, "tcp        0      0 %-23s %-23s TIME_WAIT   0          0          -                    timewait (%d.20/0/0)\n", fmt.Sprintf("10.0.%d.%d:443", n/250%250, n%250), fmt.Sprintf("192.0.2.%d:%d", n%250, 1024+n%60000), n%60)
	}
	benchmarkRead(b, "netstat -tanpeoW", text, linux.Netstat)
}

func BenchmarkProcSockets(b *testing.B) {
	text := []byte("==> /proc/net/tcp <==\n  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n")
	for n := range benchRows {
		text = fmt.Appendf(text, "%4d: 0%07X:01BB 0%07X:%04X 01 00000000:%08X 02:%08X 00000000    33        0 %d 2 %016x 20 4 30 10 -1\n", n, n%99999, n*7, n%65536, n%5, n%7200, 1000+n, n)
	}
	text = append(text, "==> fd <==\n"...)
	for n := range benchRows {
		text = fmt.Appendf(text, "%d %d %d\n", 1000+n%8, n/8, 1000+n)
	}
	benchmarkRead(b, "", text, linux.ProcSockets)
}
