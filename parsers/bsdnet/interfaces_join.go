package bsdnet

import "github.com/fleetnet/fleetnet"

// settle adds the interfaces to the table, or their counters to those that an
// ifconfig has told of before.
func (r *interfacesReader) settle() {
	find := r.finder()
	hidden := false
	for _, l := range r.linked {
		if i := find(l); i >= 0 {
			merge(&r.out.Interfaces[i], &l.it)
			continue
		}
		if hidden = hidden || l.cut; l.cut && r.before > 0 {
			continue
		}
		r.out.Interfaces = append(r.out.Interfaces, l.it)
	}
	r.cover(hidden)
}

func (r *interfacesReader) cover(hidden bool) {
	cover := func(column, reason string) {
		r.out.Cover(fleetnet.Coverage{Table: "interfaces", Status: fleetnet.StatusPartial, Fields: []string{column}, Probe: r.form.Probe, Reason: reason})
	}
	if hidden && r.before == 0 {
		cover("name", "netstat cuts the names of interfaces to its column")
	} else if hidden {
		cover("counters", "netstat cuts the names of interfaces to its column")
	}
	if r.noAddrs {
		cover("addrs", "netstat cuts addresses to their columns, or shows them by name")
	}
}

// finder returns a function that tells which interface that was known before a
// row is of, or -1: by name, or by order among those whose names begin with what
// is shown, when the table shows as many of them. It takes the rows in their order.
func (r *interfacesReader) finder() func(linkRow) int {
	whole, cut := map[string]bool{}, map[string]int{} // names shown, and how often a cut one is
	for _, l := range r.linked {
		if l.cut {
			cut[l.raw]++
		} else {
			whole[l.it.Name] = true
		}
	}
	byName, like := map[string]int{}, map[string][]int{}
	for i, it := range r.out.Interfaces[:r.before] {
		byName[it.Name] = i
		if start := it.Name + "*"; !whole[it.Name] && len(start) > r.width && r.width > 0 {
			like[start[:r.width]] = append(like[start[:r.width]], i)
		}
	}
	taken := map[string]int{}
	return func(l linkRow) int {
		if !l.cut {
			if i, ok := byName[l.it.Name]; ok {
				return i
			}
			return -1
		}
		n := taken[l.raw]
		taken[l.raw]++
		if alike := like[l.raw]; len(alike) == cut[l.raw] {
			return alike[n]
		}
		return -1
	}
}

// merge gives an interface what only netstat tells.
func merge(into, from *fleetnet.Interface) {
	if !into.Index.OK {
		into.Index = from.Index
	}
	switch {
	case into.Counters == nil:
		into.Counters = from.Counters
	case from.Counters != nil:
		mergeCounters(into.Counters, from.Counters)
	}
}

// mergeCounters adds the numbers that only the second of two tables has: on
// OpenBSD and NetBSD -b shows bytes in place of packets.
func mergeCounters(into, from *fleetnet.IfCounters) {
	if !into.RxPackets.OK {
		into.Ref = from.Ref
	}
	for _, name := range []string{"Ipkts", "Ierrs", "Idrop", "Ibytes", "Opkts", "Oerrs", "Obytes", "Coll", "Drop"} {
		if to := counterOf(into, name); !to.OK {
			*to = *counterOf(from, name)
		}
	}
}
