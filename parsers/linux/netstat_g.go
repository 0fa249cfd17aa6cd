package linux

import (
	"bytes"
	"errors"
	"net/netip"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// NetstatG reads `netstat -g`, with or without -n (net-tools, netstat.c, igmp_do_one):
//
//	Interface       RefCnt Group
//	--------------- ------ ---------------------
//	eth0            1      224.0.0.1
//	eth0            2      ff02::1
//
// Of a group that is shown by a name not known here the address is unknown.
func NetstatG(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	for in.Next() {
		line := in.Text()
		if bytes.HasPrefix(line, []byte("Interface ")) || bytes.HasPrefix(line, []byte("-----")) ||
			bytes.HasSuffix(bytes.TrimRight(line, " "), []byte("Group Memberships")) {
			in.Skip()
			continue
		}
		c := field.New(line)
		g := fleetnet.Group{Interface: out.Intern(c.Next()), Users: fleetnet.Some(uint32(c.Uint(32))), Ref: in.Ref()}
		group := c.Next()
		if c.More() {
			c.Fail(errors.New("three columns expected"))
		}
		if c.Err() != nil {
			in.Fail(c.Err())
			continue
		}
		var ok bool
		if g.Group, ok = groupAddr(group); !ok {
			coverField(out, "groups", "linux/netstat-g", "group", "a group is shown by name; use -n")
		}
		out.Groups = append(out.Groups, g)
		in.Row()
	}
}

// groupAddr reads a group, or one of the names that every resolver has for one
// (the zone mcast.net, and Debian's /etc/hosts).
func groupAddr(b []byte) (netip.Addr, bool) {
	switch string(bytes.ToLower(b)) {
	case "all-systems.mcast.net":
		return netip.AddrFrom4([4]byte{224, 0, 0, 1}), true
	case "all-routers.mcast.net":
		return netip.AddrFrom4([4]byte{224, 0, 0, 2}), true
	case "mdns.mcast.net":
		return netip.AddrFrom4([4]byte{224, 0, 0, 251}), true
	case "ip6-allnodes":
		return netip.IPv6LinkLocalAllNodes(), true
	case "ip6-allrouters":
		return netip.IPv6LinkLocalAllRouters(), true
	}
	a, _, ok := field.Addr(b)
	if !ok || !a.IsMulticast() {
		return netip.Addr{}, false
	}
	return a, true
}
