package bsd

import (
	"bytes"
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
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
//
// -i names the interface, whose heading may then be missing. The tools of NetBSD
// and DragonFly have only groups of IPv6, beside those of the link.
func Ifmcstat(in *fleetnet.Lines, out *fleetnet.Snapshot, os string) {
	name, family := askedGroups(command.Of(in.Command(), "fiMN"), out, os)
	four := false
	for in.Next() {
		line := bytes.TrimSpace(in.Text())
		c := field.New(line)
		word := c.Next()
		switch heading, ok := bytes.CutSuffix(line, []byte{':'}); {
		case string(word) == "group":
			g, err := memberOf(&c, name)
			if err != nil {
				in.Fail(err)
				continue
			}
			four = four || g.Group.Is4()
			g.Ref = in.Ref()
			out.Groups = append(out.Groups, g)
			in.Row()
		case ok && len(word) == len(line) && len(heading) > 0:
			name = out.Intern(heading)
			in.Skip()
		case name != "" && (in.Text()[0] == ' ' || in.Text()[0] == '\t' || isGroupDetail(word)):
			in.Skip() // an address of the interface, or what the group's own address is
		default:
			name = ""
		}
	}
	if os != "freebsd" && !four && family != "inet6" {
		out.Cover(fleetnet.Coverage{Table: "groups", Status: fleetnet.StatusPartial, Probe: os + "/ifmcstat", Reason: "ifmcstat shows no IPv4 groups"})
	}
}

// askedGroups returns the interface and the family that the arguments select,
// and says that the other groups are missing.
func askedGroups(o command.Options, out *fleetnet.Snapshot, os string) (name, family string) {
	for _, v := range o.Values {
		switch {
		case v == "inet" || v == "inet6":
			family = v
		case o.Has("i"):
			name = out.Intern([]byte(v))
		}
		out.Cover(fleetnet.Coverage{Table: "groups", Status: fleetnet.StatusPartial, Probe: os + "/ifmcstat", Reason: "only " + fleetnet.Printable(v)})
	}
	return name, family
}

// isGroupDetail reports whether a line tells more of an interface or a group,
// by its first word: a paste may have lost what it was indented by.
func isGroupDetail(word []byte) bool {
	switch string(word) {
	case "inet", "inet6", "enaddr", "mcast-macaddr", "source":
		return true
	}
	return bytes.HasPrefix(word, []byte("igmpv")) || bytes.HasPrefix(word, []byte("mldv"))
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
