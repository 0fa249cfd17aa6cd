package fleetnet

import (
	"crypto/sha256"
	"fmt"
	"path"
	"slices"
	"strings"
)

// host is what one host has, and the fields that it does not know.
type host struct {
	name    string
	items   []item
	missing []string
}

// group is hosts with the same items, apart from what one of them does not know.
type group struct {
	hosts   []string
	items   []item
	missing []string
	sums    map[string]fingerprint // without the fields of the key
}

// grouped returns the hosts, which come in natural order, by what they have:
// the largest group first. A host that does not know some fields joins the
// largest group that has all else like it.
func grouped(hosts []host) []*group {
	slices.SortStableFunc(hosts, func(a, b host) int { return len(a.missing) - len(b.missing) })
	var groups []*group
	same := map[string]*group{}
	for i, h := range hosts {
		if i > 0 && len(h.missing) > len(hosts[i-1].missing) {
			bySize(groups)
		}
		sum := sumOf(h.items, h.missing)
		key := fmt.Sprintf("%q %x", h.missing, sum)
		g := same[key]
		if g == nil && i > 0 && len(h.missing) > 0 {
			g = like(groups, h)
		}
		if g == nil {
			g = &group{items: without(h.items, h.missing), missing: h.missing}
			groups = append(groups, g)
		}
		same[key] = g
		g.hosts = append(g.hosts, h.name)
	}
	for _, g := range groups {
		slices.SortFunc(g.hosts, NaturalCompare)
	}
	bySize(groups)
	return groups
}

func bySize(groups []*group) {
	slices.SortStableFunc(groups, func(a, b *group) int {
		if d := len(b.hosts) - len(a.hosts); d != 0 {
			return d
		}
		return NaturalCompare(a.hosts[0], b.hosts[0])
	})
}

// like returns the first group that has what h has in all that both know.
func like(groups []*group, h host) *group {
	for _, g := range groups {
		missing := slices.Concat(g.missing, h.missing)
		key := strings.Join(missing, " ")
		if g.sums == nil {
			g.sums = map[string]fingerprint{}
		}
		sum, ok := g.sums[key]
		if !ok {
			sum = sumOf(g.items, missing)
			g.sums[key] = sum
		}
		if sum == sumOf(h.items, missing) {
			return g
		}
	}
	return nil
}

// tidy drops what is ignored and brings the items into order, equal ones once.
func tidy(items []item, ignore globs) []item {
	items = slices.DeleteFunc(items, func(it item) bool { return ignore.match(it.key) })
	for i := range items {
		items[i].parts = slices.DeleteFunc(items[i].parts, func(p part) bool { return ignore.match(p.field) })
	}
	return ordered(items)
}

// without returns the items without some fields, in order.
func without(items []item, fields []string) []item {
	if len(fields) == 0 {
		return items
	}
	out := make([]item, len(items))
	for i, it := range items {
		out[i] = item{it.key, slices.DeleteFunc(slices.Clone(it.parts), func(p part) bool { return slices.Contains(fields, p.field) })}
	}
	return ordered(out)
}

// ordered sorts items, and keeps equal ones once.
func ordered(items []item) []item {
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
type fingerprint [sha256.Size]byte

func sumOf(items []item, missing []string) (sum fingerprint) {
	h := sha256.New()
	for _, it := range without(items, missing) {
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

func newGlobs(patterns []string) globs {
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
