package runner

import (
	"fmt"
	"slices"
	"sync"

	"github.com/fleetnet/fleetnet"
)

// plan is the probes of a run, arranged for looking them up.
type plan struct {
	probes  []fleetnet.Probe
	systems map[string]systemPlan // by what uname -s prints
	words   string                // that the frames of an answer are made of

	mu      sync.Mutex
	scripts map[ScriptOptions]script // made so far
}

// systemPlan is what runs on one system.
type systemPlan struct {
	os    string
	slots [][]fleetnet.Probe
	place map[string]place // by probe
	lacks []string         // tables that other systems are asked for, and this one has no command for
}

// place is where a probe stands in a system's slots.
type place struct{ slot, alternative int }

func newPlan(probes []fleetnet.Probe) *plan {
	p := &plan{probes: probes, systems: map[string]systemPlan{}, scripts: map[ScriptOptions]script{}}
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
	all := tablesOf(probes)
	for uname, sp := range p.systems {
		told := tablesOf(slices.Concat(sp.slots...))
		sp.lacks = slices.DeleteFunc(slices.Clone(all), func(t string) bool { return slices.Contains(told, t) })
		p.systems[uname] = sp
	}
	p.words = frameWords(probes)
	return p
}

// script is [Commands] and their [Script].
type script struct {
	commands []string
	text     string
}

// script returns what is run on hosts with these options.
func (p *plan) script(o ScriptOptions) script {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.scripts[o]
	if !ok {
		s = script{Commands(p.probes, o), Script(p.probes, o)}
		p.scripts[o] = s
	}
	return s
}

// frameWords holds every frame that a script can print, but for its numbers.
func frameWords(probes []fleetnet.Probe) string {
	b := []byte("@fleetnet platform user - root granted done needs if")
	for _, p := range probes {
		for _, user := range append(becomeMethods(), "root", "user") {
			b = fmt.Appendf(b, "\nbegin %s %s\nskip %s needs\nend %s ", p.Name, user, p.Name, p.Name)
		}
	}
	return string(b)
}

// tablesOf returns the tables that one of the probes fills.
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
