package fleetnet

import (
	"crypto/sha256"
	"fmt"
	"path"
	"slices"
	"strings"
)

// comparer is what it means for one table to be the same on two hosts.
type comparer struct {
	table string
	// fields are those that are compared where hosts know them. The rows
	// themselves must be known on each host.
	fields []string
	// items returns the rows as they are compared.
	items func(s *Snapshot, all bool) []item
	// needs returns what else must be known of the host, or "". Nil: nothing.
	needs func(s *Snapshot, all bool) string
}

// item is one row as it is compared: two are the same when key and parts are.
type item struct {
	key   string // what identifies it, as it is printed
	parts []part
}

// part is one thing that a row says: "via 10.0.0.1 dev eth0", "metric 100".
// The text is empty when the row says nothing of it.
type part struct{ field, text string }

// group is hosts with the same items.
type group struct {
	hosts []string
	items []item
}

func (c comparer) compare(snaps []*Snapshot, o CompareOptions) *Comparison {
	out := &Comparison{SchemaVersion: SchemaVersion, Table: c.table, Groups: []CompareGroup{}, NotCompared: []NotCompared{}}
	snaps = slices.Clone(snaps)
	slices.SortStableFunc(snaps, func(a, b *Snapshot) int { return NaturalCompare(a.Host.Name, b.Host.Name) })
	ignore := ignored(o.Ignore)
	var known []*Snapshot
	for _, s := range snaps {
		if reason := c.unknown(s, o); reason != "" {
			out.NotCompared = append(out.NotCompared, NotCompared{s.Host.Name, reason})
			continue
		}
		known = append(known, s)
	}
	out.SetAside = c.setAside(known, ignore)
	for _, f := range out.SetAside {
		ignore = append(ignore, f.Field)
	}
	out.addGroups(c.group(known, o.All, ignore, out))
	slices.SortStableFunc(out.NotCompared, func(a, b NotCompared) int { return NaturalCompare(a.Host, b.Host) })
	out.Equal = len(out.Groups) == 1 && len(out.NotCompared) == 0
	return out
}

// unknown returns why the host cannot be compared at all, or "".
func (c comparer) unknown(s *Snapshot, o CompareOptions) string {
	t, _ := TableNamed(c.table)
	if known := t.Known(s); known.Status != StatusComplete {
		return gapText(known)
	}
	if c.needs != nil {
		return c.needs(s, o.All)
	}
	return ""
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

// setAside returns the fields that most hosts do not know. Where most know a
// field, the few that do not are not compared.
func (c comparer) setAside(snaps []*Snapshot, ignore globs) []FieldAside {
	t, _ := TableNamed(c.table)
	var out []FieldAside
	for _, f := range c.fields {
		if ignore.match(f) {
			continue
		}
		lacking, reason := 0, ""
		for _, s := range snaps {
			if known := t.Known(s, f); known.Status != StatusComplete {
				lacking++
				reason = gapText(known)
			}
		}
		if 2*lacking > len(snaps) {
			out = append(out, FieldAside{f, fmt.Sprintf("not known on %d of %d hosts: %s", lacking, len(snaps), reason)})
		}
	}
	return out
}

// group returns the hosts by what they have, in the order of their first host.
func (c comparer) group(snaps []*Snapshot, all bool, ignore globs, out *Comparison) []*group {
	t, _ := TableNamed(c.table)
	var compared []string
	for _, f := range c.fields {
		if !ignore.match(f) {
			compared = append(compared, f)
		}
	}
	var groups []*group
	index := map[[sha256.Size]byte]*group{}
	for _, s := range snaps {
		if known := t.Known(s, compared...); known.Status != StatusComplete {
			out.NotCompared = append(out.NotCompared, NotCompared{s.Host.Name, gapText(known)})
			continue
		}
		items := tidy(c.items(s, all), ignore)
		sum := fingerprint(items)
		if index[sum] == nil {
			index[sum] = &group{items: items}
			groups = append(groups, index[sum])
		}
		index[sum].hosts = append(index[sum].hosts, s.Host.Name)
	}
	return groups
}

// addGroups adds the groups, the largest first, each with its differences from that.
func (c *Comparison) addGroups(groups []*group) {
	slices.SortStableFunc(groups, func(a, b *group) int { return len(b.hosts) - len(a.hosts) })
	for i, g := range groups {
		cg := CompareGroup{Hosts: g.hosts, Size: len(g.hosts), Items: len(g.items), Diff: []DiffLine{}}
		if i > 0 {
			cg.Diff = diff(groups[0].items, g.items)
		}
		c.Groups = append(c.Groups, cg)
	}
}

// tidy drops what is ignored and brings the items into order, equal ones once.
func tidy(items []item, ignore globs) []item {
	items = slices.DeleteFunc(items, func(it item) bool { return ignore.match(it.key) })
	for i := range items {
		items[i].parts = slices.DeleteFunc(items[i].parts, func(p part) bool { return ignore.match(p.field) })
	}
	slices.SortStableFunc(items, compareItems)
	return slices.CompactFunc(items, func(a, b item) bool { return compareItems(a, b) == 0 })
}

func compareItems(a, b item) int {
	if d := NaturalCompare(a.key, b.key); d != 0 {
		return d
	}
	return slices.CompareFunc(a.parts, b.parts, func(p, q part) int {
		if d := strings.Compare(p.field, q.field); d != 0 {
			return d
		}
		return NaturalCompare(p.text, q.text)
	})
}

// fingerprint is equal for equal items, and only for them.
func fingerprint(items []item) (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, it := range items {
		fmt.Fprintf(h, "%q", it.key)
		for _, p := range it.parts {
			fmt.Fprintf(h, " %q=%q", p.field, p.text)
		}
		fmt.Fprintln(h)
	}
	h.Sum(sum[:0])
	return sum
}

// globs are patterns in which * also matches a slash.
type globs []string

func ignored(patterns []string) globs {
	out := make(globs, len(patterns))
	for i, p := range patterns {
		out[i] = noSlash(p)
	}
	return out
}

func (g globs) match(name string) bool {
	return slices.ContainsFunc(g, func(p string) bool {
		ok, _ := path.Match(p, noSlash(name))
		return ok
	})
}

// noSlash hides the slashes of prefixes and interface names from path.Match.
func noSlash(s string) string { return strings.ReplaceAll(s, "/", "\x00") }
