package windows_test

import (
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/windows"
)

// TestSilence: a cmdlet that prints nothing of what no host is without, as where
// it is denied, leaves the table unknown; one that was asked for a part may find none.
func TestSilence(t *testing.T) {
	for _, p := range windows.Probes() {
		if p.Shell != fleetnet.ShellPowerShell {
			continue
		}
		for _, table := range p.Tables {
			s := fleetnet.NewSnapshot("")
			s.ReadBytes(p, nil)
			if got := s.Known(table, ""); table != "neighbors" && table != "host" && got.Status != fleetnet.StatusFailed {
				t.Errorf("%s: %s is %s", p.Name, table, got.Status)
			}
		}
	}
	for _, d := range windows.Dialects() {
		if d.Name == "windows/Get-NetTCPConnection" {
			s := fleetnet.NewSnapshot("")
			s.ReadBytes(d.Probe("Get-NetTCPConnection -State CloseWait"), nil)
			if got := s.Known("sockets", ""); got.Status != fleetnet.StatusPartial {
				t.Errorf("%+v", got)
			}
		}
	}
}
