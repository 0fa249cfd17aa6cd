package linux

import (
	"bytes"
	"errors"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// joined reads an address as ip -o addr prints it, on a line of its own that
// repeats the interface:
//
//	2: eth0    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0\       valid_lft forever preferred_lft forever
func (t *ipAddrText) joined(index int, name, rest []byte) error {
	c := field.New(rest)
	family := string(c.Next())
	if family == "dnet" || family == "ipx" || family == "family" {
		return nil
	}
	if family != "inet" && family != "inet6" {
		return errors.New("neither an interface nor an address of one")
	}
	a := t.address(&c, string(name), family)
	if c.Err() != nil {
		return c.Err()
	}
	addAddr(t.open(index, t.out.Intern(name), ""), a)
	return nil
}

// brief reads a line of ip -br addr or ip -br link (4.3 and later):
//
//	eth0@if2         UP             10.0.0.1/24 192.0.2.1 peer 192.0.2.2/32 fe80::ff:fe00:1/64
//	eth0@if2         UP             02:00:00:00:00:01 <BROADCAST,MULTICAST,UP,LOWER_UP>
func (t *ipAddrText) brief(line []byte) error {
	c := field.New(line)
	var it fleetnet.Interface
	it.Name, it.Parent = t.names(c.Next())
	if it.OperState = operState(string(c.Next())); it.OperState == "" {
		return errors.New("neither an interface nor a property of one")
	}
	for c.More() {
		t.briefField(&c, &it)
	}
	if c.Err() == nil {
		it.Ref, t.cur = t.in.Ref(), -1
		t.out.Interfaces = append(t.out.Interfaces, it)
	}
	return c.Err()
}

func (t *ipAddrText) briefField(c *field.Cursor, it *fleetnet.Interface) {
	tok := c.Peek()
	switch {
	case tok[0] == '<':
		t.flags(c, it)
	case c.Take("peer"):
		if n := len(it.Addrs); n > 0 {
			it.Addrs[n-1].Peer = interfacePrefix(c)
		}
	case c.Take("metric"):
		c.Next()
	case bytes.IndexByte(tok, '/') < 0 && it.MAC == "" && it.Addrs == nil && linkMAC("", tok) != "":
		it.MAC = linkMAC("", c.Next())
	default:
		it.Addrs = append(it.Addrs, fleetnet.IfAddr{Prefix: interfacePrefix(c)})
	}
}

// statsHeading is a heading of ip -s: RX or TX, and the names of the numbers below it.
type statsHeading struct {
	dir     byte // R or T
	second  bool // the line of `RX errors:`
	columns []string
}

// heading takes the names of the numbers on the line below, which must be there.
func (t *ipAddrText) heading(c *field.Cursor, h statsHeading) {
	h.columns = strings.Fields(string(c.Rest()))
	next := t.in.Peek()
	below := indented(next) || len(next) > 0 && isDigit(next[0]) && !isIndexed(next)
	if !below && bytes.IndexByte(t.in.Text(), '\\') < 0 {
		c.Fail(errors.New("no numbers below it"))
		return
	}
	t.stats = h
}

// numbers reads the line below a heading of statistics. The numbers of a
// virtual function stand under headings without errors, and are not the interface's.
func (t *ipAddrText) numbers(h statsHeading, line []byte) (bool, error) {
	it := t.current()
	values := bytes.Fields(line)
	if it == nil || len(values) != len(h.columns) {
		return false, errors.New("not the numbers of the heading before it")
	}
	if !h.second && !strings.Contains(strings.Join(h.columns, " "), "errors") {
		return false, nil
	}
	if it.Counters == nil {
		it.Counters = &fleetnet.IfCounters{}
	}
	for i, v := range values {
		n, ok := field.Uint(v, 64)
		if !ok && !rounded(v) {
			return false, errors.New("not the numbers of the heading before it")
		}
		setCounter(it.Counters, h.dir, h.columns[i], fleetnet.Opt[uint64]{V: n, OK: ok})
	}
	return true, nil
}

// rounded reports whether v is a number of ip -h, `12.3k`, whose value is not known.
func rounded(v []byte) bool {
	v = bytes.TrimSuffix(v, []byte{'i'})
	return len(v) > 1 && v[0] >= '0' && v[0] <= '9' && bytes.IndexByte([]byte("kKMGTPE"), v[len(v)-1]) >= 0
}

// setCounter keeps the number of a column of ip -s, under the heading's word
// or, after `_errors` is cut, JSON's. A ring that overran is counted as fifo
// by most drivers and as overrun by some (if_link.h): the larger is taken.
// `missed` is neither.
func setCounter(c *fleetnet.IfCounters, dir byte, column string, n fleetnet.Opt[uint64]) {
	switch string(dir) + "X " + column {
	case "RX bytes":
		c.RxBytes = n
	case "RX packets":
		c.RxPackets = n
	case "RX errors":
		c.RxErrors = n
	case "RX dropped":
		c.RxDropped = n
	case "RX frame":
		c.RxFrame = n
	case "RX overrun", "RX over", "RX fifo":
		c.RxOverruns = larger(c.RxOverruns, n)
	case "TX bytes":
		c.TxBytes = n
	case "TX packets":
		c.TxPackets = n
	case "TX errors":
		c.TxErrors = n
	case "TX dropped":
		c.TxDropped = n
	case "TX fifo":
		c.TxOverruns = n
	case "TX carrier":
		c.TxCarrier = n
	case "TX collsns", "TX collisions":
		c.Collisions = n
	}
}

func larger(a, b fleetnet.Opt[uint64]) fleetnet.Opt[uint64] {
	if !a.OK || b.OK && b.V > a.V {
		return b
	}
	return a
}
