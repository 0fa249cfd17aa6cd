package linux

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// Netstat reads the sockets that netstat of net-tools 1.60 to 2.10, of BusyBox
// or of toybox prints, with any of -antuwxlpeoWU:
//
//	Proto Recv-Q Send-Q Local Address           Foreign Address         State       User       Inode      PID/Program name     Timer
//	tcp        0     36 10.0.0.5:22             10.0.0.9:51514          ESTABLISHED 0          39112      812/sshd: ops [priv  on (0.20/0/0)
//	tcp6       0      0 fe80::94c8:c9ff:fe:7001 :::*                    LISTEN      33         39113      -                    off (0.00/0/0)
//	udp        0      0 0.0.0.0:68              0.0.0.0:*                           0          18533      640/dhclient
//
// Without -W an end that is longer than its column is cut, as the second one is,
// and what is left may be a valid address of another host: an end that fills
// its column is Truncated, its address unknown. A program is named by the first
// word of its command line, cut to what fits beside the pid. BusyBox says tcp
// where net-tools says tcp6.
// Source: netstat.c (tcp_do_one, udp_do_one, raw_do_one, unix_do_one) of both.
func Netstat(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := &netstatReader{in: in, out: out, rows: sockets.NewRows(in, out), width: netstatEnd}
	r.ask(in.Command())
	r.lines = wrapped{in: in, begins: netstatBegins}
	for in.Next() {
		heading := netstatHeading(in.Text())
		if line := r.lines.line(heading); line != nil {
			r.line(line, heading)
		}
	}
	r.settleFamilies()
	if r.told == (netstatColumns{}) { // without headings
		r.told = r.columns
	}
	r.cover()
	sockets.CoverTruncated(out, r.rows.Own(), "linux/netstat")
}

// netstatReader is the state of reading one output of netstat.
type netstatReader struct {
	in    *fleetnet.Lines
	out   *fleetnet.Snapshot
	rows  sockets.Rows
	slabs sockets.Slabs
	lines wrapped

	known   bool // the command is known
	asked   socketRows
	columns netstatColumns
	wide    bool           // addresses are not cut
	width   int            // of the column of an end
	told    netstatColumns // those of internet sockets, whatever those of UNIX sockets are
	other   bool           // in a section of no interest
	plain6  bool           // IPv6 sockets go without the 6, as BusyBox prints them
	idle    bool           // listening sockets are shown without what waits in their queues
	strange int            // states in a language that is not known
	after   bool           // the line before was a row, which indented lines carry on
	bracket bool           // a message in brackets goes on
}

// netstatColumns are the columns that depend on options.
type netstatColumns struct {
	user, program, timer, context bool
}

// ask takes from the command what the headings may not be there to tell.
func (r *netstatReader) ask(line string) {
	args, ok := socketArguments(line, "netstat")
	o := command.Read(args, "A")
	r.known = ok
	r.wide = o.Has("WT", "wide", "notrim") // RHEL 5 and 6: -T
	r.asked = netstatRows(o, args)
	r.columns = netstatColumns{
		user:    o.Has("e", "extend"),
		program: o.Has("p", "programs", "program"),
		timer:   o.Has("o", "timers"),
		context: o.Has("Z", "context"),
	}
}

func (r *netstatReader) line(line []byte, heading bool) {
	carries := r.after && line[0] == ' '
	r.after = false
	switch {
	case bytes.HasPrefix(line, []byte("Active ")):
		r.other = !bytes.HasPrefix(line, []byte("Active Internet")) && !bytes.HasPrefix(line, []byte("Active UNIX")) &&
			!bytes.Equal(bytes.TrimSpace(line), []byte("Active Connections")) // of Windows: its rows are not to be passed over
		r.in.Skip()
	case heading:
		r.heading(line)
		r.in.Skip()
	case r.other:
		r.in.Skip()
	case bytes.HasPrefix(line, []byte("unix ")):
		r.unix(line)
	case carries: // the further addresses of an SCTP socket
		r.after = true
		r.in.Row()
	case r.notice(line), netstatHeading(r.in.Peek()): // or the title of a table, in any language
		r.in.Skip()
	default:
		r.inet(line)
	}
}

// netstatHeading reports whether the line has the names of the columns.
func netstatHeading(line []byte) bool {
	return bytes.HasPrefix(unindented(line), []byte("Proto "))
}

// netstatBegins reports whether a line is a row (one of Windows too, which is not
// understood), a heading, a title or a message, and not the rest of the one before it.
func netstatBegins(line []byte) bool {
	word, _, _ := bytes.Cut(unindented(line), []byte(" ")) // old Android puts a blank before tcp
	if _, _, ok := netstatProto(word); ok {
		return true
	}
	for _, p := range []string{"unix ", "Active ", "Proto ", "TCP ", "UDP ", "(", "netstat: ", " will not be shown", "warning, got bogus"} {
		if bytes.HasPrefix(line, []byte(p)) {
			return true
		}
	}
	return bytes.Contains(line, []byte("UNIX")) && bytes.IndexByte(line, '/') < 0 // a title in another language
}

// heading reads the names of the columns. Where they are in another language,
// the command tells which there are. Debian's net-tools 1.60, known by the wider
// column of inodes, prints 0 for the queues of all listening sockets
// (netstat.c, tcp_do_one).
func (r *netstatReader) heading(line []byte) {
	local, foreign := bytes.Index(line, []byte("Local Address")), bytes.Index(line, []byte("Foreign Address"))
	if local < 0 && !bytes.Contains(line, []byte("RefCnt")) {
		return
	}
	if r.width = netstatEnd; local >= 0 && foreign > local+netstatEnd {
		r.width = foreign - local - 1 // RHEL 4 to 6: 27
	}
	has := func(name string) bool { return bytes.Contains(line, []byte(name)) }
	r.columns = netstatColumns{user: has(" User "), program: has("Program name") || has("Program Name"), timer: has(" Timer"), context: has("Security Context")}
	if local >= 0 || r.told == (netstatColumns{}) {
		r.told = r.columns
	}
	r.idle = has(" Inode       PID/") || has(" Inode       Timer")
}

// notice reports whether the line is a message of netstat's that takes no row
// away. Those that say that names are missing stand in brackets in every language,
// one of them on two lines.
func (r *netstatReader) notice(line []byte) bool {
	if r.bracket {
		r.bracket = !bytes.HasSuffix(line, []byte(")"))
		return true
	}
	for _, p := range []string{"(", "netstat: showing only processes with your user ID"} {
		if bytes.HasPrefix(line, []byte(p)) {
			r.bracket = p == "(" && !bytes.HasSuffix(line, []byte(")")) && bytes.HasSuffix(r.in.Peek(), []byte(")"))
			r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusDenied, Probe: "linux/netstat",
				Fields: []string{"process", "pid", "processes"}, Reason: "netstat ran without root"})
			return true
		}
	}
	return bytes.HasPrefix(line, []byte(" will not be shown, you would have to be root")) || // alone, below a filter
		bytes.HasPrefix(line, []byte("netstat: no support for "))
}

// netstatProto returns the protocol and family that a word of the column Proto
// stands for. The family of a protocol without a 6 is decided by the address.
func netstatProto(word []byte) (proto, family string, ok bool) {
	switch string(word) {
	case "tcp", "udp", "raw", "sctp", "udplite", "dccp":
		return string(word), "", true
	case "tcp6", "udp6", "raw6", "sctp6", "udplite6", "dccp6":
		return string(word[:len(word)-1]), "inet6", true
	case "udpl":
		return "udplite", "", true
	case "udpl6":
		return "udplite", "inet6", true
	}
	return "", "", false
}

// add appends a row that refers to the line that it begins on.
func (r *netstatReader) add() *fleetnet.Socket {
	k := r.rows.Add()
	if r.lines.joined {
		k.Ref = r.lines.ref
	}
	return k
}

// inet reads the row of a socket of an internet protocol.
func (r *netstatReader) inet(line []byte) {
	c := field.New(line)
	word := c.Next()
	proto, family, ok := netstatProto(word)
	if !ok {
		return // not understood
	}
	k := r.add()
	k.Proto, k.Family = r.out.Intern([]byte(proto)), family
	if next := c.Peek(); proto != "sctp" || len(next) > 0 && bytes.IndexByte(next, ':') < 0 {
		k.RecvQ, k.SendQ = queue(&c), queue(&c)
		r.end(&c, k, &k.Local)
		r.end(&c, k, &k.Peer)
	} else { // an endpoint of SCTP has neither queues nor a peer
		r.end(&c, k, &k.Local)
		if k.Family == "" && k.Local.Addr.Is4() {
			k.Family = "inet"
		}
	}
	r.state(&c, k)
	if r.idle && k.State == fleetnet.StateListen {
		k.RecvQ, k.SendQ = fleetnet.Opt[uint64]{}, fleetnet.Opt[uint64]{}
	}
	r.rest(&c, k)
	if err := c.Err(); err != nil {
		r.rows.Drop()
		r.in.Fail(err)
		return
	}
	r.after = proto == "sctp"
	r.in.Row()
}

// rest reads the columns that depend on options.
func (r *netstatReader) rest(c *field.Cursor, k *fleetnet.Socket) {
	if !r.columns.user && ownerAndInode(*c) { // the heading is in another language
		r.columns.user, r.told.user = true, true
	}
	if r.columns.user && c.More() {
		k.UID = opt32(c.Next())
		k.Inode = opt64(c.Next())
		if k.Inode.OK && k.Inode.V == 0 {
			k.UID = fleetnet.Opt[uint32]{} // of a socket without a file no owner is known
		}
	}
	left := bytes.TrimRight(c.Left(), " ")
	if r.columns.timer {
		left = r.timer(left, k)
	}
	if r.columns.context {
		left = bytes.TrimRight(left, " ")
		left = left[:bytes.LastIndexByte(left, ' ')+1]
	}
	if r.columns.program {
		r.program(left, k)
	}
}

// ownerAndInode reports whether two numbers follow, which stand nowhere but in the
// columns User and Inode.
func ownerAndInode(c field.Cursor) bool {
	_, owner := field.Uint(c.Next(), 32)
	_, inode := field.Uint(c.Peek(), 64)
	return owner && inode
}

// program reads `812/nginx: worker`, or `-` for none that is known.
func (r *netstatReader) program(b []byte, k *fleetnet.Socket) {
	number, name, ok := bytes.Cut(bytes.Trim(b, " "), []byte("/"))
	pid, isPID := field.Uint(number, 31)
	if !ok || !isPID {
		return
	}
	r.slabs.Hold(k, fleetnet.Process{Name: r.out.Intern(bytes.TrimRight(name, " ")), PID: int(pid)})
}

// timer takes `on (0.20/2/0)` off the end: seconds, retransmissions, and probes
// that were not answered. What is left is returned.
func (r *netstatReader) timer(b []byte, k *fleetnet.Socket) []byte {
	open := bytes.LastIndexByte(b, '(')
	if open < 1 || !bytes.HasSuffix(b, []byte(")")) {
		return b
	}
	before := bytes.TrimRight(b[:open], " ")
	start := bytes.LastIndexByte(before, ' ') + 1
	seconds, counts, _ := bytes.Cut(b[open+1:len(b)-1], []byte("/"))
	retransmits, probes, ok := bytes.Cut(counts, []byte("/"))
	if !ok || start == len(before) {
		return b
	}
	t := fleetnet.Timer{Name: netstatTimer(r.out.Intern(before[start:])), Retransmits: opt32(retransmits)}
	if t.Name == "keepalive" || t.Name == "probe" {
		t.Retransmits = opt32(probes)
	}
	if ms, ok := field.Thousandths(seconds); ok && t.Name != "off" && ms < longestTimer {
		t.ExpiresMS = fleetnet.Some(ms)
	}
	k.Timer = r.slabs.Timer(t)
	return before[:start]
}

// netstatTimer returns the model's name of a timer: UDP's are on1 and on2, and
// those that netstat does not know unkn-5.
func netstatTimer(name string) string {
	switch {
	case name == "on1" || name == "on2":
		return "on"
	case len(name) > 4 && name[:4] == "unkn":
		return "unknown"
	}
	return name
}
