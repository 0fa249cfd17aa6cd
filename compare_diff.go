package fleetnet

import (
	"slices"
	"strings"
)

// diff returns what items have other than the reference has, by key. Both are
// tidy.
func diff(reference, items []item) []DiffLine {
	out := []DiffLine{}
	for len(reference) > 0 || len(items) > 0 {
		key := firstKey(reference, items)
		var want, have []item
		want, reference = cutKey(reference, key)
		have, items = cutKey(items, key)
		out = append(out, diffKey(want, have)...)
	}
	return out
}

// firstKey returns the key that comes first in two ordered lists, one of which
// may be empty.
func firstKey(a, b []item) string {
	if len(b) == 0 || len(a) > 0 && NaturalCompare(a[0].key, b[0].key) <= 0 {
		return a[0].key
	}
	return b[0].key
}

// cutKey splits off the leading items that have the key.
func cutKey(items []item, key string) (these, rest []item) {
	n := 0
	for n < len(items) && items[n].key == key {
		n++
	}
	return items[:n], items[n:]
}

// diffKey compares the items of one key. One that is missing and one that is
// there instead are the same thing changed; of several, which became which
// cannot be told.
func diffKey(want, have []item) []DiffLine {
	lacks, extra := minus(want, have), minus(have, want)
	if len(lacks) == 1 && len(extra) == 1 {
		return []DiffLine{changed(lacks[0], extra[0])}
	}
	var out []DiffLine
	for _, it := range lacks {
		out = append(out, DiffLine{Sign: "-", Key: it.key, Text: it.text()})
	}
	for _, it := range extra {
		out = append(out, DiffLine{Sign: "+", Key: it.key, Text: it.text()})
	}
	return out
}

// minus returns the items of a that b does not have.
func minus(a, b []item) []item {
	var out []item
	for _, it := range a {
		if !slices.ContainsFunc(b, func(have item) bool { return compareItems(it, have) == 0 }) {
			out = append(out, it)
		}
	}
	return out
}

// changed returns the line for one item that became another: the parts in
// which they differ.
func changed(was, is item) DiffLine {
	var from, to item
	for i, p := range was.parts {
		if q := is.parts[i]; p != q {
			from.parts, to.parts = append(from.parts, p), append(to.parts, q)
		}
	}
	return DiffLine{Sign: "~", Key: was.key, From: from.orNone(), To: to.orNone()}
}

// orNone returns the text, or says what there is none of: "no metric".
func (it item) orNone() string {
	if text := it.text(); text != "" {
		return text
	}
	var out []string
	for _, p := range it.parts {
		out = append(out, p.none)
	}
	return strings.Join(out, " ")
}

func (it item) text() string {
	var out []string
	for _, p := range it.parts {
		if p.text != "" {
			out = append(out, p.text)
		}
	}
	return strings.Join(out, " ")
}
