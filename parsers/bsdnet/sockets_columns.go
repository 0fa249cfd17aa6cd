package bsdnet

import (
	"bytes"
	"slices"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// socketColumns are the columns that a heading names besides those that are
// always there.
type socketColumns struct {
	control     int  // columns before Proto, or before Listen (-A)
	retransmits bool // Rexmit, OOORcv and 0-win instead of the queues (-T)
	listen      bool // queues of listeners only (-L)
	protoFirst  bool // of a table of -L: Proto comes before Listen
	noState     bool // -x and -T without a column of states

	process  int  // where pid or process:pid stands after the state; -1: nowhere
	named    bool // it is process:pid
	named2   bool // and eprocess:epid follows it
	right    int  // columns after those
	rxBytes  int  // where rxbytes stands after the state; -1: nowhere
	verbose  bool // the columns of -v are there
	hasBytes bool
}

// maxColumns bounds how many columns a heading may name: more than any has.
const maxColumns = 40

// heading reads the names of the columns, and reports whether the line is
// that.
func (r *socketsReader) heading(line []byte) bool {
	local := bytes.Index(line, []byte("Local Address"))
	if local < 0 {
		return r.other && isOtherHeading(line)
	}
	if r.other {
		return true // VSock has local addresses as well
	}
	before := bytes.Fields(line[:local])
	proto := slices.IndexFunc(before, func(w []byte) bool { return string(w) == "Proto" })
	has := func(name string) bool {
		return slices.ContainsFunc(before, func(w []byte) bool { return string(w) == name })
	}
	first := proto
	if first < 0 { // macOS with -L
		first = slices.IndexFunc(before, func(w []byte) bool { return string(w) == "Listen" })
	}
	r.columns = socketColumns{
		listen: has("Listen"), protoFirst: has("Listen") && proto >= 0,
		retransmits: has("Rexmit"), control: max(first, 0), process: -1, rxBytes: -1,
	}
	if !r.columns.listen && proto < 0 {
		return false
	}
	r.headed = true
	r.columns.readAfter(line[local:])
	return true
}

// isOtherHeading reports whether a line of another section is its heading,
// which needs to be told apart only from rows of sockets.
func isOtherHeading(line []byte) bool { return bytes.HasPrefix(line, []byte("Proto ")) }

// readAfter reads the names from the ends on.
func (s *socketColumns) readAfter(line []byte) {
	_, rest, ok := bytes.Cut(line, []byte("(state)"))
	if !ok { // NetBSD says State
		s.noState = !bytes.Contains(line, []byte(" State"))
		return
	}
	names := bytes.Fields(rest)
	names = names[:min(len(names), maxColumns)]
	for i, name := range names {
		switch string(name) {
		case "pid":
			s.process = i
		case "process:pid":
			s.process, s.named = i, true
		case "eprocess:epid":
			s.named2 = s.named
		case "rxbytes", "rxbytes/packets":
			s.rxBytes, s.hasBytes = i, i == 0
		case "rhiwat":
			s.verbose = true
		}
	}
	if s.process >= 0 {
		s.right = len(names) - s.process - 1 // with eprocess:epid at least its pid
	}
}

// after reads what follows the state.
func (r *socketsReader) after(c *field.Cursor, k *fleetnet.Socket) {
	if c.Err() != nil {
		return
	}
	if !r.headed {
		r.guess(c.Left(), k)
		return
	}
	left := c.Left()
	if r.columns.rxBytes == 0 {
		r.bytes(c, k)
	}
	if r.columns.process < 0 {
		return
	}
	d := field.New(left)
	for range r.columns.process {
		d.Next()
	}
	if r.columns.named {
		r.named(d.Left(), k)
		return
	}
	if pid, ok := field.Uint(d.Next(), 31); ok {
		r.hold(k, nil, pid)
	} else if d.Err() == nil || len(left) > 0 {
		c.Failf("the columns after the state do not fit the heading")
	}
}

// bytes reads rxbytes and txbytes, `bytes/packets` with -vv.
func (r *socketsReader) bytes(c *field.Cursor, k *fleetnet.Socket) {
	rx, _, _ := bytes.Cut(c.Next(), []byte{'/'})
	tx, _, _ := bytes.Cut(c.Next(), []byte{'/'})
	received, ok := field.Uint(rx, 64)
	sent, ok2 := field.Uint(tx, 64)
	if c.Err() != nil || !ok || !ok2 {
		c.Failf("the columns after the state do not fit the heading")
		return
	}
	if k.Proto != "tcp" {
		return
	}
	if k.TCPInfo == nil {
		k.TCPInfo = r.slabs.Info()
	}
	k.TCPInfo.BytesReceived, k.TCPInfo.BytesSent = fleetnet.Some(received), fleetnet.Some(sent)
}
