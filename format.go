package fleetnet

import (
	"net/netip"
	"strconv"
	"strings"
)

// String returns the endpoint as ss prints it: 10.0.0.1:22, [::1]:22, *:22, *:*.
func (e Endpoint) String() string {
	if e.Name != "" && e.Port == 0 { // with an address as well: the port's name is not known
		return e.Name
	}
	port := "*"
	if e.Port != 0 {
		port = strconv.Itoa(int(e.Port))
	}
	host := e.host().Text()
	if e.Addr.Is6() {
		host = "[" + host + "]"
	}
	return host + ":" + port
}

// host returns the address, the name that stands for it, or "*".
func (e Endpoint) host() Value {
	switch {
	case e.Addr.IsValid():
		return StringValue(e.Addr.String())
	case e.Name != "":
		return StringValue(e.Name)
	}
	return StringValue("*")
}

// String returns name/pid, as netstat prints it.
func (p Process) String() string {
	if p.PID == 0 { // not known: netstat -b of Windows
		return p.Name
	}
	return p.Name + "/" + strconv.Itoa(p.PID)
}

// String returns the hop as ip prints it: "via 10.0.0.1 dev eth0 weight 2".
func (h NextHop) String() string {
	var parts []string
	if h.Encap != "" {
		parts = append(parts, "encap "+h.Encap)
	}
	if h.Gateway.IsValid() {
		parts = append(parts, "via "+h.Gateway.String())
	}
	if h.Interface != "" {
		parts = append(parts, "dev "+h.Interface)
	}
	if h.Weight > 1 {
		parts = append(parts, "weight "+strconv.Itoa(h.Weight))
	}
	return strings.Join(append(parts, h.Flags...), " ")
}

// Unmap returns an IPv4-mapped IPv6 address as the IPv4 address, without a
// zone. Parsers pass every address through it once.
func Unmap(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }
