package linux_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/linux"
	"github.com/fleetnet/fleetnet/parsers/parsertest"
)

// fuzzReader asserts of a reader what holds for any text: it does not panic,
// accounts for each line, gives the same tables each time, and these can be
// written as JSON. The seeds are the captures below testdata/folder.
func fuzzReader(f *testing.F, folder string, read func(*fleetnet.Lines, *fleetnet.Snapshot)) {
	for _, c := range captured(f, folder) {
		f.Add(c.Command, []byte(c.Output))
	}
	f.Fuzz(func(t *testing.T, command string, text []byte) {
		once := func() (string, fleetnet.Account) {
			s := fleetnet.NewSnapshot("")
			acct := s.ReadBytes(fleetnet.Probe{Name: "fuzz", Tables: []string{"sockets"}, Command: command, Read: read}, text)
			return parsertest.Tables(t, s), acct
		}
		first, acct := once()
		if acct.Lines != acct.Rows+acct.Skips+acct.Errors {
			t.Errorf("lines are not accounted for: %+v", acct)
		}
		if again, _ := once(); again != first {
			t.Errorf("read twice (-first +second):\n%s", cmp.Diff(first, again))
		}
	})
}

func FuzzSS(f *testing.F)          { fuzzReader(f, "ss", linux.SS) }
func FuzzNetstat(f *testing.F)     { fuzzReader(f, "netstat-sockets", linux.Netstat) }
func FuzzProcSockets(f *testing.F) { fuzzReader(f, "proc-sockets", linux.ProcSockets) }
func FuzzLsof(f *testing.F)        { fuzzReader(f, "lsof", linux.Lsof) }
