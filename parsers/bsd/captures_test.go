package bsd_test

import (
	"testing"

	"github.com/fleetnet/fleetnet/parsers/bsd"
	"github.com/fleetnet/fleetnet/parsers/parsertest"
)

func TestCaptures(t *testing.T) { parsertest.Captures(t, bsd.Dialects()) }

func TestPastes(t *testing.T) { parsertest.Pastes(t, bsd.Dialects()) }

func FuzzDialects(f *testing.F) { parsertest.Fuzz(f, bsd.Dialects()) }
