package bsdnet

import (
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
)

// cover says what the columns and the options in force leave out.
func (r *socketsReader) cover() {
	lack := func(reason string, fields ...string) {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusUnsupported, Fields: fields, Probe: r.form.Probe, Reason: reason})
	}
	if r.drained {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Probe: r.form.Probe, Reason: "netstat -L lists only listeners"})
		lack("not told by netstat -L", "recv_q", "send_q", "processes", "process", "pid", "tcp_info")
		return
	}
	if !r.headed || r.columns.listen {
		return
	}
	var fields []string
	switch {
	case r.form.Held != nil && r.form.Held():
	case r.columns.process < 0:
		fields = append(fields, "processes", "process", "pid")
	case !r.columns.named && !r.form.NamedLater:
		fields = append(fields, "process")
	}
	if !r.columns.hasBytes {
		fields = append(fields, "tcp_info.bytes_sent", "tcp_info.bytes_received")
	}
	if !r.columns.retransmits {
		fields = append(fields, "tcp_info.retransmits_total")
	}
	if r.stateless {
		fields = append(fields, "state")
	}
	if r.columns.retransmits {
		fields = append(fields, "recv_q", "send_q")
	}
	if fields != nil {
		lack("not among the columns of this netstat", fields...)
	}
	r.coverSCTP()
	r.coverRows()
}

// coverRows says which rows the command did not ask for.
func (r *socketsReader) coverRows() {
	if !r.asked.known {
		return
	}
	o := command.Of(r.in.Command(), "fpIMNwi")
	var why []string
	switch {
	case r.servers:
		why = append(why, "with -l, only listeners")
	case !o.Has("a"):
		why = append(why, "without -a, no listeners")
	}
	for _, v := range o.Values {
		switch {
		case r.asked.twice:
		case v == "inet", v == "inet6", v == "tcp", v == "udp":
			why = append(why, "only "+v)
		}
	}
	if why != nil {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Probe: r.form.Probe, Reason: strings.Join(why, "; ")})
	}
}
