package rules

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// scan is the rows of one host that concern one rule, in groups.
type scan struct {
	rule   *Rule
	view   *tableView
	cover  fleetnet.Coverage // of the rows that the rule is about
	host   *hostView
	groups []*group
	index  map[string]*group
	key    []byte
	slab   []group
	// untold are the fields that rows that might match do not tell, absent
	// what else the where needs and the host does not tell.
	untold    []*column
	untoldKey []*column // keys that rows do not tell
	absent    []string
	explained int
}

// maxExplained bounds the rows whose missing fields are looked up.
const maxExplained = 1000

// scan goes through the rows once. The groups are in the order in which the
// host tells them.
func (r *Rule) scan(f *frame) *scan {
	s := &scan{rule: r, view: f.view, cover: r.rowCover(f.host.snapshot), host: f.host, index: map[string]*group{}}
	if len(r.keys) == 0 {
		s.groups = []*group{{row: -1, keyed: true}}
	}
	if least, ok := s.siftable(f); ok {
		s.sift(f, least)
	} else {
		r.candidates(f, func() { s.look(f, r.verdict(f)) })
	}
	s.close()
	return s
}

// look puts the frame's row where its verdict says.
func (s *scan) look(f *frame, v truth) {
	if v == no {
		return
	}
	g := s.groupOf(f)
	if v == yes {
		g.sure++
		g.rows = s.keep(g.rows, f.row)
		return
	}
	g.maybe++
	g.maybes = s.keep(g.maybes, f.row)
	if s.explained++; s.explained <= maxExplained {
		s.explain(f)
	}
}

// keep adds a row to a list: all of them when the rule computes over rows.
func (s *scan) keep(rows []int32, i int) []int32 {
	if s.rule.wide || len(rows) < maxEvidence {
		return append(rows, int32(i))
	}
	return rows
}

// groupOf returns the group of the frame's row.
func (s *scan) groupOf(f *frame) *group {
	if len(s.rule.keys) == 0 {
		return s.groups[0]
	}
	keyed := s.makeKey(f)
	if g, ok := s.index[string(s.key)]; ok {
		return g
	}
	g := s.newGroup()
	g.row, g.keyed = int32(f.row), keyed
	s.index[string(s.key)] = g
	s.groups = append(s.groups, g)
	return g
}

// newGroup takes a group out of a slab: a host may have a million of them.
func (s *scan) newGroup() *group {
	if len(s.slab) == 0 {
		s.slab = make([]group, min(max(8, len(s.groups)), 1024))
	}
	g := &s.slab[0]
	s.slab = s.slab[1:]
	return g
}

// makeKey puts the keys of the frame's row into s.key, so that different ones,
// unknown ones too, never read the same, and reports whether all are known.
func (s *scan) makeKey(f *frame) bool {
	s.key = s.key[:0]
	keyed := true
	for _, c := range s.rule.keys {
		at := len(s.key)
		if c.hidden(f) {
			s.key = append(s.key, 0)
		} else {
			s.key = f.view.rows.AppendKey(s.key, f.row, c.field)
		}
		keyed = keyed && s.key[at] != 0
	}
	return keyed
}

// close tells the groups what may be missing from them. On a host that may
// have more rows than were seen, a group that was not seen is one to judge too.
func (s *scan) close() {
	for _, g := range s.groups {
		g.open = s.cover.Status != fleetnet.StatusComplete
	}
	s.countStrays()
	if s.cover.Status != fleetnet.StatusComplete && len(s.rule.keys) > 0 {
		s.groups = append(s.groups, &group{row: -1, open: true})
	}
}

// explain notes what the frame's row does not tell.
func (s *scan) explain(f *frame) {
	for i := range s.rule.terms {
		if s.rule.terms[i].test(f) == maybe {
			s.untold = note(s.untold, s.rule.terms[i].column)
		}
	}
	if s.rule.where == nil {
		return
	}
	for _, n := range s.rule.where.names {
		switch {
		case n.label == "" || n.get(f).kind != isUnknown:
		case n.field != nil:
			s.untold = note(s.untold, n.field)
		default:
			s.absent = append(s.absent, n.label)
		}
	}
}

// note adds a field that is not there yet.
func note(fields []*column, c *column) []*column {
	if slices.ContainsFunc(fields, func(have *column) bool { return have.pos == c.pos }) {
		return fields
	}
	return append(fields, c)
}

// fieldsAndWhy names fields that rows do not tell, and says why not.
func (s *scan) fieldsAndWhy(fields []*column) string {
	var names, why []string
	for _, c := range fields {
		names = append(names, c.field.Name)
		if s.view.dark != nil && s.view.dark[c.pos] != "" && !slices.Contains(why, s.view.dark[c.pos]) {
			why = append(why, s.view.dark[c.pos])
		}
	}
	if why == nil {
		return strings.Join(names, ", ")
	}
	return strings.Join(names, ", ") + " (" + strings.Join(why, "; ") + ")"
}

// whyUndecided returns the coverage's reasons for what is not told of the fields
// that the rule judges by, and of how routes lead to interfaces.
func (s *scan) whyUndecided() string {
	var why []string
	for _, f := range s.rule.asked {
		why = append(why, s.view.darkness(s.host.snapshot, f.Name))
	}
	if s.view.table.Name == "next_hops" {
		if c := s.host.snapshot.Known("routes", "interface", "next_hops"); c.Status != fleetnet.StatusComplete {
			why = append(why, coverageReason(c))
		}
	}
	slices.Sort(why)
	why = slices.DeleteFunc(slices.Compact(why), func(w string) bool { return w == "" })
	if len(why) == 0 {
		return ""
	}
	return " (" + strings.Join(why, "; ") + ")"
}

// whyMissing returns the coverage's reason for a setting or counter that is
// not known.
func (s *scan) whyMissing(label string) string {
	table, _, _ := strings.Cut(label, " ")
	if table != "setting" && table != "counter" {
		return ""
	}
	c := s.host.snapshot.Known(table + "s")
	if c.Status == fleetnet.StatusComplete {
		return ""
	}
	return " (" + coverageReason(c) + ")"
}
