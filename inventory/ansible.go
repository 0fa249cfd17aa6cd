package inventory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// ungrouped is Ansible's group of the hosts that are in no other than all.
const ungrouped = "ungrouped"

// place is where something stands.
type place struct {
	file         string
	line, column int
}

func (p place) String() string {
	if p.line == 0 {
		return p.file
	}
	return fmt.Sprintf("%s:%d", p.file, p.line)
}

// variable is a value of Ansible's with where it stands. The value is of a type
// that a variable of Host has, or holds vaulted or a rawText.
type variable struct {
	value any
	at    place
	odd   bool // the value is or holds vaulted or a rawText
}

// vaulted stands for a value that is encrypted with ansible-vault.
type vaulted struct{}

// rawText is text that is no template, whatever it holds (!unsafe).
type rawText string

// ansibleGroup is a group of an Ansible inventory.
type ansibleGroup struct {
	name              string
	parents, children []*ansibleGroup
	hosts             []*ansibleHost
	has               map[*ansibleHost]bool
	vars              map[string]variable
	priority          int
	depth             int // the longest way to it from all; set by reconcile
}

// ansibleHost is a host of an Ansible inventory.
type ansibleHost struct {
	name   string
	at     place
	source string // the file that named it first: inventory_file
	groups []*ansibleGroup
	vars   map[string]variable
}

// ansible is what several Ansible sources say together; each adds to what those
// before it said. The rules are those of ansible-core 2.14, inventory/data.py,
// group.py and host.py.
type ansible struct {
	groups     map[string]*ansibleGroup
	groupOrder []*ansibleGroup
	hosts      map[string]*ansibleHost
	hostOrder  []*ansibleHost
	varDirs    []string // the folders of the sources, which may hold group_vars and host_vars
	vaults     []string // files that are encrypted as a whole
	broken     []error  // files that cannot be read
	notes      notes
	files      map[string]*problems
	fileOrder  []*problems
}

func newAnsible() *ansible {
	a := &ansible{groups: map[string]*ansibleGroup{}, hosts: map[string]*ansibleHost{}, files: map[string]*problems{}}
	a.addEdge(a.group(all), a.group(ungrouped))
	return a
}

// problems returns the problems of a file.
func (a *ansible) problems(file string) *problems {
	p := a.files[file]
	if p == nil {
		p = &problems{name: file}
		a.files[file] = p
		a.fileOrder = append(a.fileOrder, p)
	}
	return p
}

// fail notes a problem at a place.
func (a *ansible) fail(at place, format string, args ...any) {
	a.problems(at.file).addAt(at.line, at.column, format, args...)
}

// note tells what a source says and is not done.
func (a *ansible) note(at place, minor bool, format string, args ...any) {
	a.notes.add(Note{Where: at.String(), Text: fmt.Sprintf(format, args...), Minor: minor})
}

// group returns the group of that name, which there is from now on.
func (a *ansible) group(name string) *ansibleGroup {
	g := a.groups[name]
	if g == nil {
		g = &ansibleGroup{name: name, has: map[*ansibleHost]bool{}, vars: map[string]variable{}, priority: 1}
		a.groups[name] = g
		a.groupOrder = append(a.groupOrder, g)
	}
	return g
}

// addHost adds a host to the inventory and to a group. The port counts where the
// host is named first, and may be 0. It returns nil, with the problem noted, when
// that is no name for a host.
func (a *ansible) addHost(name string, port int, g *ansibleGroup, at place) *ansibleHost {
	h := a.hosts[name]
	if h == nil {
		switch err := checkHost(name); {
		case err != nil && strings.Count(name, ":") == 1:
			a.fail(at, "host %s: what follows the colon is no port", fleetnet.Quote(name))
			return nil
		case err != nil:
			a.fail(at, "host %v", err)
			return nil
		}
		if len(a.hostOrder) == maxHosts {
			a.fail(at, "more than %d hosts", maxHosts)
			return nil
		}
		h = &ansibleHost{name: name, at: at, source: at.file, vars: map[string]variable{}}
		if port != 0 {
			h.vars["ansible_port"] = variable{value: port, at: at}
		}
		a.hosts[name] = h
		a.hostOrder = append(a.hostOrder, h)
	}
	g.add(h)
	return h
}

func (g *ansibleGroup) add(h *ansibleHost) {
	if !g.has[h] {
		g.has[h] = true
		g.hosts = append(g.hosts, h)
		h.groups = append(h.groups, g)
	}
}

func (g *ansibleGroup) remove(h *ansibleHost) {
	if g.has[h] {
		delete(g.has, h)
		g.hosts = slices.DeleteFunc(g.hosts, func(x *ansibleHost) bool { return x == h })
		h.groups = slices.DeleteFunc(h.groups, func(x *ansibleGroup) bool { return x == g })
	}
}

// addChild makes child a child of parent. A circle is noted.
func (a *ansible) addChild(parent, child *ansibleGroup, at place) {
	switch {
	case parent == child:
		a.fail(at, "group %q is its own child", parent.name)
	case child.name == all || child.reaches(parent):
		a.fail(at, "group %q cannot be a child of %q, which is below it", child.name, parent.name)
	default:
		a.addEdge(parent, child)
	}
}

func (a *ansible) addEdge(parent, child *ansibleGroup) {
	if !slices.Contains(child.parents, parent) {
		parent.children = append(parent.children, child)
		child.parents = append(child.parents, parent)
	}
}

// reaches reports whether target is g or below it.
func (g *ansibleGroup) reaches(target *ansibleGroup) bool {
	seen := map[*ansibleGroup]bool{g: true}
	for todo := []*ansibleGroup{target}; len(todo) > 0; {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if at == g {
			return true
		}
		for _, p := range at.parents {
			if p == g {
				return true
			}
			if !seen[p] {
				seen[p] = true
				todo = append(todo, p)
			}
		}
	}
	return false
}

// setGroupVar gives a group a variable. Its priority is one of them.
func (a *ansible) setGroupVar(g *ansibleGroup, name string, v variable) {
	if name != "ansible_group_priority" {
		g.vars[name] = v
		return
	}
	n, ok := wholeOf(v.value)
	if !ok {
		a.fail(v.at, "ansible_group_priority of group %q is no number", g.name)
		return
	}
	g.priority = n
}

// setHostVar gives a host a variable. One that has the name of a group gives it
// to the group, as in Ansible.
func (a *ansible) setHostVar(h *ansibleHost, name string, v variable) {
	if g := a.groups[h.name]; g != nil {
		a.setGroupVar(g, name, v)
		return
	}
	h.vars[name] = v
}

// reconcile finishes the tree when all sources are read: every group is below
// all, and the hosts of no other group are in ungrouped.
func (a *ansible) reconcile() {
	top, rest := a.groups[all], a.groups[ungrouped]
	for _, g := range a.groupOrder {
		if g != top && len(g.parents) == 0 {
			a.addEdge(top, g)
		}
	}
	for _, h := range a.hostOrder {
		others := 0
		for g := range a.ancestors(h) {
			if g != top && g != rest {
				others++
			}
		}
		switch {
		case others > 0:
			rest.remove(h)
		case rest.has[h]:
		case a.groups[h.name] != nil: // a quirk: the name of a group wins
			a.addChild(rest, a.groups[h.name], h.at)
		default:
			rest.add(h)
		}
	}
	done := map[*ansibleGroup]bool{}
	for _, g := range a.groupOrder {
		g.setDepth(done)
	}
}

// setDepth sets the depth of g and of those above it, the longest way from all.
func (g *ansibleGroup) setDepth(done map[*ansibleGroup]bool) {
	if done[g] {
		return
	}
	done[g] = true
	for _, p := range g.parents {
		p.setDepth(done)
		g.depth = max(g.depth, p.depth+1)
	}
}

// ancestors returns the groups of h and those above them.
func (a *ansible) ancestors(h *ansibleHost) map[*ansibleGroup]bool {
	out := map[*ansibleGroup]bool{}
	var add func(g *ansibleGroup)
	add = func(g *ansibleGroup) {
		if out[g] {
			return
		}
		out[g] = true
		for _, p := range g.parents {
			add(p)
		}
	}
	for _, g := range h.groups {
		add(g)
	}
	return out
}

// lineage returns the groups of h and those above them without all, in the order
// in which the later one's variables win.
func (a *ansible) lineage(h *ansibleHost) []*ansibleGroup {
	var out []*ansibleGroup
	for g := range a.ancestors(h) {
		if g.name != all {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(x, y *ansibleGroup) int {
		if d := x.depth - y.depth; d != 0 {
			return d
		}
		if d := x.priority - y.priority; d != 0 {
			return d
		}
		return strings.Compare(x.name, y.name)
	})
	return out
}
