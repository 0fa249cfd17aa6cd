package linux

import (
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// The flags of /proc/net/arp (linux/if_arp.h).
const (
	atfComplete  = 0x2
	atfPermanent = 0x4
	atfPublished = 0x8
)

// ProcArp reads /proc/net/arp (Linux, net/ipv4/arp.c):
//
//	IP address       HW type     Flags       HW address            Mask     Device
//	10.0.0.7         0x1         0x6         02:00:00:00:00:07     *        eth0
//
// It tells no more than [Arp]. A hardware address of more than 10 octets is cut
// by the kernel, and so unknown.
func ProcArp(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	for in.Next() {
		c := field.New(in.Text())
		if isFileHeading(in.Text()) || c.Take("IP") {
			in.Skip()
			continue
		}
		n := fleetnet.Neighbor{Addr: c.Addr(), Ref: in.Ref()}
		c.Next()
		flags, ok := hexUint(c.Next())
		mac, second := c.Next(), c.Next()
		if c.More() {
			n.Interface = out.Intern(c.Next())
		} else {
			// The kernel prints nothing for a hardware address of no octets.
			n.Interface, mac = out.Intern(second), nil
		}
		if c.Err() == nil && !ok {
			c.Fail(errors.New("flags expected"))
		}
		if c.Err() != nil {
			in.Fail(c.Err())
			continue
		}
		procArpState(&n, flags, mac)
		out.Neighbors = append(out.Neighbors, n)
		in.Row()
	}
	coverArp(in, out, "linux/proc-arp")
}

func procArpState(n *fleetnet.Neighbor, flags uint32, mac []byte) {
	switch {
	case flags&atfPublished != 0:
		n.Flags = []string{"proxy"}
	case flags&atfComplete == 0:
		n.State = "INCOMPLETE"
	case flags&atfPermanent != 0:
		n.State = "PERMANENT"
	}
	if flags&atfComplete != 0 {
		n.MAC = macOf(field.MAC(mac))
	}
}
