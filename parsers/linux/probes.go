// Package linux reads what the tools and /proc files of Linux print: iproute2,
// net-tools, lsof, sysctl, and the kernel's own tables.
package linux

import (
	"slices"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
)

// slotOrder is the order in which a scan asks: first who the host is, then the
// small tables, so that they are known even when a large one hits a bound.
var slotOrder = []string{
	"host", "interfaces", "link-speed", "routes4", "routes6", "rules4", "rules6",
	"neighbors", "groups", "counters", "settings", "sockets",
}

// Probes returns what a scan runs on a Linux host. Probes of one slot are
// alternatives, the best first.
func Probes() []fleetnet.Probe {
	all := slices.Concat(iprouteProbes(), socketProbes(), legacyProbes())
	slices.SortStableFunc(all, func(a, b fleetnet.Probe) int {
		return slices.Index(slotOrder, a.Slot) - slices.Index(slotOrder, b.Slot)
	})
	return all
}

// Dialects returns the outputs that can be read on their own, in the order in
// which they are to be asked.
func Dialects() []fleetnet.Dialect {
	return command.Pasted(slices.Concat(socketDialects(), iprouteDialects(), legacyDialects(), hostDialects()))
}
