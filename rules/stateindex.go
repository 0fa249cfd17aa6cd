package rules

import "slices"

// stateIndex holds the rows of a table by their state, so that the many rules
// that match on it look at their own rows alone.
type stateIndex struct {
	states []string
	rows   [][]int32 // by the place of the state in states
	untold []int32   // the rows that do not tell their state
}

// byState returns the index of the view, made on first use.
func (v *tableView) byState(c *column) *stateIndex {
	if v.states != nil {
		return v.states
	}
	x := &stateIndex{}
	f := &frame{view: v}
	for i, n := 0, v.rows.Len(); i < n; i++ {
		f.row = i
		val := c.value(f)
		if !val.Known() {
			x.untold = append(x.untold, int32(i))
			continue
		}
		at := slices.Index(x.states, val.Text())
		if at < 0 {
			at = len(x.states)
			x.states, x.rows = append(x.states, val.Text()), append(x.rows, nil)
		}
		x.rows[at] = append(x.rows[at], int32(i))
	}
	v.states = x
	return x
}

// candidates returns the rows that may have one of the states, in order.
func (x *stateIndex) candidates(states []string) []int32 {
	out, lists := x.untold, 0
	if len(out) > 0 {
		lists = 1
	}
	for i, s := range x.states {
		if !slices.Contains(states, s) {
			continue
		}
		if lists++; lists == 1 {
			out = x.rows[i]
			continue
		}
		out = slices.Concat(out, x.rows[i])
	}
	if lists > 1 {
		slices.Sort(out)
	}
	return out
}

// candidates calls look with every row that may match, in order.
func (r *Rule) candidates(f *frame, look func()) {
	for i := range r.terms {
		if t := &r.terms[i]; t.column.field.Name == "state" {
			for _, row := range f.view.byState(t.column).candidates(t.texts) {
				f.row = int(row)
				look()
			}
			return
		}
	}
	for i, n := 0, f.view.rows.Len(); i < n; i++ {
		f.row = i
		look()
	}
}
