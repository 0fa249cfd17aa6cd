package rules

import "github.com/fleetnet/fleetnet"

// maxStrayPairs bounds the work of telling which rows might belong where.
const maxStrayPairs = 1 << 20

// countStrays tells each group how many rows might belong to it that do not
// tell all their keys: those whose other keys are the group's. Where there are
// very many such rows it is all of them.
func (s *scan) countStrays() {
	var stray []*group
	all := 0
	for _, g := range s.groups {
		if !g.keyed {
			stray = append(stray, g)
			all += g.sure + g.maybe
		}
	}
	if stray == nil {
		return
	}
	s.noteKeys(stray[:min(len(stray), maxExplained)])
	few := len(stray)*len(s.groups) <= maxStrayPairs
	for _, g := range s.groups {
		switch {
		case !g.keyed:
		case !few:
			g.stray = all
		default:
			for _, x := range stray {
				if s.mayJoin(x, g) {
					g.stray += x.sure + x.maybe
				}
			}
		}
	}
}

// mayJoin reports whether rows of x, which do not tell all keys, may have
// those of g.
func (s *scan) mayJoin(x, g *group) bool {
	for _, c := range s.rule.keys {
		if v := s.keyOf(x, c); v.Known() && v.String() != s.keyOf(g, c).String() {
			return false
		}
	}
	return true
}

func (s *scan) keyOf(g *group, c *column) fleetnet.Value {
	return c.value(&frame{host: s.host, view: s.view, row: int(g.row)})
}

// noteKeys notes the keys that groups do not tell.
func (s *scan) noteKeys(groups []*group) {
	for _, g := range groups {
		for _, c := range s.rule.keys {
			if !s.keyOf(g, c).Known() {
				s.untoldKey = note(s.untoldKey, c)
			}
		}
	}
}
