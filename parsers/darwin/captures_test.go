package darwin_test

import (
	"testing"

	"github.com/fleetnet/fleetnet/parsers/darwin"
	"github.com/fleetnet/fleetnet/parsers/parsertest"
)

func TestCaptures(t *testing.T) { parsertest.Captures(t, darwin.Dialects()) }

func TestPastes(t *testing.T) { parsertest.Pastes(t, darwin.Dialects()) }
