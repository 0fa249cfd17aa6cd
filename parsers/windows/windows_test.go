package windows_test

import (
	"testing"

	"github.com/fleetnet/fleetnet/parsers/parsertest"
	"github.com/fleetnet/fleetnet/parsers/windows"
)

func TestCaptures(t *testing.T) { parsertest.Captures(t, windows.Dialects()) }
func TestPastes(t *testing.T)   { parsertest.Pastes(t, windows.Dialects()) }
