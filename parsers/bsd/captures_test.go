package bsd_test

import (
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/bsd"
	"github.com/fleetnet/fleetnet/parsers/parsertest"
)

// of returns the dialects of one system.
func of(os string) []fleetnet.Dialect {
	var some []fleetnet.Dialect
	for _, d := range bsd.Dialects() {
		if d.OS == os {
			some = append(some, d)
		}
	}
	return some
}

func TestCaptures(t *testing.T) {
	for _, os := range []string{"freebsd", "openbsd", "netbsd", "dragonfly"} {
		t.Run(os, func(t *testing.T) { parsertest.Captures(t, of(os)) })
	}
}

func TestPastes(t *testing.T) {
	for _, os := range []string{"freebsd", "openbsd", "netbsd", "dragonfly"} {
		t.Run(os, func(t *testing.T) { parsertest.Pastes(t, of(os)) })
	}
}
