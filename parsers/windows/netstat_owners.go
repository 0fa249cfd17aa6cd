package windows

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// owner reads a line that -b prints below a row: the program in brackets, the
// service of it, a library on the way to it (XP, -v), or in words of any
// language that none is known.
//
//	 Dnscache
//	[svchost.exe]
//	Can not obtain ownership information
func (r *netstatReader) owner(line []byte) {
	b := bytes.TrimSpace(line)
	if len(b) < 3 || b[0] != '[' || b[len(b)-1] != ']' {
		return
	}
	name := r.out.Intern(b[1 : len(b)-1])
	switch own := r.rows.Own(); {
	case r.holder != nil:
		r.holder.Name = name
	case len(own) > 0 && own[len(own)-1].Processes == nil && r.pids == 0:
		r.slabs.Hold(&own[len(own)-1], fleetnet.Process{Name: name})
	}
}

// cover says what the options leave out.
func (r *netstatReader) cover() {
	say := func(status fleetnet.Status, reason string, fields ...string) {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: status, Fields: fields, Probe: "windows/netstat", Reason: reason})
	}
	own := r.rows.Own()
	if r.ignored(own) {
		say(fleetnet.StatusPartial, "neither listeners nor pids, though they were asked for: netstat of Wine shows some sockets of its own programs")
	}
	if len(own) == 0 {
		if !r.headed {
			say(fleetnet.StatusFailed, "netstat printed no table")
		}
		return
	}
	switch {
	case r.asked.letter('d') || r.asked.letter('i'):
		say(fleetnet.StatusUnsupported, "with -d or -i a number may be no pid", "process", "pid", "processes")
	case r.asked.letter('b'):
		if r.pids == 0 {
			say(fleetnet.StatusUnsupported, "not told by netstat without -o", "pid")
		}
		if n := nameless(own); n > 0 {
			say(fleetnet.StatusPartial, fmt.Sprintf("netstat cannot tell the programs of %d of %d sockets", n, len(own)), "process")
		}
	case r.pids == 0:
		say(fleetnet.StatusUnsupported, "not told by netstat without -o", "process", "pid", "processes")
	case !r.namedLater:
		say(fleetnet.StatusUnsupported, "not told by netstat without -b", "process")
	}
	if r.strange > 0 {
		say(fleetnet.StatusPartial, fmt.Sprintf("the states of %d of %d sockets are in a language that is not known", r.strange, len(own)), "state")
	}
	if r.again {
		say(fleetnet.StatusPartial, "the first of several times that it was printed")
	}
	if r.left {
		say(fleetnet.StatusPartial, "lines were left out where it was copied")
	}
	if why := r.asked.leavesOut(); why != "" {
		say(fleetnet.StatusPartial, why)
	}
}

// ignored reports whether netstat did not do as it was told: a Windows always has
// listeners. That of Wine 10 shows sockets that are connected, and those of UDP,
// without pids, whatever comes behind -a.
func (r *netstatReader) ignored(own []fleetnet.Socket) bool {
	narrowed := r.asked.piped || r.asked.value('p') != "" || r.asked.letter('d') || r.asked.letter('i')
	return r.asked.letter('a') && r.asked.letter('o') && !narrowed && r.headed && !r.pidHead && r.pids == 0 &&
		!slices.ContainsFunc(own, func(k fleetnet.Socket) bool { return k.State == fleetnet.StateListen })
}

// nameless counts the sockets of which a process is not named. Those in TIME_WAIT
// have none.
func nameless(own []fleetnet.Socket) int {
	n := 0
	for i := range own {
		if k := &own[i]; k.State != fleetnet.StateTimeWait && (len(k.Processes) == 0 || k.Processes[0].Name == "") {
			n++
		}
	}
	return n
}

// leavesOut says which rows the command did not ask for.
func (o options) leavesOut() string {
	var why []string
	if o.known && !o.letter('a') && !o.letter('q') {
		why = append(why, "without -a, no listeners")
	}
	if proto := o.value('p'); proto != "" {
		why = append(why, "only "+strings.ToLower(fleetnet.Printable(proto)))
	}
	if o.piped {
		why = append(why, "only what a filter let through")
	}
	return strings.Join(why, "; ")
}
