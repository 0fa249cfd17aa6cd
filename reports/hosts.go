package reports

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/fleetnet/fleetnet"
)

// hostsText returns hosts folded and, when there are several, counted:
// web[01-12] (12).
func hostsText(hosts []string) string {
	text := fleetnet.Printable(fleetnet.Fold(hosts))
	if n := distinct(hosts); n > 1 {
		text += " (" + strconv.Itoa(n) + ")"
	}
	return text
}

func distinct(names []string) int {
	sorted := slices.Clone(names)
	slices.Sort(sorted)
	return len(slices.Compact(sorted))
}

// plural returns "1 host", "2 hosts".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
