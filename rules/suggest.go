package rules

import (
	"fmt"
	"slices"
	"strings"
)

// didYouMean returns ` (did you mean "x"?)` for the name that is nearest to a
// misspelled one, or "".
func didYouMean[T ~[]string](got string, names T) string {
	if s := nearest(got, names); s != "" {
		return fmt.Sprintf(" (did you mean %q?)", s)
	}
	return ""
}

// nearest returns the name that ends in the one given after a dot, or else
// the one with the fewest edits, when they are few.
func nearest(got string, names []string) string {
	for _, n := range names {
		if strings.HasSuffix(n, "."+got) {
			return n
		}
	}
	best, least := "", max(1, len(got)/3)+1
	for _, n := range names {
		if d := edits(strings.ToLower(got), strings.ToLower(n)); d < least {
			best, least = n, d
		}
	}
	return best
}

// edits is the Levenshtein distance, with a swap of neighbours as one edit.
func edits(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	var before []int
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur := make([]int, len(b)+1)
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
		}
		before, prev = prev, cur
	}
	return prev[len(b)]
}

// oneOf lists names for an error message, sorted.
func oneOf(names []string) string {
	sorted := slices.Clone(names)
	slices.Sort(sorted)
	return strings.Join(sorted, ", ")
}
