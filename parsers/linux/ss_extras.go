package linux

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// extras reads what follows the addresses, on the row's line or on a line that
// carries it on. The words that no field is made of are passed over: what ss
// prints there grows with every release.
func (r *ssReader) extras(c *field.Cursor, k *fleetnet.Socket) {
	for c.More() {
		if left := c.Left(); left[0] == 'u' && bytes.HasPrefix(left, []byte("users:(")) {
			c.Drop(r.users(left, k))
			continue
		}
		key, value := c.Pair()
		switch string(key) {
		case "timer":
			r.timer(value, k)
		case "uid":
			k.UID = opt32(value)
		case "ino":
			r.inode(value, k)
		case "opt":
			return // the rest of a line of /proc/net
		default:
			if value != nil {
				r.tcpInfo(key, value, k)
			} else {
				r.bareWord(key, k)
			}
		}
	}
}

// inode takes the socket's inode. Who owns a socket with one is told whenever
// it is not root; for a socket without one, nothing is known of that.
func (r *ssReader) inode(value []byte, k *fleetnet.Socket) {
	if k.Proto == "unix" {
		return // the inode of its file
	}
	if k.Inode = opt64(value); k.Inode.V != 0 && !k.UID.OK {
		k.UID = fleetnet.Some[uint32](0)
	}
}

// bareWord takes a word without a value. The name of the congestion control
// algorithm is one; it stands before the first value of the TCP details. In
// 2.6 it is glued to the word before it.
func (r *ssReader) bareWord(word []byte, k *fleetnet.Socket) {
	if bytes.HasPrefix(word, []byte("ino=")) { // udp and raw before 4.0
		r.inode(word[4:], k)
		return
	}
	if bytes.HasPrefix(word, []byte("uid=")) {
		k.UID = opt32(word[4:])
		return
	}
	if k.TCPInfo != nil {
		return
	}
	switch string(word) {
	case "ts", "usec_ts", "sack", "ecn", "ecnseen", "fastopen", "bidir", "publ", "fallback", "remote_key":
		return
	}
	for _, flag := range []string{"sack", "ecn", "ts"} {
		if rest, ok := bytes.CutPrefix(word, []byte(flag)); ok {
			word = rest
			break
		}
	}
	if len(word) > 0 && word[0] >= 'a' && word[0] <= 'z' {
		r.congestion = word
	}
}

// timer reads `keepalive,1min12sec,0` in brackets.
func (r *ssReader) timer(value []byte, k *fleetnet.Socket) {
	value = bytes.TrimSuffix(bytes.TrimPrefix(value, []byte("(")), []byte(")"))
	name, rest, _ := bytes.Cut(value, []byte(","))
	expires, retransmits, ok := bytes.Cut(rest, []byte(","))
	if !ok {
		return
	}
	t := fleetnet.Timer{Name: r.out.Intern(name), ExpiresMS: ssMillis(expires), Retransmits: opt32(retransmits)}
	if t.Name == "persist" { // netstat's name, and the model's
		t.Name = "probe"
	}
	k.Timer = r.slabs.Timer(t)
}

// longestTimer is beyond any timer of TCP: a kernel that counted down past zero
// shows the counter's wrap.
const longestTimer = 1 << 31

// ssMillis reads a time as print_ms_timer in ss.c writes it: 204ms, 12sec,
// 1.204sec, 1.204ms (the same, until 6.11), 1min12sec, 10min, and nothing for 0.
func ssMillis(b []byte) fleetnet.Opt[int64] {
	var total int64
	for len(b) > 0 {
		n := 0
		for n < len(b) && (isDigit(b[n]) || b[n] == '.') {
			n++
		}
		number, unit := b[:n], b[n:]
		amount, ok := field.Thousandths(number)
		if !ok || amount > longestTimer*1000 {
			return fleetnet.Opt[int64]{}
		}
		switch {
		case bytes.HasPrefix(unit, []byte("min")):
			total, b = total+amount*60, unit[3:]
		case bytes.HasPrefix(unit, []byte("sec")):
			total, b = total+amount, unit[3:]
		case bytes.HasPrefix(unit, []byte("ms")):
			if bytes.IndexByte(number, '.') < 0 {
				amount /= 1000
			}
			total, b = total+amount, unit[2:]
		default:
			return fleetnet.Opt[int64]{}
		}
	}
	if total >= longestTimer {
		return fleetnet.Opt[int64]{}
	}
	return fleetnet.Some(total)
}

// opt32 returns the number that is all of b, or unknown.
func opt32(b []byte) fleetnet.Opt[uint32] {
	n, ok := field.Uint(b, 32)
	return fleetnet.Opt[uint32]{V: uint32(n), OK: ok}
}

func opt64(b []byte) fleetnet.Opt[uint64] {
	n, ok := field.Uint(b, 64)
	return fleetnet.Opt[uint64]{V: n, OK: ok}
}
