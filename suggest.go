package fleetnet

import (
	"fmt"
	"slices"
	"strings"
)

// DidYouMean returns ` (did you mean "…"?)` with the name that a misspelled word
// was meant to be, or "" when none is near: the one that ends in the word after
// a dot (port: local.port), or else the one with the fewest slips, the first of
// equals.
func DidYouMean[S ~[]string](word string, names S) string {
	best, bound := "", min((len(word)+2)/3, 4)+1 // one slip in three letters is believed
	for _, n := range names {
		if strings.HasSuffix(n, "."+word) {
			best = n
			break
		}
		if d := slips(strings.ToLower(word), strings.ToLower(n), bound); d < bound {
			best, bound = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}

// slips returns how many letters must be inserted, dropped, changed or
// swapped with their neighbour to make b of a (optimal string alignment), or
// bound when it is not less than bound.
func slips(a, b string, bound int) int {
	if len(a)-len(b) >= bound || len(b)-len(a) >= bound || len(a) > 64 {
		return bound
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			changed := 1
			if a[i-1] == b[j-1] {
				changed = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+changed)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		if slices.Min(row) >= bound {
			return bound
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], bound)
}
