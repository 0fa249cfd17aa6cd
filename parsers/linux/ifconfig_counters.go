package linux

import (
	"bytes"
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// counters reads the statistics of either form. A line that ends before its
// last word was cut, and its last number perhaps with it: nothing of it is used.
//
//	RX packets:9 errors:0 dropped:0 overruns:0 frame:0
//	RX bytes:620 (620.0 B)  TX bytes:620 (620.0 B)
//	RX bytes:620 TX bytes:620
//	RX packets 9  bytes 620 (620.0 B)
//	TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0
func (r *ifconfigReader) counters(c field.Cursor, dir []byte) error {
	n := fleetnet.IfCounters{}
	if have := r.it().Counters; have != nil {
		n = *have
	}
	var last []byte
	toybox := bytes.HasPrefix(c.Peek(), []byte("bytes:")) && bytes.IndexByte(c.Left(), '(') < 0
	for c.More() {
		tok := c.Next()
		switch {
		case string(tok) == "RX" || string(tok) == "TX":
			dir = tok
			continue
		case tok[0] == '(': // (1.2 GiB)
			last = c.Next()
			continue
		}
		key, value, glued := bytes.Cut(tok, []byte{':'})
		if !glued {
			value = c.Next()
		}
		v, ok := field.Uint(value, 64)
		if !ok || !setIfconfigCounter(&n, dir, key, v) {
			return errors.New("unknown counter, or not a number")
		}
		last = key
	}
	toybox = toybox && string(dir) == "TX" && string(last) == "bytes"
	if c.Err() != nil || !toybox && !lastCounter(last) {
		return errors.New("statistics end too soon")
	}
	r.it().Counters = &n
	return nil
}

// lastCounter reports whether a line of statistics may end with the word.
func lastCounter(word []byte) bool {
	switch string(word) {
	case "frame", "carrier", "collisions", "compressed", "txqueuelen":
		return true
	}
	return bytes.HasSuffix(word, []byte{')'})
}

func setIfconfigCounter(n *fleetnet.IfCounters, dir, key []byte, v uint64) bool {
	some := fleetnet.Some(v)
	switch string(dir) + " " + string(key) {
	case "RX packets":
		n.RxPackets = some
	case "RX bytes":
		n.RxBytes = some
	case "RX errors":
		n.RxErrors = some
	case "RX dropped":
		n.RxDropped = some
	case "RX overruns":
		n.RxOverruns = some
	case "RX frame":
		n.RxFrame = some
	case "TX packets":
		n.TxPackets = some
	case "TX bytes":
		n.TxBytes = some
	case "TX errors":
		n.TxErrors = some
	case "TX dropped":
		n.TxDropped = some
	case "TX overruns":
		n.TxOverruns = some
	case "TX carrier":
		n.TxCarrier = some
	case "TX collisions", " collisions":
		n.Collisions = some
	case "RX compressed", "TX compressed", " compressed", " txqueuelen":
	default:
		return false
	}
	return true
}
