package inventory

import (
	"fmt"
	"strings"
)

// Limit chooses hosts of an inventory, as --limit does.
type Limit struct {
	// Expr is terms with commas or colons between them, such as
	// "web*,&prod,!web[03-05]" or "web:&prod:!web07":
	//
	//	web1         the host, or the group, or both where both have the name
	//	web[01-12]   the hosts of a range, also as web[01:12]
	//	web*         the hosts and the groups that match; * is any text, ? any character
	//	~web\d+      the hosts and the groups whose beginning matches a regular expression
	//	web[0]       a host of a group, counted from 0 as the inventory lists them; also
	//	             web[-1], web[0:2] and web[1:]. It is that where no host has such a name
	//	@prod        the group, also as @pr* or @rack[1-3]; else the file of that name
	//	@./file      the patterns in a file, one on each line
	//	all          every host
	//	ungrouped    the hosts that are in no group
	//	localhost    this machine, where the inventory does not list one of that name
	//	failed       the hosts that failed in the last run
	//	&term        only hosts that term means as well
	//	!term        no host that term means
	//
	// As in Ansible, plain terms are added up first, then those with & are applied,
	// then those with !. Without a plain term every host is taken. A term that
	// matches nothing is an error, and so is an empty result. A host or a group
	// called ungrouped, localhost or failed takes the word's meaning away.
	Expr string
	// Failed returns the names of the hosts that failed in the last run. Those
	// that the inventory does not have are passed over. Nil means that no last run is known.
	Failed func() ([]string, error)
}

// Select returns the hosts that a limit means, in the order of the inventory.
func (inv *Inventory) Select(expr string) ([]Host, error) { return Limit{Expr: expr}.Select(inv) }

// Select returns the hosts of inv that l means, in the order of the inventory.
func (l Limit) Select(inv *Inventory) ([]Host, error) {
	s := newSelector(inv, l.Failed)
	c := s.choice()
	for _, term := range splitTerms(l.Expr) {
		if err := s.term(c, term, ""); err != nil {
			hint := ""
			if term == "" && strings.Contains(l.Expr, "::") {
				hint = " (an IPv6 address between colons stands in brackets)"
			}
			return nil, fmt.Errorf("limit %q: %w%s", l.Expr, err, hint)
		}
	}
	var out []Host
	for i, h := range inv.Hosts {
		if c.has(i) {
			out = append(out, h)
		}
	}
	if c.has(len(inv.Hosts)) {
		out = append(out, implicitLocalhost())
	}
	if out == nil {
		return nil, fmt.Errorf("limit %q selects no host", l.Expr)
	}
	return out, nil
}

// hostSet has one bool for each host of an inventory, and a last one for this
// machine where the inventory does not list it.
type hostSet []bool

// choice is what the terms of a limit add up to.
type choice struct {
	include, both, exclude hostSet
	plain                  bool // there is a term without a sign
}

// choice returns that of no terms: every host of the inventory.
func (s *selector) choice() *choice {
	c := &choice{include: s.none(), both: s.none(), exclude: s.none()}
	for i := range c.both {
		c.both[i] = true
	}
	return c
}

func (c *choice) has(i int) bool {
	listed := i < len(c.include)-1
	return (c.include[i] || !c.plain && listed) && c.both[i] && !c.exclude[i]
}

// set returns the hosts of c.
func (c *choice) set() hostSet {
	out := make(hostSet, len(c.include))
	for i := range out {
		out[i] = c.has(i)
	}
	return out
}

// term adds one term with its sign to c. in is the file of patterns that it
// stands in, or empty.
func (s *selector) term(c *choice, term, in string) error {
	body := strings.TrimSpace(strings.TrimLeft(term, "&!"))
	sign := strings.TrimSpace(strings.TrimSuffix(term, body))
	if body == "" || len(sign) > 1 {
		return fmt.Errorf("%q is no term: write host, @group, web*, web[1-9], &term or !term", term)
	}
	if path, ok := s.file(body); ok {
		if in != "" {
			return fmt.Errorf("%q in a file of patterns: it cannot name another one", body)
		}
		return s.fileTerm(c, sign, path)
	}
	switch sign {
	case "!":
		if s.implicit(body) {
			c.exclude[len(c.exclude)-1] = true
			return nil // that all:!localhost is written for any inventory is common
		}
		return s.match(body, c.exclude)
	case "&":
		set := s.none()
		err := s.match(body, set)
		c.narrow(set)
		return err
	}
	c.plain = true
	return s.match(body, c.include)
}

func (c *choice) narrow(set hostSet) {
	for i, in := range set {
		c.both[i] = c.both[i] && in
	}
}

func (c *choice) drop(set hostSet) {
	for i, in := range set {
		c.exclude[i] = c.exclude[i] || in
	}
}
