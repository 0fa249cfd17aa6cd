package windows

import (
	"net/netip"
	"strconv"

	"github.com/fleetnet/fleetnet"
)

// indexNames returns the names of the interfaces that are known, by their
// numbers as tools print them.
func indexNames(out *fleetnet.Snapshot) map[string]string {
	names := map[string]string{}
	for i := range out.Interfaces {
		if it := &out.Interfaces[i]; it.Index.OK && it.Name != "" {
			names[strconv.Itoa(it.Index.V)] = it.Name
		}
	}
	return names
}

// addrNames returns the names of the interfaces by their addresses.
func addrNames(out *fleetnet.Snapshot) map[netip.Addr]string {
	names := map[netip.Addr]string{}
	for i := range out.Interfaces {
		for _, a := range out.Interfaces[i].Addrs {
			names[a.Address()] = out.Interfaces[i].Name
		}
	}
	return names
}

// ifaceOf returns the interface of a number or, where none has it, of a name,
// and adds one when there is none either. The pointer is good until the next
// is added.
func ifaceOf(out *fleetnet.Snapshot, index fleetnet.Opt[int], name string, ref fleetnet.Ref) *fleetnet.Interface {
	for i := range out.Interfaces {
		if it := &out.Interfaces[i]; index.OK && it.Index == index {
			if name != "" && it.Name == itoa(index.V) {
				it.Name = name
			}
			return it
		}
	}
	for i := range out.Interfaces {
		if it := &out.Interfaces[i]; name != "" && it.Name == name && (!it.Index.OK || !index.OK) {
			if index.OK {
				it.Index = index
			}
			return it
		}
	}
	out.Interfaces = append(out.Interfaces, fleetnet.Interface{Name: name, Index: index, Ref: ref})
	return &out.Interfaces[len(out.Interfaces)-1]
}

// ifaceNamed is ifaceOf for cmdlets that do not always tell the name: its number
// stands for it.
func ifaceNamed(out *fleetnet.Snapshot, index fleetnet.Opt[int], name string, ref fleetnet.Ref) *fleetnet.Interface {
	it := ifaceOf(out, index, name, ref)
	if it.Name == "" && index.OK {
		it.Name = itoa(index.V)
	}
	return it
}

// coverPart says that a table, or some fields of it, are only partly known.
func coverPart(out *fleetnet.Snapshot, probe, table, reason string, fields ...string) {
	out.Cover(fleetnet.Coverage{Table: table, Status: fleetnet.StatusPartial, Fields: fields, Probe: probe, Reason: reason})
}

// coverEmpty says that a tool printed nothing that it always prints, such as a
// message instead of its table.
func coverEmpty(out *fleetnet.Snapshot, probe, table string) {
	out.Cover(fleetnet.Coverage{Table: table, Status: fleetnet.StatusFailed, Probe: probe, Reason: "nothing of a table was printed"})
}

// mac returns a link-layer address that is none when all its octets are zero.
func mac(s string, ok bool) string {
	if !ok {
		return ""
	}
	for i := range len(s) {
		if s[i] != '0' && s[i] != ':' {
			return s
		}
	}
	return ""
}
