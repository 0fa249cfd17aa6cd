package linux_test

import (
	"os"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/linux"
	"github.com/fleetnet/fleetnet/parsers/parsertest"
)

func TestCaptures(t *testing.T) { parsertest.Captures(t, linux.Dialects()) }

func TestPastes(t *testing.T) { parsertest.Pastes(t, linux.Dialects()) }

// captureNamed returns the capture in a file of testdata and what is read of it.
func captureNamed(t testing.TB, file string) (*fleetnet.Snapshot, fleetnet.Account) {
	t.Helper()
	for _, c := range parsertest.Load(t, linux.Dialects()) {
		if c.File != file {
			continue
		}
		d, ok := dialectOf(c.Command)
		if !ok {
			t.Fatalf("no dialect reads the output of %q", c.Command)
		}
		return parsertest.Read(d, c.Command, []byte(c.Output))
	}
	t.Fatalf("no capture testdata/%s", file)
	return nil, fleetnet.Account{}
}

// dialectOf finds the dialect of a command.
func dialectOf(command string) (fleetnet.Dialect, bool) {
	return parsertest.Find(linux.Dialects(), command)
}

// skipOrFail skips a test that this machine cannot run; in CI it has to.
func skipOrFail(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("FLEETNET_CI") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}
