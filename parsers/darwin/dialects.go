package darwin

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/bsdnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// Dialects returns the outputs that can be read on their own, in the order in
// which they are to be asked.
func Dialects() []fleetnet.Dialect {
	dialects := []fleetnet.Dialect{
		{Name: "darwin/netstat-i", Program: "netstat", Accepts: netstatMode('i'), Tables: []string{"interfaces"}, Lacks: netstatILacks, Read: NetstatI},
		{Name: "darwin/netstat-r", Program: "netstat", Accepts: netstatMode('r'), Tables: []string{"routes"}, Lacks: routeLacks, Read: NetstatR},
		{Name: "darwin/netstat-g", Program: "netstat", Accepts: netstatMode('g'), Tables: []string{"groups"}, Lacks: groupLacks, Read: bsdnet.Groups},
		{Name: "darwin/netstat-s", Program: "netstat", Accepts: netstatMode('s'), Tables: []string{"counters"}, Read: bsdnet.CountersOfMac},
		{Name: "darwin/netstat-m", Program: "netstat", Accepts: netstatMode('m'), Tables: []string{"counters"}, Read: bsdnet.OnlyMemory(bsdnet.Mbufs, "darwin/netstat-m")},
		{Name: "darwin/netstat", Program: "netstat", Accepts: netstatMode('a'), Tables: []string{"sockets"}, Lacks: socketLacks, Read: Netstat},
		{Name: "darwin/lsof", Program: "lsof", Accepts: sockets.LsofAccepts, Tables: []string{"sockets"}, Lacks: append(sockets.LsofLacks(), "sockets.inode"), Read: Lsof},
		{Name: "darwin/ifconfig", Program: "ifconfig", Accepts: showsInterfaces, Tables: []string{"interfaces"}, Lacks: ifconfigLacks, Read: bsdnet.Ifconfig},
		{Name: "darwin/arp", Program: "arp", Accepts: lists("anilx"), Tables: []string{"neighbors"}, Lacks: arpLacks, Read: bsdnet.OneFamily(Arp, "darwin/arp", "inet")},
		{Name: "darwin/ndp", Program: "ndp", Accepts: lists("anlx"), Tables: []string{"neighbors"}, Read: bsdnet.OneFamily(NDP, "darwin/ndp", "inet6")},
		{Name: "darwin/route-get", Program: "route", Accepts: asksRoute, Tables: []string{"routes"}, Lacks: append([]string{"routes.src"}, routeLacks...), Read: RouteGet},
		{Name: "darwin/host", Program: "uname", Accepts: bsdnet.NamesKernel, Tables: []string{"host"}, Read: Host},
		{Name: "darwin/host", Program: "sw_vers", Accepts: noArguments, Tables: []string{"host"}, Read: Host},
		{Name: "darwin/host", Program: "sysctl", Accepts: asksHost, Tables: []string{"host"}, Read: Host},
		{Name: "darwin/sysctl", Program: "sysctl", Accepts: namedSettings, Tables: []string{"settings"}, Read: sysctlAll},
	}
	for i := range dialects {
		dialects[i].OS = "darwin"
	}
	return command.Pasted(dialects)
}

// valued are the options of netstat that take a value.
const valued = "cfIkNpw"

// netstatMode accepts the arguments of netstat that show one thing: i
// interfaces, r routes, g groups, s statistics, m memory, a sockets.
func netstatMode(mode byte) func([]string) bool {
	return func(args []string) bool {
		o := command.Read(args, valued)
		var is byte
		switch {
		case o.Has("wqRBQ"), strings.Count(o.Letters, "m") > 1, o.Has("s") && o.Has("rgiI"):
			return false // again and again, other tables, or two tables in turn
		case o.Has("s"):
			is = 's'
		case o.Has("m"):
			is = 'm'
		case o.Has("r"):
			is = 'r'
		case o.Has("g"):
			is = 'g'
		case o.Has("iI"):
			is = 'i'
		default:
			is = 'a'
		}
		return is == mode
	}
}

// showsInterfaces accepts an ifconfig that changes nothing.
func showsInterfaces(args []string) bool {
	o := command.Read(args, "fX")
	return len(o.Operands) <= 1 && !o.Has("lC")
}

// lists accepts a command that shows all entries, or that of one address, and
// has no option besides those.
func lists(letters string) func([]string) bool {
	return func(args []string) bool {
		o := command.Read(args, "i")
		one := len(o.Operands) == 1 && !o.Has("a")
		return (one || o.Has("a")) && strings.Trim(o.Letters, letters) == ""
	}
}

// asksRoute accepts `route -n get ADDRESS`.
func asksRoute(args []string) bool {
	return slices.Contains(command.Read(args, "").Operands, "get")
}

func noArguments(args []string) bool { return len(args) == 0 }

// asksHost accepts a sysctl of names that tell who the host is.
func asksHost(args []string) bool {
	o := command.Read(args, "")
	return len(o.Operands) > 0 && !o.Has("n") && !slices.ContainsFunc(o.Operands, func(name string) bool {
		return !strings.HasPrefix(name, "kern.boot") && !strings.HasPrefix(name, "kern.os") && name != "kern.hostname" && !strings.HasPrefix(name, "hw")
	})
}

// namedSettings accepts a sysctl that shows names.
func namedSettings(args []string) bool { return !command.Read(args, "").Has("nNbdxoX") }
