package bsd

import (
	"bytes"
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/bsdnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Arp reads `arp -a` of FreeBSD, NetBSD and DragonFly (see bsdnet.Arp), and the
// table of OpenBSD (arp.c, print_entry), whose old releases print as the others:
//
//	Host                                 Ethernet Address    Netif Expire    Flags
//	192.168.1.1                          00:0d:b9:41:5c:88     em0 19m48s
//	192.168.1.5                          08:00:27:4e:66:a1     em0 permanent l
//	192.168.1.9                          (incomplete)          em0 expired
func Arp(in *fleetnet.Lines, out *fleetnet.Snapshot, os string) {
	if os != "openbsd" {
		bsdnet.Arp(in, out, os+"/arp")
		return
	}
	in.Family("inet")
	named := false
	for in.Next() {
		if bytes.HasPrefix(in.Text(), []byte("Host ")) {
			in.Skip()
			continue
		}
		n, err := arpRow(in.Text(), out)
		if err != nil {
			in.Fail(err)
			continue
		}
		named = named || !n.Addr.IsValid()
		n.Ref = in.Ref()
		out.Neighbors = append(out.Neighbors, n)
		in.Row()
	}
	if named {
		out.Cover(fleetnet.Coverage{Table: "neighbors", Status: fleetnet.StatusPartial, Fields: []string{"addr"}, Probe: "openbsd/arp", Reason: "an entry is shown by name; use -n"})
	}
}

// arpRow reads a row of OpenBSD, of old releases too. Of the flags, p is published, P
// published as a proxy, l local, s static.
func arpRow(line []byte, out *fleetnet.Snapshot) (fleetnet.Neighbor, error) {
	if bytes.Contains(line, []byte(") at ")) {
		return bsdnet.ArpSentence(line, out)
	}
	var n fleetnet.Neighbor
	c := field.New(line)
	n.Addr, _, _ = field.Addr(c.Next())
	switch word := c.Next(); string(word) {
	case "(incomplete)":
		n.State = "INCOMPLETE"
	default:
		mac, ok := field.MAC(word)
		if !ok {
			return n, errors.New("a link-layer address expected")
		}
		n.MAC = mac
	}
	n.Interface = out.Intern(c.Next())
	if c.Take("permanent") {
		n.State = "PERMANENT"
	} else if c.More() {
		c.Next()
	}
	if bytes.ContainsAny(c.Peek(), "pP") {
		n.Flags = []string{"proxy"}
	}
	return n, c.Err()
}
