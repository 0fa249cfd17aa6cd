package fleetnet

import (
	"slices"
	"strings"
)

// comparer is what it means for one table to be the same on two hosts.
type comparer struct {
	table string
	// keys are the fields that tell rows apart: without them a host is not compared.
	keys []string
	// fields are those that rows are compared by, where a host knows them.
	fields []string
	// allFields are compared too when nothing is to be set aside.
	allFields []string
	// items returns the rows as they are compared.
	items func(s *Snapshot, all bool) []item
	// needs returns what else must be known of the host and is not, or "". Nil: nothing.
	needs func(s *Snapshot, all bool) string
}

// item is one row as it is compared: two are the same when key and parts are.
type item struct {
	key   string // what identifies it, as it is printed
	parts []part
}

// part is one thing that a row says: "via 10.0.0.1 dev eth0", "metric 100".
// The text is empty when the row says nothing of it; none is how to say that.
type part struct{ field, text, none string }

func (c comparer) compare(snaps []*Snapshot, o CompareOptions) *Comparison {
	out := &Comparison{SchemaVersion: SchemaVersion, Table: c.table,
		Groups: []CompareGroup{}, NotCompared: []NotCompared{}, SetAside: []FieldAside{}}
	snaps = slices.Clone(snaps)
	slices.SortStableFunc(snaps, func(a, b *Snapshot) int { return NaturalCompare(a.Host.Name, b.Host.Name) })
	ignore := newGlobs(o.Ignore)
	var hosts []host
	for _, s := range snaps {
		if reason := c.unknown(s, o); reason != "" {
			out.NotCompared = append(out.NotCompared, NotCompared{s.Host.Name, reason})
			continue
		}
		missing := c.missing(s, o.All, ignore)
		out.setAside(s, missing)
		h := host{name: s.Host.Name, items: tidy(c.items(s, o.All), ignore)}
		for _, m := range missing {
			h.missing = append(h.missing, m.Fields[0])
		}
		hosts = append(hosts, h)
	}
	out.addGroups(grouped(hosts))
	out.Equal = len(out.Groups) == 1 && len(out.NotCompared) == 0
	return out
}

// unknown returns why the host cannot be compared, or "".
func (c comparer) unknown(s *Snapshot, o CompareOptions) string {
	t, _ := TableNamed(c.table)
	if known := t.Known(s, c.keys...); known.Status != StatusComplete {
		return gapText(known)
	}
	if c.needs != nil {
		return c.needs(s, o.All)
	}
	return ""
}

// missing returns the fields that are to be compared and are not known, each
// with the coverage that says so.
func (c comparer) missing(s *Snapshot, all bool, ignore globs) []Coverage {
	t, _ := TableNamed(c.table)
	fields := c.fields
	if all {
		fields = slices.Concat(fields, c.allFields)
	}
	var out []Coverage
	for _, f := range fields {
		if known := t.Known(s, f); known.Status != StatusComplete && !ignore.match(f) {
			known.Fields = []string{f}
			out = append(out, known)
		}
	}
	return out
}

// setAside notes what is not compared of a host.
func (c *Comparison) setAside(s *Snapshot, missing []Coverage) {
	for _, m := range missing {
		reason := string(m.Status)
		if m.Reason != "" {
			reason += ": " + m.Reason
		}
		i := slices.IndexFunc(c.SetAside, func(f FieldAside) bool { return f.Field == m.Fields[0] && f.Reason == reason })
		if i < 0 {
			i = len(c.SetAside)
			c.SetAside = append(c.SetAside, FieldAside{Field: m.Fields[0], Reason: reason})
		}
		c.SetAside[i].Hosts = append(c.SetAside[i].Hosts, s.Host.Name)
	}
}

// addGroups adds the groups, which come largest first, with their differences
// from that one in what both know.
func (c *Comparison) addGroups(groups []*group) {
	for i, g := range groups {
		cg := CompareGroup{Hosts: g.hosts, Size: len(g.hosts), Items: len(g.items), Diff: []DiffLine{}}
		if first := groups[0]; i > 0 {
			missing := slices.Concat(first.missing, g.missing)
			cg.Diff = diff(without(first.items, missing), without(g.items, missing))
		}
		c.Groups = append(c.Groups, cg)
	}
}

// gapText says what is not known and why.
func gapText(c Coverage) string {
	text := c.Table
	if c.Fields != nil {
		text += " (" + strings.Join(c.Fields, ", ") + ")"
	}
	text += ": " + string(c.Status)
	if c.Reason != "" {
		text += ": " + c.Reason
	}
	return text
}
