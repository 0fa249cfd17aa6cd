package sockets

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Lsof reads what lsof 4 prints of sockets, `lsof -nP -i` or more, on Linux:
//
//	COMMAND   PID     USER   FD   TYPE DEVICE SIZE/OFF NODE NAME
//	sshd     1041     root    3u  IPv4  21598      0t0  TCP *:22 (LISTEN)
//	Web\x20C 3310     anna   37u  IPv6  44866      0t0  TCP [2001:db8::5]:48712->[2001:db8::9]:443 (ESTABLISHED)
//
// and on macOS and BSD, where DEVICE is an address in the kernel, not an inode:
//
//	launchd      1           root   12u  IPv6 0x1f3a5c7e9b2d4f60      0t0  TCP *:22 (LISTEN)
//
// One socket has a line for each descriptor of each process that holds it; they
// become one row. A command is cut to nine characters (without +c) and blanks in
// it are escaped. Sockets that no process holds, TIME_WAIT above all, are not
// listed. Lines of other files, and of sockets that lsof knows nothing of
// ("can't identify protocol"), are passed over. Source: print.c of lsof and its
// dialects/linux/dsock.c and dialects/darwin/libproc/dsock.c.
func Lsof(in *fleetnet.Lines, out *fleetnet.Snapshot, probe string) {
	r := readLsof(in, out)
	out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Probe: probe,
		Reason: "lsof lists only sockets that a process holds"})
	CoverTruncated(out, r.rows.Own(), probe)
	r.coverNames(probe)
}

// usualName is where lsof cuts names of commands, unless +c says another width.
const usualName = 9

// coverNames says that names may be cut: some are as long as those that are, and
// none is longer.
func (r *lsofReader) coverNames(probe string) {
	if r.longest == usualName && !strings.Contains(r.in.Command(), "+c") {
		r.out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Fields: []string{"process"}, Probe: probe,
			Reason: "lsof cuts names of commands; use +c 0"})
	}
}

func readLsof(in *fleetnet.Lines, out *fleetnet.Snapshot) *lsofReader {
	r := &lsofReader{in: in, out: out, rows: NewRows(in, out), byDevice: map[device]int{}}
	for in.Next() {
		r.line(in.Text())
	}
	return r
}

type lsofReader struct {
	in       *fleetnet.Lines
	out      *fleetnet.Snapshot
	rows     Rows
	slabs    Slabs
	byDevice map[device]int
	longest  int // how long the longest name of a command is, as printed
}

// device is what tells one socket from another: an inode, or the address of a
// control block in the kernel.
type device struct {
	number uint64
	inode  bool
}

func parseDevice(b []byte) (device, bool) {
	if rest, hex := bytes.CutPrefix(b, []byte("0x")); hex {
		n, ok := field.Hex(rest)
		return device{number: n}, ok
	}
	n, ok := field.Uint(b, 64)
	return device{number: n, inode: true}, ok
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
	r.longest = max(r.longest, len(command))
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
		for digits < len(word) && digit(word[digits]) {
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

// socket reads a line of an IPv4 or IPv6 socket from the column DEVICE on. The
// column NODE is the protocol.
func (r *lsofReader) socket(c *field.Cursor, kind []byte, p fleetnet.Process) {
	dev, known := parseDevice(c.Next())
	known = known && dev.number != 0 // 0x0 where the kernel does not tell
	c.Next()                         // SIZE/OFF
	proto := bytes.ToLower(c.Next())
	if i, seen := r.byDevice[dev]; known && seen && c.Err() == nil {
		r.slabs.Hold(&r.out.Sockets[i], p)
		r.in.Row()
		return
	}
	if bytes.HasPrefix(c.Left(), []byte("no PCB")) { // macOS: shut down, and of no address any more
		r.in.Skip()
		return
	}
	k := r.rows.Add()
	k.Proto, k.Family = r.out.Intern(proto), "inet"
	if string(kind) == "IPv6" {
		k.Family = "inet6"
	}
	r.name(c, k)
	if err := c.Err(); err != nil {
		r.rows.Drop()
		r.in.Fail(err)
		return
	}
	r.slabs.Hold(k, p)
	if known {
		r.byDevice[dev] = len(r.out.Sockets) - 1
	}
	if known && dev.inode {
		k.Inode = fleetnet.Some(dev.number)
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
			k.RecvQ = number(n)
		} else if n, ok := bytes.CutPrefix(word, []byte("QS=")); ok {
			k.SendQ = number(n)
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
	ReadHost(hp, e, r.out)
	e.Addr = field.WithoutIndex(e.Addr) // macOS: [fe80:4::1]:5353
	if !ReadPort(c, hp.Port, k.Proto, e) {
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

// LsofLacks is what lsof never tells of a socket, or not without -T.
func LsofLacks() []string {
	return []string{"sockets.uid", "sockets.timer", "sockets.tcp_info", "sockets.recv_q", "sockets.send_q"}
}

// LsofAccepts refuses what prints no columns, or prints them again and again.
func LsofAccepts(args []string) bool {
	for _, a := range args {
		if len(a) > 1 && a[0] == '-' && bytes.IndexByte([]byte("FtvhrR"), a[1]) >= 0 {
			return false
		}
	}
	return true
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// number returns the number that is all of b, or unknown.
func number(b []byte) fleetnet.Opt[uint64] {
	n, ok := field.Uint(b, 64)
	return fleetnet.Opt[uint64]{V: n, OK: ok}
}
