package runner_test

import (
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
)

// lines is a reader that makes a setting of each line.
func lines(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	for in.Next() {
		out.Settings = append(out.Settings, fleetnet.Setting{Name: string(in.Text()), Ref: in.Ref()})
		in.Row()
	}
}

func probe(name, slot, command string) fleetnet.Probe {
	return fleetnet.Probe{Name: "linux/" + name, OS: "linux", Slot: slot, Tables: []string{"settings"}, Command: command, Read: lines}
}

// one runs the probes on this machine.
func one(t *testing.T, cfg runner.Config, h inventory.Host) runner.Result {
	t.Helper()
	var all []runner.Result
	for res := range runner.New(cfg).Run(t.Context(), []inventory.Host{h}) {
		all = append(all, res)
	}
	if len(all) != 1 {
		t.Fatalf("%d results", len(all))
	}
	return all[0]
}

func TestLocal(t *testing.T) {
	res := one(t, runner.Config{Probes: []fleetnet.Probe{probe("a", "a", "echo one; printf two")}}, inventory.Host{Name: "here", Transport: "local"})
	if res.Err != nil {
		t.Fatal(res.Err)
	}
	t.Logf("%+v %v", res.Snapshot, res.Notes)
	t.Log(res.Duration)
}
