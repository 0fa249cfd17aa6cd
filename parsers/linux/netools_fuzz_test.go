package linux_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/linux"
)

// legacyReaders are the readers of net-tools, procps, nstat and the files of
// /proc and /sys, each with the folder of its captures and a command.
var legacyReaders = []struct {
	folder, command string
	read            func(*fleetnet.Lines, *fleetnet.Snapshot)
}{
	{"", "", linux.Host},
	{"", "", linux.SysSpeed},
	{"ifconfig", "ifconfig", linux.Ifconfig},
	{"netstat-i", "netstat -i", linux.NetstatI},
	{"route", "route -ee", linux.NetstatR},
	{"proc-route", "cat /proc/net/route", linux.ProcRoute},
	{"counters", "netstat -s", linux.NetstatS},
	{"counters", "nstat -asz", linux.Nstat},
	{"counters", "cat /proc/net/snmp", linux.ProcSNMP},
	{"groups", "netstat -g", linux.NetstatG},
	{"groups", "cat /proc/net/igmp", linux.ProcIGMP},
	{"arp", "arp -an", linux.Arp},
	{"arp", "cat /proc/net/arp", linux.ProcArp},
	{"sysctl", "sysctl -a", linux.Sysctl},
	{"interfaces", "cat /proc/net/dev /proc/net/fib_trie", linux.ProcInterfaces},
}

// FuzzLegacy gives any text to any of the readers: none may panic, lose a line,
// read the same text differently, or make what JSON cannot carry.
func FuzzLegacy(f *testing.F) {
	for i, r := range legacyReaders {
		if r.folder == "" {
			continue
		}
		for _, c := range captured(f, r.folder) {
			f.Add(uint8(i), c.Output)
		}
	}
	f.Add(uint8(0), "ostype=Linux\nuptime=1.5\neuid=0\nepoch=1\nos.NAME=\"x\"\n")
	f.Add(uint8(1), "eth0 speed=1000 duplex=full master=br0\n")
	f.Add(uint8(14), "==> /sys/class/net <==\neth0 ifindex=2 type=1 address=02:00:00:00:00:01 flags=0x1003 lower=x ifalias=a b\n")
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		r := legacyReaders[int(which)%len(legacyReaders)]
		first := readWith(t, r.command, r.read, text)
		if again := readWith(t, r.command, r.read, text); again != first {
			t.Errorf("read differently:\n%s\n%s", first, again)
		}
	})
}

// readWith reads text on a host with one interface, checks the account, and
// returns the tables.
func readWith(t *testing.T, command string, read func(*fleetnet.Lines, *fleetnet.Snapshot), text string) string {
	s := fleetnet.NewSnapshot("")
	s.Interfaces = []fleetnet.Interface{{Name: "eth0"}}
	a := s.ReadBytes(fleetnet.Probe{Name: "fuzz", Command: command, Read: read}, []byte(text))
	if a.Lines != a.Rows+a.Skips+a.Errors {
		t.Errorf("account %+v", a)
	}
	if lines := strings.Count(text, "\n"); a.Lines < lines || a.Lines > lines+1 {
		t.Errorf("%d lines of %d", a.Lines, lines)
	}
	if slices.ContainsFunc(s.Routes, func(r fleetnet.Route) bool { return r.Dst != r.Dst.Masked() }) {
		t.Errorf("a route whose destination is not masked: %+v", s.Routes)
	}
	if slices.ContainsFunc(s.Routes, func(r fleetnet.Route) bool { return !r.Dst.IsValid() }) && s.Known("routes", "dst").Status == fleetnet.StatusComplete {
		t.Errorf("a route without a destination, and no word of it: %+v", s.Coverage)
	}
	for _, it := range s.Interfaces {
		if slices.ContainsFunc(it.Addrs, func(a fleetnet.IfAddr) bool { return !a.Prefix.IsValid() }) {
			t.Errorf("an address that is none: %+v", it)
		}
	}
	out, err := json.Marshal(s)
	if err != nil {
		t.Error(err)
	}
	return string(out)
}
