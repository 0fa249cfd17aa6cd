package inventory

import (
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/fleetnet/fleetnet"
)

// maxHosts bounds the hosts of one inventory file or list: patterns are short
// to write and long to expand.
const maxHosts = 200_000

// entry is one key of hosts: a host, or a pattern that names several.
type entry struct {
	section
	at     *yaml.Node
	names  []string
	addrs  []string // nil, or one for each name
	groups []groupRef
}

// groupRef is a group as a host names it.
type groupRef struct {
	name string
	at   *yaml.Node
}

func (f *file) readHosts(n *yaml.Node) {
	for key, val := range f.mapping(n, "hosts") {
		e := &entry{at: key}
		if f.named <= maxHosts {
			f.readNames(e)
		}
		f.readEntry(e, val)
		f.claim(e)
		f.entries = append(f.entries, e)
	}
}

func (f *file) readNames(e *entry) {
	names, err := expandHosts(e.at.Value)
	if err != nil {
		f.add(e.at, "host %v", err)
		return
	}
	if f.named += len(names); f.named > maxHosts {
		f.add(e.at, "more than %d hosts", maxHosts)
		return
	}
	e.names = names
}

func (f *file) readEntry(e *entry, n *yaml.Node) {
	what := "host " + e.at.Value
	if n.Kind == yaml.ScalarNode && !isNull(n) && checkHost(n.Value) == nil {
		f.add(n, "%s: expected a mapping, found %s (did you mean {addr: %s}?)", what, kindOf(n), n.Value)
		return
	}
	for key, val := range f.mapping(n, what) {
		switch {
		case f.shared(&e.section, key, val):
		case key.Value == "addr":
			f.readAddr(e, val)
		case key.Value == "groups":
			f.readHostGroups(e, val)
		default:
			f.unknownKey(key, append(sharedKeys(), hostKeys...))
		}
	}
}

func (f *file) readAddr(e *entry, n *yaml.Node) {
	s, ok := f.text(n, "addr")
	if !ok || e.names == nil {
		return
	}
	addrs, err := expandHosts(s)
	switch {
	case err != nil:
		f.add(n, "addr %v", err)
	case len(addrs) != len(e.names):
		f.add(n, "addr %q is %s for %s: write a range of as many", s, count(len(addrs), "address", "addresses"), count(len(e.names), "host", "hosts"))
	default:
		e.addrs = addrs
	}
}

func (f *file) readHostGroups(e *entry, n *yaml.Node) {
	for _, item := range f.texts(n, "groups") {
		err := checkGroup(item.Value)
		switch {
		case err != nil:
			f.add(item, "group %v", err)
		case slices.ContainsFunc(e.groups, func(g groupRef) bool { return g.name == item.Value }):
			f.add(item, "group %q is named twice", item.Value)
		default:
			e.groups = append(e.groups, groupRef{item.Value, item})
		}
	}
}

// claim notes the names of e that an earlier entry has, and drops them from e.
func (f *file) claim(e *entry) {
	again := map[*entry][]string{}
	var order []*entry
	var names, addrs []string
	for i, name := range e.names {
		first := f.taken[name]
		if first == nil {
			f.taken[name] = e
			names = append(names, name)
			if e.addrs != nil {
				addrs = append(addrs, e.addrs[i])
			}
			continue
		}
		if again[first] == nil {
			order = append(order, first)
		}
		again[first] = append(again[first], name)
	}
	for _, first := range order {
		f.add(e.at, "duplicate host %s (first in %q at line %d)", fleetnet.Fold(again[first]), first.at.Value, first.at.Line)
	}
	e.names, e.addrs = names, addrs
}
