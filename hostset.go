package fleetnet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// NaturalCompare orders names so that numbers in them count: web2 before web10.
func NaturalCompare(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		p, q := digits(x), digits(y)
		if p > 0 && q > 0 {
			m, n := strings.TrimLeft(x[:p], "0"), strings.TrimLeft(y[:q], "0")
			if len(m) != len(n) {
				return len(m) - len(n)
			}
			if c := strings.Compare(m, n); c != 0 {
				return c
			}
			x, y = x[p:], y[q:]
			continue
		}
		if x[0] != y[0] {
			return int(x[0]) - int(y[0])
		}
		x, y = x[1:], y[1:]
	}
	if len(x) != len(y) {
		return len(x) - len(y)
	}
	return strings.Compare(a, b)
}

// digits returns the length of the run of digits that s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// maxExpand bounds what one pattern may expand to.
const maxExpand = 100_000

// Expand returns the names that a pattern stands for: `web[01-12,15]-[a-c]`
// gives web01-a … The bounds of a range are numbers, padded like the first
// one, or single letters. A pattern without brackets is itself.
func Expand(pattern string) ([]string, error) {
	open := strings.IndexByte(pattern, '[')
	if open < 0 {
		if strings.IndexByte(pattern, ']') >= 0 {
			return nil, fmt.Errorf("%q: ] without [", pattern)
		}
		return []string{pattern}, nil
	}
	width := strings.IndexByte(pattern[open:], ']')
	if width < 0 {
		return nil, fmt.Errorf("%q: [ without ]", pattern)
	}
	items, err := expandList(pattern[open+1 : open+width])
	if err != nil {
		return nil, fmt.Errorf("%q: %w", pattern, err)
	}
	rest, err := Expand(pattern[open+width+1:])
	if err != nil {
		return nil, err
	}
	if len(items)*len(rest) > maxExpand {
		return nil, fmt.Errorf("%q: more than %d names", pattern, maxExpand)
	}
	out := make([]string, 0, len(items)*len(rest))
	for _, it := range items {
		for _, r := range rest {
			out = append(out, pattern[:open]+it+r)
		}
	}
	return out, nil
}

// expandList expands what stands between brackets: "01-12,15,a-c". Ansible's
// colon is accepted for the dash.
func expandList(list string) ([]string, error) {
	var out []string
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimSpace(part)
		lo, hi, ranged := strings.Cut(strings.Replace(part, ":", "-", 1), "-")
		if lo == "" || ranged && hi == "" {
			return nil, fmt.Errorf("empty range %q", part)
		}
		if !ranged {
			out = append(out, part)
			continue
		}
		names, err := expandRange(lo, hi)
		if err != nil {
			return nil, err
		}
		if out = append(out, names...); len(out) > maxExpand {
			return nil, fmt.Errorf("range %q has more than %d names", part, maxExpand)
		}
	}
	return out, nil
}

func expandRange(lo, hi string) ([]string, error) {
	if isLetter(lo) && isLetter(hi) && lo <= hi {
		var out []string
		for c := lo[0]; c <= hi[0]; c++ {
			out = append(out, string(c))
		}
		return out, nil
	}
	a, err1 := strconv.ParseUint(lo, 10, 32)
	b, err2 := strconv.ParseUint(hi, 10, 32)
	switch {
	case err1 != nil || err2 != nil:
		return nil, fmt.Errorf("range %s-%s is neither of numbers nor of letters", lo, hi)
	case a > b:
		return nil, fmt.Errorf("range %s-%s is empty", lo, hi)
	case b-a >= maxExpand:
		return nil, fmt.Errorf("range %s-%s has more than %d names", lo, hi, maxExpand)
	}
	width := 0
	if lo[0] == '0' {
		width = len(lo)
	}
	out := make([]string, 0, b-a+1)
	for n := a; n <= b; n++ {
		out = append(out, fmt.Sprintf("%0*d", width, n))
	}
	return out, nil
}

func isLetter(s string) bool {
	return len(s) == 1 && (s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z')
}

// Fold writes host names briefly, in natural order: names that differ only in
// their last number share brackets, web[01-03,07],db1. [Expand] of each part
// gives the names back. Duplicates are dropped.
func Fold(names []string) string {
	sorted := slices.Clone(names)
	slices.SortFunc(sorted, NaturalCompare)
	sorted = slices.Compact(sorted)
	var keys []foldKey
	members := map[foldKey][]string{}
	for _, name := range sorted {
		key, num := splitNumber(name)
		if _, ok := members[key]; !ok {
			keys = append(keys, key)
		}
		members[key] = append(members[key], num)
	}
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = k.fold(members[k])
	}
	return strings.Join(out, ",")
}

// foldKey is what names that share brackets have in common.
type foldKey struct {
	prefix, suffix string
	numbered       bool
}

// splitNumber cuts a name at the last number before its first dot, or at its
// last number when it has none there. An address is not cut.
func splitNumber(name string) (foldKey, string) {
	head := name
	if dot := strings.IndexByte(name, '.'); dot >= 0 && strings.ContainsAny(name[:dot], "0123456789") {
		head = name[:dot]
	}
	end := strings.LastIndexAny(head, "0123456789") + 1
	start := end
	for start > 0 && name[start-1] >= '0' && name[start-1] <= '9' {
		start--
	}
	if end == 0 || end-start > 9 || strings.ContainsAny(name, "[]:,") || start == 0 {
		return foldKey{prefix: name}, ""
	}
	return foldKey{prefix: name[:start], suffix: name[end:], numbered: true}, name[start:end]
}

func (k foldKey) fold(nums []string) string {
	if !k.numbered {
		return k.prefix
	}
	if len(nums) == 1 {
		return k.prefix + nums[0] + k.suffix
	}
	var parts []string
	for i := 0; i < len(nums); {
		j := i
		for j+1 < len(nums) && follows(nums[j], nums[j+1]) {
			j++
		}
		if i == j {
			parts = append(parts, nums[i])
		} else {
			parts = append(parts, nums[i]+"-"+nums[j])
		}
		i = j + 1
	}
	return k.prefix + "[" + strings.Join(parts, ",") + "]" + k.suffix
}

// follows reports whether number b, as written, comes right after a: 09 and
// 10, 9 and 10, but not 08 and 9.
func follows(a, b string) bool {
	n, err := strconv.Atoi(a)
	width := 0
	if a[0] == '0' {
		width = len(a)
	}
	return err == nil && fmt.Sprintf("%0*d", width, n+1) == b
}
