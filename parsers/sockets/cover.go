package sockets

import (
	"fmt"

	"github.com/fleetnet/fleetnet"
)

// CoverTruncated says that the ends of some sockets are not known: the tool cut
// an address, or named a service that is not known here.
func CoverTruncated(out *fleetnet.Snapshot, rows []fleetnet.Socket, probe string) {
	n := 0
	for i := range rows {
		if rows[i].Truncated {
			n++
		}
	}
	if n == 0 {
		return
	}
	out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Fields: []string{"local", "peer"}, Probe: probe,
		Reason: fmt.Sprintf("the addresses or ports of %d of %d sockets were cut or named by a service that is not known", n, len(rows))})
}
