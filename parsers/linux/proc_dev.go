package linux

import (
	"bytes"
	"errors"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// devReader reads /proc/net/dev (Linux, net/core/net-procfs.c). Its columns are
// named by the second line of its heading:
//
//	Inter-|   Receive                                                |  Transmit
//	 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
//	  eth0:    1920      24    0    0    0     0          0         0     8506     191    0    0    0     0       0          0
type devReader struct {
	columns []string // "RX bytes", "TX carrier", in order
}

// heading takes the lines of the heading and reports whether the line is one.
func (r *devReader) heading(line []byte) bool {
	parts := bytes.Split(line, []byte{'|'})
	if len(parts) != 3 {
		return false
	}
	if name := string(bytes.TrimSpace(parts[0])); name == "face" {
		r.columns = nil
		for i, dir := range []string{"RX ", "TX "} {
			for _, word := range strings.Fields(string(parts[i+1])) {
				r.columns = append(r.columns, dir+word)
			}
		}
	}
	return true
}

// row reads the line of an interface into set.
func (r *devReader) row(line []byte, set ifaceSet, ref fleetnet.Ref) error {
	colon := bytes.LastIndexByte(line, ':')
	if colon < 0 || r.columns == nil {
		return errors.New("an interface and its counters below their heading expected")
	}
	name := bytes.TrimSpace(line[:colon])
	if len(name) == 0 || bytes.ContainsAny(name, " \t") {
		return errors.New("the name of an interface expected")
	}
	n, err := r.counters(field.New(line[colon+1:]))
	if err != nil {
		return err
	}
	set.add(name, ref).Counters = &n
	return nil
}

func (r *devReader) counters(c field.Cursor) (fleetnet.IfCounters, error) {
	var n fleetnet.IfCounters
	for _, column := range r.columns {
		setDevCounter(&n, column, fleetnet.Some(c.Uint(64)))
	}
	if c.More() {
		return n, errors.New("more counters than headings")
	}
	return n, c.Err()
}

func setDevCounter(n *fleetnet.IfCounters, column string, v fleetnet.Opt[uint64]) {
	switch column {
	case "RX bytes":
		n.RxBytes = v
	case "RX packets":
		n.RxPackets = v
	case "RX errs":
		n.RxErrors = v
	case "RX drop":
		n.RxDropped = v
	case "RX fifo":
		n.RxOverruns = v
	case "RX frame":
		n.RxFrame = v
	case "TX bytes":
		n.TxBytes = v
	case "TX packets":
		n.TxPackets = v
	case "TX errs":
		n.TxErrors = v
	case "TX drop":
		n.TxDropped = v
	case "TX fifo":
		n.TxOverruns = v
	case "TX colls":
		n.Collisions = v
	case "TX carrier":
		n.TxCarrier = v
	}
}
