package bsd

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// cutEnd is how wide an end is in sockstat of FreeBSD 14 and later without -w,
// which cuts it there. Before, an end pushed the next one aside. addressTitle is
// how far the titles of both ends are apart where the blanks of a paste were lost.
const (
	cutEnd       = 21
	addressTitle = len("LOCAL ADDRESS ")
)

// Sockstat reads `sockstat` of FreeBSD and DragonFly (sockstat.c, main.c) and of
// NetBSD, which writes a dot for the last colon:
//
//	USER     COMMAND    PID   FD PROTO  LOCAL ADDRESS         FOREIGN ADDRESS
//	root     sshd       812   3  tcp6   *:22                  *:*
//	?        ?          ?     ?  tcp4   10.0.0.5:22           10.0.0.9:50122
//	root     sshd       412    4 tcp    *.ssh                 *.*
//
// with the columns of -s, -A and the like after them, of which it takes the
// state. A socket has a row for each descriptor of each process that holds it;
// what no process holds has question marks. UNIX sockets are passed over. A command
// is cut to ten characters and may hold blanks: what stands before it and after it
// has no blanks. Of an SCTP socket with several addresses, each further pair stands
// on a line of its own, below blanks or question marks.
func Sockstat(in *fleetnet.Lines, out *fleetnet.Snapshot, os string) {
	r := newSockstat(in, out, os)
	for in.Next() {
		r.line()
	}
	r.cover()
}

// sockstat reads the rows of sockstat.
type sockstat struct {
	in        *fleetnet.Lines
	out       *fleetnet.Snapshot
	rows      sockets.Rows
	slabs     sockets.Slabs
	byEnds    map[holder]int
	asked     command.Options
	states    bool // the column CONN STATE is there
	cuts      bool // ends may be cut
	glued     bool // a command and its pid had no blank between them
	homes     bool // further addresses of an SCTP socket were seen
	probe     string
	headed    bool
	stateless bool // a row of TCP or SCTP had no state
	words     [][]byte
}

// holder tells a socket from others of a process: rows of one descriptor are of
// one socket, and so are those of several processes with the same ends.
type holder struct {
	proto, family string
	local, peer   fleetnet.Endpoint
}

func newSockstat(in *fleetnet.Lines, out *fleetnet.Snapshot, os string) *sockstat {
	return &sockstat{
		probe: os + "/sockstat", cuts: os == "freebsd",
		in: in, out: out, rows: sockets.NewRows(in, out), byEnds: map[holder]int{},
		asked: command.Of(lastCommand(in.Command(), "sockstat"), "jpPf"),
	}
}

// lastCommand returns the part of a command line from the last use of program on.
func lastCommand(line, program string) string {
	if i := bytes.LastIndex([]byte(line), []byte(program)); i >= 0 {
		return line[i:]
	}
	return line
}

// line reads the current line.
func (r *sockstat) line() {
	line := r.in.Text()
	if isSockstatHeading(line) {
		r.heading(line)
		r.in.Skip()
		return
	}
	c := field.New(line)
	user := c.Next()
	words := r.fields(&c)
	at := protoAt(words)
	if at < 0 && r.probe == "dragonfly/sockstat" {
		c = field.New(unglued(line))
		user = c.Next()
		words = r.fields(&c)
		at = protoAt(words)
	}
	switch {
	case at >= 0:
		r.socket(user, words[:at], words[at:])
	case gluedAt(words) > 0:
		r.glued = true
		r.socket(user, words[:gluedAt(words)], words[gluedAt(words):])
	case isUnixRow(words):
		r.in.Skip()
	case isFurther(line, words):
		r.homes = true
		r.in.Skip()
	}
}

// isFurther reports whether the line has nothing but further ends of an SCTP
// socket, whose columns before them are blank or full of question marks.
func isFurther(line []byte, words [][]byte) bool {
	if bytes.HasPrefix(line, []byte("                    ")) {
		return bytes.IndexByte(line, ':') > 0
	}
	return len(words) > 3 && unknownWord(words[0]) && unknownWord(words[1]) && unknownWord(words[2]) && bytes.IndexByte(words[3], ':') > 0
}

// unglued returns the line with a blank before the columns FD and PROTO, where
// DragonFly prints none when a pid has six digits or a descriptor three.
func unglued(line []byte) []byte {
	const fd, proto = 26, 29
	out := bytes.Clone(line)
	for _, at := range []int{proto, fd} {
		if at < len(out) && out[at] != ' ' && out[at-1] >= '0' && out[at-1] <= '9' {
			out = append(out[:at], append([]byte{' '}, out[at:]...)...)
		}
	}
	return out
}

// fields returns the fields that are left. They stay until the next line.
func (r *sockstat) fields(c *field.Cursor) [][]byte {
	r.words = r.words[:0]
	for c.More() {
		r.words = append(r.words, c.Next())
	}
	return r.words
}

func isSockstatHeading(line []byte) bool {
	return bytes.HasPrefix(line, []byte("USER")) && bytes.Contains(line, []byte("LOCAL ADDRESS"))
}

// heading notes whether there are states, and whether ends may be cut: since
// FreeBSD 14 the columns are no wider than what they hold, but for those of the ends
// without -w.
func (r *sockstat) heading(line []byte) {
	r.headed = true
	local, foreign := bytes.Index(line, []byte("LOCAL ADDRESS")), bytes.Index(line, []byte("FOREIGN ADDRESS"))
	r.states = bytes.Contains(line[max(foreign, 0):], []byte("STATE"))
	width := foreign - local
	r.cuts = r.cuts && !isFixedHeading(line) && (width == cutEnd+1 || width == addressTitle)
}

// isFixedHeading reports whether the columns have the fixed widths that they had
// up to FreeBSD 14: of 10, from 11 on.
func isFixedHeading(line []byte) bool {
	return bytes.Contains(line, []byte("COMMAND    PID   FD PROTO  LOCAL")) || bytes.Contains(line, []byte("COMMAND    PID   FD  PROTO  LOCAL"))
}

// socket reads a row: before it are the command, the pid and the descriptor,
// and from its protocol on words are the ends.
func (r *sockstat) socket(user []byte, before, words [][]byte) {
	if len(words) < 3 {
		r.in.Fail(field.ErrShort)
		return
	}
	proto, family, _ := sockstatProto(words[0])
	k := r.rows.Add()
	k.Proto, k.Family = proto, family
	c := field.New(nil)
	r.end(&c, words[1], k, &k.Local)
	r.end(&c, words[2], k, &k.Peer)
	if c.Err() != nil {
		r.rows.Drop()
		r.in.Fail(c.Err())
		return
	}
	r.state(k, words[3:])
	r.stateless = r.stateless || k.State == ""
	r.in.Row()
	p, held := r.process(before)
	if uid, ok := field.Uint(user, 32); ok {
		k.UID = fleetnet.Some(uint32(uid))
	}
	if h := (holder{proto, family, k.Local, k.Peer}); held && !k.Truncated {
		if i, seen := r.byEnds[h]; seen {
			r.rows.Drop()
			r.slabs.Hold(&r.out.Sockets[i], p)
			return
		}
		r.byEnds[h] = len(r.out.Sockets) - 1
	}
	if held {
		r.slabs.Hold(k, p)
	}
}

// process reads the command, which may hold blanks, the pid and the descriptor.
func (r *sockstat) process(before [][]byte) (fleetnet.Process, bool) {
	n := len(before)
	pid, ok := field.Uint(before[n-2], 31)
	if !ok {
		return fleetnet.Process{}, false
	}
	var name []byte
	switch n {
	case 2: // a process without a name
	case 3:
		name = before[0]
	default:
		name = bytes.Join(before[:n-2], []byte{' '})
	}
	p := fleetnet.Process{Name: r.out.Intern(name), PID: int(pid)}
	if fd, ok := field.Uint(before[n-1], 31); ok {
		p.FD = fleetnet.Some(int(fd))
	}
	return p, true
}

// state takes the state that -s shows, or the one that is told by the ends or
// by -l, with which only sockets that listen are listed. What stands before it (of
// a fib, a splice, a path of SCTP) may be blank, and is never the name of a state.
func (r *sockstat) state(k *fleetnet.Socket, after [][]byte) {
	anyPeer := !k.Peer.Addr.IsValid() && k.Peer.Port == 0 && k.Peer.Name == ""
	switch {
	case k.Proto != "tcp" && k.Proto != "sctp" && anyPeer:
		k.State = fleetnet.StateUnconn
	case k.Proto != "tcp" && k.Proto != "sctp":
		k.State = fleetnet.StateEstablished
	case (r.states || !r.headed) && len(after) > 0:
		k.State = stateAmong(after)
	case anyPeer && r.asked.Has("l") && !r.asked.Has("c"):
		k.State = fleetnet.StateListen
	}
}

// stateAmong returns the first word that is the name of a state.
func stateAmong(words [][]byte) fleetnet.State {
	for _, w := range words {
		if st, ok := fleetnet.ParseStateBytes(w); ok {
			return st
		}
	}
	return ""
}

// cover says what these columns and options leave out.
func (r *sockstat) cover() {
	if r.stateless {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusUnsupported, Fields: []string{"state"}, Probe: r.probe,
			Reason: "sockstat shows the states of TCP only with -s"})
	}
	var why string
	switch {
	case r.asked.Has("l") && !r.asked.Has("c"):
		why = "with -l, only listeners"
	case r.asked.Has("c") && !r.asked.Has("l"):
		why = "with -c, only connections"
	case r.asked.Has("4") && !r.asked.Has("6"):
		why = "with -4, only IPv4"
	case r.asked.Has("6") && !r.asked.Has("4"):
		why = "with -6, only IPv6"
	case r.asked.Has("pPjL"):
		why = "only what the options select"
	}
	if r.glued {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Fields: []string{"processes", "process", "pid"}, Probe: r.probe,
			Reason: "a command and its pid stand without a blank between them"})
	}
	if r.homes {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Fields: []string{"local", "peer"}, Probe: r.probe,
			Reason: "of an SCTP socket with several addresses, only the first are known"})
	}
	if why != "" {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Probe: r.probe, Reason: why})
	}
	sockets.CoverTruncated(r.out, r.rows.Own(), r.probe)
}
