package linux

import (
	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// Lsof reads what lsof 4 prints of sockets on Linux (see [sockets.Lsof]).
func Lsof(in *fleetnet.Lines, out *fleetnet.Snapshot) { sockets.Lsof(in, out, "linux/lsof") }
