package inventory

import "strings"

// member is a host on its way into an inventory, with where it comes from.
type member struct {
	Host
	file  *file
	entry *entry
	jump  resolved
}

// jumps resolves the jumps of members, who may jump through each other.
type jumps struct {
	members map[string]*member
	used    map[*member]bool // as somebody's jump host
	shared  map[via]*Host    // each jump host once, however many jump through it
}

// via is a jump host as one file means it.
type via struct {
	file *file
	target
}

func newJumps(members map[string]*member) *jumps {
	return &jumps{members: members, used: map[*member]bool{}, shared: map[via]*Host{}}
}

// resolve gives every member its Jump. What is wrong is noted in their files.
func (j *jumps) resolve(list []*member) {
	for _, m := range list {
		if hop := j.hop(m); hop != nil && hop != m {
			j.used[hop] = true
		}
	}
	for _, m := range list {
		t, ok := j.effective(m)
		if !ok {
			continue
		}
		if hop := j.members[t.host]; hop != nil {
			j.check(m, hop)
		}
		m.Jump = j.host(via{m.file, t})
	}
}

// hop returns the member that m's own or inherited setting names, or nil.
func (j *jumps) hop(m *member) *member {
	t, _ := m.jump.value.(target)
	if m.Transport == TransportLocal {
		return nil
	}
	return j.members[t.host]
}

// effective returns what m jumps through. What is inherited does not make a
// host jump through itself, nor a jump host through the default one: bastions
// are dialled directly.
func (j *jumps) effective(m *member) (target, bool) {
	t, ok := m.jump.value.(target)
	switch {
	case !ok || t == target{} || m.Transport == TransportLocal:
		return target{}, false
	case m.jump.from != fromHost && t.host == m.Name:
		return target{}, false
	case m.jump.from == fromDefaults && j.used[m]:
		return target{}, false
	}
	return t, true
}

// check notes why m cannot jump through hop.
func (j *jumps) check(m, hop *member) {
	if hop == m {
		m.file.add(m.jump.at, "host %s jumps through itself", m.Name)
		return
	}
	if hop.Transport == TransportLocal {
		m.file.add(m.jump.at, "jump host %s has transport local: there is nothing to jump through", hop.Name)
		return
	}
	next, ok := j.effective(hop)
	if !ok || next.host == hop.Name {
		return
	}
	if circle := j.circle(m); circle != "" {
		m.file.add(m.jump.at, "jump cycle: %s", circle)
		return
	}
	m.file.add(m.jump.at, "jump host %s has a jump of its own, %s (%s:%d): one level of jumps is supported",
		hop.Name, next.host, hop.file.name, hop.jump.at.Line)
}

// circle returns "a, b, a" when jumps lead from m back to it, else "".
func (j *jumps) circle(m *member) string {
	path, seen := []string{m.Name}, map[*member]bool{}
	for at := m; !seen[at]; {
		seen[at] = true
		t, _ := j.effective(at)
		if at = j.members[t.host]; at == nil {
			return ""
		}
		path = append(path, at.Name)
		if at == m {
			return strings.Join(path, ", ")
		}
	}
	return ""
}

// host returns the jump host that v means: the inventory's of that name, else
// one with the defaults of the file.
func (j *jumps) host(v via) *Host {
	if h := j.shared[v]; h != nil {
		return h
	}
	h := v.file.stranger(v.target.host)
	if m := j.members[v.target.host]; m != nil {
		h = m.Host
		h.Jump = nil
	}
	if v.user != "" {
		h.User = v.user
	}
	if v.port != 0 {
		h.Port = v.port
	}
	j.shared[v] = &h
	return &h
}

// stranger returns a jump host that is not in the inventory. It is not
// scanned, so only what serves to log in to it is taken from the defaults.
func (f *file) stranger(name string) Host {
	h := newHost(name)
	settings := map[string]resolved{}
	for key, s := range f.defaults.settings {
		settings[key] = resolved{setting: s}
	}
	assign(&h, settings)
	h.Become, h.Platform, h.Transport = "", PlatformAuto, TransportSSH
	return h
}
