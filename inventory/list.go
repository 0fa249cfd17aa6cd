package inventory

import (
	"context"
	"errors"
	"fmt"

	"github.com/fleetnet/fleetnet"
)

// FromNames returns the inventory of a list such as
// "web1,ops@web2:2222,[::1]:22,web[01-03].example.com": names, addresses and
// patterns, each with a user or a port if wanted. A host named twice is an error.
func (r Reader) FromNames(ctx context.Context, list string) (*Inventory, error) {
	targets, err := expandTargets(list)
	if err != nil {
		return nil, err
	}
	drafts := make([]*draft, len(targets))
	for i, t := range targets {
		drafts[i] = &draft{Host: t.apply(Host{Name: t.host})}
	}
	return r.finish(ctx, drafts, nil)
}

// Pick returns the inventory of those hosts that a list as [Reader.FromNames] takes
// it names. A user or a port in the list beats the inventory's. A name that is
// not in the inventory is an error.
func (inv *Inventory) Pick(list string) (*Inventory, error) {
	targets, err := expandTargets(list)
	if err != nil {
		return nil, err
	}
	var hosts []Host
	var missing []string
	for _, t := range targets {
		h, ok := inv.Host(t.host)
		if !ok {
			missing = append(missing, t.host)
			continue
		}
		hosts = append(hosts, t.apply(h))
	}
	if missing != nil {
		return nil, inv.missing(missing)
	}
	return newInventory(hosts, inv.declared), nil
}

// missing is the error of names that are not in the inventory.
func (inv *Inventory) missing(names []string) error {
	known := inv.names()
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
	if err != nil {
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
