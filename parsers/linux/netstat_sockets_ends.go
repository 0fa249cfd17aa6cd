package linux

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// netstatEnd is how wide the column of an end is unless the heading tells
// another width, and how long therefore one is that was cut to fit.
const netstatEnd = 23

// end reads one end into e. The family of the socket is decided here when the
// column Proto does not tell it.
func (r *netstatReader) end(c *field.Cursor, k *fleetnet.Socket, e *fleetnet.Endpoint) {
	word := c.Next()
	if c.Err() != nil {
		return
	}
	full := len(word) == r.width && !r.wide
	hp, ok := field.SplitHostPort(word)
	if !ok {
		if !full {
			c.Failf("%s is not an address and port", fleetnet.Quote(word))
			return
		}
		hp = field.HostPort{Host: word, Port: []byte("*")}
	}
	kind := sockets.ReadHost(hp, e, r.out)
	if !sockets.ReadPort(c, hp.Port, k.Proto, e) {
		e.Name, k.Truncated = r.out.Intern(word), true
	}
	six := kind == sockets.HostInet6 || full && bytes.IndexByte(hp.Host, ':') >= 0
	if six && k.Family == "" {
		k.Family, r.plain6 = "inet6", true
	} else if k.Family == "" && e == &k.Peer {
		k.Family = "inet"
	}
	if full && (r.busybox() || !endsWhole(hp.Host)) {
		r.cut(word, hp, k, e)
	}
	if len(hp.Zone) > 0 && e == &k.Local && !isDigit(hp.Zone[0]) {
		k.Zone = r.out.Intern(hp.Zone)
	}
}

// cut makes unknown what an end that fills its column may have lost: the end of
// its address, and in BusyBox the end of its port.
func (r *netstatReader) cut(word []byte, hp field.HostPort, k *fleetnet.Socket, e *fleetnet.Endpoint) {
	k.Truncated = true
	*e = fleetnet.Endpoint{Name: r.out.Intern(hp.Host), Port: e.Port}
	if r.busybox() {
		*e = fleetnet.Endpoint{Name: r.out.Intern(word)}
	}
}

// busybox reports whether the output is that of BusyBox. The netstat of RHEL
// calls IPv6 sockets tcp as well, but has wider columns.
func (r *netstatReader) busybox() bool { return r.plain6 && r.width == netstatEnd }

// endsWhole reports whether nothing can be missing at the end of an address:
// the last part of an IPv4 one is not longer than three digits.
func endsWhole(host []byte) bool {
	dot := bytes.LastIndexByte(host, '.')
	a, _, ok := field.Addr(host)
	return ok && a.Is4() && len(host)-dot == 4
}

// settleFamilies takes back the family of the rows that only a name was known
// of, when the output turns out to call IPv6 sockets tcp.
func (r *netstatReader) settleFamilies() {
	if !r.plain6 {
		return
	}
	rows := r.rows.Own()
	for i := range rows {
		if k := &rows[i]; k.Family == "inet" && !k.Local.Addr.IsValid() && !k.Peer.Addr.IsValid() {
			k.Family = ""
		}
	}
}

// programWidth is how wide the column PID/Program name is.
const programWidth = 20

// unix reads the row of a unix socket:
//
//	unix  2      [ ACC ]     STREAM     LISTENING     18523    812/dbus-daemon      /run/dbus/system_bus_socket
func (r *netstatReader) unix(line []byte) {
	c := field.New(line)
	c.Next()
	c.Uint(64) // references
	for c.Take("["); c.More() && !c.Take("]"); {
		c.Next()
	}
	c.Next() // STREAM
	k := r.add()
	k.Proto, k.State = "unix", r.unixState(&c)
	if inode := c.Next(); string(inode) != "-" {
		k.Inode = opt64(inode)
	}
	if err := c.Err(); err != nil {
		r.rows.Drop()
		r.in.Fail(err)
		return
	}
	left := c.Left()
	if r.columns.program {
		end := min(programWidth, len(left))
		if end < len(left) && left[end] != ' ' {
			end = len(c.Peek())
		}
		r.program(left[:end], k)
		left = left[end:]
	}
	if r.columns.context {
		d := field.New(left)
		d.Next()
		left = d.Left()
	}
	k.Local.Name = r.out.Intern(bytes.Trim(left, " "))
	r.in.Row()
}

// cover says which fields the options in force leave out.
func (r *netstatReader) cover() {
	if !r.known {
		return
	}
	lack := func(shown bool, reason string, fields ...string) {
		if !shown {
			r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusUnsupported, Fields: fields, Probe: "linux/netstat", Reason: reason})
		}
	}
	r.asked.cover(r.in, r.out, "linux/netstat")
	lack(r.told.program, "not told by netstat without -p", "process", "pid", "processes")
	lack(r.told.user, "not told by netstat without -e", "uid", "inode")
	lack(r.told.timer, "not told by netstat without -o", "timer")
	if r.strange > 0 {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Fields: []string{"state"},
			Probe: "linux/netstat", Reason: "states in a language that is not known"})
	}
	if r.idle {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Fields: []string{"recv_q", "send_q"},
			Probe: "linux/netstat", Reason: "this netstat shows no queues of listening sockets"})
	}
}

// netstatAccepts refuses what prints no list of sockets, or prints it again
// and again.
func netstatAccepts(args []string) bool {
	o := command.Read(args, "A")
	return !o.Has("risgMcVhIFC", "route", "interfaces", "statistics", "groups", "masquerade", "continuous", "version", "help", "fib", "cache")
}
