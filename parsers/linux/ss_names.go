package linux

import (
	"slices"

	"github.com/fleetnet/fleetnet"
)

// unnamed notes a row that is called tcp and can only be of UDP.
func (r *ssReader) unnamed(k *fleetnet.Socket) {
	if k.Proto == "tcp" && k.State == fleetnet.StateClosed && k.Peer.Port == 0 && k.Peer.Name == "" && r.asked.shows("udp") {
		r.misnamed = len(r.rows.Own())
	}
}

// settleNames gives the rows of UDP sockets their protocol where ss calls them
// tcp, as it does from 3.4 to 3.12 (RHEL 7.0). A TCP socket that is UNCONN has
// had a peer, and ss lists UDP first: all up to the last row that is UNCONN and
// without a peer are of UDP. A connected UDP socket after it cannot be told
// from a TCP one.
func (r *ssReader) settleNames() {
	if r.star == starBoth {
		return
	}
	rows := r.rows.Own()[:r.misnamed]
	only := func(k fleetnet.Socket) bool {
		return k.Proto == "tcp" && k.State != fleetnet.StateClosed && k.State != fleetnet.StateEstablished
	}
	mixed := slices.ContainsFunc(rows, only)
	for i := range rows {
		k := &rows[i]
		if k.Proto != "tcp" || mixed && k.State != fleetnet.StateClosed {
			continue
		}
		k.Proto = "udp"
		if k.State == fleetnet.StateClosed {
			k.State = fleetnet.StateUnconn
		}
	}
}
