package main

import (
	"testing"

	"github.com/fleetnet/fleetnet"
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
