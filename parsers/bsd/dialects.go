package bsd

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/bsdnet"
	"github.com/fleetnet/fleetnet/parsers/command"
)

// Dialects returns the outputs that can be read on their own, in the order in
// which they are to be asked.
func Dialects() []fleetnet.Dialect {
	var all []fleetnet.Dialect
	for _, os := range []string{"freebsd", "openbsd", "netbsd", "dragonfly"} {
		all = append(all, dialectsOf(os)...)
	}
	return command.Pasted(all)
}

func dialectsOf(os string) []fleetnet.Dialect {
	lacks := routeLacks
	if os == "openbsd" {
		lacks = routeLacksO
	}
	dialects := []fleetnet.Dialect{
		{Name: "netstat-i", Program: "netstat", Accepts: netstatMode(os, 'i'), Tables: []string{"interfaces"}, Lacks: netstatILacks, Read: netstatI(os)},
		{Name: "netstat-r", Program: "netstat", Accepts: netstatMode(os, 'r'), Tables: []string{"routes"}, Lacks: lacks, Read: netstatR(os)},
		{Name: "netstat-s", Program: "netstat", Accepts: netstatMode(os, 's'), Tables: []string{"counters"}, Read: bsdnet.Counters},
		{Name: "netstat-m", Program: "netstat", Accepts: netstatMode(os, 'm'), Tables: []string{"counters"}, Read: bsdnet.OnlyMemory(Mbufs, os+"/netstat-m")},
		{Name: "netstat", Program: "netstat", Accepts: netstatMode(os, 'a'), Tables: []string{"sockets"}, Lacks: netstatLacks, Read: netstat(os)},
		{Name: "ifconfig", Program: "ifconfig", Accepts: showsInterfaces, Tables: []string{"interfaces"}, Lacks: ifconfigLacks, Read: bsdnet.Ifconfig},
		{Name: "arp", Program: "arp", Accepts: lists("adnilv"), Tables: []string{"neighbors"}, Lacks: arpLacks, Read: bsdnet.OneFamily(arp(os), os+"/arp", "inet")},
		{Name: "ndp", Program: "ndp", Accepts: lists("anlt"), Tables: []string{"neighbors"}, Read: bsdnet.OneFamily(ndp(os), os+"/ndp", "inet6")},
		{Name: "route-get", Program: "route", Accepts: routeCommand("get"), Tables: []string{"routes"}, Lacks: routeGetLacks(os), Read: routeGet(os)},
		{Name: "host", Program: "uname", Accepts: bsdnet.NamesKernel, Tables: []string{"host"}, Read: Host},
		{Name: "host", Program: "sysctl", Accepts: asksHost, Tables: []string{"host"}, Read: Host},
		{Name: "sysctl", Program: "sysctl", Accepts: namedSettings, Tables: []string{"settings"}, Read: bsdnet.Settings},
	}
	if os == "openbsd" {
		dialects = append(dialects,
			fleetnet.Dialect{Name: "fstat", Program: "fstat", Tables: []string{"sockets"}, Lacks: append([]string{"sockets.uid", "sockets.state"}, heldLacks...), Read: Fstat},
			fleetnet.Dialect{Name: "netstat-r", Program: "route", Accepts: routeCommand("show"), Tables: []string{"routes"}, Lacks: lacks, Read: netstatR(os)})
	} else {
		dialects = append(dialects,
			fleetnet.Dialect{Name: "sockstat", Program: "sockstat", Tables: []string{"sockets"}, Lacks: heldLacks, Read: sockstatOf(os)},
			fleetnet.Dialect{Name: "ifmcstat", Program: "ifmcstat", Tables: []string{"groups"}, Read: ifmcstat(os)})
	}
	for i := range dialects {
		dialects[i].OS, dialects[i].Name = os, os+"/"+dialects[i].Name
	}
	return dialects
}

// routeGetLacks is what `route get` never tells on a system: OpenBSD and NetBSD
// show the address that the host takes, OpenBSD also who made the route.
func routeGetLacks(os string) []string {
	switch os {
	case "openbsd":
		return []string{"routes.scope"}
	case "netbsd":
		return []string{"routes.metric", "routes.proto", "routes.scope"}
	}
	return routeLacks
}

// valued are the options of netstat that take a value.
const valued = "cfFIkNMpqTwj"

// netstatMode accepts the arguments of netstat that show one thing: i
// interfaces, r routes, s statistics, m memory, a sockets. What -T, -F and -P
// mean depends on the system.
func netstatMode(os string, mode byte) func([]string) bool {
	values := valued
	if os == "freebsd" || os == "dragonfly" {
		values = strings.NewReplacer("T", "", "c", "").Replace(valued)
	}
	return func(args []string) bool {
		o := command.Read(args, values)
		if o.Has("wqQBgoO") || o.Has("P") && os != "freebsd" && os != "dragonfly" || o.Has("s") && o.Has("rgiI") || hasLibxo(args) {
			return false // again and again, other tables or numbers, or two tables in turn
		}
		is := byte('a')
		for _, m := range []byte("smri") {
			if o.Has(string(m)) {
				is = m
				break
			}
		}
		if is == 'a' && o.Has("I") {
			is = 'i'
		}
		return is == mode
	}
}

// hasLibxo reports whether the output is asked for in another form than text.
func hasLibxo(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool { return strings.HasPrefix(a, "--libxo") })
}

// showsInterfaces accepts an ifconfig that changes nothing.
func showsInterfaces(args []string) bool {
	o := command.Read(args, "fgG")
	return len(o.Operands) <= 1 && !o.Has("lC")
}

// lists accepts a command that has -a and no option besides those.
func lists(letters string) func([]string) bool {
	return func(args []string) bool {
		o := command.Read(args, "")
		return strings.Contains(o.Letters, "a") && strings.Trim(o.Letters, letters) == ""
	}
}

// routeCommand accepts `route -n get ADDRESS` and `route -n show`.
func routeCommand(verb string) func([]string) bool {
	return func(args []string) bool { return slices.Contains(command.Read(args, "T").Operands, verb) }
}

// asksHost accepts a sysctl of names that tell who the host is.
func asksHost(args []string) bool {
	o := command.Read(args, "")
	return len(o.Operands) > 0 && !o.Has("n") && !slices.ContainsFunc(o.Operands, func(name string) bool {
		return !strings.HasPrefix(name, "kern.boot") && !strings.HasPrefix(name, "kern.os") && name != "kern.hostname" && name != "kern.version" && !strings.HasPrefix(name, "hw")
	})
}

// namedSettings accepts a sysctl that shows names.
func namedSettings(args []string) bool { return !command.Read(args, "").Has("nNbdxoX") }
