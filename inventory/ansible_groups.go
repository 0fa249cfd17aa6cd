package inventory

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/fleetnet/fleetnet"
)

// groupKeys are what a group of a YAML inventory has.
var groupKeys = []string{"hosts", "children", "vars"}

// readGroups adds a YAML inventory to the inventory, as plugins/inventory/yaml.py
// does: a mapping of groups, each with hosts, children and vars.
func (r *nodeReader) readGroups(root *yaml.Node) {
	for _, f := range r.fields(root, 0) {
		r.readGroup(f, 1)
	}
}

// readGroup reads a group, and returns it, or nil when it is none.
func (r *nodeReader) readGroup(f field, depth int) *ansibleGroup {
	name, ok := r.name(f.key)
	val := deref(f.val)
	switch {
	case !ok:
		r.fail(r.place(f.key), "a group's name must be text: quote it")
		return nil
	case name == "":
		r.fail(r.place(f.key), "a group without a name")
		return nil
	case val.Kind != yaml.MappingNode && !r.null(val):
		r.note(r.place(f.key), false, "group %s is left out: it is not a mapping with hosts, children or vars", fleetnet.Quote(name))
		return r.group(name)
	}
	g := r.group(name)
	if val.Kind == yaml.MappingNode && r.spend(val, depth) {
		for _, f := range r.fields(val, depth) {
			r.readSection(g, f, depth)
		}
	}
	return g
}

func (r *nodeReader) null(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && r.value(n, 0) == nil
}

// readSection reads hosts, children or vars of a group.
func (r *nodeReader) readSection(g *ansibleGroup, f field, depth int) {
	key, _ := r.name(f.key)
	val := deref(f.val)
	switch key {
	case "hosts":
		for _, f := range r.section(val, "hosts", g, depth) {
			r.readHosts(g, f)
		}
	case "children":
		for _, f := range r.section(val, "children", g, depth) {
			if child := r.readGroup(f, depth+2); child != nil {
				r.addChild(g, child, r.place(f.key))
			}
		}
	case "vars":
		for _, f := range r.section(val, "vars", g, depth) {
			if name, ok := r.key(f.key); ok {
				r.setGroupVar(g, name, r.variable(name, f.val))
			}
		}
	default:
		r.note(r.place(f.key), false, "key %s of group %s is not read: a group has hosts, children and vars%s",
			fleetnet.Quote(deref(f.key).Value), fleetnet.Quote(g.name), fleetnet.DidYouMean(key, groupKeys))
	}
}

// section returns the fields of one of the three; a text is one field without value.
func (r *nodeReader) section(n *yaml.Node, what string, g *ansibleGroup, depth int) []field {
	switch {
	case n.Kind == yaml.MappingNode:
		return r.fields(n, depth+1)
	case r.null(n):
		return nil
	case n.Kind == yaml.ScalarNode:
		if _, ok := r.name(n); ok {
			return []field{{n, &yaml.Node{Kind: yaml.ScalarNode, Line: n.Line, Column: n.Column}}}
		}
	}
	hint := ""
	if n.Kind == yaml.SequenceNode && what != "vars" {
		hint = ": write names as keys, web1:, not - web1"
	}
	r.fail(r.place(n), "%s of group %s: expected a mapping, found %s%s", what, fleetnet.Quote(g.name), nodeKind(n), hint)
	return nil
}

// readHosts reads a key of hosts: a host or a range.
func (r *nodeReader) readHosts(g *ansibleGroup, f field) {
	at := r.place(f.key)
	pattern, ok := r.name(f.key)
	if !ok {
		r.fail(at, "a host's name must be text: quote it")
		return
	}
	names, port, err := expandPattern(pattern)
	if err != nil {
		r.fail(at, "host %v", err)
		return
	}
	vars := r.vars(f.val, "host "+pattern)
	for _, name := range names {
		h := r.addHost(name, port, g, at)
		if h == nil {
			return
		}
		for name, v := range vars {
			r.setHostVar(h, name, v)
		}
	}
}

// dynamic is what a dynamic inventory or ansible-inventory --list prints, as
// plugins/inventory/script.py reads it.
type dynamic struct {
	*nodeReader
	hosts []*ansibleHost // in the order of their coming
	seen  map[*ansibleHost]bool
	meta  bool // there was _meta with hostvars: nobody need be asked for each host
}

// readDynamic adds such JSON to the inventory.
func (r *nodeReader) readDynamic(root *yaml.Node) *dynamic {
	d := &dynamic{nodeReader: r, seen: map[*ansibleHost]bool{}}
	if root.Kind == yaml.SequenceNode {
		d.readList(d.group(ungrouped), root)
		return d
	}
	var hostvars *yaml.Node
	for _, f := range r.fields(root, 0) {
		if f.key.Value != "_meta" {
			d.readGroup(f)
			continue
		}
		for _, m := range d.mapping(f.val, "_meta") {
			if m.key.Value == "hostvars" {
				hostvars, d.meta = deref(m.val), true
			}
		}
	}
	if hostvars != nil {
		d.readVars(hostvars)
	}
	return d
}

func (d *dynamic) mapping(n *yaml.Node, what string) []field {
	if n = deref(n); n.Kind != yaml.MappingNode {
		d.fail(d.place(n), "%s: expected an object, found %s", what, nodeKind(n))
		return nil
	}
	return d.fields(n, 0)
}

// readGroup reads a group: a list of hosts, or an object with hosts, children or
// vars; an object with none of these is a host with its variables.
func (d *dynamic) readGroup(f field) {
	name := f.key.Value
	if name == "" {
		d.fail(d.place(f.key), "a group without a name")
		return
	}
	g := d.group(name)
	if f.val.Kind != yaml.MappingNode {
		d.readList(g, f.val)
		return
	}
	parts := map[string]*yaml.Node{}
	for _, f := range d.fields(f.val, 1) {
		parts[f.key.Value] = f.val
	}
	hosts, children, vars := parts["hosts"], parts["children"], parts["vars"]
	if hosts == nil && children == nil && vars == nil {
		vars = f.val
		d.addTo(g, name, d.place(f.key))
	}
	if hosts != nil {
		d.readList(g, hosts)
	}
	if vars != nil {
		for _, f := range d.mapping(vars, "vars of group "+fleetnet.Quote(name)) {
			d.setGroupVar(g, f.key.Value, d.variable(f.key.Value, f.val))
		}
	}
	if children != nil {
		d.readChildren(g, children)
	}
}

// readList reads the hosts of a group. Ranges are none here.
func (d *dynamic) readList(g *ansibleGroup, n *yaml.Node) {
	if n.Kind != yaml.SequenceNode {
		d.fail(d.place(n), "hosts of group %s: expected a list, found %s", fleetnet.Quote(g.name), nodeKind(n))
		return
	}
	for _, item := range n.Content {
		name, ok := d.name(item)
		if !ok {
			d.fail(d.place(item), "a host's name must be text, found %s", nodeKind(item))
			continue
		}
		d.addTo(g, name, d.place(item))
	}
}

func (d *dynamic) addTo(g *ansibleGroup, name string, at place) {
	h := d.addHost(name, 0, g, at)
	if h != nil && !d.seen[h] {
		d.seen[h] = true
		d.hosts = append(d.hosts, h)
	}
}

func (d *dynamic) readChildren(g *ansibleGroup, n *yaml.Node) {
	var names []*yaml.Node
	switch n.Kind {
	case yaml.SequenceNode:
		names = n.Content
	case yaml.MappingNode:
		for _, f := range d.fields(n, 1) {
			names = append(names, f.key)
		}
	default:
		d.fail(d.place(n), "children of group %s: expected a list, found %s", fleetnet.Quote(g.name), nodeKind(n))
		return
	}
	for _, item := range names {
		if name, ok := d.name(item); ok && name != "" {
			d.addChild(g, d.group(name), d.place(item))
			continue
		}
		d.fail(d.place(item), "a group's name must be text")
	}
}

// readVars reads _meta.hostvars. Hosts that no group has are not in the inventory.
func (d *dynamic) readVars(n *yaml.Node) {
	var strangers []string
	for _, f := range d.mapping(n, "hostvars") {
		h := d.ansible.hosts[f.key.Value]
		if h == nil || !d.seen[h] {
			strangers = append(strangers, f.key.Value)
			continue
		}
		for name, v := range d.vars(f.val, "hostvars of "+f.key.Value) {
			d.setHostVar(h, name, v)
		}
	}
	if strangers != nil {
		d.note(d.place(n), false, "no group has %s: left out, as in Ansible", strings.Join(strangers[:min(len(strangers), 5)], ", "))
	}
}
