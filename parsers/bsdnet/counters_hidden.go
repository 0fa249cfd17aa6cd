package bsdnet

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
)

// CountersOfMac is [Counters] on macOS, whose kernel shows zeros for TCP to
// everybody but root (xnu: tcp_subr.c, net.inet.tcp.disable_access_to_stats). A
// Mac that was asked anything has sent packets, so that these are no counters:
// they are left out, and covered as denied.
func CountersOfMac(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	before := len(out.Counters)
	if r := readCounters(in, out); !r.tcp || r.tcpMoved || !r.seen["BsdTcp.sndtotal"] && !r.seen["Tcp.InSegs"] && !withoutZeros(in.Command()) {
		return
	}
	rest := slices.DeleteFunc(out.Counters[before:], func(c fleetnet.Counter) bool { return ofTCP(c.Name) })
	out.Counters = out.Counters[:before+len(rest)]
	var known []string
	for _, c := range out.Counters {
		known = append(known, c.Name)
	}
	c := fleetnet.Coverage{Table: "counters", Status: fleetnet.StatusDenied, Reason: "macOS shows zeros for TCP to all but root"}
	if known != nil {
		c.Except = fleetnet.Selection{"name": known}
	}
	out.Cover(c)
}

// withoutZeros reports whether the command is a `netstat -s -s`, which leaves
// counters out that are zero.
func withoutZeros(typed string) bool {
	return strings.Count(command.Of(typed, "fIpMNw").Letters, "s") > 1
}

// ofTCP reports whether a counter is one of TCP's.
func ofTCP(name string) bool {
	mib, _, _ := strings.Cut(name, ".")
	return mib == "Tcp" || mib == "TcpExt" || mib == "BsdTcp"
}
