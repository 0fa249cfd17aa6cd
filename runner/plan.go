package runner

import (
	"github.com/fleetnet/fleetnet"
)

// plan is the probes of a run, arranged for looking them up.
type plan struct {
	probes  []fleetnet.Probe
	systems map[string]systemPlan // by what uname -s prints
	scripts map[ScriptOptions]string
}

// systemPlan is what runs on one system.
type systemPlan struct {
	os    string
	slots [][]fleetnet.Probe
	place map[string]place // by probe
}

// place is where a probe stands in a system's slots.
type place struct{ slot, alternative int }

func newPlan(probes []fleetnet.Probe, allowModuleLoad bool) *plan {
	p := &plan{probes: probes, systems: map[string]systemPlan{}, scripts: map[ScriptOptions]string{}}
	for _, sys := range systems() {
		slots := fleetnet.Slots(probes, sys.os)
		if slots == nil {
			continue
		}
		sp := systemPlan{os: sys.os, slots: slots, place: map[string]place{}}
		for i, slot := range slots {
			for j, probe := range slot {
				sp.place[probe.Name] = place{i, j}
			}
		}
		p.systems[sys.uname] = sp
	}
	for _, become := range []string{"", "sudo"} {
		o := ScriptOptions{Become: become, AllowModuleLoad: allowModuleLoad}
		p.scripts[o] = Script(probes, o)
	}
	return p
}

// supports reports whether there is something to run on an operating system.
func (p *plan) supports(os string) bool {
	for _, sys := range p.systems {
		if sys.os == os {
			return true
		}
	}
	return false
}

// tablesOf returns the tables that one of the alternatives fills.
func tablesOf(slot []fleetnet.Probe) []string {
	var tables []string
	seen := map[string]bool{}
	for _, p := range slot {
		for _, t := range p.Tables {
			if !seen[t] {
				seen[t] = true
				tables = append(tables, t)
			}
		}
	}
	return tables
}
