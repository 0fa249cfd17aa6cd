package bsdnet

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// named reads `NAME:PID` and what follows it. A name holds blanks, colons and
// dots, and is empty for a process that is gone; what stands right of it has a
// fixed number of fields.
//
//	131072  131072  Code Helper (Plu:84517  00182 00000000 000000000001a2b3 00000080 04000900      1      0 000000
func (r *socketsReader) named(b []byte, k *fleetnet.Socket) {
	for range r.columns.right {
		b = bytes.TrimRight(b, " \t")
		b = b[:lastBlank(b)+1]
	}
	b = bytes.Trim(b, " \t")
	if r.columns.named2 {
		b = firstNamed(b)
	}
	name, pid, ok := cutPID(b)
	if ok {
		r.hold(k, name, pid)
	}
}

// lastBlank returns where the last blank stands, or -1.
func lastBlank(b []byte) int {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] == ' ' || b[i] == '\t' {
			return i
		}
	}
	return -1
}

// cutPID cuts NAME:PID at its last colon.
func cutPID(b []byte) (name []byte, pid uint64, ok bool) {
	colon := bytes.LastIndexByte(b, ':')
	if colon < 0 {
		return nil, 0, false
	}
	pid, ok = field.Uint(b[colon+1:], 31)
	return bytes.TrimRight(b[:colon], " "), pid, ok
}

// firstNamed returns the first of `NAME:PID NAME:PID`. The second pid is left
// out when it is 0: `launchd:1                :`
func firstNamed(b []byte) []byte {
	digits := 0 // 1 + those that follow a colon, or 0
	for i, ch := range b {
		switch {
		case ch == ':':
			digits = 1
		case digits > 0 && ch >= '0' && ch <= '9':
			digits++
		case digits > 1 && ch == ' ':
			return b[:i]
		default:
			digits = 0
		}
	}
	return b
}

// hold adds the process that used the socket last. The pid 0 stands for none.
func (r *socketsReader) hold(k *fleetnet.Socket, name []byte, pid uint64) {
	if pid != 0 {
		r.slabs.Hold(k, fleetnet.Process{Name: r.out.Intern(name), PID: int(pid)})
	}
}

// guess finds the process in a row whose heading was lost (`| grep LISTEN`) by
// the columns that follow it: state and options are 0x0102 0x00000006 up to
// macOS 12, and before a number of 16 hexadecimal digits since 13.
func (r *socketsReader) guess(left []byte, k *fleetnet.Socket) {
	words := bytes.Fields(left)
	for i, w := range words {
		switch {
		case i >= 2 && len(w) == 6 && w[0] == '0' && w[1] == 'x':
			r.guessed(words[i-2], k)
			return
		case i >= 4 && len(w) == 16 && isHex(w):
			if _, number := field.Uint(words[i-3], 31); number && !hasPID(words[i-3]) {
				r.guessed(words[i-4], k)
				return
			}
			r.guessNamed(left, words[:i-2], k)
			return
		}
	}
}

func (r *socketsReader) guessed(word []byte, k *fleetnet.Socket) {
	if pid, ok := field.Uint(word, 31); ok {
		r.hold(k, nil, pid)
	}
}

func hasPID(word []byte) bool { return bytes.IndexByte(word, ':') >= 0 }

func isHex(b []byte) bool {
	_, ok := field.Hex(b)
	return ok
}

// guessNamed finds `NAME:PID`: the last of words ends it, and it begins after
// the numbers.
func (r *socketsReader) guessNamed(left []byte, words [][]byte, k *fleetnet.Socket) {
	c := field.New(left)
	numbers := 0
	for range words {
		if _, ok := field.Uint(c.Peek(), 64); !ok {
			break
		}
		c.Next()
		numbers++
	}
	last := words[len(words)-1]
	from := c.Left()
	end := bytes.LastIndex(from, last)
	if numbers < 2 || end < 0 {
		return
	}
	if name, pid, ok := cutPID(bytes.TrimSpace(from[:end+len(last)])); ok {
		r.hold(k, name, pid)
	}
}
