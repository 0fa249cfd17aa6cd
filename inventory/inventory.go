package inventory

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/fleetnet/fleetnet"
)

// all is the group that every host is in.
const all = "all"

// Inventory is a set of hosts. It is not to be changed, and may be read
// concurrently.
type Inventory struct {
	Hosts []Host // in natural order of their names: web2 before web10
	Notes []Note // what the sources say and is not done

	declared []string       // groups that the files describe, with hosts or without
	index    map[string]int // of Hosts by name
	rank     []int          // the place of each host in the order of the sources, for web[0]
	closed   bool           // no host can be added, not even this machine
}

// Group is a named set of hosts.
type Group struct {
	Name  string   `json:"name"`
	Hosts []string `json:"hosts"` // names in natural order; empty when only declared
}

// Load reads inventories as one. A source is a file, a folder of files, a program
// that prints an inventory, a list of hosts with a comma in it, or - for Stdin.
// What format a text has is told by its shape: that of docs/inventory.md, or one of
// Ansible's, as docs/ansible.md has them.
//
// The defaults and groups of one of our files hold for its own hosts; a jump may name
// a host of any source. The sources of Ansible are one inventory, in which the later one
// wins. A host in two of our files, or in one and in Ansible's, is an error. The error
// joins one [*Error] for each thing wrong in any file.
func (r Reader) Load(ctx context.Context, sources ...string) (*Inventory, error) {
	if len(sources) == 0 {
		return nil, errors.New("no inventory file given")
	}
	l := &loader{Reader: r, ctx: ctx}
	for _, s := range sources {
		l.source(s)
	}
	return l.inventory()
}

// Parse reads the text of one inventory file in the format of docs/inventory.md. The
// name is that of the file: errors begin with it, and relative paths start from its
// folder.
func Parse(name string, data []byte) (*Inventory, error) {
	l := &loader{ctx: context.Background(), files: []*file{readFile(name, data)}}
	return l.inventory()
}

// inventory makes one inventory of what the sources say.
func (l *loader) inventory() (*Inventory, error) {
	theirs := l.drafts()
	ours, declared := l.members(theirs)
	errs := l.errs
	for _, f := range l.files {
		errs = append(errs, f.err())
	}
	if l.ansible != nil {
		errs = append(errs, l.ansible.err())
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	drafts := make([]*draft, 0, len(ours)+len(theirs))
	for _, m := range ours {
		drafts = append(drafts, &m.draft)
	}
	var noted []Note
	for _, m := range theirs {
		drafts = append(drafts, &m.draft)
	}
	if l.ansible != nil {
		noted = l.ansible.notes.list
		declared = append(declared, l.ansible.groupNames()...)
	}
	if len(drafts) == 0 {
		return nil, l.nobody()
	}
	return l.finish(l.ctx, drafts, declared, noted...)
}

// members returns the hosts of our files with their jumps, which may lead through
// Ansible's hosts too, and the groups that the files declare.
func (l *loader) members(theirs []*member) (list []*member, declared []string) {
	byName := map[string]*member{}
	for _, m := range theirs {
		byName[m.Name] = m
	}
	for _, f := range l.files {
		for _, m := range f.resolve() {
			if first := byName[m.Name]; first != nil {
				f.add(m.entry.at, "duplicate host %s (first in %s)", m.Name, l.where(first))
				continue
			}
			byName[m.Name] = m
			list = append(list, m)
		}
		declared = slices.AppendSeq(declared, maps.Keys(f.groups))
	}
	newJumps(byName).resolve(list)
	return list, declared
}

// where says where a host stands.
func (l *loader) where(m *member) string {
	if m.entry == nil {
		return l.ansible.hosts[m.Name].at.String()
	}
	return fmt.Sprintf("%s:%d", m.file.name, m.entry.at.Line)
}

// drafts returns the hosts of Ansible's sources.
func (l *loader) drafts() []*member {
	if l.ansible == nil {
		return nil
	}
	l.ansible.reconcile()
	return l.ansible.drafts()
}

// nobody is the error of sources without hosts.
func (l *loader) nobody() error {
	errs := l.empty
	if l.ansible != nil {
		for _, n := range l.ansible.notes.list {
			if !n.Minor {
				errs = append(errs, fmt.Errorf("no hosts: %s: %s", n.Where, n.Text))
			}
		}
	}
	if errs == nil {
		return errors.New("no hosts")
	}
	return errors.Join(errs...)
}

// Of returns the inventory of hosts that come from elsewhere, such as a
// recording. Their names must differ.
func Of(hosts []Host) *Inventory {
	inv := newInventory(slices.Clone(hosts), nil)
	inv.closed = true
	return inv
}

// newInventory returns the inventory of hosts with different names, which come
// in the order of their sources.
func newInventory(hosts []Host, declared []string) *Inventory {
	inv := &Inventory{Hosts: hosts, declared: declared, index: make(map[string]int, len(hosts)), rank: make([]int, len(hosts))}
	for i, h := range hosts {
		inv.index[h.Name] = i
	}
	slices.SortFunc(hosts, func(a, b Host) int { return fleetnet.NaturalCompare(a.Name, b.Name) })
	for i, h := range hosts {
		inv.rank[i], inv.index[h.Name] = inv.index[h.Name], i
	}
	return inv
}

// Groups returns the groups in natural order of their names: those that hosts
// name and those that files declare. "all" is not among them.
func (inv *Inventory) Groups() []Group {
	members := map[string][]string{}
	for _, name := range inv.declared {
		members[name] = []string{}
	}
	for _, h := range inv.Hosts {
		for _, g := range h.Groups {
			members[g] = append(members[g], h.Name)
		}
	}
	var out []Group
	for _, name := range slices.SortedFunc(maps.Keys(members), fleetnet.NaturalCompare) {
		out = append(out, Group{name, members[name]})
	}
	return out
}

// Host returns the host of that name, and whether there is one.
func (inv *Inventory) Host(name string) (Host, bool) {
	i, ok := inv.index[name]
	if !ok {
		return Host{}, false
	}
	return inv.Hosts[i], true
}

// names returns the names of all hosts.
func (inv *Inventory) names() []string {
	out := make([]string, len(inv.Hosts))
	for i, h := range inv.Hosts {
		out[i] = h.Name
	}
	return out
}

// count writes a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
