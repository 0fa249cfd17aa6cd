package bsdnet

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
)

// coverPart says that rows of a table are missing, and why.
func coverPart(out *fleetnet.Snapshot, table, probe, why string) {
	if why != "" {
		out.Cover(fleetnet.Coverage{Table: table, Status: fleetnet.StatusPartial, Probe: probe, Reason: why})
	}
}

// coverFamily says that the output tells the rows of one family alone.
func coverFamily(in *fleetnet.Lines, out *fleetnet.Snapshot, table, probe, family, why string) {
	if family == "" {
		return
	}
	other := "inet"
	if family == "inet" {
		other = "inet6"
	}
	in.Family(family)
	out.Cover(fleetnet.Coverage{Table: table, Status: fleetnet.StatusPartial, Family: other, Probe: probe, Reason: why})
}

// familyOf returns the one family that a netstat asks for, or "".
func familyOf(line string, o command.Options) string {
	four := o.Has("4") || slices.Contains(o.Values, "inet")
	six := o.Has("6") || slices.Contains(o.Values, "inet6")
	switch {
	case four == six, strings.Contains(line, ";"): // asked twice
		return ""
	case four:
		return "inet"
	}
	return "inet6"
}

// OneFamily returns a reader of neighbours of one family that says that those
// of the other are missing. In a scan both are read.
func OneFamily(read func(*fleetnet.Lines, *fleetnet.Snapshot), probe, family string) func(*fleetnet.Lines, *fleetnet.Snapshot) {
	why := map[string]string{"inet": "no IPv6 neighbours", "inet6": "no IPv4 neighbours"}[family]
	return func(in *fleetnet.Lines, out *fleetnet.Snapshot) {
		read(in, out)
		coverFamily(in, out, "neighbors", probe, family, why)
	}
}

// OnlyMemory returns a reader of `netstat -m` that says that the other counters
// are missing. In a scan they are read as well.
func OnlyMemory(read func(*fleetnet.Lines, *fleetnet.Snapshot), probe string) func(*fleetnet.Lines, *fleetnet.Snapshot) {
	return func(in *fleetnet.Lines, out *fleetnet.Snapshot) {
		read(in, out)
		coverPart(out, "counters", probe, "only the memory of the network")
	}
}

// chosenLinks says which interfaces an ifconfig shows with its arguments.
func chosenLinks(o command.Options) string {
	names := slices.DeleteFunc(slices.Clone(o.Operands), func(w string) bool { return addressKinds[w] })
	switch {
	case len(names) > 0:
		return "only what " + fleetnet.Quote([]byte(strings.Join(names, " "))) + " selects"
	case o.Has("u"):
		return "only interfaces that are up"
	case o.Has("d"):
		return "only interfaces that are down"
	case o.Has("gG"):
		return "only interfaces of some groups"
	}
	return ""
}

// addressKinds are the words with which ifconfig shows addresses of one kind.
var addressKinds = map[string]bool{"inet": true, "inet6": true, "ether": true, "link": true, "lladdr": true}
