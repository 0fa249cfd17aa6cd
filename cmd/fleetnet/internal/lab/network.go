package lab

import (
	"fmt"
	"net"
	"net/netip"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// startHub makes the namespace with the bridge, takes a free network, and
// connects the test process to it.
func (f *Fleet) startHub() error {
	var err error
	f.hub, err = startNode(filepath.Join(f.dir, hubName), rootfs{Hostname: hubName, BootID: randomUUID()})
	if err != nil {
		return err
	}
	if err := f.takeSubnet(); err != nil {
		return err
	}
	lines := []string{
		"link set lo up",
		"link add br0 type bridge mcast_snooping 0",
		"link set br0 up",
		"link set up0 master br0 up",
		fmt.Sprintf("addr add %s/24 dev br0", f.net.addr(gatewayPlace)),
	}
	for _, s := range f.segments {
		lines = append(lines, fmt.Sprintf("addr add %s/24 dev br0", f.net.in(s, gatewayPlace)))
	}
	if f.ipv6 {
		lines = append(lines, fmt.Sprintf("addr add %s/64 dev br0 nodad", f.net.addr6(gatewayPlace)))
	}
	if err := f.hub.ip(lines...); err != nil {
		return err
	}
	return f.addressTest()
}

// takeSubnet makes the link between the test process and the hub. Its name
// carries N, and that no two links can have one name settles who has which.
func (f *Fleet) takeSubnet() error {
	for n := range 256 {
		if f.inUse(subnet(n)) {
			continue
		}
		link := fmt.Sprintf("fnlab%d", n)
		_, err := ipCommand("link", "add", link, "type", "veth", "peer", "name", "up0", "netns", strconv.Itoa(f.hub.pid()))
		if err == nil {
			f.net, f.link = subnet(n), link
			return nil
		}
		if !strings.Contains(err.Error(), "File exists") {
			return err
		}
	}
	return fmt.Errorf("lab: each of 10.213.0.0/24 to 10.213.255.0/24 is in use")
}

// inUse reports whether an address of this machine is in one of n's networks.
func (f *Fleet) inUse(n subnet) bool {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	for _, a := range addrs {
		p, err := netip.ParsePrefix(a.String())
		for _, s := range append(f.segments, openSegment) {
			if err == nil && p.Overlaps(netip.PrefixFrom(n.in(s, 0), 24)) {
				return true
			}
		}
	}
	return false
}

// addressTest gives the test process its place in the network. The other
// segments are routed to the hub, which drops it, so that nothing sent there
// leaves the machine; except for copies that are not behind a jump host.
func (f *Fleet) addressTest() error {
	commands := []string{
		fmt.Sprintf("addr add %s/24 dev %s", f.net.addr(testPlace), f.link),
		fmt.Sprintf("link set %s up", f.link),
	}
	for _, s := range f.segments {
		commands = append(commands, fmt.Sprintf("route add %s/24 via %s dev %s", f.net.in(s, 0), f.way(s), f.link))
	}
	if f.ipv6 {
		commands = append(commands, fmt.Sprintf("addr add %s/64 dev %s nodad", f.net.addr6(testPlace), f.link))
	}
	for _, c := range commands {
		if _, err := ipCommand(strings.Fields(c)...); err != nil {
			return err
		}
	}
	return nil
}

// way is what the test process has for a gateway to a segment.
func (f *Fleet) way(s segment) netip.Addr {
	for _, h := range f.order {
		if h.copies == s && h.segment == openSegment {
			return f.addr(h)
		}
	}
	return f.net.addr(gatewayPlace)
}

// ipCommand runs ip in the namespace of the test process.
func ipCommand(args ...string) (string, error) {
	out, err := exec.Command("ip", args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("lab: ip %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return string(out), nil
}

// plugIn connects every host's eth0 to the bridge.
func (f *Fleet) plugIn() error {
	var lines []string
	for _, h := range f.order {
		lines = append(lines, f.cable(h, "eth0", fmt.Sprintf("p%d", h.place))...)
	}
	return f.hub.ip(lines...)
}

// cable makes an interface of h that ends at the bridge as port.
func (f *Fleet) cable(h *host, dev, port string) []string {
	return []string{
		fmt.Sprintf("link add %s type veth peer name %s netns %d", port, dev, h.pid()),
		fmt.Sprintf("link set %s master br0 up", port),
	}
}

// addressing is what makes h's eth0 work.
func (f *Fleet) addressing(h *host) []string {
	lines := []string{"link set lo up", "link set eth0 up", fmt.Sprintf("addr add %s/24 dev eth0", f.addr(h))}
	if h.behind != noSegment {
		lines = append(lines, fmt.Sprintf("addr add %s/24 dev eth0", f.net.in(h.behind, h.place)))
	}
	lines = append(lines, fmt.Sprintf("route add default via %s", f.net.in(h.segment, gatewayPlace)))
	lines = append(lines, f.copiesAddressing(h)...)
	if f.ipv6 && h.segment == openSegment {
		lines = append(lines,
			fmt.Sprintf("addr add %s/64 dev eth0 nodad", f.net.addr6(h.place)),
			fmt.Sprintf("route add default via %s dev eth0", f.net.addr6(gatewayPlace)))
	}
	return lines
}

// unplug removes the link of the test process at once; the kernel would do it
// some time after the hub's end.
func (f *Fleet) unplug() {
	if f.link == "" {
		return
	}
	if _, err := ipCommand("link", "del", f.link); err != nil {
		f.t.Error(err)
	}
}
