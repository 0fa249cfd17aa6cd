package main

import (
	"bytes"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers"
)

// TestDecoder: text that PowerShell saved as UTF-16 is read whatever system
// printed it; code pages are told for Windows alone.
func TestDecoder(t *testing.T) {
	for _, c := range []struct{ platform, raw, want string }{
		{"linux", "\xff\xfeL\x00\n\x00", "L\n"},
		{"linux", "B\x81ro: caf\xe9\n", "B\x81ro: caf\xe9\n"},
		{"linux", "LISTEN\n", "LISTEN\n"},
		{"windows", "B\x81ro\n", "Büro\n"},
		{"windows", "\xfe\xff\x00L\x00\n", "L\n"},
		{"windows", "LISTEN\n", "LISTEN\n"},
	} {
		var text fleetnet.Text
		_, _ = text.Write([]byte(c.raw))
		got := c.raw
		if decode := decoder(c.platform, &text); decode != nil {
			got = string(decode(text.Bytes()))
		}
		if got != c.want {
			t.Errorf("%s: %q became %q, want %q", c.platform, c.raw, got, c.want)
		}
	}
}

// TestTellDecodes: the platform is told of text in UTF-16 and in a code page too,
// and text of a system that has none stays as it is.
func TestTellDecodes(t *testing.T) {
	const rows = "\r\n  Proto  Lokale Adresse  Remoteadresse  Status\r\n  TCP    0.0.0.0:135  0.0.0.0:0  ABH\x99REN\r\n  TCP    10.0.0.5:139  0.0.0.0:0  ABH\x99REN\r\n"
	wide := "\xff\xfe"
	for _, b := range []byte("10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1 \n") {
		wide += string([]byte{b, 0})
	}
	for _, c := range []struct{ raw, platform, holds string }{
		{rows, "windows", "ABHÖREN"},
		{wide, "linux", "dev eth0"},
		{"default via 10.0.0.2 dev caf\xe9\n10.0.0.0/24 dev caf\xe9 scope link\n", "linux", "caf\xe9"},
	} {
		told, err := tell([]byte(c.raw), parsers.Asked{})
		if err != nil || told.Platform != c.platform || !bytes.Contains(told.Readings[0].Text, []byte(c.holds)) {
			t.Errorf("%q: told %+v, %v", c.raw, told, err)
		}
	}
}
