package linux

import (
	"bytes"
	"cmp"
	"errors"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// ProcIGMP reads /proc/net/igmp (Linux, net/ipv4/igmp.c), whose groups are
// numbers in the host's byte order,
//
//	Idx	Device    : Count Querier	Group    Users Timer	Reporter
//	2	eth0      :     1      V3
//					010000E0     1 0:00000000		0
//
// /proc/net/igmp6 (net/ipv6/mcast.c)
//
//	2    eth0            ff020000000000000000000000000001     1 0000000C 0
//
// and the link-layer groups of /proc/net/dev_mcast (net/core/net-procfs.c):
//
//	2    eth0            1     0     01005e000001
func ProcIGMP(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := igmpReader{out: out, big: bigEndianArch(out.Host.Arch)}
	for in.Next() {
		line := in.Text()
		switch {
		case isFileHeading(line), bytes.HasPrefix(line, []byte("Idx")), bytes.HasPrefix(line, []byte("Device")):
			in.Skip()
		case indented(line):
			claim(in, r.member(field.New(line), in.Ref()))
		case bytes.IndexByte(line, ':') >= 0: // which no name of an interface holds
			claim(in, r.device(line))
		default:
			claim(in, r.numbered(field.New(line), in.Ref()))
		}
	}
	coverGroupFiles(in.Command(), out)
}

// coverGroupFiles says which groups are in files that the command does not name.
// A kernel without IPv6 has no igmp6, though it was asked for.
func coverGroupFiles(command string, out *fleetnet.Snapshot) {
	asked := map[string]bool{}
	for _, f := range strings.FieldsFunc(command, func(r rune) bool { return strings.ContainsRune(" /;", r) }) {
		asked[f] = true
	}
	for _, f := range []struct{ file, of string }{{"igmp", "IPv4"}, {"igmp6", "IPv6"}, {"dev_mcast", "the link layer"}} {
		if !asked[f.file] {
			coverPart(out, "groups", "linux/proc-igmp", "no groups of "+f.of)
		}
	}
}

type igmpReader struct {
	out   *fleetnet.Snapshot
	iface string // of the groups below it
	big   bool
}

// device reads the line of an interface in igmp.
func (r *igmpReader) device(line []byte) error {
	head, tail, _ := bytes.Cut(line, []byte{':'})
	c := field.New(head)
	c.Uint(32)
	name := c.Next()
	t := field.New(tail)
	r.iface = ""
	t.Uint(31)
	if err := cmp.Or(c.Err(), t.Err()); err != nil {
		return err
	}
	r.iface = r.out.Intern(name)
	return nil
}

// member reads a group of the interface above it.
func (r *igmpReader) member(c field.Cursor, ref fleetnet.Ref) error {
	tok := c.Next()
	n, ok := hexUint(tok)
	users := c.Uint(32)
	switch {
	case c.Err() != nil:
		return c.Err()
	case !ok || len(tok) != 8:
		return errors.New("a group of 8 hexadecimal digits expected")
	case r.iface == "":
		return errNoBlock
	}
	a := quadAddr(n, r.big)
	if other := quadAddr(n, !r.big); !a.IsMulticast() && other.IsMulticast() {
		a = other
	}
	if !a.IsMulticast() {
		return errors.New("no multicast address in either byte order")
	}
	r.out.Groups = append(r.out.Groups, fleetnet.Group{Interface: r.iface, Group: a, Users: fleetnet.Some(uint32(users)), Ref: ref})
	return nil
}

// numbered reads a line of igmp6 or dev_mcast, which begin with an ifindex.
func (r *igmpReader) numbered(c field.Cursor, ref fleetnet.Ref) error {
	c.Uint(31)
	g := fleetnet.Group{Interface: r.out.Intern(c.Next()), Ref: ref}
	third, fourth, last := c.Next(), c.Next(), c.Next()
	users := fourth
	if len(third) == 32 {
		a, ok := hexAddr6(third)
		if !ok || !a.IsMulticast() {
			return errors.New("an IPv6 group expected")
		}
		g.Group = a
	} else {
		users = third
		if g.MAC = hexMAC(last); g.MAC == "" {
			return errors.New("a link-layer group expected")
		}
	}
	n, ok := field.Uint(users, 32)
	if c.Err() == nil && !ok {
		return errors.New("the number of users expected")
	}
	if c.Err() != nil {
		return c.Err()
	}
	g.Users = fleetnet.Some(uint32(n))
	r.out.Groups = append(r.out.Groups, g)
	return nil
}

// hexMAC returns a link-layer address written without colons, or "".
func hexMAC(b []byte) string {
	if len(b)%2 != 0 || len(b) > 64 {
		return ""
	}
	var colons []byte
	for i := 0; i < len(b); i += 2 {
		if i > 0 {
			colons = append(colons, ':')
		}
		colons = append(colons, b[i], b[i+1])
	}
	mac, ok := field.MAC(colons)
	if !ok {
		return ""
	}
	return mac
}
