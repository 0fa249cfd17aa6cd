package windows

import (
	"math"
	"net/netip"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// routeProtocols are the numbers of NL_ROUTE_PROTOCOL (nldef.h).
var routeProtocols = map[string]string{
	"1": "other", "2": "local", "3": "netmgmt", "4": "icmp", "5": "egp", "6": "ggp", "7": "hello", "8": "rip", "9": "isis", "10": "esis",
	"11": "igrp", "12": "bbn", "13": "ospf", "14": "bgp", "15": "idpr", "16": "eigrp", "17": "dvmrp", "18": "rpl", "19": "dhcp",
}

// stores are the numbers of the property Store of MSFT_NetRoute.
var stores = map[string]string{"0": "persistentstore", "1": "activestore"}

// NetRoutes reads what Get-NetRoute writes (Windows 8 and 2012 on):
//
//	ifIndex DestinationPrefix                              NextHop                                  RouteMetric ifMetric PolicyStore
//	------- -----------------                              -------                                  ----------- -------- -----------
//	12      0.0.0.0/0                                      192.168.31.1                                       0 25       ActiveStore
//
// A next hop of 0.0.0.0 or :: is the link. The metric is the sum of the route's
// and its interface's, as route print has it; without the latter, which
// persistent routes do not have, it is unknown.
func NetRoutes(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	names, byAddr := indexNames(out), addrNames(out)
	readObjects(in, out, "windows/Get-NetRoute", []string{"routes"}, func(o *object) error {
		return netRoute(out, o, names, byAddr)
	})
}

func netRoute(out *fleetnet.Snapshot, o *object, names map[string]string, byAddr map[netip.Addr]string) error {
	v, _ := o.get("destinationprefix")
	dst, ok := field.Prefix([]byte(v))
	if !ok {
		if o.cut { // a destination that is not known is no row
			return nil
		}
		return errNoRoute
	}
	rt := fleetnet.Route{Family: "inet", Type: "unicast", Dst: dst.Masked(), Table: "main", Ref: o.ref}
	if strings.Contains(v, ":") {
		rt.Family = "inet6"
	}
	if o.persistent() {
		rt.Table = "persistent"
	}
	rt.Proto = o.enumOf(routeProtocols, "protocol")
	rt.Metric = routeMetric(o)
	hop := fleetnet.NextHop{Interface: o.interfaceName(names)}
	gateway, _, known := o.addrOf("nexthop")
	switch {
	case known && !gateway.IsUnspecified():
		hop.Gateway = gateway
	case !known && o.cut:
		rt.Flags = []string{"G"}
	}
	rt.NextHops = []fleetnet.NextHop{hop}
	if _, ours := byAddr[dst.Addr()]; known && !hop.Gateway.IsValid() {
		rt.Type = netRouteType(rt.Dst, ours)
	}
	out.Routes = append(out.Routes, rt)
	return nil
}

// persistent reports whether an object is of the store that is read at the next
// start, not of what is in force.
func (o *object) persistent() bool {
	for _, name := range []string{"policystore", "store"} {
		if v, ok := o.word(name, "PersistentStore", "ActiveStore"); ok && (stores[v] == "persistentstore" || strings.EqualFold(v, "persistentstore")) {
			return true
		}
	}
	return false
}

// netRouteType tells what a destination on the link is.
func netRouteType(dst netip.Prefix, ours bool) string {
	switch a := dst.Addr(); {
	case a.IsMulticast():
		return "multicast"
	case dst.IsSingleIP() && (ours || a.Is6() && a.IsLoopback()):
		return "local"
	case a == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return "broadcast"
	}
	return "unicast"
}

// routeMetric returns the metric that counts.
func routeMetric(o *object) fleetnet.Opt[uint32] {
	route, ok := o.uintOf(32, "routemetric")
	iface, ok2 := o.uintOf(32, "ifmetric", "interfacemetric")
	sum := route + iface
	return fleetnet.Opt[uint32]{V: uint32(sum), OK: ok && ok2 && sum < math.MaxUint32}
}
