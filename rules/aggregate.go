package rules

import (
	"math"

	"github.com/fleetnet/fleetnet"
)

// values returns the list itself; unknown unless every value is known.
func (c column) values(f *frame) val {
	if !f.group.settled() {
		return val{}
	}
	all := true
	var ints []int
	var texts []string
	var anys []any
	c.each(f, f.group.rows, func(v fleetnet.Value) {
		all = all && v.Known()
		switch c.field.Kind {
		case fleetnet.KindInt:
			ints = append(ints, int(v.Int()))
		case fleetnet.KindString:
			texts = append(texts, v.Text())
		default:
			anys = append(anys, v.Any())
		}
	})
	switch {
	case !all:
		return val{}
	case c.field.Kind == fleetnet.KindInt:
		return other(ints)
	case c.field.Kind == fleetnet.KindString:
		return list(texts)
	}
	return other(anys)
}

// sum adds up; rows that are missing or do not tell can only add.
func (c column) sum(f *frame) val {
	out := number(0)
	c.each(f, f.group.rows, func(v fleetnet.Value) {
		out.lo += float64(v.Int())
		out.hi += float64(v.Int())
		if !v.Known() {
			out.hi = math.Inf(1)
		}
	})
	c.each(f, f.group.maybes, func(v fleetnet.Value) {
		out.hi += float64(v.Int())
		if !v.Known() {
			out.hi = math.Inf(1)
		}
	})
	if f.group.open || f.group.stray > 0 {
		out.hi = math.Inf(1)
	}
	return out
}

// max is the greatest value; the number that is not there when there is no
// row, unknown when there may be none.
func (c column) max(f *frame) val { return c.extreme(f, 1) }

// min is the least value.
func (c column) min(f *frame) val { return negate(c.extreme(f, -1)) }

// extreme returns the greatest of the values times sign.
func (c column) extreme(f *frame, sign float64) val {
	if f.group.sure == 0 {
		if f.group.settled() {
			return number(math.NaN())
		}
		return val{}
	}
	lo, hi := math.Inf(-1), math.Inf(-1)
	see := func(v fleetnet.Value) {
		if !v.Known() {
			hi = math.Inf(1)
		}
		hi = max(hi, sign*float64(v.Int()))
	}
	c.each(f, f.group.rows, func(v fleetnet.Value) {
		if v.Known() {
			lo = max(lo, sign*float64(v.Int()))
		}
		see(v)
	})
	c.each(f, f.group.maybes, see)
	if f.group.open || f.group.stray > 0 {
		hi = math.Inf(1)
	}
	return between(lo, hi)
}

func negate(v val) val {
	if v.kind != isNumber {
		return val{}
	}
	return between(-v.hi, -v.lo)
}

// distinct is how many different values there are.
func (c column) distinct(f *frame) val {
	seen := map[string]struct{}{}
	untold := 0
	c.each(f, f.group.rows, func(v fleetnet.Value) {
		if v.Known() {
			seen[v.String()] = struct{}{}
		} else {
			untold++
		}
	})
	lo := float64(len(seen))
	if f.group.open {
		return between(lo, math.Inf(1))
	}
	return between(lo, lo+float64(untold+f.group.maybe+f.group.stray))
}

// records returns the group's rows as maps for expr's own functions; unknown
// unless all rows are known and tell the fields that are used.
func records(f *frame, used []column) val {
	if !f.group.settled() {
		return val{}
	}
	out := make([]map[string]any, 0, len(f.group.rows))
	here := *f
	for _, r := range f.group.rows {
		here.row = int(r)
		m := map[string]any{}
		for _, c := range used {
			v := c.value(&here)
			if !v.Known() && !c.optional {
				return val{}
			}
			m[c.field.Name] = v.Any()
		}
		out = append(out, m)
	}
	return other(out)
}
