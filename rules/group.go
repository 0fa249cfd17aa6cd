package rules

import (
	"math"

	"github.com/fleetnet/fleetnet"
)

// group is rows of one host with equal keys.
type group struct {
	keys []fleetnet.Value
	// sure and maybe count the rows that match, and those that might.
	sure, maybe int
	// rows are the matching rows: all of them when the rule computes over
	// them, else the first few, for evidence. maybes are the others.
	rows, maybes []int32
	// stray counts rows of other groups whose keys are not known in full and
	// which might therefore belong here.
	stray int
	// open says that the host may have more rows than were seen.
	open bool
}

// count returns how many rows the group has.
func (g *group) count() val {
	if g.open {
		return between(float64(g.sure), math.Inf(1))
	}
	return between(float64(g.sure), float64(g.sure+g.maybe+g.stray))
}

// settled reports whether the group's rows are exactly those in rows.
func (g *group) settled() bool { return !g.open && g.maybe == 0 && g.stray == 0 }

// keyed reports whether all keys are known.
func (g *group) keyed() bool {
	for _, k := range g.keys {
		if !k.Known() {
			return false
		}
	}
	return true
}
