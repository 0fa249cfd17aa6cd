package linux

import (
	"bytes"
	"strconv"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Lsof reads what lsof 4 prints of sockets on Linux, `lsof -nP -i` or more:
//
//	COMMAND   PID     USER   FD   TYPE DEVICE SIZE/OFF NODE NAME
//	sshd     1041     root    3u  IPv4  21598      0t0  TCP *:22 (LISTEN)
//	Web\x20C 3310     anna   37u  IPv6  44866      0t0  TCP [2001:db8::5]:48712->[2001:db8::9]:443 (ESTABLISHED)
//
// One socket has a line for each descriptor of each process that holds it; they
// become one row. A command is cut to nine characters (without +c) and blanks in
// it are escaped. Sockets that no process holds, TIME_WAIT above all, are not
// listed. Lines of other files, and of sockets that lsof knows nothing of
// ("can't identify protocol"), are passed over. Source: print.c of lsof and its
// dialects/linux/dsock.c.
func Lsof(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := &lsofReader{in: in, out: out, rows: newSocketRows(in, out), byInode: map[uint64]int{}}
	for in.Next() {
		r.line(in.Text())
	}
	out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Probe: "linux/lsof",
		Reason: "lsof lists only sockets that a process holds"})
	coverTruncated(out, r.rows.own(), "linux/lsof")
}

type lsofReader struct {
	in      *fleetnet.Lines
	out     *fleetnet.Snapshot
	rows    socketRows
	slabs   socketSlabs
	byInode map[uint64]int
}

func (r *lsofReader) line(line []byte) {
	c := field.New(line)
	command := c.Next()
	pid, isPID := field.Uint(c.Next(), 31)
	if !isPID {
		if lsofNotice(line) {
			r.in.Skip()
		}
		return
	}
	fd, kind := lsofType(&c)
	p := fleetnet.Process{Name: r.out.Intern(unescape(command)), PID: int(pid), FD: fd}
	switch string(kind) {
	case "IPv4", "IPv6":
		r.socket(&c, kind, p)
	case "":
		return // not understood
	default:
		r.in.Skip() // no socket, or one of no address
	}
}

// lsofNotice reports whether the line is the heading or one of lsof's warnings.
func lsofNotice(line []byte) bool {
	for _, p := range []string{"COMMAND ", "lsof: WARNING", "lsof: avoiding ", "lsof: no pwd entry", "      Output information may be incomplete", "      assuming "} {
		if bytes.HasPrefix(line, []byte(p)) {
			return true
		}
	}
	return false
}

// lsofType reads on to the columns FD and TYPE. Between the pid and them stand
// a thread's number and name (-K) and the user, in any number.
func lsofType(c *field.Cursor) (fleetnet.Opt[int], []byte) {
	for range 6 {
		word := c.Next()
		digits := 0
		for digits < len(word) && isDigit(word[digits]) {
			digits++
		}
		fd, isFD := field.Uint(word[:digits], 31)
		switch {
		case isFD && digits < len(word) && len(word)-digits <= 3 && bytes.IndexByte([]byte("rwu-"), word[digits]) >= 0:
			return fleetnet.Some(int(fd)), c.Next()
		case isFD && digits == len(word) && string(c.Peek()) == "unknown": // may not be looked at, so it has no mode
			return fleetnet.Some(int(fd)), c.Next()
		case lsofOther(word):
			return fleetnet.Opt[int]{}, word
		}
	}
	return fleetnet.Opt[int]{}, nil
}

// lsofOther reports whether a word of the column FD stands for an open file
// that is no descriptor; a mode and a lock may follow it: mem-W.
func lsofOther(word []byte) bool {
	kind, _, _ := bytes.Cut(word, []byte("-"))
	switch string(kind) {
	case "cwd", "rtd", "txt", "mem", "mmap", "ltx", "pd", "jld", "tr", "v86", "m86", "DEL", "NOFD", "err":
		return true
	}
	return false
}

// socket reads a line of an IPv4 or IPv6 socket from the column DEVICE on,
// which is the socket's inode. The column NODE is the protocol.
func (r *lsofReader) socket(c *field.Cursor, kind []byte, p fleetnet.Process) {
	inode, known := field.Uint(c.Next(), 64)
	c.Next() // SIZE/OFF
	proto := bytes.ToLower(c.Next())
	if i, seen := r.byInode[inode]; known && seen && c.Err() == nil {
		r.slabs.hold(&r.out.Sockets[i], p)
		r.in.Row()
		return
	}
	k := r.rows.add()
	k.Proto, k.Family = r.out.Intern(proto), "inet"
	if string(kind) == "IPv6" {
		k.Family = "inet6"
	}
	r.name(c, k)
	if err := c.Err(); err != nil {
		r.rows.drop()
		r.in.Fail(err)
		return
	}
	r.slabs.hold(k, p)
	if known {
		k.Inode = fleetnet.Some(inode)
		r.byInode[inode] = len(r.out.Sockets) - 1
	}
	r.in.Row()
}

// name reads the column NAME: LOCAL or LOCAL->PEER, then the state and, with
// -Tqs, the queues: `(LISTEN QR=3 QS=0)`.
func (r *lsofReader) name(c *field.Cursor, k *fleetnet.Socket) {
	local, peer, connected := bytes.Cut(c.Next(), []byte("->"))
	r.end(c, local, k, &k.Local)
	if connected {
		r.end(c, peer, k, &k.Peer)
	}
	if k.Proto == "udp" || k.Proto == "udplite" {
		if k.State = fleetnet.StateUnconn; connected {
			k.State = fleetnet.StateEstablished
		}
	}
	inside := bytes.TrimSuffix(bytes.TrimPrefix(c.Rest(), []byte("(")), []byte(")"))
	for d := field.New(inside); d.More(); {
		word := d.Next()
		if n, ok := bytes.CutPrefix(word, []byte("QR=")); ok {
			k.RecvQ = opt64(n)
		} else if n, ok := bytes.CutPrefix(word, []byte("QS=")); ok {
			k.SendQ = opt64(n)
		} else if st, ok := fleetnet.ParseStateBytes(word); ok {
			k.State = st
		}
	}
}

func (r *lsofReader) end(c *field.Cursor, word []byte, k *fleetnet.Socket, e *fleetnet.Endpoint) {
	hp, ok := field.SplitHostPort(word)
	if !ok {
		c.Failf("%s is not an address and port", fleetnet.Quote(word))
		return
	}
	readHost(hp, e, r.out)
	if !readPort(c, hp.Port, k.Proto, e) {
		e.Name, k.Truncated = r.out.Intern(word), true
	}
	if hp.Zone != nil && e == &k.Local {
		k.Zone = r.out.Intern(hp.Zone)
	}
}

// unescape undoes `\x20`, as lsof writes what is not printable.
func unescape(b []byte) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return b
	}
	var out []byte
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' && i+3 < len(b) && b[i+1] == 'x' {
			if n, err := strconv.ParseUint(string(b[i+2:i+4]), 16, 8); err == nil {
				out, i = append(out, byte(n)), i+3
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

// lsofLacks is what lsof never tells of a socket, or not without -T.
var lsofLacks = []string{"sockets.uid", "sockets.timer", "sockets.tcp_info", "sockets.recv_q", "sockets.send_q"}

// lsofAccepts refuses what prints no columns, or prints them again and again.
func lsofAccepts(args []string) bool {
	for _, a := range args {
		if len(a) > 1 && a[0] == '-' && bytes.IndexByte([]byte("FtvhrR"), a[1]) >= 0 {
			return false
		}
	}
	return true
}
