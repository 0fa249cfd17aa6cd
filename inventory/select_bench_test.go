package inventory_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet/inventory"
)

// large returns an inventory of 10,000 hosts in 100 groups.
func large(tb testing.TB) *inventory.Inventory {
	var text strings.Builder
	text.WriteString("hosts:\n")
	for i := range 100 {
		fmt.Fprintf(&text, "  r%02dh[00-99].example.com: {groups: [rack%02d]}\n", i, i)
	}
	inv, err := inventory.Parse("h", []byte(text.String()))
	if err != nil {
		tb.Fatal(err)
	}
	return inv
}

// BenchmarkSelect measures limits of 1,000 terms over 10,000 hosts.
func BenchmarkSelect(b *testing.B) {
	inv := large(b)
	for _, bc := range []struct{ name, term string }{
		{"names", "r%02[1]dh%02[2]d.example.com"},
		{"without", "!r%02[1]dh%02[2]d.example.com"},
		{"both", "&all"},
		{"globs", "r%02[1]dh%[2]d*"},
		{"ranges", "r%02[1]dh[00-%02[2]d].example.com"},
		{"places", "rack%02[1]d[%[2]d]"},
		{"expressions", `~r%02[1]dh%[2]d`},
	} {
		b.Run(bc.name, func(b *testing.B) {
			var terms []string
			for i := range 1000 {
				if strings.Contains(bc.term, "%") {
					terms = append(terms, fmt.Sprintf(bc.term, i%100, i/100))
				} else {
					terms = append(terms, bc.term)
				}
			}
			limit := strings.Join(terms, ",")
			for b.Loop() {
				if _, err := inv.Select(limit); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
