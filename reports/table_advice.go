package reports

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// saying is a text of findings and the systems of their hosts.
type saying struct {
	text    string
	systems []string
}

// advice writes what findings say under a label: each text once and, when not
// all say the same, for which systems.
func (t *reportTable) advice(label string, b *block, text func(*fleetnet.Finding) string) {
	said := t.sayings(b, text)
	for _, s := range said {
		name := label
		if len(said) > 1 && len(s.systems) > 0 {
			name += " on " + strings.Join(s.systems, ", ")
		}
		t.labeled(2, fleetnet.Printable(name), s.text)
	}
}

// sayings returns the texts of a block's findings in the order of its entries.
func (t *reportTable) sayings(b *block, text func(*fleetnet.Finding) string) []*saying {
	var said []*saying
	for _, e := range b.list {
		for _, f := range e.findings {
			i := slices.IndexFunc(said, func(s *saying) bool { return s.text == text(f) })
			if i < 0 {
				i, said = len(said), append(said, &saying{text: text(f)})
			}
			for _, h := range f.Hosts {
				if os := t.systems[h]; os != "" && !slices.Contains(said[i].systems, os) {
					said[i].systems = append(said[i].systems, os)
				}
			}
		}
	}
	for _, s := range said {
		slices.Sort(s.systems)
	}
	return said
}
