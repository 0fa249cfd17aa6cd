package parsers

import (
	"bytes"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// Read reads every reading into snap, whose platform becomes that of the text,
// and returns their accounts, in which blank lines of other readings count as
// skipped. It fails when two readings tell of the same rows, as each would
// stand in the tables twice. A table of which the command is not known is
// covered as partial: who printed it may have asked for a part.
func (t Told) Read(snap *fleetnet.Snapshot) ([]fleetnet.Account, error) {
	snap.Host.OS = t.Platform
	accounts := make([]fleetnet.Account, len(t.Readings))
	by := map[string]Reading{} // what told of a kind of rows
	var left gaps
	for _, n := range t.order() {
		r := t.Readings[n]
		from, lookup := counted(snap), r.lookup()
		accounts[n] = left.read(snap, r)
		for _, kind := range kinds(snap, from, lookup) {
			if other, taken := by[kind]; taken {
				return nil, fmt.Errorf("%s and %s both tell of %s: give one of them", other.name(), r.name(), kind)
			}
		}
		for _, kind := range kinds(snap, from, lookup) {
			by[kind] = r
		}
		if why := r.part(); why != "" {
			for _, table := range r.Probe.Tables {
				snap.Cover(fleetnet.Coverage{Table: table, Status: fleetnet.StatusPartial, Probe: r.Probe.Name, Reason: why})
			}
		}
	}
	if len(t.Readings) > 1 {
		return accounts, addressedTwice(snap)
	}
	return accounts, nil
}

// order returns the places of the readings in the order in which they are to be
// read: lsof behind the tables whose sockets it tells the processes of, and
// lookups of one route last, as they add none that a table lists.
func (t Told) order() []int {
	places := make([]int, len(t.Readings))
	for n := range places {
		places[n] = n
	}
	rank := func(r Reading) int {
		switch {
		case r.lookup():
			return 2
		case r.owners():
			return 1
		}
		return 0
	}
	slices.SortStableFunc(places, func(a, b int) int { return rank(t.Readings[a]) - rank(t.Readings[b]) })
	return places
}

// lookup reports whether the output is the answer for one route.
func (r Reading) lookup() bool { return strings.HasSuffix(r.Probe.Name, "/route-get") }

// owners reports whether the output tells the processes of sockets.
func (r Reading) owners() bool { return strings.HasSuffix(r.Probe.Name, "/lsof") }

// joining returns the probe that reads the output into what snap holds: sockets
// of lsof that are all listed there give them their processes, and are no rows.
func (r Reading) joining(snap *fleetnet.Snapshot) fleetnet.Probe {
	if !r.owners() || len(snap.Sockets) == 0 {
		return r.Probe
	}
	alone := fleetnet.NewSnapshot("")
	alone.ReadBytes(r.Probe, r.Text)
	if !sockets.Listed(snap, alone.Sockets) {
		return r.Probe
	}
	p := r.Probe
	p.Tables, p.Lacks = nil, nil
	p.Read = func(in *fleetnet.Lines, out *fleetnet.Snapshot) { sockets.LsofOwners(in, out, r.Probe.Name) }
	return p
}

// part says why the output may be only a part of what there was.
func (r Reading) part() string {
	if !r.Typed {
		return "the command is not known, and may have asked for a part"
	}
	if r.Elided {
		return "lines were left out of the text, where dots stand"
	}
	return ""
}

// name names a reading for people.
func (r Reading) name() string {
	if r.Line == 0 {
		return fmt.Sprintf("%q", r.Probe.Command)
	}
	return fmt.Sprintf("%q (line %d)", fleetnet.Printable(r.Probe.Command), r.Line)
}

// Lines returns how many lines of the output are not blank.
func (r Reading) Lines() int {
	n := 0
	for line := range bytes.Lines(r.Text) {
		if len(bytes.TrimSpace(line)) > 0 {
			n++
		}
	}
	return n
}

// rows is how many rows the tables have whose readers add, and do not join.
type rows struct{ sockets, routes, rules, neighbors, groups, counters int }

func counted(s *fleetnet.Snapshot) rows {
	return rows{len(s.Sockets), len(s.Routes), len(s.PolicyRules), len(s.Neighbors), len(s.Groups), len(s.Counters)}
}

// kinds returns what the rows beyond from are: two outputs that list rows of one
// kind list the same ones, but for a lookup of a route.
func kinds(s *fleetnet.Snapshot, from rows, lookup bool) []string {
	seen := map[string]bool{}
	add := func(what, family string) {
		if family == "" { // may be either
			seen[what+" of inet"], family = true, "inet6"
		}
		seen[what+" of "+family] = true
	}
	for _, k := range s.Sockets[from.sockets:] {
		add(k.Proto+" sockets", k.Family)
	}
	for _, r := range s.Routes[from.routes:] {
		if !slices.Contains(r.Flags, "cache") && !lookup { // what was looked up stands in the table as well
			add("routes", r.Family)
		}
	}
	for _, r := range s.PolicyRules[from.rules:] {
		add("policy rules", r.Family)
	}
	for _, n := range s.Neighbors[from.neighbors:] {
		add("neighbours", familyOf(n.Addr))
	}
	for _, g := range s.Groups[from.groups:] {
		add("groups", familyOf(g.Group))
	}
	for _, c := range s.Counters[from.counters:] {
		seen["the counter "+c.Name] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// familyOf returns the family of an address; none for that of a link.
func familyOf(a netip.Addr) string {
	switch {
	case !a.IsValid():
		return "links"
	case a.Is4():
		return "inet"
	}
	return "inet6"
}

// addressedTwice names an interface that has an address twice, as two outputs
// that cannot be joined leave it.
func addressedTwice(s *fleetnet.Snapshot) error {
	for _, i := range s.Interfaces {
		seen := map[string]bool{}
		for _, a := range i.Addrs {
			if seen[a.String()] {
				return fmt.Errorf("two outputs tell of the addresses of %s: give one of them", fleetnet.Quote(i.Name))
			}
			seen[a.String()] = true
		}
	}
	return nil
}
