package inventory

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// Words that mean hosts where no host and no group is called so.
const (
	noGroup   = "ungrouped"
	failed    = "failed"
	localhost = "localhost"
)

// selector finds the hosts that terms mean.
type selector struct {
	inv        *Inventory
	groups     map[string][]int // indexes of their hosts
	words      map[string][]int // the same of all and ungrouped, once they are asked for
	names      []string         // of groups
	lastFailed func() ([]string, error)
}

func newSelector(inv *Inventory, lastFailed func() ([]string, error)) *selector {
	s := &selector{inv: inv, groups: map[string][]int{}, words: map[string][]int{}, lastFailed: lastFailed}
	for _, name := range inv.declared {
		s.groups[name] = nil
	}
	for i, h := range inv.Hosts {
		for _, g := range h.Groups {
			s.groups[g] = append(s.groups[g], i)
		}
	}
	s.names = slices.SortedFunc(maps.Keys(s.groups), fleetnet.NaturalCompare)
	return s
}

// none returns the empty set.
func (s *selector) none() hostSet { return make(hostSet, len(s.inv.Hosts)+1) }

// group returns the hosts of a group, and whether there is one of that name.
func (s *selector) group(name string) ([]int, bool) {
	members, ok := s.groups[name]
	if ok || name != all && name != noGroup {
		return members, ok
	}
	if _, taken := s.inv.index[name]; taken {
		return nil, false
	}
	if members, ok = s.words[name]; !ok {
		for i, h := range s.inv.Hosts {
			if name == all || len(h.Groups) == 0 {
				members = append(members, i)
			}
		}
		s.words[name] = members
	}
	return members, true
}

// match adds to set the hosts that one term without a sign means.
func (s *selector) match(term string, set hostSet) error {
	if pattern, ok := strings.CutPrefix(term, "~"); ok {
		return s.regexp(pattern, set)
	}
	name, onlyGroups := strings.CutPrefix(term, "@")
	m, err := newMatcher(name)
	if err == nil && s.matched(m, onlyGroups, set) {
		return nil
	}
	base, sub, subscripted := cutSubscript(name)
	if list, found := s.base(base, onlyGroups); subscripted && found {
		return s.subscript(term, list, sub, set)
	}
	switch {
	case err != nil && subscripted:
		return fmt.Errorf("%q matches no host: no group is called %q%s", term, base, fleetnet.DidYouMean(base, s.names))
	case err != nil:
		return err
	case onlyGroups:
		return s.nothing(term, m, true)
	case term == failed:
		return s.failed(set)
	case s.implicit(term):
		set[len(set)-1] = true
		return nil
	}
	return s.nothing(term, m, false)
}

// matched adds what m matches to set, and reports whether that is a host or a
// group, be it one without hosts.
func (s *selector) matched(m matcher, onlyGroups bool, set hostSet) bool {
	found := false
	for _, name := range m.exact {
		if i, ok := s.inv.index[name]; ok && !onlyGroups {
			set[i], found = true, true
		}
		if members, ok := s.group(name); ok && (onlyGroups || !m.pattern) {
			set.add(members)
			found = true
		}
	}
	if m.test == nil {
		return found
	}
	for i := range s.inv.Hosts {
		if !onlyGroups && m.test(s.inv.Hosts[i].Name) {
			set[i], found = true, true
		}
	}
	for _, name := range s.names {
		if m.test(name) {
			set.add(s.groups[name])
			found = true
		}
	}
	return found
}

func (set hostSet) add(list []int) {
	for _, i := range list {
		set[i] = true
	}
}

// implicit reports whether a term means this machine, which the inventory does
// not list. The names are those that Ansible takes so.
func (s *selector) implicit(term string) bool {
	if s.inv.closed || term != localhost && term != "127.0.0.1" && unbracket(term) != "::1" {
		return false
	}
	_, host := s.inv.index[unbracket(term)]
	_, same := s.inv.index[localhost]
	_, group := s.groups[term]
	return !host && !same && !group
}

// failed adds the hosts that failed in the last run.
func (s *selector) failed(set hostSet) error {
	if s.lastFailed == nil {
		return errors.New("failed: no last run is known")
	}
	names, err := s.lastFailed()
	if err != nil {
		return fmt.Errorf("failed: %w", err)
	}
	if len(names) == 0 {
		return errors.New("failed: the last run had no failed host")
	}
	found := false
	for _, name := range names {
		if i, ok := s.inv.index[name]; ok {
			set[i], found = true, true
		}
	}
	if !found {
		return fmt.Errorf("failed: the last run had %s, none of them in the inventory", count(len(names), "failed host", "failed hosts"))
	}
	return nil
}

// nothing is the error of a term that matches nothing.
func (s *selector) nothing(term string, m matcher, onlyGroups bool) error {
	var near []string
	what := "host or group"
	switch {
	case onlyGroups:
		what = "group"
	case m.pattern && m.test == nil:
		what = "host"
	}
	if m.pattern {
		return fmt.Errorf("%q matches no %s", term, what)
	}
	if onlyGroups {
		near, what = s.names, "group and no file"
	} else {
		near = slices.Concat(s.inv.names(), []string{all}, s.names, []string{noGroup, failed, localhost})
	}
	return fmt.Errorf("%q matches no %s%s", term, what, fleetnet.DidYouMean(strings.TrimPrefix(term, "@"), near))
}
