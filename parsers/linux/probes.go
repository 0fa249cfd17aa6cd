// Package linux reads what the tools and /proc files of Linux print: iproute2,
// net-tools, lsof, sysctl, and the kernel's own tables.
package linux

import (
	"slices"

	"github.com/fleetnet/fleetnet"
)

// Probes returns what a scan runs on a Linux host. Probes of one slot are
// alternatives, the best first.
func Probes() []fleetnet.Probe {
	return slices.Concat(legacyProbes(), socketProbes(), iprouteProbes())
}

// Dialects returns the outputs that can be read on their own, in the order in
// which they are to be asked.
func Dialects() []fleetnet.Dialect {
	return slices.Concat(socketDialects(), iprouteDialects(), legacyDialects())
}
