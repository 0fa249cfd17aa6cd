package inventory

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/fleetnet/fleetnet"
)

// FromNames returns the inventory of a list such as
// "web1,ops@web2:2222,[::1]:22,web[01-03].example.com,ssh://ops@db1:2222": names,
// addresses and patterns, each with a user or a port if wanted. A host named
// twice is an error.
func (r Reader) FromNames(ctx context.Context, list string) (*Inventory, error) {
	targets, err := expandTargets(list)
	if err != nil {
		return nil, err
	}
	drafts := make([]*draft, len(targets))
	for i, t := range targets {
		drafts[i] = &draft{Host: t.apply(Host{Name: t.host})}
	}
	r.Names = ""
	return r.finish(ctx, drafts, nil)
}

// pick returns those of drafts that r.Names names, all without it.
func (r Reader) pick(drafts []*draft) ([]*draft, error) {
	if r.Names == "" {
		return drafts, nil
	}
	targets, err := expandTargets(r.Names)
	if err != nil {
		return nil, err
	}
	byName := make(map[string]*draft, len(drafts))
	for _, d := range drafts {
		byName[d.Name] = d
	}
	var out []*draft
	var unknown []string
	for _, t := range targets {
		d := byName[t.host]
		if d == nil {
			unknown = append(unknown, t.host)
			continue
		}
		if t.user != "" || t.port != 0 {
			again := *d // others may jump through d, as it is in the inventory
			again.Host = t.apply(d.Host)
			d = &again
		}
		out = append(out, d)
	}
	if unknown != nil {
		return nil, missing(unknown, drafts)
	}
	return out, nil
}

// missing is the error of names that are not in the inventory.
func missing(names []string, drafts []*draft) error {
	known := make([]string, len(drafts))
	for i, d := range drafts {
		known[i] = d.Name
	}
	slices.SortFunc(known, fleetnet.NaturalCompare)
	var errs []error
	for i, name := range names {
		if i == maxProblems {
			errs = append(errs, fmt.Errorf("and %d more hosts are not in the inventory", len(names)-i))
			break
		}
		errs = append(errs, fmt.Errorf("host %q is not in the inventory%s", name, fleetnet.DidYouMean(name, known)))
	}
	return errors.Join(errs...)
}

// apply returns h with the user and the port that t names.
func (t target) apply(h Host) Host {
	if t.user != "" {
		h.User = t.user
	}
	if t.port != 0 {
		h.Port = t.port
	}
	return h
}

// expandTargets returns one target for each host that the list names.
func expandTargets(list string) ([]target, error) {
	var out []target
	seen := map[string]bool{}
	for _, term := range splitList(list) {
		if term == "" {
			return nil, fmt.Errorf("hosts %q: empty name", list)
		}
		targets, err := expandTarget(term)
		if err != nil {
			return nil, err
		}
		for _, t := range targets {
			if seen[t.host] {
				return nil, fmt.Errorf("host %q: %s is named twice", term, t.host)
			}
			seen[t.host] = true
		}
		if out = append(out, targets...); len(out) > maxHosts {
			return nil, fmt.Errorf("host %q: more than %d hosts", term, maxHosts)
		}
	}
	return out, nil
}

func expandTarget(term string) ([]target, error) {
	t, err := parseTarget(term)
	switch {
	case errors.Is(err, errPassword):
		return nil, err // without the text
	case err != nil:
		return nil, fmt.Errorf("host %q: %w", term, err)
	}
	names, err := expandHosts(t.host)
	if err != nil {
		return nil, fmt.Errorf("host %w", err)
	}
	out := make([]target, len(names))
	for i, name := range names {
		out[i] = target{t.user, name, t.port}
	}
	return out, nil
}
