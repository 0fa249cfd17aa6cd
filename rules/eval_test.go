package rules

import (
	"testing"

	"github.com/fleetnet/fleetnet"
)

func TestCloseWaitLeak(t *testing.T) {
	s, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	snap := fleetnet.NewSnapshot("web1")
	snap.Host.OS = "linux"
	for range 101 {
		snap.Sockets = append(snap.Sockets, fleetnet.Socket{
			Proto: "tcp", State: fleetnet.StateCloseWait, Processes: []fleetnet.Process{{Name: "nginx", PID: 1}},
		})
	}
	snap.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusComplete})
	for _, f := range s.Evaluate(snap, Target{}) {
		if f.Rule == "close-wait-leak" && f.Outcome == fleetnet.Fail && f.Message == "nginx holds 101 sockets in CLOSE_WAIT" {
			return
		}
	}
	t.Fatal("no finding of 101 sockets in CLOSE_WAIT")
}
