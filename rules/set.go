package rules

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/fleetnet/fleetnet"
)

// Set is rules that are judged together, and their waivers. It is immutable
// and safe for concurrent use.
type Set struct {
	rules   []*Rule // by code, those without one last
	waivers []*Waiver
	fixed   map[string]any // params that beat the inventory's, by RULE.PARAM
}

// Rules returns the rules in the order of their codes.
func (s *Set) Rules() []Rule {
	out := make([]Rule, len(s.rules))
	for i, r := range s.rules {
		out[i] = *r
	}
	return out
}

// Rule returns the rule with the id or code, or an error that names the nearest one.
func (s *Set) Rule(id string) (Rule, error) {
	for _, r := range s.rules {
		if r.ID == id || r.Code == id && id != "" {
			return *r, nil
		}
	}
	return Rule{}, fmt.Errorf("unknown rule %q%s", id, fleetnet.DidYouMean(id, s.ids()))
}

// Waivers returns the waivers, in the order of their files.
func (s *Set) Waivers() []Waiver {
	out := make([]Waiver, len(s.waivers))
	for i, w := range s.waivers {
		out[i] = *w
	}
	return out
}

// Select returns the set with only the rules named (all, when none is), less
// those to skip. Rules are named by id or code.
func (s *Set) Select(only, skip []string) (*Set, error) {
	for _, id := range slices.Concat(only, skip) {
		if _, err := s.Rule(id); err != nil {
			return nil, err
		}
	}
	out := *s
	out.rules = nil
	for _, r := range s.rules {
		named := func(id string) bool { return id == r.ID || id == r.Code }
		if (len(only) == 0 || slices.ContainsFunc(only, named)) && !slices.ContainsFunc(skip, named) {
			out.rules = append(out.rules, r)
		}
	}
	out.waivers = slices.DeleteFunc(slices.Clone(s.waivers), func(w *Waiver) bool {
		return w.Rule != "*" && out.rule(w.Rule) == nil
	})
	return &out, nil
}

func (s *Set) rule(id string) *Rule {
	for _, r := range s.rules {
		if r.ID == id {
			return r
		}
	}
	return nil
}

func (s *Set) ids() []string {
	out := make([]string, len(s.rules))
	for i, r := range s.rules {
		out[i] = r.ID
	}
	return out
}

// add merges a file into the set. The faults that only the whole set shows go
// to r.
func (s *Set) add(r *reader, f *ruleFile) {
	for _, rule := range f.rules {
		at := slices.IndexFunc(s.rules, func(have *Rule) bool { return have.ID == rule.ID && rule.ID != "" })
		switch {
		case at >= 0 && rule.replace:
			s.rules[at] = rule
		case at >= 0:
			r.failRule(rule, "rule %q is defined in %s already; say replace: true to replace it", rule.ID, s.rules[at].Place)
		case rule.replace:
			r.failRule(rule, "rule %q replaces none%s", rule.ID, fleetnet.DidYouMean(rule.ID, s.ids()))
		default:
			s.rules = append(s.rules, rule)
		}
	}
	for _, rule := range f.rules {
		for _, have := range s.rules {
			if have.ID != rule.ID && have.Code == rule.Code && rule.Code != "" {
				r.failRule(rule, "code %q is that of rule %q in %s", rule.Code, have.ID, have.Place)
			}
		}
	}
	s.waivers = append(s.waivers, f.waivers...)
}

// failRule notes a fault of the rule as a whole.
func (r *reader) failRule(rule *Rule, format string, args ...any) {
	r.failAt(rule.line, 0, format, args...)
}

func (s *Set) sort() {
	slices.SortStableFunc(s.rules, func(a, b *Rule) int {
		if (a.Code == "") != (b.Code == "") {
			return cmp.Compare(b.Code, a.Code)
		}
		return cmp.Compare(a.Code, b.Code)
	})
}
