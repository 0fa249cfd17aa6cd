package linux

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// coverPart says that rows of a table are missing, and why.
func coverPart(out *fleetnet.Snapshot, table, probe, why string) {
	if why != "" {
		out.Cover(fleetnet.Coverage{Table: table, Status: fleetnet.StatusPartial, Probe: probe, Reason: why})
	}
}

// selected says what the words behind the verb of an ip command leave out.
func (a ipArgs) selected() string {
	if words := a.filters(); len(words) > 0 {
		return "only what " + fleetnet.Quote([]byte(strings.Join(words, " "))) + " selects"
	}
	return ""
}

// coverRoutes says which routes the command does not list: without a table,
// those of others than main; without a family, those of IPv6, unless it asks
// for all tables (iproute_list_flush_or_save in iproute.c).
func (a ipArgs) coverRoutes(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	if a.object != "route" {
		return
	}
	words, all := a.filters(), false
	why := a.selected()
	switch {
	case a.gets():
		why = "a lookup tells the way to one destination"
	case len(words) == 0:
		why = ""
		out.Cover(fleetnet.Coverage{Table: "routes", Status: fleetnet.StatusPartial, Probe: "linux/ip-route",
			Except: fleetnet.Selection{"table": {"main"}}, Reason: "only the table main"})
	case len(words) == 2 && strings.HasPrefix("table", words[0]):
		if all = words[1] == "all" || words[1] == "0"; all {
			why = ""
		}
	}
	coverPart(out, "routes", "linux/ip-route", why)
	switch {
	case a.knownFamily() != "":
		in.Family(a.family)
	case !all && !a.gets():
		in.Family("inet")
	}
}

// coverRules says which rules the command does not list: without a family,
// those of IPv6.
func (a ipArgs) coverRules(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	if a.object != "rule" {
		return
	}
	coverPart(out, "policy_rules", "linux/ip-rule", a.selected())
	if in.Family("inet"); a.knownFamily() != "" {
		in.Family(a.family)
	}
}

// coverNeighbors says which neighbours the command does not list. With `nud all`
// it lists more than without.
func (a ipArgs) coverNeighbors(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	if words := a.filters(); !slices.Equal(words, []string{"nud", "all"}) {
		coverPart(out, "neighbors", "linux/ip-neigh", a.selected())
	}
	in.Family(a.knownFamily())
}

// coverGroups says which groups the command does not list.
func (a ipArgs) coverGroups(out *fleetnet.Snapshot) {
	coverPart(out, "groups", "linux/ip-maddr", a.selected())
	if a.family != "" {
		coverPart(out, "groups", "linux/ip-maddr", "only groups of one family")
	}
}

// linkGaps is what one command of ip addr or ip link does not tell.
type linkGaps struct {
	rows   string   // why interfaces are missing
	addrs  string   // why addresses are missing
	fields []string // what it tells of no interface
}

// noAddrs stands for addresses that are not told at all.
const noAddrs = "none"

// What the forms of ip addr and ip link leave out.
var (
	briefLink   = []string{"index", "type", "mtu", "master", "aliases"}
	briefAddr   = []string{"index", "type", "mac", "mtu", "flags", "up", "carrier", "master", "aliases"}
	onlyAddr    = []string{"type", "mac", "mtu", "flags", "up", "oper_state", "carrier", "master", "parent", "aliases"}
	linkOfInet  = []string{"type", "mac"}
	allCounters = []string{"counters"}
)

// linkGaps returns what the command does not tell. Whether an output of -o has
// more than addresses depends on the version, and shows: linked.
func (a ipArgs) linkGaps(linked bool) linkGaps {
	g := linkGaps{rows: a.selected()}
	family := a.knownFamily()
	switch {
	case a.object == "link" || a.family == "link":
		g.addrs = noAddrs
		if a.brief {
			g.fields = briefLink
		}
		return g
	case a.brief:
		g.fields = briefAddr
	case !linked:
		g.fields = onlyAddr
		g.rows = firstState(g.rows, "only interfaces with an address")
	case family != "" && !a.details:
		g.fields = linkOfInet
	}
	if family != "" {
		g.addrs = "only addresses of " + family
		g.rows = firstState(g.rows, "only interfaces with an address of "+family)
	}
	return g
}

// coverLinks says what the commands together do not tell of interfaces, and
// which counters none of the interfaces from one on has.
func coverLinks(in *fleetnet.Lines, out *fleetnet.Snapshot, from int) {
	told := out.Interfaces[from:]
	linked := len(told) == 0 || slices.ContainsFunc(told, func(it fleetnet.Interface) bool { return it.Flags != nil })
	var all *linkGaps
	for _, a := range ipCommands(in.Command()) {
		if a.object != "address" && a.object != "link" {
			continue
		}
		g := a.linkGaps(linked)
		if all == nil {
			all = &g
			continue
		}
		all.join(g)
	}
	if all == nil {
		return
	}
	coverPart(out, "interfaces", "linux/ip-addr", all.rows)
	fields := all.fields
	if len(told) > 0 {
		fields = slices.Concat(fields, missingCounters(told))
	}
	switch all.addrs {
	case "":
	case noAddrs:
		fields = append(slices.Clip(fields), "addrs")
	default:
		coverField(out, "interfaces", "linux/ip-addr", "addrs", all.addrs)
	}
	if len(fields) > 0 {
		out.Cover(fleetnet.Coverage{
			Table: "interfaces", Status: fleetnet.StatusUnsupported, Fields: fields, Probe: "linux/ip-addr",
			Reason: "not told by ip with these options",
		})
	}
}

// join takes away what another command tells.
func (g *linkGaps) join(other linkGaps) {
	if other.rows == "" {
		g.rows = ""
	}
	if other.addrs == "" {
		g.addrs = ""
	}
	g.fields = slices.DeleteFunc(slices.Clone(g.fields), func(f string) bool { return !slices.Contains(other.fields, f) })
}

// missingCounters returns the counters that no interface has.
func missingCounters(told []fleetnet.Interface) []string {
	sum := fleetnet.IfCounters{}
	any := false
	for i := range told {
		c := told[i].Counters
		if c == nil {
			continue
		}
		any = true
		sum.RxFrame.OK = sum.RxFrame.OK || c.RxFrame.OK
		sum.RxOverruns.OK = sum.RxOverruns.OK || c.RxOverruns.OK
		sum.TxOverruns.OK = sum.TxOverruns.OK || c.TxOverruns.OK
	}
	if !any {
		return allCounters
	}
	var names []string
	for _, c := range []struct {
		name string
		told bool
	}{
		{"counters.rx_overruns", sum.RxOverruns.OK}, {"counters.rx_frame", sum.RxFrame.OK}, {"counters.tx_overruns", sum.TxOverruns.OK},
	} {
		if !c.told {
			names = append(names, c.name)
		}
	}
	return names
}
