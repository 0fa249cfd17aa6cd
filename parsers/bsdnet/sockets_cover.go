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
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Probe: r.form.Probe, Reason: "netstat -L lists only listeners",
			Except: fleetnet.Selection{"proto": {"tcp"}, "state": {string(fleetnet.StateListen)}}})
		r.coverFamily()
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
	r.coverFamily()
	o := command.Of(r.in.Command(), "fpIMNwi")
	except, why := fleetnet.Selection{}, []string(nil)
	switch {
	case r.servers:
		why = append(why, "with -l, only listeners")
	case !o.Has("a"):
		except["state"] = connected
		why = append(why, "without -a, no listeners")
	}
	for _, v := range o.Values {
		if proto := strings.TrimSuffix(v, "6"); proto == "tcp" || proto == "udp" {
			except["proto"] = []string{proto}
			why = append(why, "only "+v)
		}
	}
	if r.servers { // which of them is not certain
		except = nil
	}
	if why != nil {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Except: except, Probe: r.form.Probe, Reason: strings.Join(why, "; ")})
	}
}

// coverFamily says that one family alone was asked for.
func (r *socketsReader) coverFamily() {
	line := r.in.Command()
	family := familyOf(line, command.Of(line, "fpIMNwi"))
	coverFamily(r.in, r.out, "sockets", r.form.Probe, family, "only "+family)
}

// connected are the states, in the order of their names, in which netstat shows
// a socket without -a.
var connected = []string{
	string(fleetnet.StateClosing), string(fleetnet.StateCloseWait), string(fleetnet.StateEstablished), string(fleetnet.StateFinWait1), string(fleetnet.StateFinWait2),
	string(fleetnet.StateLastAck), string(fleetnet.StateSynRecv), string(fleetnet.StateSynSent), string(fleetnet.StateTimeWait),
}
