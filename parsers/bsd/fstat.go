package bsd

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// Fstat reads the internet sockets of `fstat` of OpenBSD (fstat.c, socktrans):
//
//	USER     CMD          PID   FD MOUNT        INUM  MODE         R/W    SZ|DV
//	root     sshd       71344    3* internet stream tcp 0xffff80000089a4d0 *:22
//	_ntp     ntpd       43121    8* internet dgram udp 10.0.0.5:8743 <-> 192.0.2.1:123
//	ops      ssh        91221    3* internet6 stream tcp 0x0 [2001:db8::5]:33434 --> [2001:db8::9]:22
//
// A socket has a row for each descriptor of each process that holds it. Files and
// other sockets are passed over. What no process holds is not listed.
func Fstat(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := newSockstat(in, out, "openbsd")
	for in.Next() {
		r.fstat()
	}
	out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Probe: "openbsd/fstat", Reason: "fstat lists only sockets that a process holds"})
	sockets.CoverTruncated(out, r.rows.Own(), "openbsd/fstat")
}

// fstat reads the current line.
func (r *sockstat) fstat() {
	line := r.in.Text()
	at, star := bytes.Index(line, []byte("* internet")), bytes.IndexByte(line, '*')
	switch {
	case bytes.HasPrefix(line, []byte("USER ")):
		r.in.Skip()
	case at < 0 || at != star:
		if isFstatRow(line) {
			r.in.Skip()
		}
	default:
		r.fstatSocket(line[:at], line[at+len("* "):])
	}
}

// isFstatRow reports whether the row is of a file or of another socket.
func isFstatRow(line []byte) bool {
	words := bytes.Fields(line)
	for i := 2; i+1 < len(words) && i < 10; i++ {
		if _, number := field.Uint(words[i], 31); number && isFstatFD(words[i+1]) {
			return true
		}
	}
	return false
}

// isFstatFD reports whether a word may stand in the column FD: a number, with a
// star for what is no file, or what the process has besides descriptors.
func isFstatFD(b []byte) bool {
	switch string(b) {
	case "text", "wd", "root", "tr", "jail", "mmap", "ctty":
		return true
	}
	_, ok := field.Uint(bytes.TrimSuffix(b, []byte{'*'}), 31)
	return ok
}

// fstatSocket reads USER CMD PID FD before the star, and behind it the domain, the
// type, the protocol, its address in the kernel, and the ends.
func (r *sockstat) fstatSocket(before, after []byte) {
	b := field.New(before)
	words := r.fields(&b)
	c := field.New(after)
	family := "inet"
	if string(c.Next()) == "internet6" {
		family = "inet6"
	}
	c.Next() // stream, dgram or raw
	proto := string(c.Next())
	if proto != "tcp" && proto != "udp" {
		r.in.Skip() // raw sockets are shown by number, without ends
		return
	}
	if bytes.HasPrefix(c.Peek(), []byte("0x")) {
		c.Next()
	}
	if !c.More() {
		r.in.Skip() // not bound
		return
	}
	ends := [][]byte{[]byte(proto), c.Next(), []byte("*:*")}
	if isArrow(c.Peek()) {
		c.Next()
		ends[2] = c.Next()
	}
	if c.Err() != nil || len(words) < 4 {
		r.in.Fail(field.ErrShort)
		return
	}
	if family == "inet6" {
		ends[0] = append(ends[0], '6')
	}
	r.socket(words[0], words[1:], ends)
}

func isArrow(b []byte) bool {
	switch string(b) {
	case "-->", "<--", "<->":
		return true
	}
	return false
}
