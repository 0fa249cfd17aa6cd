package rules

import (
	"slices"
	"strings"
)

// oneOf lists names for an error message, sorted.
func oneOf(names []string) string {
	sorted := slices.Clone(names)
	slices.Sort(sorted)
	return strings.Join(sorted, ", ")
}
