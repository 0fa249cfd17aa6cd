package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
)

// debianReleases are those whose root file systems are looked for. Whatever else
// is in the folder, an Ubuntu say, is scanned as well.
var debianReleases = []string{"bullseye", "sid", "trixie"}

// knowledge is what a kind of tools tells of the faults that are planted.
type knowledge struct {
	fails    []string // rules that find a fault
	unknown  []string // rules that cannot be decided
	coverage []string // "table.field status": what must be said to be missing
}

var (
	// iproute2 tells everything.
	withIproute = knowledge{
		fails: []string{"accept-queue-full", "close-wait-leak", "no-carrier", "no-default-route", "recv-q-stuck", "rx-errors", "syn-sent-pileup"},
	}
	withoutIproute = knowledge{
		fails:   []string{"close-wait-leak", "no-carrier", "no-default-route", "rx-errors", "syn-sent-pileup"},
		unknown: []string{"accept-queue-full", "recv-q-stuck"},
		coverage: []string{
			"interfaces.master unsupported", "interfaces.parent unsupported", "interfaces.aliases unsupported",
			"routes.proto unsupported", "sockets.tcp_info unsupported", "sockets.zone unsupported",
		},
	}
	withBusyBox  = withoutIproute.and(knowledge{coverage: []string{"policy_rules.oif unsupported", "neighbors.flags unsupported"}})
	withNetTools = withoutIproute.and(knowledge{
		unknown:  []string{"neighbor-table-full"}, // no states, no IPv6 neighbours
		coverage: []string{"routes.table partial", "routes.next_hops partial", "neighbors.state unsupported", "neighbors partial", "policy_rules unsupported"},
	})
	notRoot = knowledge{coverage: []string{"sockets.process denied", "sockets.pid denied"}}
)

// and returns what is known with less of it.
func (k knowledge) and(less knowledge) knowledge {
	k.fails = slices.Concat(k.fails, less.fails)
	k.unknown = slices.Concat(k.unknown, less.unknown)
	k.coverage = slices.Concat(k.coverage, less.coverage)
	return k
}

// released is a host, and what its tools tell.
type released struct {
	lab.Host
	knowledge
}

// smallUserlands are those of routers, phones and small containers. OpenWrt has
// dropbear, and root logs in.
func smallUserlands() []released {
	return []released{
		{lab.Host{Name: "toybox", Userland: lab.Toybox}, withNetTools},
		{lab.Host{Name: "toybox-ops", Userland: lab.Toybox, User: "ops"}, withNetTools.and(notRoot)},
		{lab.Host{Name: "openwrt", Userland: lab.BusyBox, Server: lab.Dropbear}, withBusyBox},
		{lab.Host{Name: "openwrt-ops", Userland: lab.BusyBox, Server: lab.Dropbear, User: "ops"}, withBusyBox.and(notRoot)},
	}
}

// releases are the root file systems that there are: each with iproute2, and with
// nothing but net-tools.
func releases() []released {
	roots := lab.Roots()
	delete(roots, wineRoot)
	var all []released
	for _, name := range slices.Sorted(maps.Keys(roots)) {
		all = append(all, released{lab.Host{Name: name, Userland: roots[name]}, withIproute}, released{
			lab.Host{Name: name + "-net-tools", Userland: roots[name], Without: []string{"ip", "ss", "nstat", "cat"}}, withNetTools,
		})
	}
	return all
}

// The same faults are found with the tools of every release and of small
// userlands, nothing else is, and what a tool cannot tell is said to be unknown.
func TestLiveReleases(t *testing.T) {
	lab.Require(t)
	all := slices.Concat(smallUserlands(), releases())
	var hosts []lab.Host
	for _, r := range all {
		hosts = append(hosts, r.Host)
	}
	f := lab.New(t, hosts...)
	for _, h := range hosts {
		f.Plant(h.Name, lab.CloseWaitLeak(120).As("backend"), lab.StuckListener(4, 12).As("acceptor"), lab.StuckReader(1<<20).As("reader"),
			lab.LinkDown("eth1"), lab.NoDefaultRoute(), lab.SynSent(300).As("caller"), lab.RXErrors(2000))
	}
	time.Sleep(stuckAfter)
	report := scanJSON(t, exitFindings, "-i", f.Inventory())
	for _, r := range all {
		t.Run(r.Name, func(t *testing.T) {
			checkReleased(t, report, r)
			if changed := f.Changed(r.Name); len(changed) > 0 {
				t.Errorf("left behind: %q", changed)
			}
		})
	}
	for _, name := range debianReleases {
		if !slices.ContainsFunc(all, func(r released) bool { return r.Name == name }) {
			t.Run(name, func(t *testing.T) { lab.NeedRoot(t, name) })
		}
	}
}

// checkReleased compares what the report says of a host with what its tools tell.
func checkReleased(t *testing.T, report *fleetnet.Report, r released) {
	var want, got []string
	for _, rule := range r.fails {
		want = append(want, rule+" fail")
	}
	for _, rule := range r.unknown {
		want = append(want, rule+" unknown")
	}
	for _, line := range found(report) {
		if name, rest, _ := strings.Cut(line, " "); name == r.Name {
			got = append(got, rest)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("found:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
	h := host(t, report, r.Name)
	told := missing(h)
	for _, c := range r.coverage {
		if !slices.Contains(told, c) {
			t.Errorf("not said to be missing: %s\nsaid: %q", c, told)
		}
	}
	if status := fleetnet.HostOK; len(r.coverage) == 0 && (h.Status != status || len(told) > 0) {
		t.Errorf("the host is %s: %s %q", h.Status, h.Error, told)
	} else if len(r.coverage) > 0 && h.Status != fleetnet.HostPartial {
		t.Errorf("the host is %s: %s", h.Status, h.Error)
	}
	for _, note := range h.Notes {
		if strings.Count(note, "cgroup2") > 1 { // what ss says for each socket
			t.Errorf("a note repeats itself: %.200s", note)
		}
	}
	checkOwner(t, report, r)
	checkRelease(t, h, r)
}

// missing lists what is not known of a host, as "table status" or "table.field status".
func missing(h fleetnet.HostResult) []string {
	var all []string
	for _, c := range h.Coverage {
		if c.Status == fleetnet.StatusComplete {
			continue
		}
		if c.Fields == nil {
			all = append(all, c.Table+" "+string(c.Status))
		}
		for _, field := range c.Fields {
			all = append(all, c.Table+"."+field+" "+string(c.Status))
		}
	}
	return all
}

// checkOwner checks that the process that leaks is named, or said to be unknown.
func checkOwner(t *testing.T, report *fleetnet.Report, r released) {
	owner := "backend"
	if r.User != "" {
		owner = "unknown process"
	}
	for _, x := range report.Findings {
		if x.Rule == "close-wait-leak" && slices.Contains(x.Hosts, r.Name) && !strings.Contains(x.Message, owner) {
			t.Errorf("%s: no word of %s", x.Message, owner)
		}
	}
}

// checkRelease checks that it was the release's own files that were seen.
func checkRelease(t *testing.T, h fleetnet.HostResult, r released) {
	root := string(r.Userland)
	if !filepath.IsAbs(root) {
		return
	}
	text, err := os.ReadFile(filepath.Join(root, "etc", "os-release"))
	if err != nil {
		t.Fatal(err)
	}
	if h.OSVersion == "" || !strings.Contains(string(text), h.OSVersion) {
		t.Errorf("the release is %q, not that of\n%s", h.OSVersion, text)
	}
}
