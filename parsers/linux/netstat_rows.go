package linux

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
)

// netstatTables are the protocols that the options of netstat stand for, which
// net-tools, BusyBox and toybox share as far as they have them.
var netstatTables = []struct{ letter, long, proto string }{
	{"t", "tcp", "tcp"}, {"u", "udp", "udp"}, {"w", "raw", "raw"}, {"x", "unix", "unix"},
	{"U", "udplite", "udplite"}, {"S", "sctp", "sctp"}, {"2", "l2cap", "l2cap"}, {"f", "rfcomm", "rfcomm"},
}

// netstatRows returns which sockets the options of netstat ask for. Without -a
// and -l they are those that have a peer, in whatever state.
func netstatRows(o command.Options, args []string) socketRows {
	var out socketRows
	for _, t := range netstatTables {
		if o.Has(t.letter, t.long) {
			out.protos = append(out.protos, t.proto)
		}
	}
	out.family = netstatFamily(o, args)
	if slices.Contains(o.Values, "unix") && out.protos == nil {
		out.protos = []string{"unix"}
	}
	switch {
	case o.Has("a", "all"):
	case o.Has("l", "listening"):
		out.states, out.without = []fleetnet.State{fleetnet.StateListen, fleetnet.StateUnconn}, "with -l, only sockets that wait for peers"
	default:
		out.states, out.without = connected, "without -a, only sockets with a peer"
	}
	return out
}

// netstatFamily returns the one family that is asked for, by -4, -6, -A inet6,
// --inet or --protocol=inet6, or "".
func netstatFamily(o command.Options, args []string) string {
	four, six := o.Has("4", "inet", "ip"), o.Has("6", "inet6")
	values := slices.Clone(o.Values)
	for _, a := range args {
		if v, ok := strings.CutPrefix(a, "--protocol="); ok {
			values = append(values, v)
		}
	}
	for _, v := range values {
		for f := range strings.SplitSeq(v, ",") {
			four, six = four || f == "inet", six || f == "inet6"
		}
	}
	switch {
	case four && !six:
		return "inet"
	case six && !four:
		return "inet6"
	}
	return ""
}
