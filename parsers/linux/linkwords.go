package linux

import "github.com/fleetnet/fleetnet"

// linkTypes maps ARPHRD_ numbers (linux/if_arp.h) onto the words that ip
// prints after link/ (iproute2 lib/ll_types.c).
var linkTypes = map[uint64]string{
	1: "ether", 24: "ieee1394", 32: "infiniband", 256: "slip", 257: "cslip", 280: "can", 512: "ppp",
	519: "rawip", 768: "ipip", 769: "tunnel6", 772: "loopback", 774: "fddi", 776: "sit", 778: "gre",
	801: "ieee802.11", 802: "ieee802.11/prism", 803: "ieee802.11/radiotap", 804: "ieee802.15.4",
	823: "gre6", 824: "netlink", 825: "6lowpan", 826: "vsockmon", 65534: "none",
}

// hardwareWords maps the names of hardware types in ifconfig's two forms (the
// name and the title of struct hwtype, net-tools lib/*.c) onto the words of ip.
// UNSPEC stands for every type that ifconfig does not know, so it is unknown.
var hardwareWords = map[string]string{
	"ether": "ether", "Ethernet": "ether", "loop": "loopback", "Local Loopback": "loopback",
	"ppp": "ppp", "Point-to-Point Protocol": "ppp", "tunnel": "ipip", "IPIP Tunnel": "ipip",
	"sit": "sit", "IPv6-in-IPv4": "sit", "infiniband": "infiniband", "InfiniBand": "infiniband",
	"slip": "slip", "Serial Line IP": "slip", "cslip": "cslip", "VJ Serial Line IP": "cslip",
	"fddi": "fddi", "Fiber Distributed Data Interface": "fddi", "eui64": "eui64", "IEEE1394": "ieee1394",
}

// deviceFlags are the IFF_ bits of struct net_device (linux/if.h) from the lowest.
var deviceFlags = [...]string{
	"UP", "BROADCAST", "DEBUG", "LOOPBACK", "POINTOPOINT", "NOTRAILERS", "RUNNING", "NOARP", "PROMISC",
	"ALLMULTI", "MASTER", "SLAVE", "MULTICAST", "PORTSEL", "AUTOMEDIA", "DYNAMIC", "LOWER_UP", "DORMANT", "ECHO",
}

func flagWords(flags uint32) []string {
	words := []string{}
	for bit, word := range deviceFlags {
		if flags&(1<<bit) != 0 {
			words = append(words, word)
		}
	}
	return words
}

// carrierOf derives the carrier from the flags of an ioctl, as ip derives its
// NO-CARRIER: an interface that is up and not running has none. That of an
// interface that is down is not known.
func carrierOf(flags []string) fleetnet.Opt[bool] {
	it := fleetnet.Interface{Flags: flags}
	if !it.HasFlag("UP") {
		return fleetnet.Opt[bool]{}
	}
	return fleetnet.Some(it.HasFlag("RUNNING"))
}

// macOf returns a link-layer address, or "" for none: all zeros is none.
func macOf(mac string, ok bool) string {
	if !ok {
		return ""
	}
	for _, ch := range mac {
		if ch != '0' && ch != ':' {
			return mac
		}
	}
	return ""
}
