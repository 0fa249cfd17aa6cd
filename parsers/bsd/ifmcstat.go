package bsd

import (
	"bytes"
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Ifmcstat reads the multicast groups of `ifmcstat` of FreeBSD, NetBSD and
// DragonFly (ifmcstat.c):
//
//	em0:
//		inet 10.0.0.5
//		igmpv3 rv 2 qi 125 qri 10 uri 3
//			group 224.0.0.1 mode exclude
//				mcast-macaddr 01:00:5e:00:00:01
//		inet6 fe80::a00:27ff:fe4e:66a1%em0 scopeid 0x1
//			group ff02::1%em0 refcount 1
func Ifmcstat(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	name := ""
	for in.Next() {
		line := in.Text()
		if line[0] != ' ' && line[0] != '\t' {
			word, ok := bytes.CutSuffix(bytes.TrimRight(line, " \t"), []byte{':'})
			if name = ""; ok && len(word) > 0 && !bytes.ContainsAny(word, " \t") {
				name = out.Intern(word)
				in.Skip()
			}
			continue
		}
		c := field.New(line)
		if string(c.Next()) != "group" {
			if name != "" {
				in.Skip() // an address of the interface, or what the group's own address is
			}
			continue
		}
		g, err := memberOf(&c, name)
		if err != nil {
			in.Fail(err)
			continue
		}
		g.Ref = in.Ref()
		out.Groups = append(out.Groups, g)
		in.Row()
	}
}

func memberOf(c *field.Cursor, name string) (fleetnet.Group, error) {
	g := fleetnet.Group{Interface: name}
	a, _, ok := field.Addr(c.Next())
	if name == "" {
		return g, errors.New("stands before any interface")
	}
	if !ok || !a.IsMulticast() {
		return g, errors.New("a multicast group expected")
	}
	g.Group = a
	for c.More() {
		switch string(c.Next()) {
		case "refcount", "refcnt":
			g.Users = fleetnet.Some(uint32(c.Uint(32)))
		}
	}
	return g, c.Err()
}
