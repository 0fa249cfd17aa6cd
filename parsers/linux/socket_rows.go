package linux

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// socketRows is which sockets a command asks for.
type socketRows struct {
	protos  []string         // nil: all
	states  []fleetnet.State // nil: all
	family  string           // inet or inet6 when only that is asked for
	filter  bool             // by something else besides
	without string           // what the states are said to be
}

// connected are the states in which a socket has a peer, as netstat without -a
// shows it.
var connected = []fleetnet.State{
	fleetnet.StateEstablished, fleetnet.StateSynSent, fleetnet.StateSynRecv, fleetnet.StateFinWait1, fleetnet.StateFinWait2,
	fleetnet.StateTimeWait, fleetnet.StateCloseWait, fleetnet.StateLastAck, fleetnet.StateClosing,
}

// scanned are the protocols that a scan asks for: an output of all of them is
// one of all sockets.
var scanned = []string{"tcp", "udp", "raw"}

// cover says which sockets are not among the rows.
func (a *socketRows) cover(in *fleetnet.Lines, out *fleetnet.Snapshot, probe string) {
	if a.filter {
		coverPart(out, "sockets", probe, "only what the filter of the command lets through")
	}
	in.Family(a.family)
	except, why := fleetnet.Selection{}, []string(nil)
	if a.protos != nil && slices.ContainsFunc(scanned, func(p string) bool { return !slices.Contains(a.protos, p) }) {
		except["proto"] = slices.Sorted(slices.Values(a.protos))
		why = append(why, "only "+strings.Join(except["proto"], " and "))
	}
	if a.states != nil {
		for _, st := range a.states {
			except["state"] = append(except["state"], string(st))
		}
		slices.Sort(except["state"])
		why = append(why, a.without)
	}
	if why != nil {
		out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Except: except, Probe: probe, Reason: strings.Join(why, "; ")})
	}
}

// maybeNotRoot wraps a reader of sockets with their processes for outputs of which
// it is not known who made them: a socket that a process must hold and that
// shows none tells that it may not have been root.
func maybeNotRoot(probe string, read func(*fleetnet.Lines, *fleetnet.Snapshot)) func(*fleetnet.Lines, *fleetnet.Snapshot) {
	return func(in *fleetnet.Lines, out *fleetnet.Snapshot) {
		first := len(out.Sockets)
		read(in, out)
		n := 0
		for _, k := range out.Sockets[first:] {
			if k.Processes == nil && heldByProcess(&k) {
				n++
			}
		}
		if table, _ := fleetnet.TableNamed("sockets"); n == 0 || table.Dark(out, "processes").Status != fleetnet.StatusComplete {
			return
		}
		out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Fields: []string{"process", "pid", "processes"}, Probe: probe,
			Reason: "some sockets show no process: the kernel's own, or all of others when it was not root who asked"})
	}
}

// heldByProcess reports whether a socket is one that a process, or the kernel, holds.
func heldByProcess(k *fleetnet.Socket) bool {
	if k.Inode.OK && k.Inode.V == 0 {
		return false
	}
	switch k.State {
	case fleetnet.StateListen, fleetnet.StateEstablished, fleetnet.StateCloseWait, fleetnet.StateSynSent, fleetnet.StateUnconn:
		return k.Proto == "tcp" || k.Proto == "udp"
	}
	return false
}
