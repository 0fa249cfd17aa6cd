package inventory

import (
	"fmt"
	"slices"
	"strings"
)

// member is a host of hosts.yaml on its way into an inventory, with where it
// comes from.
type member struct {
	draft
	file  *file
	entry *entry
	key   resolved // the value of its jump
}

// jumps resolves the jumps of members, who may jump through each other.
type jumps struct {
	members map[string]*member
	used    map[*member]bool // as somebody's jump host
	shared  map[via]*draft   // each way once, however many hosts go it
}

// via is a chain of jump hosts as one file means it.
type via struct {
	file  *file
	chain string
}

func newJumps(members map[string]*member) *jumps {
	return &jumps{members: members, used: map[*member]bool{}, shared: map[via]*draft{}}
}

// resolve gives every member its jump. What is wrong is noted in their files.
func (j *jumps) resolve(list []*member) {
	for _, m := range list {
		for _, hop := range j.hops(m) {
			if hop != m {
				j.used[hop] = true
			}
		}
	}
	sound := true
	for _, m := range list {
		sound = j.check(m) && sound
	}
	if !sound {
		return
	}
	for _, m := range list {
		if chain, ok := j.effective(m); ok {
			m.jump, m.jumpSaid = j.through(m.file, chain), true
		}
		if chain, said := m.key.value.([]target); said && len(chain) == 0 {
			m.jumpSaid = true
		}
	}
}

// hops returns the members that m's own or inherited setting names.
func (j *jumps) hops(m *member) []*member {
	chain, _ := m.key.value.([]target)
	if m.Transport == TransportLocal {
		return nil
	}
	return j.among(chain)
}

func (j *jumps) among(chain []target) []*member {
	var out []*member
	for _, t := range chain {
		if hop := j.members[t.host]; hop != nil {
			out = append(out, hop)
		}
	}
	return out
}

// effective returns what m jumps through. What is inherited does not make a
// host jump through itself, nor a jump host through the default one: bastions
// are dialled directly.
func (j *jumps) effective(m *member) ([]target, bool) {
	chain, _ := m.key.value.([]target)
	switch {
	case len(chain) == 0 || m.Transport == TransportLocal:
		return nil, false
	case m.key.from != fromHost && slices.ContainsFunc(chain, func(t target) bool { return t.host == m.Name }):
		return nil, false
	case m.key.from == fromDefaults && j.used[m]:
		return nil, false
	}
	return chain, true
}

// check notes why m cannot jump as it wants, and reports whether it can.
func (j *jumps) check(m *member) bool {
	chain, ok := j.effective(m)
	if !ok {
		return true
	}
	for _, hop := range j.among(chain) {
		switch {
		case hop == m:
			m.file.add(m.key.at, "host %s jumps through itself", m.Name)
			return false
		case hop.Transport == TransportLocal:
			m.file.add(m.key.at, "jump host %s has transport local: there is nothing to jump through", hop.Name)
			return false
		}
	}
	if circle := j.circle(m); circle != nil {
		m.file.add(m.key.at, "jump cycle: %s", strings.Join(circle, ", "))
		return false
	}
	return true
}

// circle returns the names from m back to it, or nil when no jumps lead back.
func (j *jumps) circle(m *member) []string {
	seen := map[*member]bool{}
	var walk func(at *member, path []string) []string
	walk = func(at *member, path []string) []string {
		path = append(path, at.Name)
		if at == m && len(path) > 1 {
			return path
		}
		if seen[at] {
			return nil
		}
		seen[at] = true
		chain, _ := j.effective(at)
		for _, hop := range j.among(chain) {
			if found := walk(hop, slices.Clone(path)); found != nil {
				return found
			}
		}
		return nil
	}
	return walk(m, nil)
}

// through returns the last hop of a chain, with those before it as its jumps:
// the inventory's hosts of these names, else strangers.
func (j *jumps) through(f *file, chain []target) *draft {
	key := via{f, fmt.Sprint(chain)}
	if d := j.shared[key]; d != nil {
		return d
	}
	t := chain[len(chain)-1]
	m := j.members[t.host]
	d := f.stranger(t.host)
	switch {
	case m != nil && len(chain) == 1 && t.user == "" && t.port == 0:
		d = &m.draft
	case m != nil:
		again := m.draft
		d = &again
	}
	j.shared[key] = d
	if t.user != "" {
		d.User = t.user
	}
	if t.port != 0 {
		d.Port = t.port
	}
	switch {
	case len(chain) > 1:
		d.jump, d.jumpSaid = j.through(f, chain[:len(chain)-1]), true
	case m != nil && d != &m.draft:
		if own, ok := j.effective(m); ok {
			d.jump, d.jumpSaid = j.through(m.file, own), true
		}
	}
	return d
}

// stranger returns a jump host that is not in the inventory. It is not
// scanned, so only what serves to log in to it is taken from the defaults. Nor
// is it in a zone: it has no name but its address to look its key up under.
func (f *file) stranger(name string) *draft {
	d := &draft{Host: Host{Name: name}}
	assign(&d.Host, asDefaults(f.defaults.settings))
	d.Zone, d.Become, d.BecomePass, d.Platform, d.Transport = "", "", Secret{}, "", ""
	d.options = f.sshOptions(asDefaults(f.defaults.options))
	return d
}

func asDefaults(settings map[string]setting) map[string]resolved {
	out := make(map[string]resolved, len(settings))
	for key, s := range settings {
		out[key] = resolved{setting: s, from: fromDefaults}
	}
	return out
}
