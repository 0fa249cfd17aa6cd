package bsd

import (
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/bsdnet"
)

// sysctlCommand asks for the settings of the network and a few of the kernel.
// sysctl fails when one name is unknown; what it printed counts.
const sysctlCommand = `v=$(sysctl net.inet net.inet6 kern.ipc.somaxconn kern.ipc.soacceptqueue kern.ipc.maxsockbuf kern.ipc.nmbclusters ` +
	`kern.somaxconn kern.sbmax kern.maxclusters kern.maxfiles kern.openfiles kern.nfiles 2>/dev/null); [ -n "$v" ] && echo "$v"`

// aloneCommand returns the commands for sockets without the last one, which
// tells the processes.
func aloneCommand(all string) string { return all[:strings.LastIndex(all, "; ")] }

// netstatI returns the reader of `netstat -i`.
func netstatI(os string) func(*fleetnet.Lines, *fleetnet.Snapshot) {
	f := bsdnet.InterfacesForm{Probe: os + "/netstat-i"}
	switch os {
	case "freebsd":
		f.Whole = "W"
	case "dragonfly":
		f.Unkept = "Drop"
	}
	return func(in *fleetnet.Lines, out *fleetnet.Snapshot) { bsdnet.Interfaces(in, out, f) }
}

// netstatR returns the reader of `netstat -r`.
func netstatR(os string) func(*fleetnet.Lines, *fleetnet.Snapshot) {
	f := bsdnet.RoutesForm{Probe: os + "/netstat-r", Whole: true, Flags: 6}
	if os == "dragonfly" {
		f.Sized = "W"
	}
	return func(in *fleetnet.Lines, out *fleetnet.Snapshot) { bsdnet.Routes(in, out, f) }
}

// routeGet returns the reader of `route get`.
func routeGet(os string) func(*fleetnet.Lines, *fleetnet.Snapshot) {
	return func(in *fleetnet.Lines, out *fleetnet.Snapshot) { bsdnet.RouteGet(in, out, os+"/route-get") }
}

// ndp returns the reader of `ndp -a`.
func ndp(os string) func(*fleetnet.Lines, *fleetnet.Snapshot) {
	return func(in *fleetnet.Lines, out *fleetnet.Snapshot) { bsdnet.NDP(in, out, os+"/ndp") }
}

// arp returns the reader of `arp -a`.
func arp(os string) func(*fleetnet.Lines, *fleetnet.Snapshot) {
	return func(in *fleetnet.Lines, out *fleetnet.Snapshot) { Arp(in, out, os) }
}

// sockstatOf returns the reader of `sockstat`.
func sockstatOf(os string) func(*fleetnet.Lines, *fleetnet.Snapshot) {
	return func(in *fleetnet.Lines, out *fleetnet.Snapshot) { Sockstat(in, out, os) }
}

// ifmcstat returns the reader of `ifmcstat`.
func ifmcstat(os string) func(*fleetnet.Lines, *fleetnet.Snapshot) {
	return func(in *fleetnet.Lines, out *fleetnet.Snapshot) { Ifmcstat(in, out, os) }
}
