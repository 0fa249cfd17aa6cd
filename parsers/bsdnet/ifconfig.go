package bsdnet

import (
	"bytes"
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

var errNoBlock = errors.New("stands before any interface")

// Ifconfig reads `ifconfig -a` (ifconfig.c, af_*.c, ifmedia.c, ifbridge.c):
//
//	en0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
//		options=6463<RXCSUM,TXCSUM,TSO4,TSO6,CHANNEL_IO>
//		ether a4:83:e7:2d:62:8f
//		inet6 fe80::4dd:cbd7:2743:da63%en0 prefixlen 64 secured scopeid 0xa
//		inet 192.168.1.221 netmask 0xffffff00 broadcast 192.168.1.255
//		media: autoselect (1000baseT <full-duplex>)
//		status: active
//	utun0: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1380
//		inet 10.8.0.2 --> 10.8.0.1 netmask 0xffffffff
//
// A line is told by its first word, as pastes and tools replace the tabs, or
// lose them in all of a block, or indent the headings too. The scope of a
// link-local address is the index of its interface.
func Ifconfig(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := ifconfigReader{in: in, out: out, first: len(out.Interfaces), masters: map[string]string{}}
	for in.Next() {
		line := r.whole()
		indented := len(line) > 0 && (line[0] == ' ' || line[0] == '\t')
		switch {
		case line == nil: // reading stopped before its end
		case r.open && r.wrapped(line):
			in.Row()
		case isIfconfigHeading(line):
			r.heading(line)
		case r.open && (indented || r.flat || r.fresh), indented && r.headless():
			r.flat = !indented
			r.open = r.body(line) || indented
			r.fresh = false
		case indented:
			in.Fail(errNoBlock)
		default:
			r.open = false
		}
	}
	r.settle()
	r.cover()
}

type ifconfigReader struct {
	in      *fleetnet.Lines
	out     *fleetnet.Snapshot
	first   int
	open    bool              // in the block of an interface
	fresh   bool              // the heading was the line before
	flat    bool              // the paste has lost the indentation of the block
	masters map[string]string // bridge or bond by member
}

// headless begins the block of the one interface that the command names, whose
// heading a filter took away (`ifconfig en0 | grep inet`), and reports whether
// there is one.
func (r *ifconfigReader) headless() bool {
	typed := r.in.Command()
	o := command.Of(typed, "fgGX")
	if len(r.out.Interfaces) > r.first || !command.Filtered(typed) || len(o.Operands) == 0 || addressKinds[o.Operands[0]] {
		return false
	}
	r.out.Interfaces = append(r.out.Interfaces, fleetnet.Interface{Name: o.Operands[0], Ref: r.in.Ref()})
	r.out.Cover(fleetnet.Coverage{Table: "interfaces", Status: fleetnet.StatusPartial, Fields: []string{"flags", "mtu", "mac", "type"}, Reason: "a filter took the heading away"})
	r.open = true
	return true
}

// isIfconfigHeading reports whether a line starts the block of an interface.
func isIfconfigHeading(line []byte) bool {
	name, _, ok := bytes.Cut(bytes.TrimLeft(line, " \t"), []byte(": flags="))
	return ok && len(name) > 0 && !bytes.ContainsAny(name, " \t")
}

func (r *ifconfigReader) it() *fleetnet.Interface {
	return &r.out.Interfaces[len(r.out.Interfaces)-1]
}

// claim says that the line is a row, or why it is none.
func claim(in *fleetnet.Lines, err error) {
	if err != nil {
		in.Fail(err)
		return
	}
	in.Row()
}

// heading starts the block of an interface:
//
//	en0: flags=8863<UP,BROADCAST> metric 0 mtu 1500 index 4
func (r *ifconfigReader) heading(line []byte) {
	r.open = false
	name, rest, _ := bytes.Cut(bytes.TrimLeft(line, " \t"), []byte(": flags="))
	it := fleetnet.Interface{Name: r.out.Intern(name), Flags: []string{}, Ref: r.in.Ref()}
	c := field.New(rest)
	number, words, _ := bytes.Cut(c.Next(), []byte{'<'})
	words, closed := bytes.CutSuffix(words, []byte{'>'})
	if _, hex := field.Hex(bytes.TrimPrefix(number, []byte("0x"))); !hex || !closed {
		r.in.Fail(errors.New("flags expected"))
		return
	}
	for _, w := range bytes.FieldsFunc(words, func(ch rune) bool { return ch == ',' }) {
		it.Flags = append(it.Flags, r.out.Intern(w))
	}
	for c.More() {
		key := c.Word()
		switch key {
		case "mtu":
			it.MTU = fleetnet.Some(int(c.Uint(31)))
		case "index":
			it.Index = fleetnet.Some(int(c.Uint(31)))
		case "metric", "rtref":
			c.Uint(63)
		}
	}
	if c.Err() != nil {
		r.in.Fail(c.Err())
		return
	}
	if it.HasFlag("LOOPBACK") {
		it.Type = "loopback"
	}
	r.out.Interfaces = append(r.out.Interfaces, it)
	r.open, r.fresh, r.flat = true, true, false
	r.in.Row()
}

// wrapped reads the end of a heading that a mail has put on a line of its own,
// and reports whether the line is that: `mtu 1500`, `metric 0 mtu 1500`.
func (r *ifconfigReader) wrapped(line []byte) bool {
	c := field.New(line)
	if c.Take("metric") {
		c.Uint(63)
	}
	if r.it().MTU.OK || !c.Take("mtu") {
		return false
	}
	n := c.Uint(31)
	if c.Err() != nil || c.More() {
		return false
	}
	r.it().MTU = fleetnet.Some(int(n))
	return true
}

// body reads one line of a block, and reports whether it is one.
func (r *ifconfigReader) body(line []byte) bool {
	c := field.New(line)
	switch word := c.Next(); string(word) {
	case "inet":
		claim(r.in, r.inet(c))
	case "inet6":
		claim(r.in, r.inet6(c))
	case "ether", "lladdr", "address:":
		claim(r.in, r.hardware(word, c))
	case "media:":
		medium, status, ok := bytes.Cut(c.Rest(), []byte(" status: "))
		if r.media(medium); ok { // on one line up to Mac OS X 10.5
			r.status(status)
		}
		r.in.Row()
	case "status:":
		r.status(c.Rest())
		r.in.Row()
	case "member:", "laggport:", "trunkport", "agrport:":
		r.masters[string(bytes.TrimSuffix(c.Next(), []byte{','}))] = r.it().Name
		claim(r.in, c.Err())
	case "bond":
		claim(r.in, r.bond(c))
	case "vlan:", "encap:", "parent", "carp:":
		r.vlan(field.New(line))
		r.in.Row()
	case "index":
		if n, ok := field.Uint(c.Next(), 31); ok {
			r.it().Index = fleetnet.Some(int(n))
		}
		r.in.Row()
	default:
		if bytes.HasPrefix(c.Peek(), []byte("flags=")) { // a port of a bridge of OpenBSD
			r.masters[string(word)] = r.it().Name
			r.in.Row()
			return true
		}
		if !knownDetail(word) && !r.cacheEntry(word, c) {
			return false
		}
		r.in.Skip()
	}
	return true
}

// cacheEntry reports whether the line is one of a bridge's lists of addresses,
// some of which name the member first.
func (r *ifconfigReader) cacheEntry(word []byte, c field.Cursor) bool {
	for range 3 {
		if _, ok := field.MAC(word); ok {
			return true
		}
		word = c.Next()
	}
	return false
}

// hardware reads the link-layer address. That of FireWire has 8 octets.
func (r *ifconfigReader) hardware(word []byte, c field.Cursor) error {
	text := c.Next()
	if c.Err() != nil {
		return c.Err()
	}
	mac, ok := field.MAC(text)
	if !ok && isDottedHex(text) { // of IP over FireWire: 16 octets, of which 8 are the address
		return nil
	}
	if !ok {
		return errors.New("a link-layer address expected")
	}
	it := r.it()
	it.MAC = macOf(text)
	if it.Type == "" {
		it.Type = "ether"
		if string(word) == "lladdr" && len(mac) > len("00:00:00:00:00:00") {
			it.Type = "ieee1394"
		}
	}
	return nil
}

// isDottedHex reports whether the link-layer address is of a kind that link_ntoa
// shows, with dots: 0.24.1b.0.96.9d.ca.1.
func isDottedHex(b []byte) bool {
	return bytes.Count(b, []byte{'.'}) >= 7 && len(bytes.Trim(b, "0123456789abcdef.")) == 0
}

// status reads whether there is a carrier.
func (r *ifconfigReader) status(word []byte) {
	switch string(word) {
	case "active", "associated", "running":
		r.it().Carrier = fleetnet.Some(true)
	case "inactive", "no carrier", "no network":
		r.it().Carrier = fleetnet.Some(false)
	}
}

// bond reads the members of a bond:
//
//	bond interfaces: en1 en2
//	bond key: 0x0001 interfaces: en5 (selected) en6 (unselected)
func (r *ifconfigReader) bond(c field.Cursor) error {
	for c.More() && c.Word() != "interfaces:" {
	}
	for c.More() {
		if name := c.Next(); name[0] != '(' && name[0] != '<' {
			r.masters[string(name)] = r.it().Name
		}
	}
	return c.Err()
}

// vlan reads the lower device of a VLAN, of wireless or of CARP, whose name follows
// the word parent or carpdev:
//
//	vlan: 100 parent interface: en0
//	vlan: 100 parent: wm0
//	encap: vnetid 100 parent em0 txprio packet rxprio outer
//	parent interface: iwn0
//	carp: MASTER carpdev em1 vhid 7 advbase 1 advskew 0
func (r *ifconfigReader) vlan(c field.Cursor) {
	for c.More() {
		word := c.Next()
		if string(word) != "parent" && string(word) != "parent:" && string(word) != "carpdev" {
			continue
		}
		c.Take("interface:")
		if parent := c.Peek(); len(parent) > 0 && parent[0] != '<' && string(parent) != "none" {
			r.it().Parent = r.out.Intern(parent)
		}
		return
	}
}

// cover says which interfaces and addresses the arguments leave out.
func (r *ifconfigReader) cover() {
	o := command.Of(r.in.Command(), "fgGX")
	coverPart(r.out, "interfaces", "", chosenLinks(o))
	for _, w := range o.Operands {
		if addressKinds[w] {
			r.out.Cover(fleetnet.Coverage{Table: "interfaces", Status: fleetnet.StatusPartial, Fields: []string{"addrs", "mac"},
				Reason: "only addresses of the kind " + w})
		}
	}
}

// settle names the bridge or bond of the members.
func (r *ifconfigReader) settle() {
	for i := r.first; i < len(r.out.Interfaces); i++ {
		it := &r.out.Interfaces[i]
		it.Master = r.masters[it.Name]
	}
}
