package bsdnet

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// association reads a line of the section of SCTP, which FreeBSD prints behind
// the others (sctp.c):
//
//	Proto  Type  Local Address          Foreign Address        (state)
//	sctp46 1to1  10.0.0.5.5060          10.0.0.9.40122         ESTABLISHED
//	             192.168.7.5.5060       192.168.7.9.40122
//	sctp4  1toN  10.0.0.5.38412                                LISTEN
//	sctp4  1to1                                                CLOSED
//
// An association has a line for each pair of its addresses, and a listener one
// for each of its own; the first pair is the one that it is known by. The
// section of -L has lengths of queues and no peers, and is passed over.
func (r *socketsReader) association(line []byte) {
	c := field.New(line)
	proto, family, ok := r.proto(c.Peek())
	switch {
	case bytes.HasPrefix(line, []byte("Proto ")):
		r.sctpQueues = bytes.Contains(line, []byte(" Listen "))
		r.in.Skip()
	case r.sctpQueues && (ok || line[0] == ' '):
		r.in.Skip()
	case !ok && line[0] == ' ' && isEnd(c.Peek()): // further addresses
		r.homes = true
		r.in.Skip()
	case ok && proto == "sctp":
		c.Next()
		r.associate(&c, line, familyName(family))
	}
}

// associate reads the type, the ends as far as there are any, and the state.
func (r *socketsReader) associate(c *field.Cursor, line []byte, family string) {
	c.Next() // 1to1, 1toN
	var ends [2][]byte
	var at [2]int
	n := 0
	for ; n < len(ends) && isEnd(c.Peek()); n++ {
		at[n] = len(line) - len(c.Left())
		ends[n] = c.Next()
	}
	k := r.rows.Add()
	k.Proto, k.Family = "sctp", family
	state := c.Next()
	k.State, _ = fleetnet.ParseStateBytes(state)
	if n == 1 && k.State != fleetnet.StateListen && k.State != fleetnet.StateClosed {
		c.Failf("an association has two ends")
	}
	w := endWidth{column: r.asked.width, host: narrowHost}
	if n == 2 {
		w.column = r.width(at[1] - at[0] - 1)
	}
	if r.asked.wide || w.column == wideEnd {
		w.column, w.host = wideEnd, wideHost
	}
	for i, e := range []*fleetnet.Endpoint{&k.Local, &k.Peer}[:n] {
		r.end(c, ends[i], w, k, e)
	}
	if c.Err() != nil {
		r.rows.Drop()
		r.in.Fail(c.Err())
		return
	}
	r.sctpStates = r.sctpStates || k.State == ""
	r.in.Row()
}

// isEnd reports whether a word is an end, and no state.
func isEnd(b []byte) bool { return bytes.IndexByte(b, '.') > 0 }

// coverSCTP says what is not known of the sockets of SCTP.
func (r *socketsReader) coverSCTP() {
	cover := func(reason string, fields ...string) {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Fields: fields, Probe: r.form.Probe, Reason: reason})
	}
	if r.homes {
		cover("of an SCTP socket with several addresses, only the first are known", "local", "peer")
	}
	if r.sctpStates {
		cover("states that only SCTP has are not known", "state")
	}
}
