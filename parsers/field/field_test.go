package field

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
)

func TestAddr(t *testing.T) {
	tests := []struct{ text, addr, zone string }{
		{"10.0.0.5", "10.0.0.5", ""},
		{"255.255.255.255", "255.255.255.255", ""},
		{"0.0.0.0", "0.0.0.0", ""},
		{"127.0.0.53%lo", "127.0.0.53", "lo"},
		{"::", "::", ""},
		{"::1", "::1", ""},
		{"1::", "1::", ""},
		{"fe80::1%eth0", "fe80::1", "eth0"},
		{"2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a", ""},
		{"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", ""},
		{"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", ""},
		{"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8", ""},
		{"::ffff:10.0.0.1", "10.0.0.1", ""},
		{"64:ff9b::192.0.2.1", "64:ff9b::c000:201", ""},
		{"1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201", ""},
	}
	for _, tt := range tests {
		a, zone, ok := Addr([]byte(tt.text))
		if !ok || a.String() != tt.addr || string(zone) != tt.zone {
			t.Errorf("Addr(%q) = %v, %q, %v", tt.text, a, zone, ok)
		}
	}
	for _, text := range []string{
		"", ":", ":::", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", ".1.2.3", "a.b.c.d", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
		"12345::", "::g", "1:", ":1", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "[::1]", "*", strings.Repeat("1:", 40),
	} {
		if a, _, ok := Addr([]byte(text)); ok {
			t.Errorf("Addr(%q) = %v, want none", text, a)
		}
	}
}

// TestAddrAgreesWithNetip compares the reader with the standard library's over
// addresses of every shape.
func TestAddrAgreesWithNetip(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var b [16]byte
		for i := range b {
			if rnd.IntN(3) == 0 {
				b[i] = byte(rnd.Uint32())
			}
		}
		for _, want := range []netip.Addr{netip.AddrFrom16(b), netip.AddrFrom4([4]byte(b[:4]))} {
			for _, text := range []string{want.String(), want.StringExpanded()} {
				if got, _, ok := Addr([]byte(text)); !ok || got != want.Unmap() {
					t.Fatalf("Addr(%q) = %v, %v", text, got, ok)
				}
			}
		}
	}
}

func FuzzAddr(f *testing.F) {
	for _, s := range []string{"::1", "10.0.0.1", "fe80::1%eth0", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", "1::"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, _, ok := Addr([]byte(s))
		host, _, _ := strings.Cut(s, "%")
		want, err := netip.ParseAddr(host)
		if err == nil && (!ok || got != fleetnet.Unmap(want)) {
			t.Errorf("Addr(%q) = %v, %v, want %v", s, got, ok, want)
		}
		if err != nil && ok && !strings.Contains(s, ".") { // leading zeros in a quad are taken as decimal
			t.Errorf("Addr(%q) = %v, want none: %v", s, got, err)
		}
	})
}

func TestSplitHostPort(t *testing.T) {
	tests := []struct {
		text, host, zone, port string
		bracketed              bool
	}{
		{"10.0.0.1:22", "10.0.0.1", "", "22", false},
		{"*:*", "*", "", "*", false},
		{":::22", "::", "", "22", false},
		{"::1:22", "::1", "", "22", false},
		{"[::1]:22", "::1", "", "22", true},
		{"127.0.0.53%lo:53", "127.0.0.53", "lo", "53", false},
		{"[fe80::1]%eth0:546", "fe80::1", "eth0", "546", true},
		{"[fe80::1%eth0]:546", "fe80::1", "eth0", "546", true},
		{"*%ens33:ipv6-icmp", "*", "ens33", "ipv6-icmp", false},
		{"localhost:http-alt", "localhost", "", "http-alt", false},
	}
	for _, tt := range tests {
		hp, ok := SplitHostPort([]byte(tt.text))
		if !ok || string(hp.Host) != tt.host || string(hp.Zone) != tt.zone || string(hp.Port) != tt.port || hp.Bracketed != tt.bracketed {
			t.Errorf("SplitHostPort(%q) = %q %q %q %v, %v", tt.text, hp.Host, hp.Zone, hp.Port, hp.Bracketed, ok)
		}
	}
	for _, text := range []string{"", ":", ":22", "10.0.0.1", "10.0.0.1:", "[::1:22", "[::1]x:22", "[]:22", "%lo:22"} {
		if hp, ok := SplitHostPort([]byte(text)); ok {
			t.Errorf("SplitHostPort(%q) = %q %q, want none", text, hp.Host, hp.Port)
		}
	}
}

func TestThousandths(t *testing.T) {
	tests := map[string]int64{
		"0": 0, "204": 204_000, "0.034": 34, "45.1239": 45_123, "12.5": 12_500, "1e+06": 1_000_000_000, "1.2345e+07": 12_345_000_000, "0.0005": 0,
	}
	for text, want := range tests {
		if got, ok := Thousandths([]byte(text)); !ok || got != want {
			t.Errorf("Thousandths(%q) = %d, %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", ".", "1.", ".5", "-1", "1.2.3", "x", "1x", "inf", "nan", "1e", "1e999", "99999999999999999999", "0x10", "1_0"} {
		if got, ok := Thousandths([]byte(text)); ok {
			t.Errorf("Thousandths(%q) = %d, want none", text, got)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		text string
		bits int
		want uint64
		ok   bool
	}{
		{"0", 8, 0, true}, {"255", 8, 255, true}, {"256", 8, 0, false}, {"65535", 16, 65535, true}, {"65536", 16, 0, false},
		{"18446744073709551615", 64, 1<<64 - 1, true}, {"18446744073709551616", 64, 0, false}, {"99999999999999999999", 64, 0, false},
		{"00000000000000000001", 64, 1, true}, {"", 64, 0, false}, {"-1", 64, 0, false}, {"1a", 64, 0, false}, {"+1", 64, 0, false},
	} {
		if got, ok := Uint([]byte(tt.text), tt.bits); ok != tt.ok || ok && got != tt.want {
			t.Errorf("Uint(%q, %d) = %d, %v", tt.text, tt.bits, got, ok)
		}
	}
	if n, ok := Int([]byte("-42")); !ok || n != -42 {
		t.Errorf("Int(-42) = %d, %v", n, ok)
	}
	if n, ok := Hex([]byte("0A")); !ok || n != 10 {
		t.Errorf("Hex(0A) = %d, %v", n, ok)
	}
	if _, ok := Hex([]byte("12345678901234567")); ok {
		t.Error("Hex takes more than 64 bits")
	}
}

// TestCursor asserts that the first failure sticks, and that nothing reads
// beyond the end.
func TestCursor(t *testing.T) {
	c := New([]byte("  tcp 12 10.0.0.1 10.0.0.0/8 key:a:b bare  the rest "))
	if got := c.Word(); got != "tcp" {
		t.Errorf("Word = %q", got)
	}
	if got := c.Uint(8); got != 12 {
		t.Errorf("Uint = %d", got)
	}
	if got := c.Addr(); got != netip.MustParseAddr("10.0.0.1") {
		t.Errorf("Addr = %v", got)
	}
	if got := c.Prefix(); got != netip.MustParsePrefix("10.0.0.0/8") {
		t.Errorf("Prefix = %v", got)
	}
	if k, v := c.Pair(); string(k) != "key" || string(v) != "a:b" {
		t.Errorf("Pair = %q, %q", k, v)
	}
	if k, v := c.Pair(); string(k) != "bare" || v != nil {
		t.Errorf("Pair = %q, %q", k, v)
	}
	if got := string(c.Left()); got != "the rest " {
		t.Errorf("Left = %q", got)
	}
	c.Drop(3)
	if got := string(c.Rest()); got != "rest" {
		t.Errorf("Rest = %q", got)
	}
	if k, v := c.Pair(); len(k) != 0 || v != nil {
		t.Errorf("Pair at the end = %q, %q", k, v)
	}
	if c.Next(); !errors.Is(c.Err(), ErrShort) {
		t.Errorf("Next at the end: %v", c.Err())
	}
	c.Failf("later")
	if !errors.Is(c.Err(), ErrShort) || c.Next() != nil || c.Left() != nil || c.More() {
		t.Errorf("the first failure does not stick: %v", c.Err())
	}
	c.Drop(99)
	c.Drop(-1)
}

func BenchmarkAddr(b *testing.B) {
	for _, text := range []string{"192.168.71.131", "2001:db8:17:4::a", "::ffff:10.0.0.1"} {
		b.Run(text, func(b *testing.B) {
			line := []byte(text)
			b.ReportAllocs()
			for b.Loop() {
				if _, _, ok := Addr(line); !ok {
					b.Fatal("not an address")
				}
			}
		})
	}
}
