package rules

import (
	"slices"

	"github.com/fleetnet/fleetnet"
)

// maxEvidence bounds the lines that one finding quotes.
const maxEvidence = 5

// evidence returns the lines that prove the finding for the frame's group: of
// each row its own, and those of joined rows that tell what the rule asks.
func (r *Rule) evidence(f *frame) []fleetnet.Evidence {
	var out []fleetnet.Evidence
	var shown []fleetnet.Ref
	for _, row := range r.proof(f) {
		for _, ref := range f.view.rows.Refs(int(row), r.asked...) {
			if len(out) == maxEvidence {
				return out
			}
			if slices.Contains(shown, ref) {
				continue
			}
			shown = append(shown, ref)
			if e := f.host.snapshot.Evidence(ref); e.Line > 0 {
				out = append(out, e)
			}
		}
	}
	return out
}

// proof returns the rows that prove the alert: those that its any() finds, as
// far as it has one that finds any, else all.
func (r *Rule) proof(f *frame) []int32 {
	var out []int32
	at := *f
	for _, row := range f.group.rows {
		at.row = int(row)
		if slices.ContainsFunc(r.alert.picks, func(pick func(*frame) truth) bool { return pick(&at) == yes }) {
			if out = append(out, row); len(out) == maxEvidence {
				return out
			}
		}
	}
	if out == nil {
		return f.group.rows
	}
	return out
}

// askedFields returns the fields of a row that the rule judges by.
func (r *Rule) askedFields() []fleetnet.Field {
	var out []fleetnet.Field
	note := func(c *column) {
		if c != nil && !slices.Contains(out, c.field) {
			out = append(out, c.field)
		}
	}
	for i := range r.terms {
		note(r.terms[i].column)
	}
	for _, e := range append(slices.Clone(r.lets), r.where, r.alert) {
		if e == nil {
			continue
		}
		for _, n := range e.names {
			note(n.field)
		}
		for i := range e.cols {
			note(&e.cols[i])
		}
	}
	return out
}
