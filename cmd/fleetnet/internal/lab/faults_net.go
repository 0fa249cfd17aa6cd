package lab

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// ipFault is a fault that ip(8) makes on the host.
func ipFault(name string, lines func(*planting) []string) Fault {
	return Fault{name: name, plant: func(p *planting) error { return p.host.ip(lines(p)...) }}
}

// NoDefaultRoute takes away the host's default routes, of both families.
func NoDefaultRoute() Fault {
	return Fault{name: "NoDefaultRoute", plant: func(p *planting) error {
		families := []string{"-4", "-6"}
		if !p.fleet.ipv6 {
			families = families[:1]
		}
		for _, family := range families {
			if _, err := p.host.net("", "ip", family, "route", "flush", "exact", "default"); err != nil {
				return err
			}
		}
		return nil
	}}
}

// Sysctl sets a kernel setting of the host's network, as by `sysctl -w`.
func Sysctl(name, value string) Fault {
	return Fault{name: "Sysctl", plant: func(p *planting) error {
		// "net.ipv4.conf.eth0/1.forwarding" is net/ipv4/conf/eth0.1/forwarding: see sysctl(8).
		path := "/proc/sys/" + strings.NewReplacer(".", "/", "/", ".").Replace(name)
		_, err := p.host.exec(value, "tee", path)
		return err
	}}
}

// PortRange sets the ports that the host's clients come from.
func PortRange(first, last uint16) Fault {
	return Sysctl("net.ipv4.ip_local_port_range", fmt.Sprintf("%d %d", first, last))
}

// WrongMTU sets an interface's MTU: eth0 has 1500 in the beginning.
func WrongMTU(dev string, mtu int) Fault {
	return ipFault("WrongMTU", func(*planting) []string {
		return []string{fmt.Sprintf("link set %s mtu %d", dev, mtu)}
	})
}

// LinkDown gives the host a second interface without a carrier, and leads its
// default route over it, as when the cable has been pulled. The host stays in
// reach, as the test process is on eth0.
func LinkDown(dev string) Fault {
	return ipFault("LinkDown", func(p *planting) []string {
		net := p.fleet.net
		return []string{
			// A tap that no program has opened has no carrier.
			"tuntap add dev " + dev + " mode tap",
			"link set " + dev + " up",
			fmt.Sprintf("addr add %s/24 dev %s", net.outside(p.host.place), dev),
			fmt.Sprintf("route replace default via %s dev %s", net.outside(gatewayPlace), dev),
		}
	})
}

// TwoDefaults gives the host a second default route of the same metric, over
// another gateway, which exists.
func TwoDefaults() Fault {
	return Fault{name: "TwoDefaults", plant: func(p *planting) error {
		if err := p.findFar(); err != nil {
			return err
		}
		// "add" would refuse: only "append" allows a twin.
		return p.host.ip(fmt.Sprintf("route append default via %s dev eth0", p.farAddr))
	}}
}

// GatewayOffLink leads the host's default route over a gateway that is in no
// network of the host, without the onlink flag. The kernel lets one get there:
// it checks the gateway when the route is made, and keeps the route when the
// address that the gateway belonged to goes.
func GatewayOffLink() Fault {
	return ipFault("GatewayOffLink", func(p *planting) []string {
		own, gateway := p.fleet.net.outside(p.host.place), p.fleet.net.outside(gatewayPlace)
		return []string{
			fmt.Sprintf("addr add %s/24 dev eth0", own),
			fmt.Sprintf("route replace default via %s dev eth0", gateway),
			fmt.Sprintf("addr del %s/24 dev eth0", own),
		}
	})
}

// GatewayFailed leads the host's default route over an address that nobody
// has, and tries it: the neighbour entry is FAILED, after three seconds.
func GatewayFailed() Fault {
	return Fault{name: "GatewayFailed", plant: func(p *planting) error {
		gateway := p.fleet.net.addr(nobodyPlace)
		if err := p.host.ip(fmt.Sprintf("route replace default via %s dev eth0", gateway)); err != nil {
			return err
		}
		near, err := p.puppet(p.host.node, p.process)
		if err != nil {
			return err
		}
		beyond := netip.AddrPortFrom(p.fleet.net.outside(nobodyPlace), 9)
		if err := near.do(order{Do: doDatagrams, To: beyond, N: 1, Payload: []byte("?")}); err != nil {
			return err
		}
		if err := p.wait(func() (bool, error) {
			out, err := p.host.net("", "ip", "neigh", "show", gateway.String())
			return strings.Contains(out, "FAILED"), err
		}); err != nil {
			return err
		}
		// The kernel forgets such entries when all namespaces of the machine
		// together have more than 128 neighbours (gc_thresh1), except for these.
		return p.host.ip(fmt.Sprintf("neigh replace %s dev eth0 nud failed extern_learn", gateway))
	}}
}

// ExtraRoute gives the host one more route over its gateway: to a prefix like
// "10.99.0.0/16".
func ExtraRoute(prefix string) Fault {
	return ipFault("ExtraRoute", func(p *planting) []string {
		return []string{fmt.Sprintf("route add %s via %s", prefix, p.fleet.Gateway())}
	})
}

// vxlanPort and vni are those of the tunnel of [RXErrors].
const (
	vxlanPort = 4789
	vni       = 42
)

// RXErrors gives the host an interface vxlan0 that has received n broken
// frames: rx_errors and rx_frame_errors. A veth knows no errors; a VXLAN tunnel
// counts one for a packet that was marked "congestion experienced" outside
// while the one inside cannot carry the mark (RFC 6040).
func RXErrors(n int) Fault {
	return Fault{name: "RXErrors", plant: func(p *planting) error {
		addr := p.fleet.addr(p.host)
		if err := p.host.ip(
			fmt.Sprintf("link add vxlan0 type vxlan id %d dstport %d local %s", vni, vxlanPort, addr),
			"link set vxlan0 up",
		); err != nil {
			return err
		}
		far, err := p.puppet(p.fleet.hub, "peer")
		if err != nil {
			return err
		}
		const congestionExperienced = 3
		if err := far.do(order{Do: doDatagrams, To: netip.AddrPortFrom(addr, vxlanPort), N: n,
			TOS: congestionExperienced, Payload: unmarkable()}); err != nil {
			return err
		}
		return p.wait(func() (bool, error) {
			errors, err := p.host.rxErrors("vxlan0")
			return errors >= n, err
		})
	}}
}

// unmarkable is a VXLAN header (RFC 7348), a broadcast Ethernet frame, and in it an
// IPv4 header, of 192.0.2.1 to 192.0.2.2, without ECN.
func unmarkable() []byte {
	b := []byte{0x08, 0, 0, 0}
	b = binary.BigEndian.AppendUint32(b, vni<<8)
	b = append(b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0, 0, 0, 0, 0x01, 0x08, 0x00)
	return append(b, 0x45, 0, 0, 20, 0, 0, 0, 0, 64, 17, 0xf6, 0xd6, 192, 0, 2, 1, 192, 0, 2, 2)
}

// rxErrors reads the errors of an interface from /proc/net/dev:
//
//	vxlan0:  1000 10 5 0 0 5 0 0 …
func (n *node) rxErrors(dev string) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/dev", n.pid()))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		name, counters, _ := strings.Cut(strings.TrimSpace(line), ":")
		if fields := strings.Fields(counters); name == dev && len(fields) > 2 {
			return strconv.Atoi(fields[2])
		}
	}
	return 0, fmt.Errorf("no interface %s", dev)
}
