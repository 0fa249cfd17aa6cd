package linux

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/jsontext"
)

// IPMaddr reads `ip maddr show` with any of -4, -6, -0 and -o:
//
//	2:	eth0
//		link  33:33:00:00:00:01 users 2 static
//		inet  224.0.0.1
//		inet6 ff02::1 users 2
//
// Printed by ipmaddr.c of iproute2 from 2.6 to 7, which leaves out one user.
func IPMaddr(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	t := ipMaddrText{in: in, out: out}
	readIP(in, t.line, ipMaddrElement(out))
	commandOf(in).coverGroups(out)
}

// ipMaddrText reads the text of ip maddr.
type ipMaddrText struct {
	in    *fleetnet.Lines
	out   *fleetnet.Snapshot
	iface string
}

func (t *ipMaddrText) line(line []byte) (bool, error) {
	c := field.New(line)
	if !indented(line) {
		t.iface = ""
		if _, ok := field.Uint(bytes.TrimSuffix(c.Next(), []byte{':'}), 31); !ok {
			return true, errors.New("no index of an interface")
		}
		t.iface = t.out.Intern(c.Next())
		return true, c.Err()
	}
	if t.iface == "" {
		return true, errNoInterface
	}
	g := fleetnet.Group{Interface: t.iface, Users: fleetnet.Some(uint32(1)), Ref: t.in.Ref()}
	switch family := string(c.Next()); family {
	case "link":
		g.MAC = groupMAC(&c, c.Next())
	case "inet", "inet6":
		g.Group = c.Addr()
	default:
		return true, errors.New("not a group")
	}
	for c.More() {
		if c.Take("users") {
			g.Users = fleetnet.Some(uint32(c.Uint(32)))
			continue
		}
		c.Next() // static
	}
	if c.Err() == nil {
		t.out.Groups = append(t.out.Groups, g)
	}
	return true, c.Err()
}

// groupMAC reads a link-layer group: of Ethernet, of InfiniBand, or the four
// octets of a GRE tunnel.
func groupMAC(c *field.Cursor, tok []byte) string {
	if shortOctets(tok) {
		return string(bytes.ToLower(tok))
	}
	mac := knownMAC(c, tok)
	if mac == "" {
		c.Failf("%s is not a link-layer group", fleetnet.Quote(tok))
	}
	return mac
}

// IPMaddrJSON reads `ip -j maddr show` with any of -p, -4 and -6 (4.17 and
// later, ipmaddr.c):
//
//	[{"ifindex":2,"ifname":"eth0","maddr":[{"link":"33:33:00:00:00:01","users":2},{"family":"inet","address":"224.0.0.1"}]}]
func IPMaddrJSON(in *fleetnet.Lines, out *fleetnet.Snapshot) { IPMaddr(in, out) }

func ipMaddrElement(out *fleetnet.Snapshot) ipElement {
	return func(element []byte, ref fleetnet.Ref) error {
		f := jsonFields{out: out}
		var iface string
		var groups []json.RawMessage
		for key, value := range jsontext.Members(element) {
			switch key {
			case "ifname":
				iface = f.word(value)
			case "maddr":
				groups = jsontext.List(value)
			}
		}
		if iface == "" && groups != nil {
			return errors.New("no name of an interface")
		}
		for _, g := range groups {
			f.group(fleetnet.Group{Interface: iface, Users: fleetnet.Some(uint32(1)), Ref: ref}, g)
		}
		return f.err
	}
}

func (f *jsonFields) group(g fleetnet.Group, members json.RawMessage) {
	for key, value := range jsontext.Members(members) {
		switch key {
		case "link":
			var c field.Cursor
			if g.MAC = groupMAC(&c, f.text(value)); c.Err() != nil {
				f.fail(value, "a link-layer group")
			}
		case "address":
			g.Group = f.addr(value)
		case "users":
			n := f.uint(value, 32)
			g.Users = fleetnet.Opt[uint32]{V: uint32(n.V), OK: n.OK}
		}
	}
	if g.MAC != "" || g.Group.IsValid() {
		f.out.Groups = append(f.out.Groups, g)
	}
}
