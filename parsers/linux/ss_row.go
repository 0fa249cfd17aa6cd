package linux

import (
	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// ssKind is how the address columns of a row are to be read.
type ssKind uint8

const (
	ssInet  ssKind = iota // ADDR:PORT ADDR:PORT
	ssUnix                // PATH INODE PATH INODE
	ssNamed               // anything of no internet protocol
)

// ssNetid returns the protocol that a word of the column Netid stands for, and
// how its rows read. A raw socket of ICMPv6 is "icmp6" there and one of most
// other protocols "???" (proto_name in ss.c).
func ssNetid(word []byte) (proto string, kind ssKind, ok bool) {
	switch string(word) {
	case "tcp":
		return "tcp", ssInet, true
	case "udp":
		return "udp", ssInet, true
	case "raw", "icmp6", "???":
		return "raw", ssInet, true
	case "sctp":
		return "sctp", ssInet, true
	case "mptcp":
		return "mptcp", ssInet, true
	case "dccp":
		return "dccp", ssInet, true
	case "u_str", "u_dgr", "u_seq":
		return "unix", ssUnix, true
	case "nl":
		return "netlink", ssNamed, true
	case "p_raw", "p_dgr":
		return "packet", ssNamed, true
	case "v_str", "v_dgr":
		return "vsock", ssNamed, true
	case "ti_st", "ti_dg", "ti_rd", "ti_sq", "tipc":
		return "tipc", ssNamed, true
	case "xdp":
		return "xdp", ssNamed, true
	}
	return "", ssInet, false
}

// head reads the columns before the addresses.
func (r *ssReader) head(c *field.Cursor, k *fleetnet.Socket) ssKind {
	if c.Take("`-") { // an association, below the endpoint that it belongs to
		k.Proto = "sctp"
		r.state(c, k)
		r.queues(c, k)
		return ssInet
	}
	word := c.Peek()
	proto, kind, ok := ssNetid(word)
	switch {
	case ok:
		c.Drop(len(word))
	case len(word) > 5 && ssGlued(word): // 4.15 to 4.17 leave no blank after a full column
		proto, kind, _ = ssNetid(word[:5])
		c.Drop(5)
	case r.onlyTCP():
		proto = "tcp"
	default:
		if proto, kind, ok = ssNetid([]byte(r.asked.proto())); !ok {
			c.Fail(errNoProtocol)
		}
	}
	k.Proto = proto
	r.state(c, k)
	r.queues(c, k)
	return kind
}

// ssGlued reports whether the word is a netid of five letters and a state.
func ssGlued(word []byte) bool {
	if _, _, ok := ssNetid(word[:5]); !ok {
		return false
	}
	_, known := fleetnet.ParseStateBytes(word[5:])
	return known
}

// state reads the column State, which is not there when the row goes on with a
// number: then the command tells the state.
func (r *ssReader) state(c *field.Cursor, k *fleetnet.Socket) {
	word := c.Peek()
	switch {
	case len(word) == 0:
		return
	case word[0] >= '0' && word[0] <= '9' || r.header.seen && !r.header.state || !upperWord(word):
		k.State = ssClosed(k.Proto, r.oneState())
		return
	}
	name := word
	st, ok := ssState(name)
	for !ok && len(name) > 3 && isDigit(name[len(name)-1]) { // glued to Recv-Q, see head
		name = name[:len(name)-1]
		st, ok = ssState(name)
	}
	if ok {
		word = name
	}
	c.Drop(len(word))
	k.State = ssClosed(k.Proto, st) // a state that is not known has none: UNDEF, SCTP's own
}

// oneState returns the state of all rows, when the column is left out: -l
// shows listening sockets alone before 3.6.
func (r *ssReader) oneState() fleetnet.State {
	if r.header.seen && !r.header.state && r.asked.states == ssListen|ssClose {
		return fleetnet.StateListen
	}
	return r.asked.state
}

// ssState returns the state that a word of the column State names.
func ssState(word []byte) (fleetnet.State, bool) {
	switch string(word) { // the commonest first
	case "ESTAB":
		return fleetnet.StateEstablished, true
	case "TIME-WAIT":
		return fleetnet.StateTimeWait, true
	case "LISTEN":
		return fleetnet.StateListen, true
	case "UNCONN":
		return fleetnet.StateUnconn, true
	case "UNDEF", "UNKNOWN":
		return "", true
	}
	return fleetnet.ParseStateBytes(word)
}

// ssClosed gives the state its name under netstat: ss has one word for a closed
// connection and for a datagram socket without a peer.
func ssClosed(proto string, st fleetnet.State) fleetnet.State {
	if st != fleetnet.StateUnconn {
		return st
	}
	switch proto {
	case "tcp", "mptcp", "sctp", "dccp":
		return fleetnet.StateClosed
	}
	return st
}

// upperWord reports whether the word may be a state: capitals, digits, - and _.
func upperWord(word []byte) bool {
	for _, b := range word {
		if (b < 'A' || b > 'Z') && b != '-' && b != '_' && !isDigit(b) {
			return false
		}
	}
	return true
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func (r *ssReader) queues(c *field.Cursor, k *fleetnet.Socket) {
	if r.noQueues() {
		return
	}
	k.RecvQ, k.SendQ = queue(c), queue(c)
}

// queue reads the length of a queue. One that a tool printed as a negative
// number has overflown there, and is unknown.
func queue(c *field.Cursor) fleetnet.Opt[uint64] {
	word := c.Next()
	n, ok := field.Uint(word, 64)
	if !ok {
		if _, negative := field.Int(word); !negative {
			c.Failf("%s is not the length of a queue", fleetnet.Quote(word))
		}
		return fleetnet.Opt[uint64]{}
	}
	return fleetnet.Some(n)
}
