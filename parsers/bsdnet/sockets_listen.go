package bsdnet

import (
	"bytes"
	"slices"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// listenWidth is where the column Listen is cut.
const listenWidth = 14

// listenRow is a row of a table of -L.
type listenRow struct {
	proto, family string // empty on macOS, whose table shows neither
	local         fleetnet.Endpoint
	zone          string
	truncated     bool
	accept, limit fleetnet.Opt[uint32]
	ref           fleetnet.Ref
}

// listen reads a row of `netstat -L`: how many connections wait to be accepted,
// how many of them are not complete yet, and how many may wait.
//
//	0/0/128        127.0.0.1.631
//	tcp4  0/0/128        *.22
func (r *socketsReader) listen(line []byte) {
	c := field.New(line)
	l := listenRow{ref: r.in.Ref()}
	if !r.listenProto(&c, &l) {
		return
	}
	l.counts(&c)
	word := c.Next()
	k := fleetnet.Socket{Family: l.family}
	if c.Err() == nil {
		r.end(&c, word, r.listenWidth(word), &k, &k.Local)
	}
	if c.Err() != nil {
		r.in.Fail(c.Err())
		return
	}
	l.local, l.zone, l.truncated = k.Local, k.Zone, k.Truncated
	if l.family == "" && l.local.Addr.IsValid() {
		l.family = "inet"
		if bytes.IndexByte(word, ':') >= 0 {
			l.family = "inet6"
		}
	}
	r.listens = append(r.listens, l)
	r.in.Row()
}

// isListenRow reports whether a line that no heading stands above is of a table of
// -L, as what follows then is.
func (r *socketsReader) isListenRow(line []byte) bool {
	c := field.New(line)
	word := c.Next()
	_, _, proto := r.proto(word)
	if proto {
		word = c.Next()
	}
	if bytes.Count(word, []byte{'/'}) != 2 || len(bytes.Trim(word, "0123456789/")) > 0 {
		return false
	}
	r.columns.listen, r.columns.protoFirst = true, proto
	return true
}

// listenProto takes what stands before the lengths: nothing on macOS, a
// control block (-A), a protocol. It reports whether the row is of an internet
// socket, and skips those of UNIX sockets.
func (r *socketsReader) listenProto(c *field.Cursor, l *listenRow) bool {
	known := !r.columns.protoFirst
	for range r.columns.control + 1 {
		word := c.Peek()
		if bytes.IndexByte(word, '/') >= 0 || !c.More() {
			break
		}
		if proto, family, ok := r.proto(word); ok {
			l.proto, l.family, known = proto, familyName(family), true
		} else if string(word) == "unix" || string(word) == "local" {
			r.in.Skip()
			return false
		}
		c.Next()
	}
	return known
}

// listenWidth returns what room the end of a listener has: there is no second
// one that would show where its column ends.
func (r *socketsReader) listenWidth(word []byte) endWidth {
	w := endWidth{column: r.asked.width, host: narrowHost, whole: r.asked.wide}
	if r.asked.width == wideEnd || len(word) > narrowEnd {
		w.column, w.host = wideEnd, wideHost
	}
	return w
}

// counts reads QLEN/INCQLEN/MAXQLEN. The column is cut, so that the last number
// of a full one may lack digits.
func (l *listenRow) counts(c *field.Cursor) {
	word := c.Next()
	parts := bytes.Split(word, []byte{'/'})
	if c.Err() != nil {
		return
	}
	if len(parts) != 3 {
		c.Failf("%s is not three lengths of queues", fleetnet.Quote(word))
		return
	}
	for i, part := range parts {
		n, ok := field.Uint(part, 32)
		if !ok && (i < 2 || len(word) < listenWidth) {
			c.Failf("%s is not three lengths of queues", fleetnet.Quote(word))
			return
		}
		switch {
		case i == 0:
			l.accept = fleetnet.Some(uint32(n))
		case i == 2 && ok && len(word) < listenWidth:
			l.limit = fleetnet.Some(uint32(n))
		}
	}
}

// settleQueues gives the listeners of the table their queues, or makes rows
// of the queues when the table holds no listeners: then only the queues were read.
func (r *socketsReader) settleQueues() {
	if len(r.listens) == 0 {
		return
	}
	if !slices.ContainsFunc(r.out.Sockets, func(k fleetnet.Socket) bool { return k.State == fleetnet.StateListen }) {
		for _, l := range r.listens {
			proto := l.proto
			if proto == "" {
				proto = "tcp" // the only one that listens
			}
			r.out.Sockets = append(r.out.Sockets, fleetnet.Socket{
				Proto: proto, Family: l.family, Local: l.local, Zone: l.zone, State: fleetnet.StateListen,
				AcceptQueue: l.accept, Backlog: l.limit, Truncated: l.truncated, Ref: l.ref,
			})
		}
		r.drained = true
		return
	}
	r.joinQueues()
}

// joinQueues finds the listener of each row by its end. Rows with one end (that
// of an IPv4 and that of an IPv6 socket are both *.22) stand in one order in
// both tables, as the kernel has one list; where their numbers differ between
// the tables, a socket came or went in between, and only what all of them agree
// on is known.
func (r *socketsReader) joinQueues() {
	type end struct {
		local fleetnet.Endpoint
		zone  string
	}
	queues := map[end][]listenRow{}
	for _, l := range r.listens {
		e := end{l.local, l.zone}
		queues[e] = append(queues[e], l)
	}
	listeners := map[end][]*fleetnet.Socket{}
	for i := range r.out.Sockets {
		if k := &r.out.Sockets[i]; k.State == fleetnet.StateListen && !k.Truncated {
			e := end{k.Local, k.Zone}
			listeners[e] = append(listeners[e], k)
		}
	}
	for e, found := range listeners {
		rows := queues[e]
		same := allSame(rows)
		for i, k := range found {
			switch {
			case len(rows) == len(found):
				k.AcceptQueue, k.Backlog, k.QueueRef = rows[i].accept, rows[i].limit, rows[i].ref
			case same:
				k.AcceptQueue, k.Backlog, k.QueueRef = rows[0].accept, rows[0].limit, rows[0].ref
			}
		}
	}
}

func allSame(rows []listenRow) bool {
	for _, l := range rows {
		if l.accept != rows[0].accept || l.limit != rows[0].limit {
			return false
		}
	}
	return len(rows) > 0
}
