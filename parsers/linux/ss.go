package linux

import (
	"bytes"
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// SS reads what ss prints, with any of its options that list sockets, of
// iproute2 2.6 to 7:
//
//	Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
//	udp   UNCONN 0      0      127.0.0.53%lo:53        0.0.0.0:*    users:(("systemd-resolve",pid=812,fd=13)) uid:101 ino:18541 sk:1 <->
//	tcp   ESTAB  0      36          10.0.0.5:22       10.0.0.9:51514 timer:(on,204ms,0) ino:39 sk:2 <->
//		 ts sack cubic wscale:7,7 rto:204 rtt:0.9/0.45 mss:1448 cwnd:10 bytes_acked:3461
//
// Which columns there are depends on the options and the release, so fields
// are told by what they hold: Netid stands only where several tables are shown,
// State only where several states are; what is missing is taken from the command.
// Source: misc/ss.c.
//
// A wildcard `*` is an IPv6 socket that takes both families since iproute2 4.15,
// and was the IPv4 one before; the family is left out where nothing in the
// output tells which. A socket whose address is IPv4-mapped is of family inet6,
// with the IPv4 address. A TCP socket that ss calls UNCONN is CLOSED. Sockets of
// no internet protocol hold in Name what stands in the address column.
// Releases 3.4 to 3.12 call UDP sockets tcp; see settleNames.
func SS(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := &ssReader{in: in, out: out, asked: ssArguments(in.Command()), rows: sockets.NewRows(in, out), current: -1}
	r.lines = wrapped{in: in, begins: r.begins}
	for in.Next() {
		heading := ssIsHeader(in.Text())
		if heading {
			r.readHeader(in.Text())
		}
		if line := r.lines.line(heading); line != nil {
			r.line(line, heading)
		}
	}
	r.settleNames()
	r.settleFamilies()
	r.cover()
	sockets.CoverTruncated(out, r.rows.Own(), "linux/ss")
}

// ssReader is the state of reading one output of ss.
type ssReader struct {
	in     *fleetnet.Lines
	out    *fleetnet.Snapshot
	asked  ssAsked
	header ssHeader
	rows   sockets.Rows
	slabs  sockets.Slabs
	lines  wrapped

	current    int    // index of the row that continuation lines belong to, or -1
	congestion []byte // a bare word that may be the name of the row's algorithm

	star    ssStar // what `*` stands for
	starred int    // rows whose family waits for it
	details bool   // continuation lines were seen

	misnamed int // how many rows there were at the last that is of udp and called tcp
}

// ssHeader is which of the columns that come and go the heading names.
type ssHeader struct {
	seen, netid, state, queues bool
}

var (
	errNoProtocol = errors.New("no protocol in the row, nor one protocol in the command")
	errNoRow      = errors.New("details of a row that could not be read")
)

func (r *ssReader) line(line []byte, heading bool) {
	switch {
	case heading:
		r.readHeader(line)
		r.in.Skip()
	case r.continues(line):
		r.continuation(line)
	case ssNotice(line):
		r.in.Skip()
	default:
		r.row(line)
	}
}

// ssIsHeader reports whether the line is the heading of the columns.
func ssIsHeader(line []byte) bool {
	line = unindented(line)
	if len(line) == 0 || line[0] != 'N' && line[0] != 'S' && line[0] != 'R' && line[0] != 'L' {
		return false
	}
	for _, first := range []string{"Netid", "State", "Recv-Q", "Local Address"} {
		if bytes.HasPrefix(line, []byte(first)) {
			return bytes.Contains(line, []byte("Address:Port"))
		}
	}
	return false
}

func (r *ssReader) readHeader(line []byte) {
	r.current = -1
	r.header = ssHeader{
		seen:   true,
		netid:  bytes.Contains(line, []byte("Netid")),
		state:  bytes.Contains(line, []byte("State")),
		queues: bytes.Contains(line, []byte("Recv-Q")),
	}
	if bytes.Contains(line, []byte("Process")) { // since 5.6, later than the change of `*`
		r.star = starBoth
	}
}

// onlyTCP reports whether the output is one of TCP alone as nothing else was
// asked for, as before 3.6: a heading without Netid is of one table.
func (r *ssReader) onlyTCP() bool {
	return r.header.seen && !r.header.netid && len(r.asked.tables) == 0
}

// noQueues reports whether the columns Recv-Q and Send-Q are left out (ss -Q).
func (r *ssReader) noQueues() bool {
	return r.header.seen && !r.header.queues || !r.header.seen && r.asked.option('Q')
}

// continues reports whether the line carries on a row. ss indents by a tab; a
// paste may have made blanks of it. Two kinds of row begin with blanks as well:
// an association of SCTP, and rows whose first column is the address.
func (r *ssReader) continues(line []byte) bool {
	if line[0] == '\t' || line[0] == 'u' && bytes.HasPrefix(line, []byte("users:((")) {
		return true
	}
	if line[0] != ' ' || bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("`- ")) {
		return false
	}
	return !(r.noQueues() && !r.header.netid && !r.header.state)
}

func (r *ssReader) continuation(line []byte) {
	if r.current < 0 {
		r.in.Fail(errNoRow)
		return
	}
	r.details = true
	c := field.New(line)
	r.extras(&c, &r.out.Sockets[r.current])
	r.in.Row()
}

// begins reports whether a line is a row, a part of one, a heading or a message, and
// not the rest of the line before it.
func (r *ssReader) begins(line []byte) bool {
	if line[0] == '\t' || line[0] == ' ' && r.noQueues() || bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("`- ")) || ssIsHeader(line) || ssNotice(line) {
		return true
	}
	c := field.New(line)
	word, next := c.Next(), c.Peek()
	if _, _, netid := ssNetid(word); netid {
		return upperWord(next) // a state, or a number
	}
	if len(word) > 5 && ssGlued(word) {
		return true
	}
	for _, w := range [][]byte{word, bytes.TrimRight(word, "0123456789")} { // glued, see state
		if _, state := ssState(w); state {
			return true
		}
	}
	return !r.header.netid && !r.header.state && upperWord(next) && isDigit(word[0]) && len(bytes.Fields(line)) > 3
}

// ssNotice reports whether the line is a message of ss that says nothing of a socket.
func ssNotice(line []byte) bool {
	for _, p := range []string{"Failed to find cgroup2", "Failed to open cgroup2", "RTNETLINK answers:", "ss: SELinux is not enabled", "Cannot open netlink socket:"} {
		if bytes.HasPrefix(line, []byte(p)) {
			return true
		}
	}
	return false
}

// row reads the line of a socket into a new row, and takes it away again when
// it fails.
func (r *ssReader) row(line []byte) {
	r.current, r.congestion = -1, nil
	n := len(r.out.Sockets)
	k := r.rows.Add()
	if r.lines.joined {
		k.Ref = r.lines.ref
	}
	c := field.New(line)
	kind := r.head(&c, k)
	switch kind {
	case ssInet:
		r.inetEnds(&c, k)
	case ssUnix:
		r.unixEnds(&c, k)
	case ssNamed:
		r.namedEnds(&c, k)
	}
	if err := c.Err(); err != nil {
		r.rows.Drop()
		r.in.Fail(err)
		return
	}
	r.current = n
	r.extras(&c, k)
	r.in.Row()
}
