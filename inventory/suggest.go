package inventory

import (
	"fmt"
	"slices"
	"strings"
)

// didYouMean returns ` (did you mean "…"?)` with the candidate that is nearest
// to word, or "" when none is near. Of equally near ones the first is taken.
func didYouMean[S ~[]string](word string, candidates S) string {
	best, bound := "", maxDistance(word)+1
	for _, c := range candidates {
		if d := distance(strings.ToLower(word), strings.ToLower(c), bound); d < bound {
			best, bound = c, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}

// maxDistance is how many slips are believed of a word: one in three letters.
func maxDistance(word string) int { return min((len(word)+2)/3, 4) }

// distance returns how many letters must be inserted, dropped, changed or
// swapped with their neighbour to make b of a (optimal string alignment), or
// bound when it is not less than bound.
func distance(a, b string, bound int) int {
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
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+differ(a[i-1], b[j-1]))
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

func differ(a, b byte) int {
	if a == b {
		return 0
	}
	return 1
}
