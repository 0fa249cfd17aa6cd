package bsdnet

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Groups reads `netstat -g` (mcast.c, ifmalist_dump_af):
//
//	Link-layer Multicast Group Memberships
//	Group               	Link-layer Address	Netif
//	1:0:5e:0:0:1        	<none>          	en0
//	IPv4 Multicast Group Memberships
//	Group               	Link-layer Address	Netif
//	224.0.0.251         	1:0:5e:0:0:fb   	en0
//	IPv6 Multicast Group Memberships
//	Group               	Link-layer Address	Netif
//	ff02::fb%en0        	33:33:0:0:0:fb  	en0
func Groups(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	for in.Next() {
		line := bytes.TrimRight(in.Text(), " \t")
		if bytes.HasPrefix(line, []byte("Group")) || bytes.HasSuffix(line, []byte("Multicast Group Memberships")) {
			in.Skip()
			continue
		}
		g, err := group(line, out)
		if err != nil {
			in.Fail(err)
			continue
		}
		g.Ref = in.Ref()
		out.Groups = append(out.Groups, g)
		in.Row()
	}
	o := command.Of(in.Command(), "fIpw")
	if o.Has("I") {
		coverPart(out, "groups", "", "only what -I selects")
	}
	family := familyOf(in.Command(), o)
	coverFamily(in, out, "groups", "", family, "only "+family)
}

func group(line []byte, out *fleetnet.Snapshot) (fleetnet.Group, error) {
	var g fleetnet.Group
	c := field.New(line)
	word := c.Next()
	if a, _, ok := field.Addr(word); ok && a.IsMulticast() {
		g.Group = field.WithoutIndex(a)
	} else if mac := macOf(word); mac != "" {
		g.MAC = mac
	} else {
		c.Failf("%s is not a multicast group", fleetnet.Quote(word))
	}
	c.Next() // the link-layer address of an IP group
	if c.More() {
		g.Interface = out.Intern(c.Next())
	}
	return g, c.Err()
}
