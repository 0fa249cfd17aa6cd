package bsdnet

import (
	"bytes"
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Arp reads `arp -a` of macOS, FreeBSD and NetBSD (arp.c, print_entry), and the
// table of `arp -al` of macOS (print_entry_ext):
//
//	? (192.168.1.254) at fc:ae:34:a1:3a:80 on en0 ifscope [ethernet]
//	? (192.168.1.7) at (incomplete) on en0 ifscope [ethernet]
//	? (10.0.2.15) at 8:0:27:4e:66:a1 on em0 permanent [ethernet]
//	? (10.0.2.2) at 52:54:0:12:35:2 on em0 expires in 1093 seconds [ethernet]
//	Neighbor                Linklayer Address Expire(O) Expire(I)    Netif Refs Prbs
//	192.168.1.254           fc:ae:34:a1:3a:80 42s       1m32s          en0    1
//
// It tells the state of an entry only when that is permanent or incomplete, and
// knows no IPv6. One address may stand on several interfaces.
func Arp(in *fleetnet.Lines, out *fleetnet.Snapshot, probe string) {
	r := neighborReader{in: in, out: out, probe: probe}
	for in.Next() {
		line := in.Text()
		switch {
		case bytes.HasPrefix(line, []byte("Neighbor ")):
			in.Skip()
		case bytes.HasSuffix(bytes.TrimRight(line, " "), []byte("-- no entry")), bytes.Contains(line, []byte(") -- no entry")):
			in.Skip()
		case bytes.Contains(line, []byte(") at ")):
			r.add(r.arp(line))
		default:
			r.add(r.arpLong(line))
		}
	}
	r.cover("inet")
}

// cover says which neighbours the arguments leave out. The command knows those
// of one family.
func (r *neighborReader) cover(family string) {
	r.in.Family(family)
	switch o := command.Of(r.in.Command(), ""); {
	case o.Has("i"):
		coverPart(r.out, "neighbors", r.probe, "only what -i selects")
	case r.in.Command() != "" && !o.Has("a"):
		coverPart(r.out, "neighbors", r.probe, "only one entry was asked for")
	}
}

type neighborReader struct {
	in    *fleetnet.Lines
	out   *fleetnet.Snapshot
	probe string
}

func (r *neighborReader) add(n fleetnet.Neighbor, err error) {
	if err != nil {
		r.in.Fail(err)
		return
	}
	if !n.Addr.IsValid() {
		r.out.Cover(fleetnet.Coverage{Table: "neighbors", Status: fleetnet.StatusPartial, Fields: []string{"addr"}, Probe: r.probe, Reason: "an entry is shown by name; use -n"})
	}
	n.Ref = r.in.Ref()
	r.out.Neighbors = append(r.out.Neighbors, n)
	r.in.Row()
}

// ArpSentence reads one line of `arp -a` that is a sentence.
func ArpSentence(line []byte, out *fleetnet.Snapshot) (fleetnet.Neighbor, error) {
	r := neighborReader{out: out}
	return r.arp(line)
}

// arp reads `NAME (ADDRESS) at HARDWARE on INTERFACE WORDS`.
func (r *neighborReader) arp(line []byte) (fleetnet.Neighbor, error) {
	var n fleetnet.Neighbor
	at := bytes.Index(line, []byte(") at "))
	open := bytes.LastIndexByte(line[:at], '(')
	a, _, ok := field.Addr(line[open+1 : at])
	if open < 0 || !ok {
		return n, errors.New("an address in brackets expected")
	}
	n.Addr = a
	c := field.New(line[at+len(") at "):])
	if err := setHardware(&n, c.Next()); err != nil {
		return n, err
	}
	for c.More() {
		switch word := c.Next(); string(word) {
		case "on":
			n.Interface = r.out.Intern(c.Next())
		case "permanent":
			if n.State == "" { // not of an incomplete one
				n.State = "PERMANENT"
			}
		case "published", "published(weird)", "proxy":
			n.Flags = []string{"proxy"}
		default: // NetBSD since 8 shows the state behind the time
			if len(word) == 1 && n.State == "" && n.Interface != "" {
				n.State = neighborStates[word[0]]
			}
		}
	}
	if n.State == "NONE" {
		n.State = ""
	}
	return n, c.Err()
}

// setHardware reads the link-layer address or what stands in its place.
func setHardware(n *fleetnet.Neighbor, b []byte) error {
	switch string(b) {
	case "(incomplete)", "<incomplete>", "incomplete":
		n.State = "INCOMPLETE"
		return nil
	case "(none)", "(weird)":
		return nil
	}
	if _, ok := field.MAC(b); !ok {
		return errors.New("a link-layer address expected")
	}
	n.MAC = macOf(b)
	return nil
}

// arpLong reads a row of `arp -al`, whose column Netif is cut to 8 characters.
func (r *neighborReader) arpLong(line []byte) (fleetnet.Neighbor, error) {
	var n fleetnet.Neighbor
	c := field.New(line)
	n.Addr, _, _ = field.Addr(c.Next())
	err := setHardware(&n, c.Next())
	c.Next()
	c.Next()
	name := c.Next()
	if c.Err() != nil {
		return n, c.Err()
	}
	if len(name) < 8 || firstOfKind(name) {
		n.Interface = r.out.Intern(name)
	}
	return n, err
}

// NDP reads `ndp -an` (ndp.c, dump), and with -l the same with a second column
// of Expire:
//
//	Neighbor                                Linklayer Address  Netif Expire    St Flgs Prbs
//	fe80::1%lo0                             (incomplete)         lo0 permanent R
//	fe80::feae:34ff:fea1:3a80%en0           fc:ae:34:a1:3a:80    en0 21h58m44s S  R
//
// A neighbour whose address is longer than its column pushes the others aside.
// St may be blank, with Expire, and Flgs is blank for what is no router. macOS
// says R of what is reachable, and of its own addresses.
func NDP(in *fleetnet.Lines, out *fleetnet.Snapshot, probe string) {
	r := neighborReader{in: in, out: out, probe: probe}
	long := 0
	for in.Next() {
		line := in.Text()
		if bytes.HasPrefix(line, []byte("Neighbor ")) {
			long = bytes.Count(line, []byte("Expire")) - 1
			in.Skip()
			continue
		}
		r.add(r.ndp(line, long))
	}
	r.cover("inet6")
}

func (r *neighborReader) ndp(line []byte, expires int) (fleetnet.Neighbor, error) {
	var n fleetnet.Neighbor
	c := field.New(line)
	a, _, ok := field.Addr(c.Next())
	if ok {
		n.Addr = field.WithoutIndex(a)
	}
	if err := setHardware(&n, c.Next()); err != nil {
		return n, err
	}
	n.Interface = r.out.Intern(c.Next())
	permanent := false
	timed := false
	for range 1 + max(expires, 0) {
		if isExpiry(c.Peek()) {
			permanent, timed = string(c.Next()) == "permanent", true
		}
	}
	if word := c.Peek(); timed && len(word) == 1 && (neighborStates[word[0]] != "" || word[0] == '?') {
		n.State = neighborStates[word[0]]
		c.Next()
	}
	if n.State == "NONE" {
		n.State = ""
	}
	if permanent && n.State == "" {
		n.State = "PERMANENT"
	}
	r.flags(&n, c.Peek())
	return n, c.Err()
}

// neighborStates are the letters of the column St.
var neighborStates = map[byte]string{
	'N': "NONE", 'I': "INCOMPLETE", 'R': "REACHABLE", 'S': "STALE", 'D': "DELAY", 'P': "PROBE",
}

// isExpiry reports whether a word stands in the column Expire: permanent,
// expired, (none), or a time such as 21h58m44s.
func isExpiry(b []byte) bool {
	switch string(b) {
	case "permanent", "expired", "(none)":
		return true
	}
	if len(b) < 2 || b[0] < '0' || b[0] > '9' {
		return false
	}
	return len(bytes.Trim(b, "0123456789dhms")) == 0 && bytes.ContainsAny(b, "dhms")
}

// flags reads the column Flgs: R router, P and p proxy.
func (r *neighborReader) flags(n *fleetnet.Neighbor, b []byte) {
	if len(bytes.Trim(b, "RPWp")) != 0 {
		return
	}
	if bytes.IndexByte(b, 'R') >= 0 {
		n.Flags = append(n.Flags, "router")
	}
	if bytes.ContainsAny(b, "Pp") {
		n.Flags = append(n.Flags, "proxy")
	}
}
