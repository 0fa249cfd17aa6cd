package windows

import (
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// tcpStates are the numbers of MIB_TCP_STATE (tcpmib.h) and of the property State
// of MSFT_NetTCPConnection.
var tcpStates = map[string]fleetnet.State{
	"1": fleetnet.StateClosed, "2": fleetnet.StateListen, "3": fleetnet.StateSynSent, "4": fleetnet.StateSynRecv,
	"5": fleetnet.StateEstablished, "6": fleetnet.StateFinWait1, "7": fleetnet.StateFinWait2, "8": fleetnet.StateCloseWait,
	"9": fleetnet.StateClosing, "10": fleetnet.StateLastAck, "11": fleetnet.StateTimeWait, "12": fleetnet.StateClosed, // DELETE_TCB
	"100": fleetnet.StateBound, "DeleteTCB": fleetnet.StateClosed,
}

// tcpWords are the words for them.
var tcpWords = []string{
	"Closed", "Listen", "SynSent", "SynReceived", "Established", "FinWait1", "FinWait2", "CloseWait", "Closing", "LastAck",
	"TimeWait", "DeleteTCB", "Bound",
}

// NetConnections reads what Get-NetTCPConnection and Get-NetUDPEndpoint write
// (Windows 8 and 2012 on), as JSON, CSV, list or table:
//
//	"LocalAddress","LocalPort","RemoteAddress","RemotePort","State","OwningProcess"
//	"fe80::1%12","49671","fe80::9%12","445","Established","4"
//	"LocalAddress","LocalPort","OwningProcess"
//	"::","5353","2044"
//
// An object that has a state or a peer is a connection, one that has none an
// endpoint of UDP. States are words or numbers.
func NetConnections(in *fleetnet.Lines, out *fleetnet.Snapshot) { readConnections(in, out, false) }

func netConnectionsNamedLater(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	readConnections(in, out, true)
}

func readConnections(in *fleetnet.Lines, out *fleetnet.Snapshot, namedLater bool) {
	const probe = "windows/Get-NetTCPConnection"
	r := &connections{out: out, rows: sockets.NewRows(in, out), names: indexNames(out)}
	readObjects(in, out, probe, []string{"sockets"}, r.object)
	if own := r.rows.Own(); len(own) > 0 && (r.tcp == 0 || r.tcp == len(own)) { // no host is without one of them
		coverPart(out, probe, "sockets", "only "+own[0].Proto)
	}
	if r.anonymous > 0 {
		coverPart(out, probe, "sockets", "the column OwningProcess is missing", "process", "pid", "processes")
	} else if !namedLater {
		out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusUnsupported, Fields: []string{"process"}, Probe: probe, Reason: "not told by Get-NetTCPConnection"})
	}
	sockets.CoverTruncated(out, r.rows.Own(), probe)
}

type connections struct {
	out       *fleetnet.Snapshot
	rows      sockets.Rows
	slabs     sockets.Slabs
	names     map[string]string
	tcp       int // connections
	anonymous int // without a column of the process
}

func (r *connections) object(o *object) error {
	k := r.rows.Add()
	k.Proto, k.Ref = "udp", o.ref
	if o.has("remoteaddress") || o.has("state") || o.has("remoteport") {
		k.Proto = "tcp"
	}
	err := r.end(o, k, &k.Local, "localaddress", "localport")
	if k.Proto == "tcp" && err == nil {
		err = r.end(o, k, &k.Peer, "remoteaddress", "remoteport")
	}
	if err != nil {
		r.rows.Drop()
		return err
	}
	if k.Proto == "tcp" {
		r.tcp++
	}
	r.state(o, k)
	pid, ok := o.uintOf(31, "owningprocess")
	if !ok {
		r.anonymous++
	} else if pid != 0 {
		name, _ := o.get("processname", "process")
		r.slabs.Hold(k, fleetnet.Process{Name: r.out.Intern([]byte(name)), PID: int(pid)})
	}
	return nil
}

func (r *connections) state(o *object, k *fleetnet.Socket) {
	if k.Proto == "udp" {
		k.State = fleetnet.StateUnconn
		return
	}
	v, _ := o.word("state", tcpWords...)
	if st, ok := tcpStates[v]; ok {
		k.State = st
		return
	}
	k.State, _ = fleetnet.ParseState(v)
}

// end reads an address and a port. What the console cut is unknown.
func (r *connections) end(o *object, k *fleetnet.Socket, e *fleetnet.Endpoint, addr, port string) error {
	v, hasAddr := o.get(addr)
	n, hasPort := o.uintOf(16, port)
	if hasPort {
		e.Port = uint16(n)
	}
	a, zone, isAddr := field.Addr([]byte(v))
	switch {
	case isAddr:
		e.Addr = a
		if k.Family = "inet"; strings.Contains(v, ":") {
			k.Family = "inet6"
		}
		if e == &k.Local && len(zone) > 0 && string(zone) != "0" {
			k.Zone = r.zone(string(zone))
		}
	case hasAddr:
		return errNoAddr
	}
	if hasAddr && hasPort {
		return nil
	}
	if raw := o.raw(addr) + ":" + o.raw(port); o.cut || raw == ":" && e == &k.Peer {
		k.Truncated, e.Name = true, raw
		return nil
	}
	if !hasPort {
		return errNoPort
	}
	return errNoAddr
}

func (r *connections) zone(number string) string {
	if name, ok := r.names[number]; ok {
		return name
	}
	return r.out.Intern([]byte(number))
}

// Processes reads what Get-Process or Get-CimInstance Win32_Process write, and
// names the processes of the sockets that the snapshot holds.
func Processes(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	names := map[int]string{}
	readObjects(in, out, "windows/Get-Process", nil, func(o *object) error {
		pid, ok := o.uintOf(31, "processid", "id")
		name, named := o.get("processname", "name")
		if ok && named {
			names[int(pid)] = out.Intern([]byte(name))
		}
		if !ok {
			return o.unlessCut(errNoPID)
		}
		return nil
	})
	nameProcesses(out, names)
}
