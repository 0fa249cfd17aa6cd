package rules

import (
	"slices"

	"github.com/fleetnet/fleetnet"
)

// term is one line of a match: a field that must have one of some values. A
// field that is a list must contain one of them.
type term struct {
	column *column
	ints   []int64 // bools too, as 0 and 1
	texts  []string
}

// test tells whether the frame's row matches.
func (t *term) test(f *frame) truth {
	v := t.column.value(f)
	switch v.Kind() {
	case fleetnet.KindUnknown:
		return maybe
	case fleetnet.KindString:
		return truthOf(t.has(v.Text()))
	case fleetnet.KindInt, fleetnet.KindBool:
		return truthOf(slices.Contains(t.ints, v.Int()))
	case fleetnet.KindList:
		return truthOf(slices.ContainsFunc(v.List(), t.has))
	}
	return maybe
}

func (t *term) has(s string) bool {
	for _, x := range t.texts {
		if x == s {
			return true
		}
	}
	return false
}

// verdict tells whether the frame's row is one of the rule's.
func (r *Rule) verdict(f *frame) truth {
	out := yes
	for i := range r.terms {
		if out = min(out, r.terms[i].test(f)); out == no {
			return no
		}
	}
	if r.where != nil {
		out = min(out, r.where.logic(f))
	}
	return out
}
