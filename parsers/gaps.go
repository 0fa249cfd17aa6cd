package parsers

import (
	"slices"

	"github.com/fleetnet/fleetnet"
)

// gaps joins what several outputs leave out. What `ss -tln` does not tell, `ss
// -uln` may: together they leave out what neither tells.
type gaps struct {
	families map[string][]string // which families the outputs are complete for, by table
	apart    map[string]bool     // tables of which they are complete for different ones
}

// read reads an output into snap, and returns its account. One that adds to the
// tables of others, and to what they cover, leaves no gap of its own.
func (g *gaps) read(snap *fleetnet.Snapshot, r Reading) fleetnet.Account {
	if r.lookup() || r.owners() {
		return snap.ReadBytes(r.joining(snap), r.Text)
	}
	had := snap.Coverage
	snap.Coverage = nil
	account := snap.ReadBytes(r.Probe, r.Text)
	told := snap.Coverage
	snap.Coverage = had
	g.compare(told)
	for _, c := range told {
		if c.Except == nil || g.apart[c.Table] || !fill(had, c) {
			snap.Cover(c)
		}
	}
	return account
}

// compare notes which families an output is complete for: only where that is the
// same for two outputs can what one lacks be in the other, and only when it says
// so in one entry.
func (g *gaps) compare(told []fleetnet.Coverage) {
	if g.families == nil {
		g.families, g.apart = map[string][]string{}, map[string]bool{}
	}
	of, gapped := map[string][]string{}, map[string]bool{}
	for _, c := range told {
		of[c.Table] = slices.Clip(of[c.Table])
		if c.Except != nil {
			g.apart[c.Table] = g.apart[c.Table] || gapped[c.Table]
			gapped[c.Table] = true
		}
		if c.Status == fleetnet.StatusComplete {
			of[c.Table] = append(of[c.Table], c.Family)
		}
	}
	for table, families := range of {
		slices.Sort(families)
		if first, seen := g.families[table]; seen && !slices.Equal(first, families) {
			g.apart[table] = true
		}
		g.families[table] = families
	}
}

// fill makes the gap that an earlier output left what is left of it by c, and
// reports whether there is one.
func fill(coverage []fleetnet.Coverage, c fleetnet.Coverage) bool {
	for i := range coverage {
		if both, ok := coverage[i].Join(c); ok {
			coverage[i] = both
			return true
		}
	}
	return false
}
