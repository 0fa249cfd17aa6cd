package rules

import (
	"math"

	"github.com/fleetnet/fleetnet"
)

// group is rows of one host with equal keys.
type group struct {
	// row is one of the rows, to read the keys from; -1 for the group that
	// stands for those that were not seen.
	row int32
	// keyed says that all keys are known.
	keyed bool
	// open says that the host may have more rows than were seen.
	open bool
	// sure and maybe count the rows that match, and those that might.
	sure, maybe int
	// stray counts rows of other groups whose keys are not known in full and
	// which might therefore belong here.
	stray int
	// rows are the matching rows: all of them when the rule computes over
	// them, else the first few, for evidence. maybes are the others.
	rows, maybes []int32
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

// key returns the value of a key of the frame's group.
func (f *frame) key(c *column) fleetnet.Value {
	if f.group.row < 0 {
		return fleetnet.Value{}
	}
	at := *f
	at.row = int(f.group.row)
	return c.value(&at)
}
