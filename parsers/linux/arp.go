package linux

import (
	"bytes"
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Arp reads `arp` (net-tools and BusyBox; arp.c) in its BSD form (-a),
//
//	? (10.0.0.7) at 02:00:00:00:00:07 [ether] PERM on eth0
//	? (10.0.0.8) at <incomplete> on eth0
//
// and in its table form (-n, -e or neither):
//
//	Address                  HWtype  HWaddress           Flags Mask            Iface
//	10.0.0.7                 ether   02:00:00:00:00:07   CM                    eth0
//	10.0.0.8                         (incomplete)                              eth0
//
// It tells the state of an entry only when that is permanent or incomplete (a
// failed entry is shown as incomplete too), and knows no IPv6, which coverage
// says. Of an entry that is shown by its name the address is unknown.
func Arp(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	for in.Next() {
		line := in.Text()
		switch {
		case arpNoise(line):
			in.Skip()
		case bytes.Contains(line, []byte(") at ")):
			arpRow(in, out, arpBSD)
		default:
			arpRow(in, out, arpTable)
		}
	}
	coverArp(in, out, "linux/arp")
	if o := command.Of(in.Command(), "AHpti"); len(o.Operands) > 0 || o.Has("iHt", "device", "hw-type") {
		coverPart(out, "neighbors", "linux/arp", "only what the arguments select")
	}
}

// arpNoise reports whether the line is a heading or a summary.
func arpNoise(line []byte) bool {
	return bytes.HasPrefix(line, []byte("Address ")) || bytes.HasPrefix(line, []byte("Address\t")) ||
		bytes.HasPrefix(line, []byte("Entries: ")) || bytes.Contains(line, []byte(") -- no entry")) ||
		bytes.HasPrefix(line, []byte("arp: in ")) || bytes.HasPrefix(line, []byte("No ARP entry"))
}

// coverArp says that half of the neighbours are missing.
func coverArp(in *fleetnet.Lines, out *fleetnet.Snapshot, probe string) {
	in.Family("inet")
	out.Cover(fleetnet.Coverage{
		Table: "neighbors", Status: fleetnet.StatusPartial, Family: "inet6", Probe: probe, Reason: "no IPv6 neighbours",
	})
}

// arpRow reads the line with read and adds the entry.
func arpRow(in *fleetnet.Lines, out *fleetnet.Snapshot, read func(*field.Cursor, *fleetnet.Neighbor) []byte) {
	n := fleetnet.Neighbor{Ref: in.Ref()}
	c := field.New(in.Text())
	iface := read(&c, &n)
	if c.Err() != nil {
		in.Fail(c.Err())
		return
	}
	n.Interface = out.Intern(iface)
	if !n.Addr.IsValid() {
		coverField(out, "neighbors", "linux/arp", "addr", "an entry is shown by name; use -n")
	}
	out.Neighbors = append(out.Neighbors, n)
	in.Row()
}

// arpBSD reads `? (ADDRESS) at HARDWARE [TYPE] WORDS on INTERFACE`.
func arpBSD(c *field.Cursor, n *fleetnet.Neighbor) []byte {
	c.Next()
	addr, open := bytes.CutPrefix(c.Next(), []byte{'('})
	addr, closed := bytes.CutSuffix(addr, []byte{')'})
	a, _, ok := field.Addr(addr)
	if !ok || !open || !closed || !c.Take("at") {
		c.Fail(errors.New("an address in brackets expected"))
	}
	n.Addr = a
	arpHardware(c.Next(), n)
	for c.More() && !c.Take("on") {
		switch string(c.Next()) {
		case "PERM":
			n.State = "PERMANENT"
		case "PUB", "PUP":
			n.Flags, n.State = []string{"proxy"}, ""
		}
	}
	return c.Next()
}

// arpTable reads `ADDRESS TYPE HARDWARE FLAGS MASK INTERFACE`. An incomplete
// entry has no type, and most have no mask. A long hardware address is cut at 20
// characters and runs into the flags: it is unknown, and so is the state.
func arpTable(c *field.Cursor, n *fleetnet.Neighbor) []byte {
	n.Addr, _, _ = field.Addr(c.Next())
	words := bytes.Fields(c.Rest())
	if c.Err() == nil && len(words) < 2 {
		c.Fail(field.ErrShort)
	}
	if c.Err() != nil {
		return nil
	}
	iface := words[len(words)-1]
	hardware, rest := words[0], words[1:len(words)-1]
	if string(hardware) != "(incomplete)" && len(rest) > 0 {
		hardware, rest = rest[0], rest[1:]
	}
	if !arpHardware(hardware, n) {
		c.Fail(errors.New("a hardware address expected"))
	}
	if len(rest) == 0 {
		if n.State == "" && n.MAC != "" {
			c.Fail(errors.New("flags and interface expected"))
		}
		return iface
	}
	if bytes.IndexByte(rest[0], 'M') >= 0 {
		n.State = "PERMANENT"
	}
	if bytes.IndexByte(rest[0], 'P') >= 0 {
		n.Flags, n.State = []string{"proxy"}, ""
	}
	return iface
}

// arpHardware reads the hardware address or what stands in its place, and
// reports whether it was something that arp prints there.
func arpHardware(b []byte, n *fleetnet.Neighbor) bool {
	switch string(b) {
	case "<incomplete>", "(incomplete)":
		n.State = "INCOMPLETE"
		return true
	case "<from_interface>", "*":
		return true
	}
	n.MAC = macOf(field.MAC(b))
	return bytes.IndexByte(b, ':') > 0 || bytes.IndexByte(b, '-') > 0
}
