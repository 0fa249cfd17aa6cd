package bsd

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/bsdnet"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// form returns what the netstat of a system prints differently.
func form(os string) bsdnet.SocketsForm {
	f := bsdnet.SocketsForm{Probe: os + "/netstat"}
	switch os {
	case "openbsd", "netbsd":
		f.Bare, f.Whole = "inet", "v"
	}
	return f
}

// netstat returns the reader of the sockets of `netstat -a` and the queues of
// `netstat -L`.
func netstat(os string) func(*fleetnet.Lines, *fleetnet.Snapshot) {
	return func(in *fleetnet.Lines, out *fleetnet.Snapshot) { bsdnet.Sockets(in, out, form(os)) }
}

// SocketsAndHolders returns the reader of netstat and, behind it in the same
// output, of sockstat or fstat, which tell the processes that hold the sockets.
// What they list and netstat does not came in between, and is left out.
func SocketsAndHolders(os string) func(*fleetnet.Lines, *fleetnet.Snapshot) {
	return func(in *fleetnet.Lines, out *fleetnet.Snapshot) {
		first := len(out.Sockets)
		h := holders{os: os, out: fleetnet.NewSnapshot("")}
		f := form(os)
		f.Tail, f.Held = h.line, func() bool { return h.read != nil }
		bsdnet.Sockets(in, out, f)
		switch {
		case h.read == nil:
			return
		case len(out.Sockets) == first && len(h.out.Sockets) > 0: // netstat could not say
			out.Sockets = append(out.Sockets, h.out.Sockets...)
			out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Probe: f.Probe, Reason: "netstat listed nothing; only sockets that a process holds"})
			return
		}
		if n := sockets.Own(out, h.out.Sockets); n > 0 {
			out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Fields: []string{"processes", "process", "pid"}, Probe: f.Probe,
				Reason: "several sockets have the same ends, so that it is not known which process holds which"})
		}
	}
}

// holders reads what follows netstat into a snapshot of its own.
type holders struct {
	os   string
	out  *fleetnet.Snapshot
	read func()
}

// line reads the current line when it is of sockstat or fstat.
func (h *holders) line(in *fleetnet.Lines) bool {
	if h.read == nil {
		line := in.Text()
		switch {
		case isSockstatHeading(line):
			h.read = newSockstat(in, h.out, h.os).line
		case bytes.HasPrefix(line, []byte("USER ")) && bytes.Contains(line, []byte("INUM")):
			h.read = newSockstat(in, h.out, h.os).fstat
		default:
			return false
		}
	}
	h.read()
	return true
}
