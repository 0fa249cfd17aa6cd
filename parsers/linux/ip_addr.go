package linux

import (
	"bytes"
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// IPAddr reads `ip addr` and `ip link` with any of -s, -s -s, -d, -o, -br and -c:
//
//	2: eth0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master br0 state UP group default qlen 1000
//	    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netnsid 0
//	    inet 10.0.0.1/24 brd 10.0.0.255 scope global secondary eth0:1
//	       valid_lft forever preferred_lft forever
//	    RX:  bytes packets errors dropped  missed   mcast
//	            90       1      0       0       0       0
//
// Printed by ipaddress.c of iproute2 from 2.6 to 7, and by BusyBox. What one
// output tells twice of an interface, as `ip -s link; ip addr` does, becomes one row.
func IPAddr(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	text := ipAddrText{out: out, in: in, cur: -1, seen: map[int]int{}, details: commandOf(in).details}
	from := len(out.Interfaces)
	readIP(in, text.line, ipAddrElement(out))
	partPeers(out.Interfaces[from:])
	coverLinks(in, out, from)
}

// ipAddrText reads the text of ip addr and ip link.
type ipAddrText struct {
	in      *fleetnet.Lines
	out     *fleetnet.Snapshot
	cur     int          // index of the interface that the lines are about, or -1
	seen    map[int]int  // where the interface of an ifindex is
	details bool         // with -d, further lines tell the properties of the kind
	stats   statsHeading // the heading of the numbers that the next line holds
}

func (t *ipAddrText) current() *fleetnet.Interface {
	if t.cur < 0 {
		return nil
	}
	return &t.out.Interfaces[t.cur]
}

func (t *ipAddrText) line(line []byte) (bool, error) {
	heading := t.stats
	t.stats = statsHeading{}
	switch {
	case heading.columns != nil && (indented(line) || !isIndexed(line)):
		return t.numbers(heading, line)
	case indented(line) || t.cur >= 0 && (isDetail(line) || t.details && !isIndexed(line)):
		return t.detail(line)
	case line[0] >= '0' && line[0] <= '9':
		return true, t.first(line)
	}
	return true, t.brief(line)
}

// isIndexed reports whether a line begins with the index of an interface.
func isIndexed(line []byte) bool {
	c := field.New(line)
	return bytes.HasSuffix(c.Next(), []byte{':'})
}

// isDetail reports whether a line is one of an interface that lost its
// indentation, as on pages of the web.
func isDetail(line []byte) bool {
	c := field.New(line)
	switch word := string(c.Next()); word {
	case "inet", "inet6", "valid_lft", "RX:", "TX:", "altname", "alias":
		return true
	case "RX", "TX":
		return c.Take("errors:")
	default:
		return strings.HasPrefix(word, "link/")
	}
}

// open makes the interface of an index and name the current one, and starts
// it when this output has not told of it before.
func (t *ipAddrText) open(index int, name, parent string) *fleetnet.Interface {
	at, ok := t.seen[index]
	if !ok || t.out.Interfaces[at].Name != name {
		t.out.Interfaces = append(t.out.Interfaces, fleetnet.Interface{
			Name: name, Index: fleetnet.Some(index), Parent: parent, Ref: t.in.Ref(),
		})
		at = len(t.out.Interfaces) - 1
		t.seen[index] = at
	}
	t.cur = at
	return &t.out.Interfaces[at]
}

// first reads a line that begins with an index: an interface's first line, or
// with -o an address of it.
func (t *ipAddrText) first(line []byte) error {
	t.cur = -1
	c := field.New(line)
	index, ok := field.Uint(bytes.TrimSuffix(c.Next(), []byte{':'}), 31)
	tok := c.Next()
	if !ok || c.Err() != nil {
		return errors.New("no index and name of an interface")
	}
	if !bytes.HasSuffix(tok, []byte{':'}) {
		return t.joined(int(index), tok, c.Rest())
	}
	var told fleetnet.Interface
	t.attributes(&c, &told)
	if c.Err() != nil {
		return c.Err()
	}
	name, parent := t.names(tok[:len(tok)-1])
	it := t.open(int(index), name, parent)
	it.Flags, it.Carrier, it.MTU, it.Master, it.OperState = told.Flags, told.Carrier, told.MTU, told.Master, told.OperState
	return nil
}

// names splits NAME@LOWER. A lower device in another namespace is ifN, none is
// NONE, and old versions take the index in another namespace for their own.
func (t *ipAddrText) names(b []byte) (name, parent string) {
	at := bytes.LastIndexByte(b, '@')
	if at <= 0 {
		return t.out.Intern(b), ""
	}
	lower := b[at+1:]
	_, foreign := field.Uint(bytes.TrimPrefix(lower, []byte("if")), 31)
	if !foreign && string(lower) != "NONE" && !bytes.Equal(lower, b[:at]) {
		parent = t.out.Intern(lower)
	}
	return t.out.Intern(b[:at]), parent
}

// attributes reads what follows the name: flags, then words and their values.
func (t *ipAddrText) attributes(c *field.Cursor, it *fleetnet.Interface) {
	t.flags(c, it)
	for c.More() {
		switch string(c.Next()) {
		case "mtu":
			it.MTU = fleetnet.Some(int(c.Uint(31)))
		case "master":
			it.Master = t.out.Intern(c.Next())
		case "state":
			it.OperState = operState(t.out.Intern(c.Next()))
		case "qdisc", "mode", "group", "qlen":
			c.Next()
		}
	}
}

// flags reads <BROADCAST,UP,LOWER_UP> and what it says about the carrier. ip
// of 2004 prints the flags that it has no name for in hex, 10000 for LOWER_UP,
// and BusyBox does so right behind the last name: MULTICAST100 for PROMISC.
func (t *ipAddrText) flags(c *field.Cursor, it *fleetnet.Interface) {
	tok := c.Next()
	if len(tok) < 2 || tok[0] != '<' || tok[len(tok)-1] != '>' {
		c.Failf("%s are not flags", fleetnet.Quote(tok))
		return
	}
	it.Flags = []string{}
	for _, f := range strings.FieldsFunc(string(tok[1:len(tok)-1]), func(r rune) bool { return r == ',' }) {
		name := strings.TrimRight(f, "0123456789abcdef")
		if name != "" {
			it.Flags = append(it.Flags, t.out.Intern([]byte(name)))
		}
		if bits, err := strconv.ParseUint(f[len(name):], 16, 32); err == nil {
			it.Flags = append(it.Flags, flagWords(uint32(bits))...)
		}
	}
	it.Carrier = carrier(it)
}

func carrier(it *fleetnet.Interface) fleetnet.Opt[bool] {
	switch {
	case it.HasFlag("NO-CARRIER"):
		return fleetnet.Some(false)
	case it.HasFlag("LOWER_UP"):
		return fleetnet.Some(true)
	}
	return fleetnet.Opt[bool]{}
}

// operState returns s when it is a state of RFC 2863, which ip prints in
// capitals, else "": ip prints a state that it does not know as a number.
func operState(s string) string {
	switch s {
	case "UP", "DOWN", "UNKNOWN", "LOWERLAYERDOWN", "DORMANT", "TESTING", "NOTPRESENT":
		return s
	}
	return ""
}

// detail reads an indented line.
func (t *ipAddrText) detail(line []byte) (bool, error) {
	it := t.current()
	if it == nil {
		return false, errNoInterface
	}
	c := field.New(line)
	switch word := string(c.Next()); {
	case strings.HasPrefix(word, "link/"):
		it.Type = linkType(t.out.Intern([]byte(word[len("link/"):])))
		it.MAC = linkMAC(it.Type, c.Peek())
		t.details = t.details || bytes.Contains(c.Rest(), []byte(" promiscuity "))
	case word == "inet" || word == "inet6":
		a := t.address(&c, it.Name, word)
		if c.Err() == nil {
			addAddr(it, a)
		}
	case word == "altname" || word == "alias":
		addAlias(it, string(c.Rest()))
	case word == "RX:" || word == "TX:":
		t.heading(&c, statsHeading{dir: word[0]})
	case (word == "RX" || word == "TX") && c.Take("errors:"):
		t.heading(&c, statsHeading{dir: word[0], second: true})
	case t.details && isPeerKind(word):
		it.Parent = ""
	default:
		return word == "valid_lft", t.other(word)
	}
	return true, c.Err()
}

// other accepts the lines that tell nothing of the model: other families,
// virtual functions, attached programs, and with -d anything.
func (t *ipAddrText) other(word string) error {
	switch word {
	case "valid_lft", "vf", "dnet", "ipx", "mpls", "family", "prog/xdp", "spoof":
		return nil
	}
	if t.details {
		return nil
	}
	return errors.New("not understood")
}

// linkMAC returns the address of a link as a MAC. That of a tunnel is an IP
// address, and no MAC.
func linkMAC(kind string, addr []byte) string {
	mac, ok := field.MAC(addr)
	switch kind {
	case "tunnel6", "gre6", "ipip", "gre", "sit":
		return ""
	}
	if !ok {
		return ""
	}
	return mac
}

// address reads what follows inet or inet6.
func (t *ipAddrText) address(c *field.Cursor, iface, family string) fleetnet.IfAddr {
	a := fleetnet.IfAddr{Prefix: interfacePrefix(c)}
	for c.More() {
		switch word := c.Next(); string(word) {
		case "peer":
			a.Peer = interfacePrefix(c)
		case "scope":
			a.Scope = t.out.Intern(c.Next())
		case "brd", "any", "mcast", "metric", "proto", "flags":
			c.Next()
		default:
			if family == "inet" && bytes.HasPrefix(word, []byte(iface+":")) {
				return a // the rest is a label, which may hold blanks
			}
			if family == "inet6" || c.More() || !isLabel(string(word), iface) {
				a.Flags = append(a.Flags, t.out.Intern(word))
			}
		}
	}
	return a
}

// few bounds how far back a repetition is looked for, so that an endless list
// costs no more than its length.
const few = 64

// addAddr adds an address, but not twice.
func addAddr(it *fleetnet.Interface, a fleetnet.IfAddr) {
	same := func(b fleetnet.IfAddr) bool { return a.Prefix == b.Prefix && a.Peer == b.Peer }
	if !slices.ContainsFunc(it.Addrs[:min(few, len(it.Addrs))], same) {
		it.Addrs = append(it.Addrs, a)
	}
}

// addAlias adds another name, but not twice.
func addAlias(it *fleetnet.Interface, name string) {
	if name != "" && !slices.Contains(it.Aliases[:min(few, len(it.Aliases))], name) {
		it.Aliases = append(it.Aliases, name)
	}
}

func isLabel(word, iface string) bool {
	return word == iface || strings.HasPrefix(word, iface+":") || !addrFlag(word)
}

// addrFlag reports whether ip prints word for a flag of an address (ifa_flag_data in ipaddress.c).
func addrFlag(word string) bool {
	switch word {
	case "secondary", "temporary", "nodad", "optimistic", "dadfailed", "home", "deprecated", "tentative", "permanent",
		"dynamic", "mngtmpaddr", "noprefixroute", "autojoin", "stable-privacy":
		return true
	}
	return false
}

func interfacePrefix(c *field.Cursor) netip.Prefix {
	tok := c.Next()
	p, ok := wholePrefix(tok)
	if !ok {
		c.Failf("%s is not a prefix", fleetnet.Quote(tok))
	}
	return unmapPrefix(p)
}
