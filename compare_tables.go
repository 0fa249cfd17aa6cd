package fleetnet

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

var interfaceComparer = comparer{
	table:     "interfaces",
	keys:      []string{"name"},
	fields:    []string{"mtu", "flags", "oper_state", "master"}, // speed and duplex: some drivers tell none, on any host
	allFields: []string{"type", "mac", "addrs"},
	items:     interfaceItems,
}

// interfaceItems returns the interfaces by name with what is configured and
// how the link is. Addresses, index and counters are each host's own.
func interfaceItems(s *Snapshot, all bool) []item {
	var out []item
	for i := range s.Interfaces {
		n := &s.Interfaces[i]
		parts := []part{
			{"mtu", optText("mtu ", n.MTU), "mtu ?"}, {"flags", upText(n), "UP ?"}, {"oper_state", prefixed("state ", n.OperState), "state ?"},
			{"master", prefixed("master ", n.Master), "no master"}, {"speed_mbps", optText("speed ", n.SpeedMbps), "speed ?"},
			{"duplex", prefixed("duplex ", n.Duplex), "duplex ?"},
		}
		if all {
			parts = append(parts, part{"type", n.Type, "type ?"}, part{"mac", prefixed("mac ", n.MAC), "no mac"},
				part{"addrs", prefixed("addrs ", addrs(n).String()), "no addrs"})
		}
		out = append(out, item{n.Name, parts})
	}
	return out
}

// upText says whether the interface is administratively up.
func upText(n *Interface) string {
	switch {
	case n.Flags == nil:
		return ""
	case n.HasFlag("UP"):
		return "UP"
	}
	return "not UP"
}

var settingComparer = comparer{table: "settings", keys: []string{"name", "value"}, items: settingItems}

// settingItems returns the settings. What is a gauge or is made at random on
// each host is set aside.
func settingItems(s *Snapshot, all bool) []item {
	var out []item
	for _, k := range s.Settings {
		if all || !gauge(k.Name) {
			out = append(out, item{k.Name, []part{{"value", "= " + k.Value, ""}}})
		}
	}
	return out
}

// gauge reports whether a setting's value is no choice of anybody.
func gauge(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	switch last {
	case "nf_conntrack_count", "file-nr", "inode-nr", "inode-state", "dentry-state", "stable_secret",
		"boot_id", "uuid", "entropy_avail", "hostname", "ns_last_pid", "tcp_fastopen_key":
		return true
	}
	return false
}

var policyRuleComparer = comparer{
	table:  "policy_rules",
	keys:   []string{"family", "priority", "from", "to", "table"},
	fields: []string{"not", "iif", "oif", "fwmark", "action", "options"},
	items:  policyRuleItems,
}

// policyRuleItems returns the rules by priority and selector with what they
// do. By default an address of the host's own is written `own`.
func policyRuleItems(s *Snapshot, all bool) []item {
	own := ownOf(s)
	if all {
		own = nil
	}
	var out []item
	for i := range s.PolicyRules {
		r := &s.PolicyRules[i]
		not := ""
		if r.Not {
			not = "not"
		}
		out = append(out, item{policyRuleKey(r, own), []part{
			{"not", not, "no not"}, {"iif", prefixed("iif ", r.IIF), "any iif"}, {"oif", prefixed("oif ", r.OIF), "any oif"},
			{"fwmark", prefixed("fwmark ", r.FWMark), "any fwmark"},
			{"action", strings.TrimSpace(r.Action + " " + r.Table), "no action"}, {"options", strings.Join(r.Options, " "), "no options"},
		}})
	}
	return out
}

func policyRuleKey(r *PolicyRule, own *ownNet) string {
	words := []string{strconv.FormatUint(uint64(r.Priority), 10) + ":"}
	if r.Family == "inet6" {
		words = []string{r.Family, words[0]}
	}
	words = append(words, "from "+selector(r.From, own))
	if r.To.IsValid() {
		words = append(words, "to "+selector(r.To, own))
	}
	return strings.Join(words, " ")
}

func selector(p netip.Prefix, own *ownNet) string {
	switch {
	case !p.IsValid():
		return "all"
	case p.IsSingleIP() && own.has(p.Addr()):
		return "own"
	}
	return p.String()
}

var listenerComparer = comparer{
	table:  "listeners",
	keys:   []string{"proto", "local"},
	fields: []string{"processes", "zone"},
	items:  listenerItems,
	needs:  listenerNeeds,
}

// listenerItems returns what waits for peers: protocol, address and port, with
// the names of the processes. By default an address of the host's own is
// written `own`, so that hosts with the same services are equal.
func listenerItems(s *Snapshot, all bool) []item {
	own := ownOf(s)
	if all {
		own = nil
	}
	type holders struct{ processes, zones []string }
	by := map[string]*holders{}
	for _, l := range listeners(s) {
		key := listenerKey(l.Socket, own)
		if by[key] == nil {
			by[key] = &holders{} // also when no process is known to hold it
		}
		for _, p := range l.Processes {
			by[key].processes = append(by[key].processes, p.Name)
		}
		if l.Zone != "" {
			by[key].zones = append(by[key].zones, "%"+l.Zone)
		}
	}
	var out []item
	for key, h := range by {
		out = append(out, item{key, []part{
			{"processes", wordSet(h.processes), "no process"},
			{"zone", wordSet(h.zones), "any interface"},
		}})
	}
	return out
}

// wordSet writes each word once, in order.
func wordSet(words []string) string {
	slices.Sort(words)
	return strings.Join(slices.Compact(words), ",")
}

func listenerKey(k *Socket, own *ownNet) string {
	local := k.Local.String()
	if own.has(k.Local.Addr) {
		local = "own:" + strconv.Itoa(int(k.Local.Port))
	}
	return k.Proto + " " + local
}

// listenerNeeds: which addresses are the host's own must be known where a
// listener has one that may be.
func listenerNeeds(s *Snapshot, all bool) string {
	if all || ownOf(s) != nil {
		return ""
	}
	for _, l := range listeners(s) {
		if a := l.Local.Addr; a.IsValid() && !a.IsUnspecified() && !a.IsLoopback() {
			return gapText(s.Known("interfaces", "addrs"))
		}
	}
	return ""
}
