package linux

import (
	"path"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// socketProbes are the ways to ask a host for its sockets. ss has the kernel
// load modules for the protocols that it asks netlink about, whoever runs it,
// so each of the first three asks netlink only about those whose modules are
// there, and has ss read /proc/net for the others.
func socketProbes() []fleetnet.Probe {
	const ss = "ss -tuwanpeoi"
	return []fleetnet.Probe{
		socketProbe("linux/ss", ss, "ss", diagIf("tcp", "udp", "raw"), SS),
		socketProbe("linux/ss-raw-proc", "PROC_NET_RAW=/proc/net/raw "+ss, "ss", diagIf("tcp", "udp"), SS),
		socketProbe("linux/ss-udp-proc", "PROC_NET_UDP=/proc/net/udp PROC_NET_RAW=/proc/net/raw "+ss, "ss", diagIf("tcp"), SS),
		socketProbe("linux/ss-proc", "PROC_ROOT=/proc ss -tuwanpeo", "ss", "", SS, "sockets.tcp_info", "sockets.zone"),
		socketProbe("linux/netstat", "netstat -tuwanpeoW", "netstat", "", Netstat, netstatLacks...),
		socketProbe("linux/netstat-narrow", "netstat -tuwanpeo", "netstat", "", Netstat, netstatLacks...),
		socketProbe("linux/proc-sockets", procSocketsCommand, "cat", "[ -r /proc/net/tcp ]", ProcSockets, "sockets.tcp_info", "sockets.zone"),
	}
}

func socketProbe(name, command, program, condition string, read func(*fleetnet.Lines, *fleetnet.Snapshot), lacks ...string) fleetnet.Probe {
	return fleetnet.Probe{
		Name: name, OS: "linux", Slot: "sockets", Tables: []string{"sockets"},
		Needs: []string{program}, If: condition, Command: command, Lacks: lacks, Read: read,
		Root: true, RootFields: []string{"sockets.process", "sockets.pid", "sockets.processes"},
	}
}

// diagIf is a shell condition that holds when asking netlink for the sockets of
// the protocols loads no kernel module: modules may be loaded on request
// (FLEETNET_ALLOW_MODULE_LOAD), or cannot be loaded, or TCP's and the others'
// are there, loaded or built in. The module inet_diag, which they need, is
// there when they are. Only words that the shell has built in are used.
func diagIf(protocols ...string) string {
	return `[ "${FLEETNET_ALLOW_MODULE_LOAD:-}" = 1 ] || [ ! -e /proc/modules ] || ( ` +
		`v=; read -r v </proc/sys/kernel/modules_disabled; [ "$v" = 1 ] && exit 0; ` +
		`v=-; read -r v </proc/sys/kernel/modprobe; [ -z "$v" ] && exit 0; ` +
		`read -r k </proc/sys/kernel/osrelease; ` +
		`for m in ` + strings.Join(protocols, " ") + `; do ` +
		`[ -d /sys/module/${m}_diag ] && continue; b=; ` +
		`while read -r l; do case $l in */${m}_diag.ko*) b=1; break;; esac; done </lib/modules/$k/modules.builtin; ` +
		`[ "$b" ] || exit 1; done; exit 0 ) 2>/dev/null`
}

// procSocketsCommand prints the socket tables with nothing but sh and cat, then
// the names of the processes, then the files that they hold open: with ls where
// there is one, in one go, and else by the shell alone.
const procSocketsCommand = `for f in tcp tcp6 udp udp6 udplite udplite6 raw raw6 icmp icmp6; do ` +
	`[ -r /proc/net/$f ] && echo "==> /proc/net/$f <==" && cat /proc/net/$f; done; ` +
	`echo "==> comm <=="; for p in /proc/[0-9]*; do ` +
	`IFS= read -r n <$p/comm && printf "%s %s\n" "${p#/proc/}" "$n"; done 2>/dev/null; ` +
	`echo "==> fd <=="; if command -v ls >/dev/null; then ` +
	`ls -ln /proc/[0-9]*/fd /dev/null 2>/dev/null | ` +
	`if command -v grep >/dev/null; then grep -e "^/proc" -e "socket:"; else cat; fi; ` +
	`else for f in /proc/[0-9]*/fd/*; do [ -S "$f" ] || continue; p=${f#/proc/}; p=${p%%/*}; ` +
	`while read -r k v; do [ "$k" = ino: ] && echo "$p ${f##*/} $v"; done </proc/$p/fdinfo/${f##*/}; done 2>/dev/null; fi; true`

func socketDialects() []fleetnet.Dialect {
	dialect := func(name, program string, accepts func([]string) bool, read func(*fleetnet.Lines, *fleetnet.Snapshot), lacks ...string) fleetnet.Dialect {
		return fleetnet.Dialect{Name: name, OS: "linux", Program: program, Accepts: accepts, Tables: []string{"sockets"}, Lacks: lacks, Read: read}
	}
	return []fleetnet.Dialect{
		dialect("linux/ss", "ss", ssAccepts, maybeNotRoot("linux/ss", SS)),
		{Name: "linux/ss-summary", OS: "linux", Program: "ss", Accepts: summarizes, Tables: []string{"counters"}, Read: SSSummary},
		dialect("linux/netstat", "netstat", netstatAccepts, maybeNotRoot("linux/netstat", Netstat), netstatLacks...),
		dialect("linux/proc-sockets", "cat", procSocketsAccepts, ProcSockets, "sockets.tcp_info", "sockets.zone"),
		dialect("linux/proc-sockets", "head", procSocketsAccepts, ProcSockets, "sockets.tcp_info", "sockets.zone"),
		dialect("linux/proc-sockets", "tail", procSocketsAccepts, ProcSockets, "sockets.tcp_info", "sockets.zone"),
		dialect("linux/lsof", "lsof", sockets.LsofAccepts, Lsof, sockets.LsofLacks()...),
	}
}

// netstatLacks is what netstat never tells of a socket.
var netstatLacks = []string{"sockets.zone", "sockets.tcp_info"}

// ssAccepts refuses what prints no list of sockets: the summary, events, the
// kernel's messages, the version.
func ssAccepts(args []string) bool {
	a := ssArguments("ss " + strings.Join(args, " "))
	return !slices.ContainsFunc([]byte("sEDVhv"), a.option)
}

// procSocketsAccepts takes files of which one is a socket table.
func procSocketsAccepts(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool {
		return strings.Contains(a, "/net/") && procTableNamed(path.Base(a)).known
	})
}
