// Package bsdnet reads what the network tools of 4.4BSD print on the systems
// that have them: netstat, ifconfig, arp, ndp and route of macOS, FreeBSD,
// OpenBSD, NetBSD and DragonFly. What differs between the systems is told by a
// form, by the headings, or by the shape of a row; which commands run on which
// system, and what they cannot tell there, is the business of their packages.
package bsdnet

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// SocketsForm is what the sockets of a system's netstat depend on, besides
// what its headings tell.
type SocketsForm struct {
	Probe string // who says what coverage says
	Bare  string // family of a protocol without 4 or 6: inet on OpenBSD and NetBSD
	// NamedLater says that another command names the processes of which netstat
	// shows the numbers.
	NamedLater bool
	// Whole is the option that shows ends whole: v on OpenBSD and NetBSD. That
	// of FreeBSD and macOS, W, is known.
	Whole string
	// Tail, when set, is asked first whether a line is of another command that
	// follows in the same output, and reads it then.
	Tail func(in *fleetnet.Lines) bool
	// Held reports, after the last line, whether another command told the
	// processes.
	Held func() bool
}

// Sockets reads the sockets that netstat lists (inet.c and inet6.c: protopr,
// inetprint), in any of these forms:
//
//	Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
//	tcp4       0      0  192.168.1.5.49684      17.57.144.20.5223      ESTABLISHED
//	tcp6       0      0  fe80::aede:48ff:.49154 fe80::aede:48ff:.49800 ESTABLISHED
//	udp4       0      0  *.5353                 *.*
//	Socket           Flowhash Proto Recv-Q Send-Q  Local Address      Foreign Address    (state)
//	7fb03cb94d505aed cedd0cbf tcp4       0      0  192.168.1.221.5486 140.82.113.26.443  ESTABLISHED
//	Listen         Local Address
//	0/0/128        *.22
//
// with the columns of -v, -b and -T after or among them, which the heading
// names. The first 16 characters of a host are shown (39 of an IPv6 one with -l
// on macOS or -W on FreeBSD), and then the first 22 (18 with -A) of host and
// port: an end that fills the room that it had is cut, and what may be missing
// is unknown. How wide the columns are is measured on each row, as the heading
// of macOS 12 to 26 is 45 wide where its rows are 22, and the other way round.
// The sections of other families (multipath, UNIX, kernel, VSock) are passed over.
func Sockets(in *fleetnet.Lines, out *fleetnet.Snapshot, form SocketsForm) {
	r := &socketsReader{in: in, out: out, form: form, rows: sockets.NewRows(in, out)}
	r.ask(in.Command())
	for in.Next() {
		if form.Tail == nil || !form.Tail(in) {
			r.line(in.Text())
		}
	}
	r.settleDoubts()
	r.settleQueues()
	r.cover()
	sockets.CoverTruncated(out, r.rows.Own(), form.Probe)
}

// socketsReader is the state of reading one output of netstat.
type socketsReader struct {
	in    *fleetnet.Lines
	out   *fleetnet.Snapshot
	form  SocketsForm
	rows  sockets.Rows
	slabs sockets.Slabs

	asked   socketsAsked
	headed  bool // a heading of columns was seen
	columns socketColumns
	other   bool // in a section of no interest
	sctp    bool // in the section of SCTP
	longer  bool // an end was shown that is longer than a cut one
	doubts  []doubt
	blocks  int // headings of the internet section so far
	listens []listenRow
	drained bool // rows of -L alone stand in the table

	servers   bool // only listeners are listed (-l of OpenBSD and NetBSD)
	stateless bool // a row of TCP had no state

	// Of SCTP: a section of -L, states that are unknown, further addresses.
	sctpQueues, sctpStates, homes bool
}

// socketsAsked is what the command tells of its output.
type socketsAsked struct {
	known   bool
	numbers bool // -n
	wide    bool // -W: IPv4 ends are not cut
	whole   bool // -v where that means that no end is cut
	width   int  // of an end, where rows do not show it
	twice   bool // once with -f inet and once with -f inet6
}

func (r *socketsReader) ask(line string) {
	o := command.Of(line, "fpIMNwi")
	r.asked = socketsAsked{
		known: line != "", numbers: o.Has("n"), wide: o.Has("W"), width: narrowEnd,
		twice: bytes.Contains([]byte(line), []byte("-f inet;")) && bytes.Contains([]byte(line), []byte("-f inet6")),
	}
	r.asked.whole = r.form.Whole != "" && o.Has(r.form.Whole) && o.Has("n")
	switch {
	case o.Has("l") && r.form.Whole == "":
		r.asked.width = wideEnd
	case o.Has("A"):
		r.asked.width = controlEnd
	}
}

func (r *socketsReader) line(line []byte) {
	if rest, ok := raced(line); ok {
		if len(rest) == 0 {
			r.in.Skip()
			return
		}
		line = rest
	}
	switch {
	case r.title(line):
		r.in.Skip()
	case r.sctp:
		r.association(line)
	case r.heading(line):
		r.in.Skip()
	case r.columns.listen && !r.other, !r.headed && r.isListenRow(line):
		r.listen(line)
	case r.inet(line):
	case r.other:
		r.in.Skip()
	}
}

// raced reports whether netstat says that the table changed while it was read,
// and what follows on the same line: one of the messages lacks its line end.
func raced(line []byte) ([]byte, bool) {
	if !bytes.HasPrefix(line, []byte("Some ")) {
		return nil, false
	}
	_, rest, ok := bytes.Cut(line, []byte(" sockets may have been "))
	if !ok {
		return nil, false
	}
	if after, ok := bytes.CutPrefix(rest, []byte("created or deleted")); ok && len(after) > 0 && after[0] != '.' {
		return after, true
	}
	return nil, true
}

// title reports whether the line is the title of a section.
func (r *socketsReader) title(line []byte) bool {
	switch {
	case bytes.HasPrefix(line, []byte("Active Internet")), bytes.HasPrefix(line, []byte("Current listen queue sizes")):
		r.other, r.sctp = false, bytes.HasSuffix(line, []byte("(qlen/maxqlen)"))
		r.blocks++
		r.servers = r.servers || bytes.HasSuffix(line, []byte("(only servers)"))
	case bytes.HasPrefix(line, []byte("Active SCTP")):
		r.other, r.sctp = false, true
	case bytes.HasPrefix(line, []byte("Active ")), bytes.HasPrefix(line, []byte("Registered kernel control")):
		r.other, r.sctp = true, false
	default:
		return false
	}
	return true
}

// inet reads the row of a socket of an internet protocol, and reports whether
// the line is one.
func (r *socketsReader) inet(line []byte) bool {
	c := field.New(line)
	word := c.Next()
	proto, family, ok := r.proto(word)
	for n := r.columns.control; !ok && n > 0 && c.More(); n-- { // -A
		word = c.Next()
		proto, family, ok = r.proto(word)
	}
	if !ok || r.other && line[0] == ' ' {
		return false
	}
	family = r.bare(&c, word, family)
	k := r.rows.Add()
	k.Proto, k.Family = proto, familyName(family)
	r.queues(&c, k)
	r.ends(&c, line, k)
	r.state(&c, k)
	r.after(&c, k)
	switch {
	case c.Err() != nil:
		r.rows.Drop()
		r.in.Fail(c.Err())
	case family == both && r.asked.twice && r.blocks > 1: // shown under -f inet already
		r.rows.Drop()
		r.in.Skip()
	default:
		r.in.Row()
	}
	return true
}

// queues reads the columns between the protocol and the ends. Those of -T are
// blank for what is not TCP.
func (r *socketsReader) queues(c *field.Cursor, k *fleetnet.Socket) {
	switch {
	case !r.columns.retransmits:
		k.RecvQ, k.SendQ = queue(c), queue(c)
	case k.Proto == "tcp":
		n := c.Uint(32)
		c.Uint(32)
		c.Uint(32)
		if c.Err() == nil {
			info := r.slabs.Info()
			info.RetransmitsTotal = fleetnet.Some(uint32(n))
			k.TCPInfo = info
		}
	}
}

// queue reads the length of a queue; one that does not fit is unknown.
func queue(c *field.Cursor) fleetnet.Opt[uint64] {
	word := c.Next()
	n, ok := field.Uint(word, 64)
	if !ok && c.Err() == nil {
		c.Failf("%s is not the length of a queue", fleetnet.Quote(word))
	}
	return fleetnet.Opt[uint64]{V: n, OK: ok}
}

// state reads the state of a TCP socket; the column is blank for others. One
// that netstat has no name for is printed as a number.
func (r *socketsReader) state(c *field.Cursor, k *fleetnet.Socket) {
	word := c.Peek()
	st, ok := fleetnet.ParseStateBytes(bytes.TrimSuffix(word, []byte{'*'})) // T/TCP: a SYN or FIN is still to be sent
	switch {
	case k.Proto == "tcp" && r.columns.noState && !ok:
		r.stateless = true
		return
	case k.Proto == "tcp":
		if _, number := field.Uint(word, 31); !ok && !number {
			c.Next()
			c.Failf("%s is not a state", fleetnet.Quote(word))
			return
		}
		c.Drop(len(word))
		c.Take("*") // behind the blanks of a shorter state
		k.State = st
		return
	case ok && len(word) > 0 && (word[0] < '0' || word[0] > '9'):
		c.Drop(len(word))
		k.State = st
		return
	}
	k.State = fleetnet.StateEstablished
	if anyEnd(&k.Peer) {
		k.State = fleetnet.StateUnconn
	}
}

// anyEnd reports whether an end is *.*
func anyEnd(e *fleetnet.Endpoint) bool {
	return !e.Addr.IsValid() && e.Name == "" && e.Port == 0
}
