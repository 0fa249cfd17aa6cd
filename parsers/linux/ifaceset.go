package linux

import "github.com/fleetnet/fleetnet"

// ifaceSet finds interfaces of a snapshot by name while one output is read.
// Rows that an earlier probe added are left alone unless from is 0.
type ifaceSet struct {
	out  *fleetnet.Snapshot
	from int
}

// newIfaceSet sees only the rows that are added from now on.
func newIfaceSet(out *fleetnet.Snapshot) ifaceSet { return ifaceSet{out, len(out.Interfaces)} }

// index returns where the named interface is, or -1.
func (s ifaceSet) index(name []byte) int {
	for i := s.from; i < len(s.out.Interfaces); i++ {
		if s.out.Interfaces[i].Name == string(name) {
			return i
		}
	}
	return -1
}

// add returns the named interface, which it makes when there is none. The
// pointer is good until the next add.
func (s ifaceSet) add(name []byte, ref fleetnet.Ref) *fleetnet.Interface {
	i := s.index(name)
	if i < 0 {
		i = len(s.out.Interfaces)
		s.out.Interfaces = append(s.out.Interfaces, fleetnet.Interface{Name: s.out.Intern(name), Ref: ref})
	}
	return &s.out.Interfaces[i]
}

// coverNames says that the listed names may be the beginnings of longer ones.
func coverNames(out *fleetnet.Snapshot, table, probe, column, reason string) {
	out.Cover(fleetnet.Coverage{
		Table: table, Status: fleetnet.StatusPartial, Fields: []string{column}, Probe: probe, Reason: reason,
	})
}
