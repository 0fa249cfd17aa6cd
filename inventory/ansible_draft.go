package inventory

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// connector makes drafts of Ansible's hosts. What it has to say of several hosts it
// says once.
type connector struct {
	*ansible
	vars   *ansibleVars
	groups map[*ansibleGroup]bool // whether a group's name is one of ours
	dir    string                 // the current folder, which Ansible's relative paths start from
	hidden map[string]bool        // variables that passwords are made of
	said   map[remark][]string    // the hosts that each remark is of
	order  []remark
	first  map[remark]place // where a note was due first
}

// remark is an error or a note about hosts.
type remark struct {
	at            place  // of errors; a note is one wherever it is due
	before, after string // of the hosts' names
	kind          remarkKind
}

type remarkKind int

const (
	remarkError remarkKind = iota
	remarkNote
	remarkMinor
)

// drafts returns the hosts that can be asked. What cannot is noted.
func (a *ansible) drafts() []*member {
	c := &connector{ansible: a, vars: a.variables(), groups: map[*ansibleGroup]bool{}, hidden: map[string]bool{}, said: map[remark][]string{}, first: map[remark]place{}}
	c.dir, _ = os.Getwd()
	for _, g := range a.groupOrder {
		err := checkGroup(g.name)
		if c.groups[g] = err == nil; err != nil && g.name != all {
			a.notes.add(Note{Text: fmt.Sprintf("group %v: it is read, and cannot be selected", err)})
		}
	}
	var out []*member
	var sets []*varSet
	for _, h := range a.hostOrder {
		lineage := c.lineage(h)
		set := c.vars.of(h, lineage)
		if d := c.draft(h, lineage, set.vars); d != nil {
			out = append(out, &member{draft: *d})
			sets = append(sets, set)
		}
	}
	for i, m := range out {
		m.Vars = sets[i].exported(c.hidden)
	}
	for _, r := range c.order {
		c.say(r, c.said[r])
	}
	return out
}

// say tells a remark of its hosts.
func (c *connector) say(r remark, hosts []string) {
	text := strings.TrimSpace(r.before + " " + fewHosts(hosts) + r.after)
	if r.kind == remarkError {
		c.fail(r.at, "%s", text)
		return
	}
	c.note(c.first[r], r.kind == remarkMinor, "%s", text)
}

// fewHosts names hosts, as many as a line holds.
func fewHosts(names []string) string {
	if folded := fleetnet.Fold(names); len(folded) <= 100 {
		return folded
	}
	few := fleetnet.Fold(names[:3])
	return fmt.Sprintf("%s and %d more", few, len(names)-3)
}

// subject is one host whose variables are being read.
type subject struct {
	*connector
	*draft
	host *ansibleHost
	vars map[string]variable
	fill template
}

// draft returns what a host's variables say of reaching it, or nil when it cannot
// be reached with SSH.
func (c *connector) draft(h *ansibleHost, lineage []*ansibleGroup, vars map[string]variable) *draft {
	s := &subject{connector: c, draft: &draft{}, host: h, vars: vars}
	s.fill = template{host: h, vars: vars, hint: c.vaultHint}
	s.Name, s.where = h.name, h.at.String()
	if !s.transport() {
		return nil
	}
	if s.Transport != TransportLocal {
		s.login()
		s.arguments()
		s.tuning()
	}
	s.become()
	s.passwords()
	for _, g := range lineage {
		if c.groups[g] {
			s.Groups = append(s.Groups, g.name)
		}
	}
	slices.Sort(s.Groups)
	return s.draft
}

// remark adds a remark about the variable of this host.
func (s *subject) remark(kind remarkKind, at place, before, after string, args ...any) {
	r := remark{before: before, after: fmt.Sprintf(after, args...), kind: kind}
	if kind == remarkError {
		r.at = at
	}
	if s.said[r] == nil {
		s.first[r] = at
		s.order = append(s.order, r)
	}
	s.said[r] = append(s.said[r], s.host.name)
}

// find returns the variable that counts among several names for one thing, which
// is the last, as in Ansible. Null is not said.
func (s *subject) find(names ...string) (name string, v variable, ok bool) {
	for _, n := range slices.Backward(names) {
		if v, ok := s.vars[n]; ok && v.value != nil {
			return n, v, true
		}
	}
	return "", variable{}, false
}

// need returns the text of a variable that is needed to connect, "" when there is
// none. Where it cannot be had the host is not connected to.
func (s *subject) need(names ...string) (text, name string, at place) {
	name, v, ok := s.find(names...)
	if !ok {
		return "", "", place{}
	}
	text, err := s.fill.text(v.value)
	if err != nil {
		s.refuse(v.at, name, err)
		return "", name, v.at
	}
	return strings.TrimSpace(text), name, v.at
}

// refuse says why the host cannot be connected to; the first reason counts.
func (s *subject) refuse(at place, name string, err error) {
	if errors.Is(err, errVaulted) {
		err = fmt.Errorf("%w: keep it in plain text", err)
	}
	if s.SSH.Refused == "" {
		s.SSH.Refused = fmt.Sprintf("%s:%d: %s: %v", at, at.column, name, err)
	}
}

// want returns the text of a variable that is not needed to connect. That it cannot be
// had is noted.
func (s *subject) want(names ...string) (text, name string, at place) {
	name, v, ok := s.find(names...)
	if !ok {
		return "", "", place{}
	}
	text, err := s.fill.text(v.value)
	if err != nil {
		s.remark(remarkNote, v.at, name+" of", " is not used: %v", err)
		return "", name, v.at
	}
	return strings.TrimSpace(text), name, v.at
}

// wantBool returns the truth of a variable. Ansible's words for it are many.
func (s *subject) wantBool(names ...string) (value, said bool) {
	text, name, at := s.want(names...)
	switch strings.ToLower(text) {
	case "":
		return false, false
	case "y", "yes", "on", "1", "true", "t":
		return true, true
	case "n", "no", "off", "0", "false", "f":
		return false, true
	}
	s.remark(remarkNote, at, name+" of", " is not used: it is neither true nor false")
	return false, false
}

// groupNames returns the groups that can be selected.
func (a *ansible) groupNames() []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(a.groups)) {
		if checkGroup(name) == nil {
			out = append(out, name)
		}
	}
	return out
}

// err returns what is wrong with Ansible's sources, in their order.
func (a *ansible) err() error {
	errs := a.broken
	for _, p := range a.fileOrder {
		errs = append(errs, p.err())
	}
	return errors.Join(errs...)
}
