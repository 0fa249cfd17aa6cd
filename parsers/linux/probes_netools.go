package linux

import (
	"strings"

	"github.com/fleetnet/fleetnet"
)

// What the sources of each kind never tell, though ip does.
var (
	ifconfigLacks = []string{
		"interfaces.index", "interfaces.aliases", "interfaces.oper_state", "interfaces.master", "interfaces.parent",
	}
	netstatILacks = append([]string{"interfaces.type", "interfaces.mac", "interfaces.addrs"}, ifconfigLacks...)
	routeLacks    = []string{"routes.proto", "routes.scope", "routes.src", "routes.mtu"}
	arpLacks      = []string{"neighbors.state"}
)

// legacyProbes ask net-tools, procps, nstat and the files of /proc and /sys,
// for hosts where ip is missing and for what ip does not tell. A sysctl that
// printed something has succeeded, though not every name exists on every host.
func legacyProbes() []fleetnet.Probe {
	probes := []fleetnet.Probe{
		// As root, so that euid tells whether the commands that want root had it.
		{Name: "linux/host", Slot: "host", Tables: []string{"host"}, Command: hostCommand, Read: Host},

		{Name: "linux/ifconfig", Slot: "interfaces", Tables: []string{"interfaces"}, Needs: []string{"ifconfig"},
			Command: "ifconfig -a", Lacks: ifconfigLacks, Read: Ifconfig},
		{Name: "linux/proc-interfaces", Slot: "interfaces", Tables: []string{"interfaces"}, Needs: []string{"cat"},
			If: "[ -r /proc/net/dev ]", Command: procInterfacesCommand, Read: ProcInterfaces},
		{Name: "linux/sys-speed", Slot: "link-speed", If: "[ -d /sys/class/net ]", Command: sysSpeedCommand, Read: SysSpeed},

		{Name: "linux/route", Slot: "routes4", Tables: []string{"routes"}, Needs: []string{"route"},
			Command: "route -n", Lacks: routeLacks, Read: NetstatR},
		{Name: "linux/proc-route", Slot: "routes4", Tables: []string{"routes"}, Needs: []string{"cat"},
			If: "[ -r /proc/net/route ]", Command: "cat /proc/net/route", Lacks: routeLacks, Read: ProcRoute},
		{Name: "linux/route6", Slot: "routes6", Tables: []string{"routes"}, Needs: []string{"route"},
			If: "[ -r /proc/net/ipv6_route ]", Command: "route -A inet6 -n", Lacks: routeLacks, Read: NetstatR},
		{Name: "linux/proc-route6", Slot: "routes6", Tables: []string{"routes"}, Needs: []string{"cat"},
			If: "[ -r /proc/net/ipv6_route ]", Command: "cat /proc/net/ipv6_route", Lacks: routeLacks, Read: ProcRoute},

		{Name: "linux/arp", Slot: "neighbors", Tables: []string{"neighbors"}, Needs: []string{"arp"},
			Command: "arp -an", Lacks: arpLacks, Read: Arp},
		{Name: "linux/proc-arp", Slot: "neighbors", Tables: []string{"neighbors"}, Needs: []string{"cat"},
			If: "[ -r /proc/net/arp ]", Command: "cat /proc/net/arp", Lacks: arpLacks, Read: ProcArp},

		{Name: "linux/netstat-g", Slot: "groups", Tables: []string{"groups"}, Needs: []string{"netstat"},
			Command: "netstat -gn", Lacks: []string{"groups.mac"}, Read: NetstatG},
		{Name: "linux/proc-igmp", Slot: "groups", Tables: []string{"groups"}, Needs: []string{"cat"},
			If: "[ -r /proc/net/igmp ]", Command: bundle("/proc/net/igmp", "/proc/net/igmp6", "/proc/net/dev_mcast"), Read: ProcIGMP},

		{Name: "linux/proc-snmp", Slot: "counters", Tables: []string{"counters"}, Needs: []string{"cat"},
			If: "[ -r /proc/net/snmp ]", Command: bundle("/proc/net/snmp", "/proc/net/netstat", "/proc/net/snmp6", "/proc/net/sctp/snmp"), Read: ProcSNMP},
		// With both -a and -s nstat opens no history file (misc/nstat.c, main).
		{Name: "linux/nstat", Slot: "counters", Tables: []string{"counters"}, Needs: []string{"nstat"},
			Command: "nstat -asz", Read: Nstat},
		{Name: "linux/netstat-s", Slot: "counters", Tables: []string{"counters"}, Needs: []string{"netstat"},
			Command: "netstat -s", Read: NetstatS},

		{Name: "linux/sysctl", Slot: "settings", Tables: []string{"settings"}, Needs: []string{"sysctl"},
			Command: `v=$(sysctl -e ` + strings.Join(settingNames(), " ") + ` 2>/dev/null); [ -n "$v" ] && echo "$v"`, Read: Sysctl},
		{Name: "linux/proc-settings", Slot: "settings", Tables: []string{"settings"}, Needs: []string{"cat"},
			If: "[ -r /proc/sys/net/ipv4/ip_forward ]", Command: procSettingsCommand(), Read: Sysctl},
	}
	for i := range probes {
		probes[i].OS = "linux"
	}
	return probes
}

// hostCommand uses only what every shell has built in, and uname, id and date
// where they are.
const hostCommand = `( f() { read -r v <"$1" && [ -n "$v" ] && echo "$2=$v"; }; ` +
	`f /proc/sys/kernel/ostype ostype || echo "ostype=$(uname -s)"; ` +
	`f /proc/sys/kernel/osrelease osrelease || echo "osrelease=$(uname -r)"; ` +
	`f /proc/sys/kernel/hostname hostname || echo "hostname=$(uname -n)"; ` +
	`a=$(uname -m) && echo "arch=$a" || f /proc/sys/kernel/arch arch; ` +
	`f /proc/sys/kernel/random/boot_id boot_id; ` +
	`read -r v w </proc/uptime && echo "uptime=$v"; ` +
	`for o in /etc/os-release /usr/lib/os-release /etc/openwrt_release /etc/lsb-release; do [ -r $o ] && ` +
	`while IFS= read -r v; do case $v in PRETTY_NAME=*|NAME=*|VERSION=*|DISTRIB_DESCRIPTION=*) echo "os.$v";; esac; done <$o && break; done; ` +
	`f /etc/redhat-release release || f /etc/debian_version debian || f /etc/alpine-release release; ` +
	`u=$(id -u) || while read -r k r e x; do [ "$k" = Uid: ] && u=$e; done </proc/self/status; [ -n "$u" ] && echo "euid=$u"; ` +
	`t=$(date +%s) && echo "epoch=$t"; : ) 2>/dev/null`

// sysFiles begins a loop over the interfaces that gathers a line of key=value
// for each in $l (see readSys).
func sysFiles(files string) string {
	return `for d in /sys/class/net/*; do [ -e "$d/ifindex" ] || continue; l=${d##*/}; ` +
		`for k in ` + files + `; do v=; read -r v <"$d/$k" && [ -n "$v" ] && l="$l $k=$v"; done; ` +
		`[ -d "$d/master" ] && m=$(cd -P "$d/master" && pwd -P) && l="$l master=${m##*/}"; `
}

var sysSpeedCommand = `( ` + sysFiles("ifindex address speed duplex") + `echo "$l"; done; : ) 2>/dev/null`

// procInterfacesCommand prints the files, and then /sys/class/net. The device
// below a VLAN has another index than the VLAN; those below a bond are its members.
var procInterfacesCommand = bundle("/proc/net/dev", "/proc/net/if_inet6", "/proc/net/route", "/proc/net/fib_trie") +
	` && ( echo "==> /sys/class/net <=="; ` + sysFiles("ifindex mtu type flags address operstate carrier speed duplex") +
	`x=; y=; read -r x <"$d/ifindex"; read -r y <"$d/iflink"; ` +
	`[ "$x" != "$y" ] && for w in "$d"/lower_*; do [ -e "$w" ] && l="$l lower=${w##*/lower_}"; done; ` +
	`v=; read -r v <"$d/ifalias" && [ -n "$v" ] && l="$l ifalias=$v"; echo "$l"; done; : ) 2>/dev/null`

// bundle prints the files that there are, each below its name, and succeeds
// when the first is among them.
func bundle(files ...string) string {
	return `for f in ` + strings.Join(files, " ") + `; do [ -r $f ] && echo "==> $f <==" && cat $f; done; [ -r ` + files[0] + ` ]`
}

// procSettingsCommand prints the settings as sysctl does, under their file
// names. The read of a shell will not do: it takes one octet at a time, and a
// number under /proc/sys ends after the first.
func procSettingsCommand() string {
	return `( cd /proc/sys && for f in ` + strings.Join(settingFiles(), " ") + `; do [ -r $f ] && v=$(cat $f) && echo "$f = $v"; done; : ) 2>/dev/null`
}
