package bsd

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Mbufs reads `netstat -m`, the memory of the network (mbuf.c), as counters
// under the name Mbuf. The first form is of FreeBSD, the second of DragonFly, the
// third of OpenBSD and NetBSD:
//
//	1315/3680/4995 mbufs in use (current/cache/total)
//	1024/2018/3042/123123 mbuf clusters in use (current/cache/total/max)
//	0/0/0 requests for mbufs denied (mbufs/clusters/mbuf+clusters)
//	2376K/4956K/7332K bytes allocated to network (current/cache/total)
//	288/512/89120 mbufs in use (current/peak/max):
//	533 mbufs in use:
//	16/88 mbuf 2048 byte clusters in use (current/peak)
//	1096 Kbytes allocated to network (47% in use)
//	0 requests for memory denied
func Mbufs(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	for in.Next() {
		c := field.New(in.Text())
		numbers := bytes.Split(c.Next(), []byte{'/'})
		first, ok := amount(numbers[0])
		if !ok {
			continue // not understood
		}
		text, titles, _ := bytes.Cut(c.Rest(), []byte("("))
		name := mbufNames[string(bytes.TrimRight(text, ": "))]
		if name == "" {
			in.Skip()
			continue
		}
		add(in, out, name, first)
		if limit, ok := amount(numbers[len(numbers)-1]); ok && bytes.Contains(titles, []byte("/max)")) && bytes.Count(titles, []byte{'/'}) == len(numbers)-1 {
			add(in, out, name+"Max", limit)
		}
		in.Row()
	}
}

func add(in *fleetnet.Lines, out *fleetnet.Snapshot, name string, value uint64) {
	out.Counters = append(out.Counters, fleetnet.Counter{Name: "Mbuf." + name, Value: int64(value), Ref: in.Ref()})
}

// amount reads a number, in thousands when it ends in K.
func amount(b []byte) (uint64, bool) { return field.Uint(bytes.TrimSuffix(b, []byte{'K'}), 62) }

// mbufNames are the lines that tell of use or shortage, by their text. Of
// FreeBSD's numbers with slashes, the first is what is in use or was denied mbufs.
var mbufNames = map[string]string{
	"mbufs in use":                         "MbufsInUse",
	"mbuf clusters in use":                 "Clusters2KBInUse",
	"mbuf 2048 byte clusters in use":       "Clusters2KBInUse",
	"mapped pages in use":                  "PagesInUse",
	"4k (page size) jumbo clusters in use": "Clusters4KBInUse",
	"bytes allocated to network":           "NetworkKB",
	"Kbytes allocated to network":          "NetworkKB",
	"requests for mbufs denied":            "Denied",
	"requests for mbufs delayed":           "Delayed",
	"requests for memory denied":           "Denied",
	"requests for memory delayed":          "Delayed",
	"calls to protocol drain routines":     "Drained",
}
