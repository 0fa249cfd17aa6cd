package linux

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/jsontext"
)

// IPNeigh reads `ip neigh show` with any of -4, -6, -s, -br and -o:
//
//	10.0.0.2 dev eth0 lladdr 02:00:00:00:00:02 ref 1 used 0/0/0 probes 4 REACHABLE
//	fe80::1 dev eth0 lladdr 02:00:00:00:00:01 router STALE
//	10.0.0.99 dev eth0 FAILED
//	10.0.0.60 dev eth0 proxy
//
// Printed by ipneigh.c of iproute2 from 2.6 to 7, and by BusyBox. With the
// filter `dev eth0`, ip prints no device; it is taken from the command.
func IPNeigh(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	args := commandOf(in)
	dev := args.filter("dev")
	text := func(line []byte) (bool, error) { return neighborText(in, out, dev, line) }
	readIP(in, text, ipNeighElement(out, dev))
	args.coverNeighbors(in, out)
}

func neighborText(in *fleetnet.Lines, out *fleetnet.Snapshot, dev string, line []byte) (bool, error) {
	if bytes.HasPrefix(line, []byte("WARNING: Kernel does not support filtering")) {
		return false, nil
	}
	c := field.New(line)
	n := fleetnet.Neighbor{Addr: c.Addr(), Interface: dev, Ref: in.Ref()}
	if !c.More() {
		c.Fail(field.ErrShort)
	}
	for c.More() {
		neighborWord(&c, out, &n)
	}
	if c.Err() == nil {
		out.Neighbors = append(out.Neighbors, n)
	}
	return true, c.Err()
}

// neighborWord reads one word of an entry, and its value.
func neighborWord(c *field.Cursor, out *fleetnet.Snapshot, n *fleetnet.Neighbor) {
	switch tok := c.Next(); string(tok) {
	case "dev":
		n.Interface = out.Intern(c.Next())
	case "lladdr":
		n.MAC = neighborMAC(c)
	case "router", "proxy", "managed", "extern_learn", "extern_valid", "offload":
		n.Flags = append(n.Flags, out.Intern(tok))
	case "used":
		if bytes.HasSuffix(c.Next(), []byte("probes")) { // 5.16 and later leave out a blank
			c.Next()
		}
	case "ref", "probes", "proto", "nud":
		c.Next()
	default:
		state, _, _ := bytes.Cut(tok, []byte{','})
		switch {
		case isNeighborState(state):
			n.State = firstState(n.State, out.Intern(state))
		case n.Interface == "": // ip -br neigh: 10.0.0.2  eth0  02:00:00:00:00:02
			n.Interface = out.Intern(tok)
		case n.MAC == "":
			n.MAC = knownMAC(c, tok)
		default:
			c.Failf("%s is not a state", fleetnet.Quote(tok))
		}
	}
}

func firstState(have, next string) string {
	if have != "" {
		return have
	}
	return next
}

func isNeighborState(b []byte) bool {
	switch string(b) {
	case "INCOMPLETE", "REACHABLE", "STALE", "DELAY", "PROBE", "FAILED", "NOARP", "PERMANENT":
		return true
	}
	return false
}

// neighborMAC takes a link-layer address. That of a tunnel's neighbour is an
// IP address, and no MAC.
func neighborMAC(c *field.Cursor) string {
	tok := c.Next()
	if c.Err() != nil {
		return ""
	}
	return knownMAC(c, tok)
}

// knownMAC returns tok as a MAC: of Ethernet, EUI-64 or InfiniBand. It fails
// when tok is no link-layer address at all; tunnels have those of one octet or four.
func knownMAC(c *field.Cursor, tok []byte) string {
	if mac, ok := field.MAC(tok); ok {
		return mac
	}
	if _, _, ok := field.Addr(tok); !ok && !shortOctets(tok) {
		c.Failf("%s is not a link-layer address", fleetnet.Quote(tok))
	}
	return ""
}

// shortOctets reports whether b is a link-layer address of one octet or four.
func shortOctets(b []byte) bool {
	digits := bytes.ReplaceAll(b, []byte{':'}, nil)
	_, ok := field.Hex(digits)
	return ok && (len(b) == 2 && len(digits) == 2 || len(b) == 11 && len(digits) == 8)
}

// IPNeighJSON reads `ip -j neigh show` with any of -p, -4, -6 and -s (4.17 and
// later, ipneigh.c):
//
//	[{"dst":"10.0.0.2","dev":"eth0","lladdr":"02:00:00:00:00:02","state":["REACHABLE"]},
//	 {"dst":"fe80::1","dev":"eth0","lladdr":"02:00:00:00:00:01","router":null,"state":["STALE"]}]
func IPNeighJSON(in *fleetnet.Lines, out *fleetnet.Snapshot) { IPNeigh(in, out) }

func ipNeighElement(out *fleetnet.Snapshot, dev string) ipElement {
	return func(element []byte, ref fleetnet.Ref) error {
		f := jsonFields{out: out}
		n := fleetnet.Neighbor{Interface: dev, Ref: ref}
		members := 0
		for key, value := range jsontext.Members(element) {
			members++
			f.neighborMember(&n, key, value)
		}
		switch {
		case members == 0:
			return nil
		case !n.Addr.IsValid():
			return errors.New("no address of a neighbour")
		}
		out.Neighbors = append(out.Neighbors, n)
		return f.err
	}
}

func (f *jsonFields) neighborMember(n *fleetnet.Neighbor, key string, value json.RawMessage) {
	switch key {
	case "dst":
		n.Addr = f.addr(value)
	case "dev":
		n.Interface = f.word(value)
	case "lladdr":
		c := field.Cursor{}
		n.MAC = knownMAC(&c, f.text(value))
		if c.Err() != nil {
			f.fail(value, "a link-layer address")
		}
	case "router", "proxy", "managed", "extern_learn", "extern_valid", "offload":
		n.Flags = append(n.Flags, key)
	case "state":
		for _, s := range f.words(value) {
			n.State = firstState(n.State, s)
		}
	}
}
