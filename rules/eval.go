package rules

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// Target is what the inventory says of the host that a snapshot is of.
type Target struct {
	Groups []string
	Vars   map[string]any
	// Params override the rules' defaults: "close-wait-leak.limit".
	Params map[string]any
}

// maxFindings bounds the findings of one rule on one host; a last one counts
// the rest.
const maxFindings = 100

// Evaluate judges one host. The findings are in the order of the rules, the
// worst of each rule first. A rule that holds yields none; one that cannot be
// decided yields one that is unknown and says why.
func (s *Set) Evaluate(snap *fleetnet.Snapshot, t Target) []fleetnet.Finding {
	h := &hostView{snapshot: snap, target: t}
	var out []fleetnet.Finding
	for _, r := range s.rules {
		params, err := s.paramsFor(r, t)
		if err != nil {
			out = append(out, r.unknown(h, err.Error()))
			continue
		}
		out = append(out, r.judge(h, params)...)
	}
	return out
}

// judge evaluates one rule on one host.
func (r *Rule) judge(h *hostView, params []val) []fleetnet.Finding {
	if reason := r.elsewhere(h); reason != "" {
		return []fleetnet.Finding{r.unknown(h, reason)}
	}
	f := &frame{host: h, view: h.view(r.table), params: params, lets: make([]val, 0, len(r.lets))}
	seen := r.scan(f)
	var failed []fleetnet.Finding
	var doubt *doubt
	for _, g := range seen.groups {
		f.group = g
		switch r.decide(f) {
		case yes:
			failed = append(failed, r.finding(f))
		case maybe:
			doubt = doubt.add(r, f)
		}
	}
	switch {
	case failed != nil:
		return worst(r, h, failed)
	case doubt != nil:
		return []fleetnet.Finding{r.unknown(h, doubt.reason(seen))}
	}
	return nil
}

// elsewhere says why the rule's facts do not exist on the host's system, or "".
func (r *Rule) elsewhere(h *hostView) string {
	os := h.snapshot.Host.OS
	switch {
	case r.judgedOn(os):
		return ""
	case os == "":
		return "the host's system is not known; the rule is for " + strings.Join(r.Platforms, ", ")
	}
	return "this system does not tell it; the rule is for " + strings.Join(r.Platforms, ", ")
}

// decide computes the lets and the alert of the frame's group.
func (r *Rule) decide(f *frame) truth {
	f.lets = f.lets[:0]
	for _, l := range r.lets {
		f.lets = append(f.lets, l.value(f))
	}
	return r.alert.logic(f)
}

// finding returns the finding for the frame's group, whose alert holds.
func (r *Rule) finding(f *frame) fleetnet.Finding {
	out := r.base(f.host)
	out.Outcome = fleetnet.Fail
	out.Count = f.group.sure
	if r.critical != nil && r.critical.logic(f) == yes {
		out.Severity = fleetnet.Critical
	}
	for i, k := range r.GroupBy {
		if out.Labels == nil {
			out.Labels = make(map[string]string, len(r.GroupBy))
		}
		out.Labels[k] = label(f.key(r.keys[i]))
	}
	out.Message = r.Title
	if r.message != nil {
		out.Message = r.message.text(f)
	}
	out.Evidence = append(out.Evidence, r.evidence(f)...)
	return out
}

func label(v fleetnet.Value) string {
	if !v.Known() {
		return "(unknown)"
	}
	return fleetnet.Printable(v.String())
}

// base returns what all findings of the rule on a host have. What to do is said
// only where the rule's facts exist.
func (r *Rule) base(h *hostView) fleetnet.Finding {
	out := fleetnet.Finding{
		Rule: r.ID, Code: r.Code, Severity: r.Severity, Hosts: []string{h.snapshot.Host.Name},
		Title: r.Title, Evidence: []fleetnet.Evidence{},
	}
	if os := h.snapshot.Host.OS; r.judgedOn(os) {
		out.Fix, out.Verify = r.Fix.On(os), r.Verify.On(os)
	}
	return out
}

func (r *Rule) unknown(h *hostView, reason string) fleetnet.Finding {
	f := r.base(h)
	f.Outcome, f.Message = fleetnet.Unknown, fleetnet.Printable(reason)
	return f
}

// worst orders findings by severity and count and cuts a long list.
func worst(r *Rule, h *hostView, found []fleetnet.Finding) []fleetnet.Finding {
	slices.SortStableFunc(found, func(a, b fleetnet.Finding) int {
		return cmp.Or(int(b.Severity)-int(a.Severity), b.Count-a.Count)
	})
	if len(found) <= maxFindings {
		return found
	}
	rest := r.base(h)
	rest.Outcome, rest.Severity, rest.Count = fleetnet.Fail, found[maxFindings].Severity, len(found)-maxFindings
	rest.Message = fmt.Sprintf("%s: %d more like these", r.Title, rest.Count)
	return append(found[:maxFindings:maxFindings], rest)
}

// doubt gathers why groups of a rule could not be decided.
type doubt struct {
	missing map[string]struct{} // labels of settings, counters and so on
	maybes  int                 // rows that might match
	strays  int                 // rows that might belong to another group
	open    bool
}

// add notes the doubts about the frame's group.
func (d *doubt) add(r *Rule, f *frame) *doubt {
	if d == nil {
		d = &doubt{missing: map[string]struct{}{}}
	}
	d.maybes += f.group.maybe
	d.strays = max(d.strays, f.group.stray)
	d.open = d.open || f.group.open
	for _, e := range r.deciding() {
		for _, m := range e.missing(f) {
			d.missing[m] = struct{}{}
		}
	}
	for _, l := range r.Let {
		delete(d.missing, l.Name)
	}
	return d
}

// deciding returns the alert and the lets that it depends on.
func (r *Rule) deciding() []*expression {
	out := []*expression{r.alert}
	for i := len(r.lets) - 1; i >= 0; i-- {
		if slices.ContainsFunc(out, func(e *expression) bool {
			return slices.ContainsFunc(e.names, func(n name) bool { return n.label == r.Let[i].Name })
		}) {
			out = append(out, r.lets[i])
		}
	}
	return out
}

// reason puts the doubts into words, the weightiest first.
func (d *doubt) reason(seen *scan) string {
	var why []string
	if d.open {
		why = append(why, coverageReason(seen.cover))
	}
	if d.maybes > 0 && seen.untold != nil {
		why = append(why, fmt.Sprintf("%s not tell %s", rowsDo(d.maybes), seen.fieldsAndWhy(seen.untold)))
	}
	for _, m := range seen.absent {
		d.missing[m] = struct{}{}
	}
	if d.strays > 0 {
		why = append(why, fmt.Sprintf("%s not tell %s", rowsDo(d.strays), seen.fieldsAndWhy(seen.untoldKey)))
	}
	for _, m := range slices.Sorted(maps.Keys(d.missing)) {
		why = append(why, m+" is not known"+seen.whyMissing(m))
	}
	if why == nil {
		why = append(why, "what was seen does not decide it"+seen.whyUndecided())
	}
	return strings.Join(why, "; ")
}

func rowsDo(n int) string {
	if n == 1 {
		return "1 row does"
	}
	return fmt.Sprintf("%d rows do", n)
}

func coverageReason(c fleetnet.Coverage) string {
	s := fmt.Sprintf("%s: %s", c.Table, strings.ReplaceAll(string(c.Status), "_", " "))
	if c.Reason != "" {
		s += ", " + c.Reason
	}
	return s
}
