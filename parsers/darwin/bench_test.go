package darwin_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/darwin"
)

// BenchmarkNetstat reads the sockets of a busy Mac in the forms of macOS 10.14
// (`netstat -an`), 14 and 26 (`netstat -anvl`).
func BenchmarkNetstat(b *testing.B) {
	const ends = "%-45s %-45s ESTABLISHED"
	forms := []struct {
		name, command, heading, format string
	}{
		{"10.14-an", "netstat -an", "(state)", "tcp4       0      0  %-22s %-22s ESTABLISHED"},
		{"14-anvl", "netstat -anvl", "(state)      rhiwat  shiwat    pid   epid state  options           gencnt    flags   flags1 usscnt rtncnt fltrs",
			"tcp4       0      0  " + ends + "  131072  131768  41234      0 00102 00000004 00000000001a2b3c 00000080 01000900      1      0 000000"},
		{"26-anvl", "netstat -anvl", "(state)          rxbytes      txbytes  rhiwat  shiwat          process:pid    state  options           gencnt    flags   flags1 usecnt rtncnt fltrs",
			"tcp4       0      0  " + ends + "      9820331        40221  131072  131768 Code Helper (Plu:84517  00182 00000000 0000000000abcdef 00000080 04000900      2      1 000000"},
	}
	for _, f := range forms {
		b.Run(f.name, func(b *testing.B) {
			var text bytes.Buffer
			text.WriteString("Active Internet connections (including servers)\nProto Recv-Q Send-Q  Local Address          Foreign Address        " + f.heading + "\n")
			const rows = 20_000
			for i := range rows {
				fmt.Fprintf(&text, f.format+"\n", fmt.Sprintf("10.0.%d.%d.%d", i>>8&255, i&255, 1024+i%60000), fmt.Sprintf("192.168.%d.%d.443", i>>7&255, i&255))
			}
			p := fleetnet.Probe{Name: "darwin/netstat", OS: "darwin", Command: f.command, Read: darwin.Netstat}
			b.SetBytes(int64(text.Len()))
			b.ReportAllocs()
			for b.Loop() {
				s := fleetnet.NewSnapshot("mac1")
				if acct := s.ReadBytes(p, text.Bytes()); acct.Rows != rows {
					b.Fatalf("%d rows: %v", acct.Rows, acct.First)
				}
			}
		})
	}
}
