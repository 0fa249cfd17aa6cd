package inventory

import (
	"fmt"
	"reflect"
	"slices"
)

// origin is where a setting comes from; the greater beats the smaller.
type origin int

const (
	fromDefaults origin = iota
	fromGroup
	fromHost
)

// resolved is a setting that prevailed.
type resolved struct {
	setting
	from  origin
	group string // of fromGroup
}

// kinds are the kinds of settings. They merge alike.
var kinds = []struct {
	noun string
	of   func(section) map[string]setting
}{
	{"", func(s section) map[string]setting { return s.settings }},
	{"var ", func(s section) map[string]setting { return s.vars }},
	{"param ", func(s section) map[string]setting { return s.params }},
	{"ssh_options ", func(s section) map[string]setting { return s.options }},
}

// resolve returns the hosts of f. Their jumps are left to link.
func (f *file) resolve() []*member {
	var out []*member
	for _, e := range f.entries {
		d, jump := f.entryDraft(e)
		for i, name := range e.names {
			m := &member{draft: d, file: f, entry: e, key: jump}
			m.Name = name
			if e.addrs != nil {
				m.Addr = e.addrs[i]
			}
			out = append(out, m)
		}
	}
	return out
}

// entryDraft returns what all hosts of an entry have in common, and their jump.
func (f *file) entryDraft(e *entry) (draft, resolved) {
	settings, vars, params, options := f.merge(e, 0), f.merge(e, 1), f.merge(e, 2), f.merge(e, 3)
	var h Host
	assign(&h, settings)
	h.Vars, h.Params = plain(vars), plain(params)
	for _, g := range e.groups {
		h.Groups = append(h.Groups, g.name)
	}
	slices.Sort(h.Groups)
	jump := settings["jump"]
	if h.Transport == TransportLocal && jump.from == fromHost && !isNone(jump.value) {
		f.add(jump.at, "jump: a host with transport local is not dialled")
	}
	jump = f.route(jump, options)
	return draft{Host: h, options: f.sshOptions(options), where: fmt.Sprintf("%s:%d", f.name, e.at.Line)}, jump
}

// merge lays the host's settings of one kind over its groups', and those over
// the defaults. Groups that disagree where the host is silent are noted.
func (f *file) merge(e *entry, kind int) map[string]resolved {
	k := kinds[kind]
	out := map[string]resolved{}
	for name, s := range k.of(f.defaults) {
		out[name] = resolved{setting: s, from: fromDefaults}
	}
	own := k.of(e.section)
	for _, g := range e.groups {
		for name, s := range k.of(f.groups[g.name]) {
			if _, ok := own[name]; ok {
				continue
			}
			if have := out[name]; have.from == fromGroup && !reflect.DeepEqual(have.value, s.value) {
				f.add(g.at, "host %s: groups %q (line %d) and %q (line %d) disagree on %s%s: set it on the host",
					e.at.Value, have.group, have.at.Line, g.name, s.at.Line, k.noun, name)
				continue
			}
			out[name] = resolved{s, fromGroup, g.name}
		}
	}
	for name, s := range own {
		out[name] = resolved{setting: s, from: fromHost}
	}
	return out
}

// assign gives h its connection settings, the jump apart.
func assign(h *Host, settings map[string]resolved) {
	set(&h.User, settings["user"])
	set(&h.Port, settings["port"])
	set(&h.Zone, settings["zone"])
	set(&h.Password, settings["password"])
	set(&h.Passphrase, settings["passphrase"])
	set(&h.BecomePass, settings["become_password"])
	set(&h.IdentityFiles, settings["identity_file"])
	set(&h.KnownHosts, settings["known_hosts"])
	set(&h.Become, settings["become"])
	set(&h.Platform, settings["platform"])
	set(&h.Transport, settings["transport"])
	set(&h.Timeout, settings["timeout"])
}

// isNone reports whether the value of a jump says that there is none.
func isNone(v any) bool {
	chain, _ := v.([]target)
	return len(chain) == 0
}

func set[T any](to *T, s resolved) {
	if v, ok := s.value.(T); ok {
		*to = v
	}
}

func plain(settings map[string]resolved) map[string]any {
	if len(settings) == 0 {
		return nil
	}
	out := make(map[string]any, len(settings))
	for name, s := range settings {
		out[name] = s.value
	}
	return out
}
