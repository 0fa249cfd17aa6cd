package inventory

import (
	"context"
	"errors"
	"maps"
	"os"
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

// Load reads inventory files, in the format of docs/inventory.md, as one
// inventory. The defaults and groups of a file hold for its own hosts; a jump
// may name a host of any of them. A host in two files is an error. The error
// joins one [*Error] for each thing wrong in any file.
func (r Reader) Load(ctx context.Context, paths ...string) (*Inventory, error) {
	if len(paths) == 0 {
		return nil, errors.New("no inventory file given")
	}
	var files []*file
	var errs []error
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		files = append(files, readFile(path, data))
	}
	inv, err := r.link(ctx, files)
	if errs = append(errs, err); errors.Join(errs...) != nil {
		return nil, errors.Join(errs...)
	}
	return inv, nil
}

// Parse reads the text of one inventory file. The name is that of the file:
// errors begin with it, and relative paths start from its folder.
func Parse(name string, data []byte) (*Inventory, error) {
	return Reader{}.link(context.Background(), []*file{readFile(name, data)})
}

// link makes one inventory of files.
func (r Reader) link(ctx context.Context, files []*file) (*Inventory, error) {
	var list []*member
	var declared []string
	byName := map[string]*member{}
	for _, f := range files {
		for _, m := range f.resolve() {
			if first := byName[m.Name]; first != nil {
				f.add(m.entry.at, "duplicate host %s (first in %s:%d)", m.Name, first.file.name, first.entry.at.Line)
				continue
			}
			byName[m.Name] = m
			list = append(list, m)
		}
		declared = slices.AppendSeq(declared, maps.Keys(f.groups))
	}
	newJumps(byName).resolve(list)
	var errs []error
	for _, f := range files {
		errs = append(errs, f.err())
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	drafts := make([]*draft, len(list))
	for i, m := range list {
		drafts[i] = &m.draft
	}
	return r.finish(ctx, drafts, declared)
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
