package linux

import (
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// ProcSockstat reads /proc/net/sockstat and sockstat6 (net/ipv4/proc.c and
// net/ipv6/proc.c of Linux 2.4 to 6), which count the sockets that there are:
//
//	sockets: used 3037
//	TCP: inuse 1365 orphan 17 tw 2030 alloc 2788 mem 4109
//	TCP6: inuse 11
//
// They become counters as Sockstat.TCP_inuse, of which mem and memory are in
// pages, except FRAG's, in octets.
func ProcSockstat(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	for in.Next() {
		if isFileHeading(in.Text()) {
			in.Skip()
			continue
		}
		claim(in, sockstatLine(in, out))
	}
	coverPart(out, "counters", "linux/proc-sockstat", "only the numbers of sockets")
}

// sockstatLine reads `TCP: inuse 1365 orphan 17`.
func sockstatLine(in *fleetnet.Lines, out *fleetnet.Snapshot) error {
	c := field.New(in.Text())
	group, rest := c.Pair()
	if rest == nil || len(rest) > 0 || !isCounterName("S"+string(group)) || !c.More() {
		return errors.New("a group of sockets and their numbers expected")
	}
	for c.More() {
		name := c.Next()
		value, ok := counterValue(c.Next())
		switch {
		case c.Err() != nil:
			return c.Err()
		case !ok:
			return errors.New("the value is not a number")
		}
		addCounter(out, "Sockstat."+string(group)+"_"+string(name), value, in.Ref())
	}
	return nil
}
