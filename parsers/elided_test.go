package parsers_test

import (
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers"
)

// TestTellElided: dots that stand for lines are no rows and no errors, and what
// they stand for is not known.
func TestTellElided(t *testing.T) {
	const heading = "State  Recv-Q Send-Q Local Address:Port Peer Address:Port\n"
	const first, last = "LISTEN 0      128       10.20.0.5:22        0.0.0.0:*\n", "LISTEN 0      128       10.20.0.5:80        0.0.0.0:*\n"
	for dots, want := range map[string]fleetnet.Status{
		"": fleetnet.StatusComplete, "...\n": fleetnet.StatusPartial, "  [...]\n": fleetnet.StatusPartial, "…\n": fleetnet.StatusPartial, "......\n": fleetnet.StatusPartial,
	} {
		for _, text := range []string{heading + dots + first + last, heading + first + dots + last, heading + first + last + dots} {
			told, err := parsers.Tell([]byte("$ ss -tan|cat\n"+text), parsers.Asked{})
			if err != nil {
				t.Errorf("%q: %v", dots, err)
				continue
			}
			snap := fleetnet.NewSnapshot("")
			accounts, err := told.Read(snap)
			if err != nil || accounts[0].Errors > 0 || len(snap.Sockets) != 2 {
				t.Errorf("%q: %d sockets, %+v, %v", dots, len(snap.Sockets), accounts, err)
			}
			table, _ := fleetnet.TableNamed("sockets")
			if got := table.KnownAbout(snap, fleetnet.Selection{"proto": {"tcp"}}).Status; got != want {
				t.Errorf("%q: %s, want %s", dots, got, want)
			}
		}
	}
}

// TestTellGlued: what people write without blanks is a pipe all the same.
func TestTellGlued(t *testing.T) {
	for typed, want := range map[string]string{
		"netstat -nat|grep LISTEN":         "netstat -nat | grep LISTEN",
		"netstat -an;date":                 "netstat -an ; date",
		"sudo netstat -an | egrep 'a|b;c'": "netstat -an | egrep 'a|b;c'",
	} {
		p, err := parsers.Find("linux", typed)
		if err != nil || p.Name != "linux/netstat" || p.Command != want {
			t.Errorf("%s: %s of %q, %v", typed, p.Name, p.Command, err)
		}
	}
}

// TestTellKsh: a shell of Android shows the status of the command before.
func TestTellKsh(t *testing.T) {
	const text = "130|shell@generic:/ $ netstat -tan\nProto Recv-Q Send-Q Local Address          Foreign Address        State\n tcp       0      0 127.0.0.1:5037         0.0.0.0:*              LISTEN\n1|shell@generic:/ $ \n"
	told, err := parsers.Tell([]byte(text), parsers.Asked{})
	if err != nil || len(told.Readings) != 1 || told.Readings[0].Lines() != 2 || !told.Readings[0].Typed {
		t.Errorf("told %+v, %v", told.Readings, err)
	}
}
