package linux

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

func socketProbes() []fleetnet.Probe { return nil }

func socketDialects() []fleetnet.Dialect {
	return []fleetnet.Dialect{
		{Name: "linux/ss", OS: "linux", Program: "ss", Accepts: ssAccepts, Tables: []string{"sockets"}, Read: SS},
		{Name: "linux/netstat", OS: "linux", Program: "netstat", Accepts: netstatAccepts, Tables: []string{"sockets"}, Lacks: netstatLacks, Read: Netstat},
	}
}

// ssAccepts refuses what prints no list of sockets: the summary, events, the
// kernel's messages, the version.
func ssAccepts(args []string) bool {
	a := ssArguments("ss " + strings.Join(args, " "))
	return !slices.ContainsFunc([]byte("sEDVhv"), a.option)
}

// netstatLacks is what netstat never tells of a socket.
var netstatLacks = []string{"sockets.zone", "sockets.tcp_info"}
