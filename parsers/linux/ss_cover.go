package linux

import "github.com/fleetnet/fleetnet"

// cover says which fields the options in force leave out, and that the kernel
// gave no TCP details to a command that asked for them: then ss has read
// /proc/net, without a word.
func (r *ssReader) cover() {
	if r.stateless() {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Fields: []string{"state"}, Probe: "linux/ss",
			Reason: "a state is not known"})
	}
	if !r.asked.known {
		return
	}
	lack := func(reason string, fields ...string) {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusUnsupported, Fields: fields, Probe: "linux/ss", Reason: reason})
	}
	a := &r.asked
	rows := a.rows()
	if r.onlyTCP() {
		rows.protos = []string{"tcp"}
	}
	rows.cover(r.in, r.out, "linux/ss")
	if !a.option('p') && !a.option('T') {
		lack("not told by ss without -p", "process", "pid", "processes")
	}
	if !a.option('e') {
		lack("not told by ss without -e", "uid", "inode")
	}
	if !a.option('e') && !a.option('o') && !a.option('b') {
		lack("not told by ss without -o", "timer")
	}
	switch {
	case !a.option('i'):
		lack("not told by ss without -i", "tcp_info")
	case !r.details && !a.option('O') && r.connected():
		lack("the kernel gave ss no TCP details", "tcp_info")
	}
}

// stateless reports whether a TCP socket is in a state that is not known.
func (r *ssReader) stateless() bool {
	for _, k := range r.rows.Own() {
		if k.Proto == "tcp" && k.State == "" {
			return true
		}
	}
	return false
}

// connected reports whether the output has a TCP connection, of which there
// are always details to tell.
func (r *ssReader) connected() bool {
	for _, k := range r.rows.Own() {
		if k.Proto == "tcp" && k.State == fleetnet.StateEstablished {
			return true
		}
	}
	return false
}
