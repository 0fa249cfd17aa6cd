package linux

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
)

// legacyDialects are the outputs of net-tools, BusyBox, sysctl, nstat and the
// files of /proc.
func legacyDialects() []fleetnet.Dialect {
	dialects := []fleetnet.Dialect{
		{Name: "linux/netstat-s", Program: "netstat", Accepts: netstatMode('s'), Tables: []string{"counters"}, Read: NetstatS},
		{Name: "linux/netstat-r", Program: "netstat", Accepts: netstatMode('r'), Tables: []string{"routes"}, Lacks: routeLacks, Read: NetstatR},
		{Name: "linux/netstat-ie", Program: "netstat", Accepts: netstatMode('e'), Tables: []string{"interfaces"}, Lacks: ifconfigLacks, Read: Ifconfig},
		{Name: "linux/netstat-i", Program: "netstat", Accepts: netstatMode('i'), Tables: []string{"interfaces"}, Lacks: netstatILacks, Read: NetstatI},
		{Name: "linux/netstat-g", Program: "netstat", Accepts: netstatMode('g'), Tables: []string{"groups"}, Lacks: []string{"groups.mac"}, Read: NetstatG},
		{Name: "linux/ifconfig-s", Program: "ifconfig", Accepts: shortIfconfig, Tables: []string{"interfaces"}, Lacks: netstatILacks, Read: NetstatI},
		{Name: "linux/ifconfig", Program: "ifconfig", Tables: []string{"interfaces"}, Lacks: ifconfigLacks, Read: Ifconfig},
		{Name: "linux/route", Program: "route", Accepts: listsRoutes, Tables: []string{"routes"}, Lacks: routeLacks, Read: NetstatR},
		{Name: "linux/arp", Program: "arp", Accepts: listsARP, Tables: []string{"neighbors"}, Lacks: arpLacks, Read: Arp},
		{Name: "linux/nstat", Program: "nstat", Accepts: totals, Tables: []string{"counters"}, Read: Nstat},
		{Name: "linux/sysctl", Program: "sysctl", Accepts: namedSettings, Tables: []string{"settings"}, Read: Sysctl},
	}
	dialects = append(dialects, settingDialects()...)
	dialects = append(dialects, procDialects()...)
	for i := range dialects {
		dialects[i].OS = "linux"
	}
	return dialects
}

// netstatMode accepts the arguments of netstat that show one thing: s statistics,
// r routes, i interfaces, e interfaces as ifconfig shows them, g groups.
func netstatMode(mode byte) func([]string) bool {
	return func(args []string) bool {
		o := command.Read(args, "A")
		if o.Has("VhCM", "version", "help", "cache", "masquerade") {
			return false
		}
		var is byte
		switch {
		case o.Has("s", "statistics"):
			is = 's'
		case o.Has("r", "route"):
			is = 'r'
		case o.Has("i", "interfaces") && o.Has("e", "extend"):
			is = 'e'
		case o.Has("i", "interfaces"):
			is = 'i'
		case o.Has("g", "groups"):
			is = 'g'
		}
		return is == mode
	}
}

// shortIfconfig accepts `ifconfig -s`.
func shortIfconfig(args []string) bool { return command.Read(args, "").Has("s", "short") }

// listsRoutes accepts a route that shows the table, not the cache.
func listsRoutes(args []string) bool {
	o := command.Read(args, "A")
	return len(o.Operands) == 0 && !o.Has("CVh", "cache", "version", "help")
}

// listsARP accepts an arp that changes nothing.
func listsARP(args []string) bool {
	return !command.Read(args, "AHpti").Has("dsfVh", "delete", "set", "file", "version", "help")
}

// totals accepts an nstat that shows totals as text (see [Nstat]).
func totals(args []string) bool {
	o := command.Read(args, "dt")
	return o.Has("a", "ignore") && !o.Has("njVhd", "nooutput", "json", "version", "help", "scan")
}

// namedSettings accepts a sysctl that prints names and values.
func namedSettings(args []string) bool {
	return !command.Read(args, "r").Has("nNbVh", "values", "names", "binary", "version", "help")
}

// settingDialects are settings shown without sysctl's names.
func settingDialects() []fleetnet.Dialect {
	dialect := func(program string, accepts func([]string) bool) fleetnet.Dialect {
		return fleetnet.Dialect{Name: "linux/setting-values", Program: program, Accepts: accepts, Tables: []string{"settings"}, Read: SettingValues}
	}
	return []fleetnet.Dialect{
		dialect("sysctl", valuesAlone), dialect("grep", grepsSettings),
		dialect("cat", catsSettings), dialect("head", catsSettings), dialect("tail", catsSettings),
	}
}

// procDialects are the files of /proc and /sys, shown by cat or head. Several
// may follow each other when one reader takes them all.
func procDialects() []fleetnet.Dialect {
	var dialects []fleetnet.Dialect
	for _, program := range []string{"cat", "head"} {
		dialects = append(dialects,
			fleetnet.Dialect{Name: "linux/proc-route", Program: program, Accepts: onlyFiles("route", "ipv6_route"),
				Tables: []string{"routes"}, Lacks: routeLacks, Read: ProcRoute},
			fleetnet.Dialect{Name: "linux/proc-arp", Program: program, Accepts: onlyFiles("arp"),
				Tables: []string{"neighbors"}, Lacks: arpLacks, Read: ProcArp},
			fleetnet.Dialect{Name: "linux/proc-igmp", Program: program, Accepts: onlyFiles("igmp", "igmp6", "dev_mcast"),
				Tables: []string{"groups"}, Read: ProcIGMP},
			fleetnet.Dialect{Name: "linux/proc-snmp", Program: program, Accepts: onlyFiles("snmp", "netstat", "snmp6"),
				Tables: []string{"counters"}, Read: ProcSNMP},
			fleetnet.Dialect{Name: "linux/proc-sockstat", Program: program, Accepts: onlyFiles("sockstat", "sockstat6"),
				Tables: []string{"counters"}, Read: ProcSockstat},
			fleetnet.Dialect{Name: "linux/proc-interfaces", Program: program, Accepts: onlyFiles("dev", "if_inet6", "route", "fib_trie"),
				Tables: []string{"interfaces"}, Lacks: procInterfacesLacks, Read: ProcInterfaces},
		)
	}
	return dialects
}

// procInterfacesLacks is what the files alone do not tell, without /sys.
var procInterfacesLacks = append([]string{
	"interfaces.type", "interfaces.mac", "interfaces.mtu", "interfaces.flags", "interfaces.carrier",
}, ifconfigLacks...)

// onlyFiles accepts arguments that name some of the files of /proc/net, or of
// /proc/PID/net, and none besides.
func onlyFiles(names ...string) func([]string) bool {
	return func(args []string) bool {
		files := command.Read(args, "nc").Operands
		return len(files) > 0 && !slices.ContainsFunc(files, func(f string) bool {
			folder, name, ok := cutLast(f, "/net/")
			return !ok || !strings.HasPrefix(folder, "/proc") || !slices.Contains(names, strings.TrimPrefix(name, "sctp/"))
		})
	}
}

// cutLast cuts s around the last sep.
func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", "", false
	}
	return s[:i], s[i+len(sep):], true
}
