package linux

import (
	"bytes"
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Nstat reads `nstat -a` (iproute2, misc/nstat.c), with or without -s and -z:
//
//	#kernel
//	IpInReceives                    118                0.0
//	TcpExtListenOverflows           0                  0.0
//
// Without -z counters of zero are left out. Without -a nstat tells increments
// since its last run, which are no totals: that output is not read.
func Nstat(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	for in.Next() {
		line := in.Text()
		if bytes.HasPrefix(line, []byte("#")) || bytes.HasPrefix(line, []byte("nstat: history ")) {
			in.Skip()
			continue
		}
		c := field.New(line)
		name, ok := splitCounter(c.Next())
		value, number := counterValue(c.Next())
		c.Next() // the rate, always there
		switch {
		case c.Err() != nil:
			in.Fail(c.Err())
		case !ok || !number || c.More():
			in.Fail(errors.New("a counter, its value and its rate expected"))
		default:
			addCounter(out, name, value, in.Ref())
			in.Row()
		}
	}
	if len(command.Of(in.Command(), "dt").Operands) > 0 {
		coverPart(out, "counters", "linux/nstat", "only those whose names were given")
	}
}
