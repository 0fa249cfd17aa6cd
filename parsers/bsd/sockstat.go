package bsd

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// cutEnd is how wide an end is in sockstat of FreeBSD 14 and later without -w,
// which cuts it there. Before, an end pushed the next one aside.
const cutEnd = 21

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
// has no blanks.
func Sockstat(in *fleetnet.Lines, out *fleetnet.Snapshot, os string) {
	r := newSockstat(in, out, os)
	for in.Next() {
		r.line()
	}
	r.cover()
}

// sockstat reads the rows of sockstat.
type sockstat struct {
	in      *fleetnet.Lines
	out     *fleetnet.Snapshot
	rows    sockets.Rows
	slabs   sockets.Slabs
	byEnds  map[holder]int
	asked   command.Options
	states  bool // the column CONN STATE is there
	cuts    bool // ends may be cut
	probe   string
	skipped int // columns between the ends and the state
	headed  bool
	words   [][]byte
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
	switch {
	case at < 0 && isUnixRow(words):
		r.in.Skip()
	case at < 0:
		// not understood
	default:
		r.socket(user, words[:at], words[at:])
	}
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

// heading notes the columns between the ends and the state.
func (r *sockstat) heading(line []byte) {
	r.headed = true
	_, after, _ := bytes.Cut(line, []byte("FOREIGN ADDRESS"))
	before, _, found := bytes.Cut(after, []byte("CONN STATE"))
	r.states = found
	before = bytes.ReplaceAll(before, []byte("PATH STATE"), []byte("PATH"))
	before = bytes.ReplaceAll(before, []byte("SPLICE ADDRESS"), []byte("SPLICE"))
	before = bytes.ReplaceAll(before, []byte("PCB KVA"), []byte("PCB"))
	r.skipped = len(bytes.Fields(before))
}

// protoAt returns which word is the protocol of an internet socket: the first
// one behind a pid and a descriptor, or question marks in their place.
func protoAt(words [][]byte) int {
	for i := 2; i < len(words)-1 && i < 12; i++ {
		if _, _, ok := sockstatProto(words[i]); ok && isPID(words[i-2]) && isPID(words[i-1]) {
			return i
		}
	}
	return -1
}

func isPID(b []byte) bool {
	_, ok := field.Uint(b, 31)
	return ok || unknownWord(b)
}

// unknownWord reports whether a word stands for what is not known.
func unknownWord(b []byte) bool { return string(b) == "?" || string(b) == "??" || string(b) == "-" }

// isUnixRow reports whether the row is of a UNIX socket.
func isUnixRow(words [][]byte) bool {
	for i := 2; i < len(words) && i < 12; i++ {
		switch string(words[i]) {
		case "stream", "dgram", "seqpac", "seqpack", "seq", "rdm":
			return isPID(words[i-2]) && isPID(words[i-1])
		}
		if bytes.Count(words[i], []byte{'/'}) == 2 && isPID(words[i-1]) { // family/type/protocol
			return true
		}
	}
	return false
}

// sockstatProto returns the protocol and family of tcp4, tcp6, tcp46 and, on NetBSD,
// tcp.
func sockstatProto(word []byte) (proto, family string, ok bool) {
	name := bytes.TrimRight(word, "46")
	switch string(name) {
	case "tcp", "udp", "sctp", "udplite", "icmp":
		proto = string(name)
	case "udpl":
		proto = "udplite"
	case "div", "divert":
		proto = "divert"
	case "raw", "ip":
		proto = "raw"
	default:
		return "", "", false
	}
	switch string(word[len(name):]) {
	case "", "4":
		return proto, "inet", true
	case "6", "46":
		return proto, "inet6", true
	}
	return "", "", false
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
// by -l, with which only sockets that listen are listed.
func (r *sockstat) state(k *fleetnet.Socket, after [][]byte) {
	anyPeer := !k.Peer.Addr.IsValid() && k.Peer.Port == 0 && k.Peer.Name == ""
	switch {
	case k.Proto != "tcp" && k.Proto != "sctp" && anyPeer:
		k.State = fleetnet.StateUnconn
	case k.Proto != "tcp" && k.Proto != "sctp":
		k.State = fleetnet.StateEstablished
	case r.states && r.skipped < len(after):
		k.State, _ = fleetnet.ParseStateBytes(after[r.skipped])
	case !r.headed && len(after) > 0:
		k.State, _ = fleetnet.ParseStateBytes(after[len(after)-1])
	case anyPeer && r.asked.Has("l") && !r.asked.Has("c"):
		k.State = fleetnet.StateListen
	}
}

// cover says what these columns and options leave out.
func (r *sockstat) cover() {
	if !r.states && !(r.asked.Has("l") && !r.asked.Has("c")) && r.headed {
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
	if why != "" {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Probe: r.probe, Reason: why})
	}
	sockets.CoverTruncated(r.out, r.rows.Own(), r.probe)
}
