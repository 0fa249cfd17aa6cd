package windows

import (
	"bytes"
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// Netstat reads the sockets that netstat of Windows XP to 11 prints, with any of
// -a -n -o -b -f -q -t, in any language:
//
//	 Proto  Local Address          Foreign Address        State           PID
//	 TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1712
//	 RpcSs
//	[svchost.exe]
//	 TCP    [fe80::1c2d:4f5a%12]:49671  [fe80::9%12]:445  SCHLIESSEN_WARTEN    12600
//	 UDP    [::]:5353              *:*                                    2044
//
// Columns are only as wide as they must be and nothing is cut, so a row is read
// by its words: the protocol, two ends, the state, the pid, the state of the
// offload (-t). States and headings may be in any language: a socket of TCP
// whose peer has the port 0 listens, or is bound where -q asks for those too. The
// owners of -b stand below their row. The process of TIME_WAIT, which netstat
// numbers 0, is unknown. With an interval the table comes again and again, and
// the first is read.
func Netstat(in *fleetnet.Lines, out *fleetnet.Snapshot) { readNetstat(in, out, false) }

// netstatNamedLater is Netstat where another probe names the processes.
func netstatNamedLater(in *fleetnet.Lines, out *fleetnet.Snapshot) { readNetstat(in, out, true) }

func readNetstat(in *fleetnet.Lines, out *fleetnet.Snapshot, namedLater bool) {
	r := &netstatReader{in: in, out: out, rows: sockets.NewRows(in, out), names: indexNames(out), asked: optionsOf(in.Command()), namedLater: namedLater}
	for in.Next() {
		r.line(in.Text())
	}
	r.cover()
	sockets.CoverTruncated(out, r.rows.Own(), "windows/netstat")
}

// netstatReader is the state of reading one output of netstat.
type netstatReader struct {
	in    *fleetnet.Lines
	out   *fleetnet.Snapshot
	rows  sockets.Rows
	slabs sockets.Slabs
	names map[string]string // interfaces by number
	asked options

	namedLater bool

	headed  bool // a heading of the table was seen
	pidHead bool // it has a column for pids, which is PID in every language
	again   bool // the table stands there once more
	owned   bool // the last line was a row or one of its owners
	left    bool // lines were left out, as whoever pasted it says
	holder  *fleetnet.Process
	pids    int // rows with a pid
	strange int // rows whose state is in words that are not known
}

func (r *netstatReader) line(line []byte) {
	if r.again {
		r.in.Skip()
		return
	}
	if proto := netstatProto(line); proto != "" {
		r.socket(proto, line)
		return
	}
	indented := line[0] == ' ' || line[0] == '\t'
	switch {
	case ellipsis(line):
		r.left = true
		r.in.Skip()
	case r.owned && r.asked.letter('b') && (indented || line[0] == '['):
		r.owner(line)
		r.in.Row()
	case heading(line), prompt(line):
		r.again = heading(line) && r.asked.interval() && len(r.rows.Own()) > 0
		r.headed = r.headed || indented && columnsOf(line) >= 3 // unlike the title, and messages
		r.pidHead = r.pidHead || bytes.HasSuffix(bytes.TrimSpace(line), []byte("PID"))
		r.owned = r.owned && r.asked.letter('b') // a service, where blanks at line beginnings are gone
		r.in.Skip()
	case r.owned && r.holder != nil && isNumber(line): // a console of 75 columns cuts the pid
		r.holder.PID = 0
		r.in.Fail(errCutPID)
	}
}

var errCutPID = errors.New("the end of a pid that a narrow console cut: it is unknown")

// netstatProto returns tcp or udp when the line begins with that.
func netstatProto(line []byte) string {
	for len(line) > 0 && (line[0] == ' ' || line[0] == '\t') {
		line = line[1:]
	}
	if len(line) < 4 {
		return ""
	}
	rest := line[3:]
	if bytes.HasPrefix(rest, []byte("v6")) {
		rest = rest[2:]
	}
	if len(rest) == 0 || rest[0] != ' ' && rest[0] != '\t' {
		return ""
	}
	switch string(line[:3]) {
	case "TCP":
		return "tcp"
	case "UDP":
		return "udp"
	}
	return ""
}

// socket reads a row.
func (r *netstatReader) socket(proto string, line []byte) {
	c := field.New(line)
	c.Next()
	k := r.rows.Add()
	k.Proto = proto
	r.end(&c, k, &k.Local)
	r.end(&c, k, &k.Peer)
	r.rest(&c, k)
	if err := c.Err(); err != nil {
		r.rows.Drop()
		r.owned = false
		r.in.Fail(err)
		return
	}
	r.owned = true
	r.in.Row()
}

// end reads one end. The zone of an address is the number of an interface.
func (r *netstatReader) end(c *field.Cursor, k *fleetnet.Socket, e *fleetnet.Endpoint) {
	word := c.Next()
	if c.Err() != nil {
		return
	}
	hp, ok := field.SplitHostPort(word)
	if !ok {
		c.Failf("%s is not an address and port", fleetnet.Quote(word))
		return
	}
	kind := sockets.ReadHost(hp, e, r.out)
	switch {
	case k.Family != "":
	case kind == sockets.HostInet6:
		k.Family = "inet6"
	case kind == sockets.HostInet:
		k.Family = "inet"
	}
	if !sockets.ReadPort(c, hp.Port, k.Proto, e) {
		e.Name, k.Truncated = r.out.Intern(word), true
	}
	if e == &k.Local && len(hp.Zone) > 0 && string(hp.Zone) != "0" {
		k.Zone = r.zone(hp.Zone)
	}
}

func (r *netstatReader) zone(b []byte) string {
	if name, ok := r.names[string(b)]; ok {
		return name
	}
	return r.out.Intern(b)
}

// rest reads the columns behind the ends: words, then the pid, then more words.
func (r *netstatReader) rest(c *field.Cursor, k *fleetnet.Socket) {
	words := c.Left()
	state := words
	for c.More() {
		before := len(words) - len(c.Left())
		pid, ok := field.Uint(c.Next(), 32)
		if !ok {
			continue
		}
		state = words[:before]
		if r.asked.letter('d') || r.asked.letter('i') { // DSCP and the time in the state are numbers too
			break
		}
		r.pids++
		r.hold(k, pid)
		break
	}
	r.state(k, state)
}

// hold adds the process of a pid; 0 stands for none that is left.
func (r *netstatReader) hold(k *fleetnet.Socket, pid uint64) {
	if r.holder = nil; pid == 0 || pid > 1<<31-1 {
		return
	}
	r.slabs.Hold(k, fleetnet.Process{PID: int(pid)})
	r.holder = &k.Processes[0]
}

// state reads the column State. Its first word alone counts, as the state of
// the offload may follow it; one that is not known is a translation.
func (r *netstatReader) state(k *fleetnet.Socket, words []byte) {
	if k.Proto == "udp" {
		k.State = fleetnet.StateUnconn
		return
	}
	c := field.New(words)
	st, ok := fleetnet.ParseStateBytes(c.Peek())
	switch {
	case ok:
		k.State = st
	case k.Peer.Port == 0 && !k.Truncated && !r.asked.letter('q'):
		k.State = fleetnet.StateListen
	default:
		r.strange++
	}
}
