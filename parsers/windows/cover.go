package windows

import "github.com/fleetnet/fleetnet"

// coverOne says that the rows of one family alone were asked for, or are all that
// the tool knows.
func coverOne(in *fleetnet.Lines, out *fleetnet.Snapshot, probe, table, family string) {
	other, reason := "inet6", "no IPv6 "+table
	switch family {
	case "":
		return
	case "inet6":
		other, reason = "inet", "no IPv4 "+table
	}
	in.Family(family)
	out.Cover(fleetnet.Coverage{Table: table, Status: fleetnet.StatusPartial, Family: other, Probe: probe, Reason: reason})
}

// netshFamily returns the family that a command of netsh asks for.
func netshFamily(o options) string {
	switch {
	case o.has("ipv6"):
		return "inet6"
	case o.has("ipv4"), o.has("ip"):
		return "inet"
	}
	return ""
}
