package bsd

import (
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/bsdnet"
)

// hostCommand asks who the host is. What a system lacks is left out. OpenBSD
// and NetBSD show the time of boot in the zone of the asker.
const hostCommand = `( sysctl kern.ostype kern.osrelease kern.hostname hw.machine; TZ=UTC sysctl kern.boottime; ` +
	`v=$(freebsd-version -u) && echo "userland: $v"; u=$(id -u) && echo "euid: $u"; t=$(date +%s) && echo "epoch: $t"; : ) 2>/dev/null`

// Host reads who the host is from any of these, one after the other:
//
//	FreeBSD fw1 14.1-RELEASE FreeBSD 14.1-RELEASE releng/14.1-n267679-10e31f0946d8 GENERIC amd64
//	OpenBSD fw2.example.net 7.5 GENERIC.MP#82 amd64
//	kern.ostype: FreeBSD
//	kern.boottime: { sec = 1718000000, usec = 918881 } Mon Jun 10 06:13:20 2024
//	kern.boottime=Mon Jun 10 06:13:20 2024
//	kern.osrelease = 9.3
//
// and the lines userland, euid and epoch that the probe adds.
func Host(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	var s system
	bsdnet.Host(in, out, bsdnet.HostForm{Systems: systems, Uname: s.uname, Key: s.key})
	release := s.userland // may be patched when the kernel is not
	if release == "" {
		release = out.Host.Kernel
	}
	if s.name != "" && release != "" {
		out.Host.OSVersion = s.name + " " + release
	}
}

// systems are the names that uname -s says.
var systems = []string{"FreeBSD", "OpenBSD", "NetBSD", "DragonFly"}

type system struct {
	name     string // as the system writes it: FreeBSD
	userland string
}

func (s *system) key(key, value string) bool {
	switch key {
	case "kern.ostype":
		s.name = value
	case "userland":
		s.userland = value
	default:
		return false
	}
	return true
}

// uname reads on behind the release: the version, which holds blanks, and the
// machine.
func (s *system) uname(h *fleetnet.Host, words []string) {
	s.name = words[0]
	if last := words[len(words)-1]; len(words) > 4 && !strings.ContainsAny(last, ":/#@") {
		h.Arch = last
	}
}
