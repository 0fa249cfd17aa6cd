package fleetnet

var interfaceTable = tableOf("interfaces", "one row is an interface", []string{"interfaces"},
	func(s *Snapshot) []Interface { return s.Interfaces },
	func(i *Interface) Ref { return i.Ref }, interfaceColumns())

func interfaceColumns() []column[Interface] {
	cols := []column[Interface]{
		shown("name", KindString, "name", func(i *Interface) Value { return textOrUnknown(i.Name) }),
		col("index", KindInt, "ifindex", func(i *Interface) Value { return optInt(i.Index) }),
		col("aliases", KindList, "other names", func(i *Interface) Value { return ListValue(i.Aliases) }),
		col("type", KindString, "link type: ether, loopback …", func(i *Interface) Value { return textOrUnknown(i.Type) }),
		shown("mac", KindString, "link-layer address", func(i *Interface) Value { return textOrUnknown(i.MAC) }),
		shown("mtu", KindInt, "MTU", func(i *Interface) Value { return optInt(i.MTU) }),
		col("flags", KindList, "UP, BROADCAST, LOWER_UP …", func(i *Interface) Value { return ListValue(i.Flags) }),
		col("up", KindBool, "administratively up", up),
		shown("oper_state", KindString, "operational state (RFC 2863)", func(i *Interface) Value { return textOrUnknown(i.OperState) }),
		col("carrier", KindBool, "carrier", func(i *Interface) Value { return optBool(i.Carrier) }),
		col("master", KindString, "bridge, bond or VRF that it belongs to", func(i *Interface) Value { return textOrUnknown(i.Master) }),
		col("parent", KindString, "lower device", func(i *Interface) Value { return textOrUnknown(i.Parent) }),
		col("speed_mbps", KindInt, "speed", func(i *Interface) Value { return optInt(i.SpeedMbps) }),
		col("duplex", KindString, "duplex", func(i *Interface) Value { return textOrUnknown(i.Duplex) }),
		shown("addrs", KindList, "addresses with prefix lengths", addrs),
	}
	return append(cols, counterColumns()...)
}

func counterColumns() []column[Interface] {
	ctr := func(name, doc string, get func(*IfCounters) Opt[uint64]) column[Interface] {
		c := col("counters."+name, KindInt, doc, func(i *Interface) Value {
			if i.Counters == nil {
				return Value{}
			}
			return optInt(get(i.Counters))
		}).from(countersRef)
		c.Shown = name == "rx_errors" || name == "rx_dropped" || name == "tx_errors" || name == "tx_dropped"
		return c
	}
	return []column[Interface]{
		ctr("rx_bytes", "bytes received", func(c *IfCounters) Opt[uint64] { return c.RxBytes }),
		ctr("rx_packets", "packets received", func(c *IfCounters) Opt[uint64] { return c.RxPackets }),
		ctr("rx_errors", "bad packets received", func(c *IfCounters) Opt[uint64] { return c.RxErrors }),
		ctr("rx_dropped", "packets received and dropped", func(c *IfCounters) Opt[uint64] { return c.RxDropped }),
		ctr("rx_overruns", "receiver ring overruns", func(c *IfCounters) Opt[uint64] { return c.RxOverruns }),
		ctr("rx_frame", "frame alignment errors", func(c *IfCounters) Opt[uint64] { return c.RxFrame }),
		ctr("tx_bytes", "bytes sent", func(c *IfCounters) Opt[uint64] { return c.TxBytes }),
		ctr("tx_packets", "packets sent", func(c *IfCounters) Opt[uint64] { return c.TxPackets }),
		ctr("tx_errors", "packets that could not be sent", func(c *IfCounters) Opt[uint64] { return c.TxErrors }),
		ctr("tx_dropped", "packets dropped before sending", func(c *IfCounters) Opt[uint64] { return c.TxDropped }),
		ctr("tx_overruns", "transmitter ring overruns", func(c *IfCounters) Opt[uint64] { return c.TxOverruns }),
		ctr("tx_carrier", "losses of carrier", func(c *IfCounters) Opt[uint64] { return c.TxCarrier }),
		ctr("collisions", "collisions", func(c *IfCounters) Opt[uint64] { return c.Collisions }),
	}
}

func countersRef(i *Interface) Ref {
	if i.Counters == nil {
		return Ref{}
	}
	return i.Counters.Ref
}

func up(i *Interface) Value {
	if i.Flags == nil {
		return Value{}
	}
	return BoolValue(i.HasFlag("UP"))
}

func addrs(i *Interface) Value {
	out := make([]string, len(i.Addrs))
	for n, a := range i.Addrs {
		out[n] = a.String()
	}
	return ListValue(out)
}

var routeTable = tableOf("routes", "one row is a route", []string{"routes"},
	func(s *Snapshot) []Route { return s.Routes },
	func(r *Route) Ref { return r.Ref }, []column[Route]{
		col("family", KindString, "inet or inet6", func(r *Route) Value { return textOrUnknown(r.Family) }),
		shown("type", KindString, "unicast, blackhole, local …", func(r *Route) Value { return textOrUnknown(r.Type) }),
		shown("dst", KindString, "destination; 0.0.0.0/0 and ::/0 are the defaults", func(r *Route) Value { return prefixValue(r.Dst) }),
		shown("next_hops", KindList, "ways it goes", nextHopTexts),
		col("gateway", KindString, "gateway of the first next hop", func(r *Route) Value { return firstHop(r, func(h NextHop) Value { return addrValue(h.Gateway) }) }),
		col("interface", KindString, "interface of the first next hop", func(r *Route) Value { return firstHop(r, func(h NextHop) Value { return textOrUnknown(h.Interface) }) }),
		shown("table", KindString, "routing table", func(r *Route) Value { return textOrUnknown(r.Table) }),
		shown("metric", KindInt, "metric", func(r *Route) Value { return optInt(r.Metric) }),
		shown("proto", KindString, "who made it: kernel, static, dhcp …", func(r *Route) Value { return textOrUnknown(r.Proto) }),
		col("scope", KindString, "global, link, host", func(r *Route) Value { return textOrUnknown(r.Scope) }),
		shown("src", KindString, "preferred source address", func(r *Route) Value { return addrValue(r.Src) }),
		col("from", KindString, "sources that it is for; absent: all", func(r *Route) Value { return prefixValue(r.From) }),
		col("mtu", KindInt, "MTU", func(r *Route) Value { return optInt(r.MTU) }),
		col("flags", KindList, "flags", func(r *Route) Value { return ListValue(r.Flags) }),
	})

func firstHop(r *Route, get func(NextHop) Value) Value {
	if len(r.NextHops) == 0 {
		return Value{}
	}
	return get(r.NextHops[0])
}

func nextHopTexts(r *Route) Value {
	out := make([]string, len(r.NextHops))
	for i, h := range r.NextHops {
		out[i] = h.String()
	}
	return ListValue(out)
}

var ruleTable = tableOf("policy_rules", "one row is an `ip rule`", []string{"policy_rules"},
	func(s *Snapshot) []PolicyRule { return s.PolicyRules },
	func(r *PolicyRule) Ref { return r.Ref }, []column[PolicyRule]{
		shown("family", KindString, "inet or inet6", func(r *PolicyRule) Value { return textOrUnknown(r.Family) }),
		shown("priority", KindInt, "priority; lower is asked first", func(r *PolicyRule) Value { return IntValue(int64(r.Priority)) }),
		col("not", KindBool, "the selector is inverted", func(r *PolicyRule) Value { return BoolValue(r.Not) }),
		shown("from", KindString, "source prefix; absent for all", func(r *PolicyRule) Value { return prefixValue(r.From) }),
		shown("to", KindString, "destination prefix; absent for all", func(r *PolicyRule) Value { return prefixValue(r.To) }),
		shown("iif", KindString, "incoming interface", func(r *PolicyRule) Value { return textOrUnknown(r.IIF) }),
		shown("oif", KindString, "outgoing interface", func(r *PolicyRule) Value { return textOrUnknown(r.OIF) }),
		shown("fwmark", KindString, "firewall mark", func(r *PolicyRule) Value { return textOrUnknown(r.FWMark) }),
		shown("action", KindString, "lookup, blackhole …", func(r *PolicyRule) Value { return textOrUnknown(r.Action) }),
		shown("table", KindString, "routing table to look in", func(r *PolicyRule) Value { return textOrUnknown(r.Table) }),
		col("options", KindList, "anything else", func(r *PolicyRule) Value { return ListValue(r.Options) }),
	})

var neighborTable = tableOf("neighbors", "one row is an ARP or NDP entry", []string{"neighbors"},
	func(s *Snapshot) []Neighbor { return s.Neighbors },
	func(n *Neighbor) Ref { return n.Ref }, []column[Neighbor]{
		shown("addr", KindString, "address", func(n *Neighbor) Value { return addrValue(n.Addr) }),
		shown("mac", KindString, "link-layer address", func(n *Neighbor) Value { return textOrUnknown(n.MAC) }),
		shown("interface", KindString, "interface", func(n *Neighbor) Value { return textOrUnknown(n.Interface) }),
		shown("state", KindString, "REACHABLE, STALE, FAILED …", func(n *Neighbor) Value { return textOrUnknown(n.State) }),
		col("flags", KindList, "router, proxy …", func(n *Neighbor) Value { return ListValue(n.Flags) }),
	})

var groupTable = tableOf("groups", "one row is a multicast membership", []string{"groups"},
	func(s *Snapshot) []Group { return s.Groups },
	func(g *Group) Ref { return g.Ref }, []column[Group]{
		shown("interface", KindString, "interface", func(g *Group) Value { return textOrUnknown(g.Interface) }),
		shown("group", KindString, "IP group", func(g *Group) Value { return addrValue(g.Group) }),
		shown("mac", KindString, "link-layer group", func(g *Group) Value { return textOrUnknown(g.MAC) }),
		shown("users", KindInt, "users", func(g *Group) Value { return optInt(g.Users) }),
	})

var counterTable = tableOf("counters", "one row is a protocol counter", []string{"counters"},
	func(s *Snapshot) []Counter { return s.Counters },
	func(c *Counter) Ref { return c.Ref }, []column[Counter]{
		shown("name", KindString, "MIB name: Tcp.RetransSegs", func(c *Counter) Value { return textOrUnknown(c.Name) }),
		shown("value", KindInt, "total since boot", func(c *Counter) Value { return IntValue(c.Value) }),
	})

var settingTable = tableOf("settings", "one row is a kernel setting", []string{"settings"},
	func(s *Snapshot) []Setting { return s.Settings },
	func(c *Setting) Ref { return c.Ref }, []column[Setting]{
		shown("name", KindString, "name", func(c *Setting) Value { return textOrUnknown(c.Name) }),
		shown("value", KindString, "value", func(c *Setting) Value { return StringValue(c.Value) }),
	})

var hostTable = tableOf("host", "the host itself", []string{"host"},
	func(s *Snapshot) []Host { return []Host{s.Host} },
	func(h *Host) Ref { return h.Ref }, []column[Host]{
		shown("hostname", KindString, "its own name", func(h *Host) Value { return textOrUnknown(h.Hostname) }),
		shown("os", KindString, "linux, darwin …", func(h *Host) Value { return textOrUnknown(h.OS) }),
		shown("os_version", KindString, "release", func(h *Host) Value { return textOrUnknown(h.OSVersion) }),
		shown("kernel", KindString, "kernel release", func(h *Host) Value { return textOrUnknown(h.Kernel) }),
		shown("arch", KindString, "machine", func(h *Host) Value { return textOrUnknown(h.Arch) }),
		col("boot_id", KindString, "changes with each boot", func(h *Host) Value { return textOrUnknown(h.BootID) }),
		shown("uptime_seconds", KindInt, "since boot", func(h *Host) Value {
			if !h.UptimeSeconds.OK {
				return Value{}
			}
			return IntValue(int64(h.UptimeSeconds.V))
		}),
		col("clock_offset_ms", KindInt, "host's clock minus ours", func(h *Host) Value { return optInt(h.ClockOffsetMS) }),
		shown("privileged", KindBool, "the commands ran as root", func(h *Host) Value { return optBool(h.Privileged) }),
	})

// allTables is every table, in the order of the documentation.
var allTables = []*Table{
	hostTable, socketTable, listenerTable, interfaceTable, routeTable, nextHopTable,
	ruleTable, neighborTable, groupTable, counterTable, settingTable,
}
