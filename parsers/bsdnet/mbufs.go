package bsdnet

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Mbufs reads `netstat -m`, the memory of the network (mbuf.c, mbpr), as
// counters under the name Mbuf:
//
//	1318/1680 mbufs in use:
//		1310 mbufs allocated to data
//		8 mbufs allocated to packet headers
//	1309/5614 mbuf 2KB clusters in use
//	15428 KB allocated to network (19.4% in use)
//	0 requests for memory denied
func Mbufs(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	for in.Next() {
		text := bytes.TrimSpace(in.Text())
		c := field.New(text)
		used, total, pair := bytes.Cut(c.Next(), []byte{'/'})
		n, ok := field.Uint(used, 63)
		if !ok {
			continue // not understood
		}
		rest := string(bytes.TrimSuffix(c.Rest(), []byte{':'}))
		name := mbufNames[rest]
		if pair {
			m, ok := field.Uint(total, 63)
			if !ok {
				continue
			}
			if name = clusterName(rest); name != "" {
				add(in, out, "Mbuf."+name+"InUse", n)
				add(in, out, "Mbuf."+name+"Total", m)
				in.Row()
				continue
			}
			name = ""
		}
		if kb := []byte("KB allocated to network"); bytes.HasPrefix([]byte(rest), kb) {
			name = "NetworkKB"
		}
		if name == "" {
			in.Skip()
			continue
		}
		add(in, out, "Mbuf."+name, n)
		in.Row()
	}
}

func add(in *fleetnet.Lines, out *fleetnet.Snapshot, name string, value uint64) {
	out.Counters = append(out.Counters, fleetnet.Counter{Name: name, Value: int64(value), Ref: in.Ref()})
}

// mbufNames are the lines with one number that tell of shortage.
var mbufNames = map[string]string{
	"KB returned to the system":   "ReturnedKB",
	"requests for memory denied":  "Denied",
	"requests for memory delayed": "Delayed",
	"calls to drain routines":     "Drained",
	"mbufs allocated to data":     "Data",
	"mbufs allocated to caches":   "Cached",
}

// clusterName returns what a line of used and total is of: Mbufs or, by their
// size, Clusters2KB.
func clusterName(rest string) string {
	if rest == "mbufs in use" {
		return "Mbufs"
	}
	c := field.New([]byte(rest))
	if !c.Take("mbuf") {
		return ""
	}
	size := c.Word()
	kb, ok := bytes.CutSuffix([]byte(size), []byte("KB"))
	if _, number := field.Uint(kb, 16); !ok || !number || !c.Take("clusters") {
		return ""
	}
	return "Clusters" + size
}
