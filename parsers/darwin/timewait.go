package darwin

import (
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// firstTimeWait is the release of Darwin, that of macOS 10.11, whose netstat
// lists sockets in TIME_WAIT. Before, the kernel left them out (openradar-mirror
// issue 8270).
const firstTimeWait = 15

// coverTimeWait says that sockets in TIME_WAIT are missing, when the release of
// the host is known to leave them out and there is none among those from first on.
func coverTimeWait(out *fleetnet.Snapshot, first int) {
	major, _, _ := strings.Cut(out.Host.Kernel, ".")
	release, err := strconv.Atoi(major)
	if err != nil || release >= firstTimeWait {
		return
	}
	for _, k := range out.Sockets[first:] {
		if k.State == fleetnet.StateTimeWait {
			return
		}
	}
	out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusPartial, Probe: "darwin/netstat",
		Except: fleetnet.Selection{"state": otherStates}, Reason: "macOS up to 10.10 lists no sockets in TIME_WAIT"})
}

// otherStates are all states but TIME_WAIT, in the order of their names.
var otherStates = []string{
	string(fleetnet.StateClosed), string(fleetnet.StateClosing), string(fleetnet.StateCloseWait), string(fleetnet.StateEstablished),
	string(fleetnet.StateFinWait1), string(fleetnet.StateFinWait2), string(fleetnet.StateLastAck), string(fleetnet.StateListen),
	string(fleetnet.StateSynRecv), string(fleetnet.StateSynSent), string(fleetnet.StateUnconn),
}
