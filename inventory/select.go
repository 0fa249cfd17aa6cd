package inventory

import (
	"fmt"
	"path"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// maxGlobs bounds the globs that one range with wildcards stands for: each is
// tried on every host.
const maxGlobs = 1000

// Select returns the hosts that a limit such as "web*,&prod,!web[03-05]" means,
// in the order of the inventory. Its terms stand between commas:
//
//	web1         the host, or the group, or both where both have the name
//	web[01-12]   the hosts of a range
//	web*         the hosts that match; * is any text, ? any character
//	@prod        the group, also as @pr* or @rack[1-3]
//	all          every host
//	&term        only hosts that term means as well
//	!term        no host that term means
//
// As in Ansible, plain terms are added up first, then those with & are applied,
// then those with !. Without a plain term every host is taken. A term that
// matches nothing is an error, and so is an empty result.
func (inv *Inventory) Select(expr string) ([]Host, error) {
	include, both, exclude, err := inv.terms(expr)
	if err != nil {
		return nil, err
	}
	var out []Host
	for i, h := range inv.Hosts {
		if include.any(i) && both.every(i) && !exclude.some(i) {
			out = append(out, h)
		}
	}
	if out == nil {
		return nil, fmt.Errorf("limit %q selects no host", expr)
	}
	return out, nil
}

// hostSet has one bool for each host of an inventory.
type hostSet []bool

type hostSets []hostSet

// any reports whether some set has host i, or there are no sets.
func (s hostSets) any(i int) bool { return len(s) == 0 || s.some(i) }

func (s hostSets) some(i int) bool {
	for _, set := range s {
		if set[i] {
			return true
		}
	}
	return false
}

func (s hostSets) every(i int) bool {
	for _, set := range s {
		if !set[i] {
			return false
		}
	}
	return true
}

// terms returns what the terms of a limit mean, sorted by their signs.
func (inv *Inventory) terms(expr string) (include, both, exclude hostSets, err error) {
	groups := inv.Groups()
	for _, term := range splitList(expr) {
		body := strings.TrimSpace(strings.TrimLeft(term, "&!"))
		sign := strings.TrimSpace(strings.TrimSuffix(term, body))
		if body == "" || len(sign) > 1 {
			return nil, nil, nil, fmt.Errorf("limit %q: %q is no term: write host, @group, web*, web[1-9], &term or !term", expr, term)
		}
		set, err := inv.match(body, groups)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("limit %q: %w", expr, err)
		}
		switch sign {
		case "&":
			both = append(both, set)
		case "!":
			exclude = append(exclude, set)
		default:
			include = append(include, set)
		}
	}
	return include, both, exclude, nil
}

// match returns the hosts that one term without a sign means.
func (inv *Inventory) match(term string, groups []Group) (hostSet, error) {
	set := make(hostSet, len(inv.Hosts))
	if term == all || term == "@"+all {
		for i := range set {
			set[i] = true
		}
		return set, nil
	}
	name, onlyGroups := strings.CutPrefix(term, "@")
	m, err := newMatcher(name)
	if err != nil {
		return nil, err
	}
	found := false
	if !onlyGroups {
		found = m.hosts(inv, set)
	}
	if onlyGroups || !m.pattern {
		found = m.groups(inv, groups, set) || found
	}
	if !found {
		return nil, inv.nothing(term, m, groups, onlyGroups)
	}
	return set, nil
}

// nothing is the error of a term that matches nothing.
func (inv *Inventory) nothing(term string, m matcher, groups []Group, onlyGroups bool) error {
	var near []string
	what := "group"
	if !onlyGroups {
		near, what = append(inv.names(), all), "host"
	}
	if onlyGroups || !m.pattern {
		for _, g := range groups {
			near = append(near, g.Name)
		}
	}
	if !onlyGroups && !m.pattern {
		what = "host or group"
	}
	hint := ""
	if !m.pattern {
		hint = fleetnet.DidYouMean(strings.TrimPrefix(term, "@"), near)
	}
	return fmt.Errorf("%q matches no %s%s", term, what, hint)
}

// matcher is a name, a range or a glob.
type matcher struct {
	exact   map[string]bool
	globs   []string
	pattern bool // a range or a glob
}

func newMatcher(name string) (matcher, error) {
	if strings.ContainsAny(name, `\/`) {
		return matcher{}, fmt.Errorf("%q has a slash where a name cannot", name)
	}
	plain := unbracket(name)
	names, err := fleetnet.Expand(plain)
	if err != nil {
		return matcher{}, err
	}
	m := matcher{pattern: strings.ContainsAny(plain, "[*?"), exact: make(map[string]bool, len(names))}
	if !strings.ContainsAny(plain, "*?") {
		for _, n := range names {
			m.exact[n] = true
		}
		return m, nil
	}
	if len(names) > maxGlobs {
		return matcher{}, fmt.Errorf("%q: a range with wildcards stands for more than %d", name, maxGlobs)
	}
	// What path.Match means by brackets never comes this far: they are ranges.
	m.globs = names
	return m, nil
}

func (m matcher) match(name string) bool {
	if m.exact[name] {
		return true
	}
	for _, g := range m.globs {
		if ok, _ := path.Match(g, name); ok {
			return true
		}
	}
	return false
}

// hosts adds the hosts that match and reports whether there are any.
func (m matcher) hosts(inv *Inventory, set hostSet) bool {
	found := false
	for i, h := range inv.Hosts {
		if m.match(h.Name) {
			set[i], found = true, true
		}
	}
	return found
}

// groups adds the hosts of the groups that match and reports whether there are
// any groups, with hosts or without.
func (m matcher) groups(inv *Inventory, groups []Group, set hostSet) bool {
	found := false
	for _, g := range groups {
		if !m.match(g.Name) {
			continue
		}
		found = true
		for _, name := range g.Hosts {
			set[inv.index[name]] = true
		}
	}
	return found
}
