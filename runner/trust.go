package runner

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet/inventory"
)

// HostKeyResult is what came of asking a host for its keys.
type HostKeyResult struct {
	Host inventory.Host
	// Bastion says that the host is none of those that were given, but one that
	// they are reached through, and which has to be trusted first.
	Bastion bool
	Keys    []HostKey // one of each type that the host has, those that are known first; nil when none came
	Err     error     // nil, or a *HostError
}

// HostKey is a key that a host has shown.
type HostKey struct {
	Type        string // ssh-ed25519
	Fingerprint string // SHA256:…
	Status      HostKeyStatus
	Entry       string // file:line of known_hosts that the status rests on; empty for an unknown key
	File        string // the file to which [Trust] adds an unknown key

	key ssh.PublicKey
}

// HostKeyStatus is what known_hosts says of a key.
type HostKeyStatus string

// The statuses of a [HostKey].
const (
	HostKeyKnown   HostKeyStatus = "known"   // it stands there, or an authority there has signed it
	HostKeyUnknown HostKeyStatus = "unknown" // nothing says anything against it
	HostKeyChanged HostKeyStatus = "changed" // other keys stand there, and the host shows none of them
	HostKeyRevoked HostKeyStatus = "revoked"
)

// Trusted reports whether a scan would log in to the host: one of its keys is
// known, and nothing is wrong with the others.
func (r HostKeyResult) Trusted() bool {
	wrong := func(k HostKey) bool { return k.Status == HostKeyChanged || k.Status == HostKeyRevoked }
	known := func(k HostKey) bool { return k.Status == HostKeyKnown }
	return r.Err == nil && slices.ContainsFunc(r.Keys, known) && !slices.ContainsFunc(r.Keys, wrong)
}

// Trust adds the result's unknown keys to the first of the user's known_hosts
// files. It looks again what is known by now, and adds nothing to the keys of a host
// that shows other ones or a revoked one: that is a *[HostError], whose hint
// tells how to remove the old key.
func Trust(r HostKeyResult) error {
	if r.Keys == nil {
		return r.Err
	}
	check := newHostKeys("").check(r.Host, addrOf(r.Host))
	keys := slices.Clone(r.Keys)
	check.judgeAll(keys)
	for _, k := range keys {
		switch k.Status {
		case HostKeyRevoked:
			return check.revoked(k.key)
		case HostKeyChanged:
			return check.changed(k.key, check.contradicts(k.key))
		}
	}
	for _, k := range keys {
		if k.Status != HostKeyUnknown {
			continue
		}
		if err := check.remember(k.key); err != nil {
			return check.error(fmt.Errorf("%s: remember the key: %w", check.addr, err), "")
		}
	}
	return nil
}

// HostKeys asks each host for its keys, without logging in, and yields what it
// shows as it comes. Bastions are logged in to, as the hosts behind them cannot be
// reached otherwise; those that are not among the hosts and not trusted have a
// result of their own. Local hosts have no keys and no result. Ranging, breaking
// out and cancelling are as in [Runner.Run].
func (r *Runner) HostKeys(ctx context.Context, hosts []inventory.Host) iter.Seq[HostKeyResult] {
	return func(yield func(HostKeyResult) bool) {
		ctx, cancel := r.bound(ctx)
		t := newTrip(r, ctx)
		defer t.close()
		defer cancel()
		asked := withBastions(hosts)
		ask := func(i int) HostKeyResult {
			asked[i].Keys, asked[i].Err = t.hostKeys(ctx, asked[i].Host)
			return asked[i]
		}
		asTheyCome(cancel, len(asked), min(withinLimits(r.cfg.Concurrency), len(asked)), ask, func(res HostKeyResult) bool {
			return res.Bastion && res.Trusted() || yield(res)
		})
	}
}

// withBastions returns the hosts that have keys, after the bastions before them.
func withBastions(hosts []inventory.Host) []HostKeyResult {
	var bastions, all []HostKeyResult
	seen := map[string]bool{}
	for _, h := range hosts {
		if h.Transport != inventory.TransportLocal {
			all = append(all, HostKeyResult{Host: h})
			seen[pathOf(h)] = true
		}
	}
	for _, res := range all {
		for j, n := res.Host.Jump, 0; j != nil && n < maxHops; j, n = j.Jump, n+1 {
			if hops(*j) <= maxHops && !seen[pathOf(*j)] {
				seen[pathOf(*j)] = true
				bastions = append(bastions, HostKeyResult{Host: *j, Bastion: true})
			}
		}
	}
	return append(bastions, all...)
}

// judgeAll says of each key what known_hosts says of it. A key of a type of which
// another is known has changed. One of a type of which none is known is as good as
// those beside it: when the host shows a known key, it is a further one, else it
// contradicts what is known.
func (c *keyCheck) judgeAll(keys []HostKey) {
	someKnown := false
	for i := range keys {
		c.look(&keys[i])
		someKnown = someKnown || keys[i].Status == HostKeyKnown
	}
	for i := range keys {
		k := &keys[i]
		switch old := c.contradicts(k.key); {
		case k.Status != HostKeyUnknown:
		case old != nil && (!someKnown || old.isOf(k.Type)):
			k.Status, k.Entry = HostKeyChanged, old.place()
		default:
			k.File = c.nameForNew()
		}
	}
}

// look looks the key alone up.
func (c *keyCheck) look(k *HostKey) {
	k.Status, k.Entry, k.File = HostKeyUnknown, "", ""
	e := c.entryOf(c.known, k.key)
	if e == nil && c.plainEntries() == nil {
		e = c.entryOf(c.withoutPort(), k.key)
	}
	if cert, ok := k.key.(*ssh.Certificate); ok {
		e = c.authorityOf(cert)
	}
	if e != nil {
		k.Status, k.Entry = HostKeyKnown, e.place()
	}
	if e := c.revoker(k.key); e != nil {
		k.Status, k.Entry = HostKeyRevoked, e.place()
	}
}

// contradicts returns the entry that a key of the host that is not known
// contradicts: one of its type, or else any, or nil.
func (c *keyCheck) contradicts(key ssh.PublicKey) *knownEntry {
	plainOnes := c.plainEntries()
	for _, e := range plainOnes {
		if e.isOf(key.Type()) {
			return e
		}
	}
	if plainOnes == nil {
		return nil
	}
	return plainOnes[0]
}
