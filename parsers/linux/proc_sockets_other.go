package linux

import (
	"bytes"
	"fmt"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// other reads the row of a socket of netlink or of packets (af_netlink.c and
// af_packet.c of Linux 2.4 to 6), named as ss -n does:
//
//	sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode
//	ffff9b61a792a000 0   837        00000111 0        0        0     2        0        35337
//	sk       RefCnt Type Proto  Iface R Rmem   User   Inode
//	ffff9b61b56c1800 3      3    88cc   2     1 0      101    34754
func (r *procReader) other(line []byte) {
	c := field.New(line)
	procHex(&c, c.Next()) // address in the kernel
	k := r.rows.Add()
	k.Proto, k.State = r.table.proto, fleetnet.StateUnconn
	if k.Proto == "netlink" {
		r.netlink(&c, k)
	} else {
		r.packet(&c, k)
	}
	if err := c.Err(); err != nil {
		r.rows.Drop()
		r.in.Fail(err)
		return
	}
	r.in.Row()
}

// netlinkProtocols are the names that ss has for the protocols of netlink
// (etc/iproute2/nl_protos).
var netlinkProtocols = []string{
	"rtnl", "unused", "usersock", "fw", "tcpdiag", "nflog", "xfrm", "selinux", "iscsi", "audit", "fiblookup", "connector",
	"nft", "ip6fw", "dec-rt", "uevent", "genl", "", "scsi-trans", "ecryptfs", "rdma", "crypto",
}

func (r *procReader) netlink(c *field.Cursor, k *fleetnet.Socket) {
	proto := c.Uint(16)
	name := fmt.Sprint(proto)
	if proto < uint64(len(netlinkProtocols)) && netlinkProtocols[proto] != "" {
		name = netlinkProtocols[proto]
	}
	k.Local.Name = name + ":" + c.Word()
	procHex(c, c.Next()) // groups
	k.RecvQ, k.SendQ = queue(c), queue(c)
	for last := []byte(nil); !r.noInode && c.More(); {
		if last = c.Next(); !c.More() {
			k.Inode = opt64(last)
		}
	}
}

// packetProtocols are the names that ss has for some protocols of packets
// (ll_proto.c); it shows others as numbers.
var packetProtocols = map[uint64]string{3: "*", 0x0800: "ip", 0x0806: "arp", 0x8035: "rarp", 0x86dd: "ipv6", 0x8100: "802.1Q", 4: "802_2"}

func (r *procReader) packet(c *field.Cursor, k *fleetnet.Socket) {
	c.Uint(32) // references
	c.Uint(16) // SOCK_RAW or SOCK_DGRAM
	proto := procHex(c, c.Next())
	name, named := packetProtocols[proto]
	if !named {
		name = fmt.Sprintf("[%d]", proto)
	}
	k.Local.Name = name + ":*"
	if index := c.Uint(32); index > 0 {
		k.Local.Name = fmt.Sprintf("%s:if%d", name, index)
	}
	c.Uint(16) // running
	k.RecvQ = queue(c)
	k.UID = fleetnet.Some(uint32(c.Uint(32)))
	k.Inode = fleetnet.Some(c.Uint(64))
}

// otherHeading returns the table that a heading is of, when it is one of other.
func otherHeading(line []byte) (procTable, bool) {
	words := bytes.Join(bytes.Fields(line), []byte(" "))
	switch {
	case bytes.HasPrefix(words, []byte("sk Eth Pid Groups")):
		return procTableNamed("netlink"), true
	case bytes.HasPrefix(words, []byte("sk RefCnt Type Proto Iface")):
		return procTableNamed("packet"), true
	}
	return procTable{}, false
}
