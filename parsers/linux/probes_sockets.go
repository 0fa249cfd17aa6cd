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
	}
}

// ssAccepts refuses what prints no list of sockets: the summary, events, the
// kernel's messages, the version.
func ssAccepts(args []string) bool {
	a := ssArguments("ss " + strings.Join(args, " "))
	return !slices.ContainsFunc([]byte("sEDVhv"), a.option)
}
