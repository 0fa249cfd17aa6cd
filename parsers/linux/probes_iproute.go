package linux

import (
	"errors"

	"github.com/fleetnet/fleetnet"
)

// iproute2 holds where ip is that of iproute2. BusyBox's has no -V, no -s and
// no maddr, and leaves parts of routes and rules out.
const iproute2 = "ip -V >/dev/null 2>&1"

// iprouteProbes are the questions that ip answers. Each asks for text, whose
// lines are the evidence that people know. The interfaces are asked for twice:
// `ip -s addr` tells no counters before 3.18, and no alias.
func iprouteProbes() []fleetnet.Probe {
	ip := func(slot, name, table, command string, read func(*fleetnet.Lines, *fleetnet.Snapshot)) fleetnet.Probe {
		return fleetnet.Probe{
			Name: name, OS: "linux", Slot: slot, Tables: []string{table},
			Needs: []string{"ip"}, If: iproute2, Command: command, Read: read,
		}
	}
	probes := []fleetnet.Probe{
		withoutIPv6("routes6", "routes"), withoutIPv6("rules6", "policy_rules"),
		ip("interfaces", "linux/ip-addr", "interfaces", "ip -s -s link show && ip -o addr show", IPAddr),
		ip("routes4", "linux/ip-route", "routes", "ip -4 route show table all", IPRoute),
		ip("routes6", "linux/ip-6-route", "routes", "ip -6 route show table all", IPRoute),
		ip("rules4", "linux/ip-rule", "policy_rules", "ip -4 rule show", IPRule),
		ip("rules6", "linux/ip-6-rule", "policy_rules", "ip -6 rule show", IPRule),
		ip("neighbors", "linux/ip-neigh", "neighbors", "ip neigh show", IPNeigh),
		ip("groups", "linux/ip-maddr", "groups", "ip maddr show", IPMaddr),
	}
	return append(probes, busyboxProbes()...)
}

// withoutIPv6 answers a question about IPv6 on a kernel that has none
// (ipv6.disable=1, or no module): there is nothing, and that is known. ip would
// fail there, with "Operation not supported". /proc/net/if_inet6 is there
// with the protocol, addresses or not (net/ipv6/addrconf.c).
func withoutIPv6(slot, table string) fleetnet.Probe {
	return fleetnet.Probe{
		Name: "linux/no-ipv6-" + table, OS: "linux", Slot: slot, Tables: []string{table},
		If: "[ -r /proc/net/dev ] && [ ! -e /proc/net/if_inet6 ]", Command: ":", Read: noIPv6,
	}
}

// noIPv6 reads an output that must be empty: all that there is of IPv6.
func noIPv6(in *fleetnet.Lines, _ *fleetnet.Snapshot) {
	in.Family("inet6")
	for in.Next() {
		in.Fail(errors.New("nothing was to be printed"))
	}
}

// busyboxProbes are what the ip of BusyBox answers better than /proc does.
func busyboxProbes() []fleetnet.Probe {
	ip := func(slot, name, table, command string, read func(*fleetnet.Lines, *fleetnet.Snapshot), lacks ...string) fleetnet.Probe {
		return fleetnet.Probe{
			Name: name, OS: "linux", Slot: slot, Tables: []string{table},
			Needs: []string{"ip"}, Command: command, Read: read, Lacks: lacks,
		}
	}
	return []fleetnet.Probe{
		ip("routes4", "linux/busybox-ip-route", "routes", "ip -4 route show table all", IPRoute, "routes.proto", "routes.mtu"),
		ip("routes6", "linux/busybox-ip-6-route", "routes", "ip -6 route show table all", IPRoute, "routes.proto", "routes.mtu"),
		ip("rules4", "linux/busybox-ip-rule", "policy_rules", "ip -4 rule show", IPRule, "policy_rules.not", "policy_rules.oif", "policy_rules.options"),
		ip("rules6", "linux/busybox-ip-6-rule", "policy_rules", "ip -6 rule show", IPRule, "policy_rules.not", "policy_rules.oif", "policy_rules.options"),
		ip("neighbors", "linux/busybox-ip-neigh", "neighbors", "ip neigh show", IPNeigh, "neighbors.flags"),
	}
}

// iprouteDialects are the outputs of ip that can be read on their own: each
// object in text and, with -j, in JSON.
func iprouteDialects() []fleetnet.Dialect {
	ip := func(name string, json bool, table string, read func(*fleetnet.Lines, *fleetnet.Snapshot), objects ...string) fleetnet.Dialect {
		return fleetnet.Dialect{
			Name: name, OS: "linux", Program: "ip", Accepts: acceptIP(json, objects...), Tables: []string{table}, Read: read,
		}
	}
	return []fleetnet.Dialect{
		ip("linux/ip-addr", false, "interfaces", IPAddr, "address", "link"),
		ip("linux/ip-addr-json", true, "interfaces", IPAddrJSON, "address", "link"),
		ip("linux/ip-route", false, "routes", IPRoute, "route"),
		ip("linux/ip-route-json", true, "routes", IPRouteJSON, "route"),
		ip("linux/ip-rule", false, "policy_rules", IPRule, "rule"),
		ip("linux/ip-rule-json", true, "policy_rules", IPRuleJSON, "rule"),
		ip("linux/ip-neigh", false, "neighbors", IPNeigh, "neighbor", "neighbour"),
		ip("linux/ip-neigh-json", true, "neighbors", IPNeighJSON, "neighbor", "neighbour"),
		ip("linux/ip-maddr", false, "groups", IPMaddr, "maddress"),
		ip("linux/ip-maddr-json", true, "groups", IPMaddrJSON, "maddress"),
	}
}
