package linux

import "github.com/fleetnet/fleetnet"

// ifaceSet finds interfaces of a snapshot by name while one output is read.
type ifaceSet struct {
	out    *fleetnet.Snapshot
	byName map[string]int
}

// newIfaceSet sees only the rows that are added from now on.
func newIfaceSet(out *fleetnet.Snapshot) ifaceSet { return ifaceSet{out, map[string]int{}} }

// allIfaces sees the rows that are there.
func allIfaces(out *fleetnet.Snapshot) ifaceSet {
	s := newIfaceSet(out)
	for i := range out.Interfaces {
		s.byName[out.Interfaces[i].Name] = i
	}
	return s
}

// index returns where the named interface is, or -1.
func (s ifaceSet) index(name []byte) int {
	if i, ok := s.byName[string(name)]; ok {
		return i
	}
	return -1
}

// add returns the named interface, which it makes when there is none. The
// pointer is good until the next add.
func (s ifaceSet) add(name []byte, ref fleetnet.Ref) *fleetnet.Interface {
	i := s.index(name)
	if i < 0 {
		i = len(s.out.Interfaces)
		it := fleetnet.Interface{Name: s.out.Intern(name), Ref: ref}
		s.out.Interfaces = append(s.out.Interfaces, it)
		s.byName[it.Name] = i
	}
	return &s.out.Interfaces[i]
}

// coverField says that one column of a table is only partly known, and why.
func coverField(out *fleetnet.Snapshot, table, probe, column, reason string) {
	out.Cover(fleetnet.Coverage{
		Table: table, Status: fleetnet.StatusPartial, Fields: []string{column}, Probe: probe, Reason: reason,
	})
}
