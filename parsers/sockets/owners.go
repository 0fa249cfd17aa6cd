package sockets

import (
	"slices"

	"github.com/fleetnet/fleetnet"
)

// LsofOwners reads the output of lsof and gives the sockets that the snapshot
// holds already their processes, with names and descriptors: a socket is found
// by its ends and, where several have the same, by a process that is known to
// hold it. Sockets that are not there are left out, as they came after the
// others were listed. A snapshot without sockets gets those of lsof.
func LsofOwners(in *fleetnet.Lines, out *fleetnet.Snapshot, probe string) {
	first := len(out.Sockets)
	if first == 0 {
		Lsof(in, out, probe)
		return
	}
	held := readLsof(in, out).rows.Own()
	out.Sockets = out.Sockets[:first]
	Own(out, held)
}

// Listed reports whether each of the sockets that another command told of is one
// that the snapshot holds.
func Listed(out *fleetnet.Snapshot, held []fleetnet.Socket) bool {
	known := map[ends]bool{}
	for i := range out.Sockets {
		known[endsOf(&out.Sockets[i])] = true
	}
	return !slices.ContainsFunc(held, func(k fleetnet.Socket) bool { return k.Truncated || !known[endsOf(&k)] })
}

// Own gives the sockets of a snapshot the processes that another command told
// of them, and the user where that is known. It returns of how many sockets the
// processes stay unknown, as several have the same ends.
func Own(out *fleetnet.Snapshot, held []fleetnet.Socket) (unknown int) {
	byEnds := map[ends][]*fleetnet.Socket{}
	for i := range out.Sockets {
		k := &out.Sockets[i]
		e := endsOf(k)
		byEnds[e] = append(byEnds[e], k)
	}
	for i := range held {
		if held[i].Truncated {
			continue
		}
		found := byEnds[endsOf(&held[i])]
		if len(found) == 1 && !found[0].UID.OK {
			found[0].UID = held[i].UID
		}
		if !own(found, held[i].Processes) {
			unknown += len(found)
		}
	}
	return unknown
}

// ends is what lsof and another tool say alike of a socket.
type ends struct {
	proto, family string
	local, peer   fleetnet.Endpoint
}

func endsOf(k *fleetnet.Socket) ends { return ends{k.Proto, k.Family, k.Local, k.Peer} }

// maxAlike bounds among how many sockets with the same ends one is looked for.
const maxAlike = 256

// own gives processes to the one of the sockets that they hold, and reports
// whether that is known.
func own(found []*fleetnet.Socket, processes []fleetnet.Process) bool {
	if len(found) == 1 {
		for _, p := range processes {
			hold(found[0], p)
		}
		return true
	}
	if len(found) > maxAlike {
		return false
	}
	known := len(found) == 0 || len(processes) == 0
	for _, k := range found {
		if shares(k.Processes, processes) {
			known = true
			for _, p := range processes {
				hold(k, p)
			}
		}
	}
	return known
}

func shares(a, b []fleetnet.Process) bool {
	return slices.ContainsFunc(a, func(p fleetnet.Process) bool {
		return slices.ContainsFunc(b, func(q fleetnet.Process) bool { return p.PID == q.PID })
	})
}

// hold adds a process, or what is not known yet of one that is there.
func hold(k *fleetnet.Socket, p fleetnet.Process) {
	for i := range k.Processes {
		have := &k.Processes[i]
		if have.PID != p.PID {
			continue
		}
		if have.Name == "" {
			have.Name = p.Name
		}
		if !have.FD.OK || have.FD == p.FD {
			have.FD = p.FD
			return
		}
		p.Name = have.Name
	}
	if !slices.Contains(k.Processes, p) {
		k.Processes = append(k.Processes, p)
	}
}
