package main

import (
	"context"
	"encoding/json"
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

// scanJSON scans with -f json and returns the report.
func scanJSON(t *testing.T, want int, args ...string) *fleetnet.Report {
	t.Helper()
	out, errs, code := run(t, append([]string{"scan", "-q", "-f", "json"}, args...)...)
	if code != want {
		t.Errorf("exit status %d, want %d\nstderr: %s\nstdout: %.4000s", code, want, errs, out)
	}
	var r fleetnet.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("report: %v\n%.1000s", err, out)
	}
	return &r
}

// found lists the findings as "host rule outcome", sorted.
func found(r *fleetnet.Report) []string {
	set := map[string]bool{}
	for _, f := range r.Findings {
		for _, h := range f.Hosts {
			set[h+" "+f.Rule+" "+string(f.Outcome)] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

func host(t *testing.T, r *fleetnet.Report, name string) fleetnet.HostResult {
	t.Helper()
	for _, h := range r.Hosts {
		if h.Name == name {
			return h
		}
	}
	t.Fatalf("no host %s in the report", name)
	return fleetnet.HostResult{}
}

// stuckAfter is a little more than the rules take for stuck.
const stuckAfter = 6 * time.Second

// plantedFaults is one fault a host, and the findings that it must lead to.
// proof is what the first line of evidence must hold.
var plantedFaults = []struct {
	host  string
	fault lab.Fault
	rules []string
	proof string
}{
	{"leaky1", lab.CloseWaitLeak(150).As("backend"), []string{"close-wait-leak"}, "backend"},
	{"stuck1", lab.StuckListener(4, 12).As("acceptor"), []string{"accept-queue-full"}, "acceptor"},
	{"flood1", lab.HalfOpen(300), []string{"syn-recv-pileup"}, "SYN-RECV"},
	{"busy1", lab.TimeWait(900), []string{"time-wait-ports"}, "TIME-WAIT"},
	{"lost1", lab.NoDefaultRoute(), []string{"no-default-route"}, ""},
	{"twice1", lab.TwoDefaults(), []string{"several-default-routes"}, "default"},
	{"cut1", lab.LinkDown("eth1"), []string{"default-route-down-interface", "no-carrier"}, "eth1"},
	{"off1", lab.GatewayOffLink(), []string{"gateway-off-link"}, "default"},
	{"dead1", lab.GatewayFailed(), []string{"gateway-failed"}, "default"},
	{"read1", lab.StuckReader(1 << 20).As("reader"), []string{"recv-q-stuck"}, "reader"},
	{"send1", lab.StuckSender(1 << 20).As("sender"), []string{"send-q-stuck"}, "sender"},
	{"syn1", lab.SynSent(300), []string{"syn-sent-pileup"}, "SYN-SENT"},
	{"fin1", lab.FinWait1(300), []string{"fin-wait1-pileup"}, "FIN-WAIT-1"},
	{"fin2", lab.FinWait2(1200), []string{"fin-wait2-pileup"}, "FIN-WAIT-2"},
	{"last1", lab.LastAck(300), []string{"last-ack-pileup"}, "LAST-ACK"},
	{"err1", lab.RXErrors(2000), []string{"rx-errors"}, ""},
}

// Every planted fault is found on its host, with the line that proves it, and
// nothing else is reported as a fault.
func TestLiveFaults(t *testing.T) {
	lab.Require(t)
	hosts := []lab.Host{{Name: "fine1"}, {Name: "fine2"}}
	for _, p := range plantedFaults {
		hosts = append(hosts, lab.Host{Name: p.host})
	}
	f := lab.New(t, hosts...)
	f.Plant("busy1", lab.PortRange(50000, 51199)) // 1,200 ports, so that 900 are many
	var want []string
	for _, p := range plantedFaults {
		f.Plant(p.host, p.fault)
		for _, rule := range p.rules {
			want = append(want, p.host+" "+rule+" fail")
		}
	}
	slices.Sort(want)
	time.Sleep(stuckAfter) // what is stuck has to be seen to be stuck
	report := scanJSON(t, exitFindings, "-i", f.Inventory())
	if got := found(report); !slices.Equal(got, want) {
		t.Errorf("found:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
		for _, x := range report.Findings {
			t.Logf("%v %s: %s", x.Hosts, x.Rule, x.Message)
		}
	}
	for _, p := range plantedFaults {
		for _, x := range report.Findings {
			if x.Hosts[0] == p.host && p.proof != "" && (len(x.Evidence) == 0 || !strings.Contains(x.Evidence[0].Text, p.proof)) {
				t.Errorf("%s %s: evidence %+v does not hold %q", p.host, x.Rule, x.Evidence, p.proof)
			}
		}
	}
	if s := report.Summary; s.OK != len(hosts) {
		t.Errorf("summary %+v, want all ok", s)
		for _, h := range report.Hosts {
			t.Logf("%s %s %s %+v", h.Name, h.Status, h.Error, h.Coverage)
		}
	}
}

// A host that fails, in whatever way, changes its own line of the report only.
func TestLiveFailures(t *testing.T) {
	lab.Require(t)
	// The others have as long as they need: they share the processors with endless1 and gib1.
	const soon = "timeout: 5s"
	f := lab.New(t, lab.Host{Name: "fine1"}, lab.Host{Name: "fine2"}, lab.Host{Name: "killed1"}, lab.Host{Name: "frozen1", Inventory: soon},
		lab.Host{Name: "changed1"}, lab.Host{Name: "noisy1"}, lab.Host{Name: "endless1"}, lab.Host{Name: "gib1"},
		lab.Host{Name: "silent1", Inventory: soon}, lab.Host{Name: "cut1"}, lab.Host{Name: "false1"})
	f.KillSSHD("killed1")
	f.FreezeSSHD("frozen1")
	f.ChangeHostKey("changed1")
	for name, shell := range map[string]string{
		"noisy1": lab.ShellNoise, "endless1": lab.ShellEndless, "gib1": lab.ShellGiB,
		"silent1": lab.ShellSilent, "cut1": lab.ShellCut, "false1": lab.ShellFalse,
	} {
		f.ReplaceShell(name, shell)
	}
	started := time.Now()
	report := scanJSON(t, exitIncomplete, "-i", f.Inventory(), "--timeout", "60s")
	if d := time.Since(started); d > 90*time.Second {
		t.Errorf("the scan took %v", d)
	}
	for _, name := range []string{"fine1", "fine2", "noisy1"} {
		if h := host(t, report, name); h.Status != fleetnet.HostOK {
			t.Errorf("%s is %s: %s %+v", name, h.Status, h.Error, h.Coverage)
		}
	}
	if h := host(t, report, "noisy1"); len(h.Notes) == 0 {
		t.Error("noisy1: the noise is not mentioned")
	}
	for name, text := range map[string]string{
		"killed1": "refused", "frozen1": "handshake", "changed1": "changed", "endless1": "MiB",
		"gib1": "MiB", "silent1": "timeout", "cut1": "", "false1": "",
	} {
		h := host(t, report, name)
		if h.Status == fleetnet.HostOK || h.Error == "" || !strings.Contains(h.Error, text) {
			t.Errorf("%s is %s with error %q, which should hold %q", name, h.Status, h.Error, text)
		}
		t.Logf("%s: %s: %s (%s)", name, h.Status, h.Error, h.Hint)
	}
}

// Hosts with other userlands are read as completely as their tools allow, and
// say what is missing. Nothing is left on any of them.
func TestLiveUserlands(t *testing.T) {
	lab.Require(t)
	f := lab.New(t, lab.Host{Name: "full"}, lab.Host{Name: "noss", Userland: lab.NoSS}, lab.Host{Name: "busybox", Userland: lab.BusyBox},
		lab.Host{Name: "shcat", Userland: lab.ShCat})
	for _, name := range []string{"full", "noss", "busybox", "shcat"} {
		f.Plant(name, lab.CloseWaitLeak(120).As("backend"))
	}
	report := scanJSON(t, exitFindings, "-i", f.Inventory())
	want := []string{"busybox close-wait-leak fail", "full close-wait-leak fail", "noss close-wait-leak fail", "shcat close-wait-leak fail"}
	got := slices.DeleteFunc(found(report), func(s string) bool { return strings.HasSuffix(s, " unknown") })
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	for _, x := range report.Findings {
		if x.Outcome == fleetnet.Fail && !strings.Contains(x.Message, "backend") {
			t.Errorf("%v: %s", x.Hosts, x.Message)
		}
	}
	for _, name := range []string{"full", "noss", "busybox", "shcat"} {
		if changed := f.Changed(name); len(changed) > 0 {
			t.Errorf("%s: left behind: %q", name, changed)
		}
	}
}

// Without root the rows are known and the owners are not.
func TestLivePrivileges(t *testing.T) {
	lab.Require(t)
	f := lab.New(t, lab.Host{Name: "plain", User: "ops"}, lab.Host{Name: "sudo", User: "ops", Sudo: lab.SudoNoPassword},
		lab.Host{Name: "refused", User: "ops", Sudo: lab.SudoRefused})
	report := scanJSON(t, exitOK, "-i", f.Inventory())
	if h := host(t, report, "sudo"); h.Status != fleetnet.HostOK {
		t.Errorf("sudo: %+v", h)
	}
	for name, reason := range map[string]string{"plain": "root", "refused": "sudo"} {
		h := host(t, report, name)
		i := slices.IndexFunc(h.Coverage, func(c fleetnet.Coverage) bool { return c.Status == fleetnet.StatusDenied })
		if h.Status != fleetnet.HostPartial || i < 0 || !strings.Contains(h.Coverage[i].Reason, reason) {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

// A recording gives the same report again, to the byte, in every format.
func TestLiveRecordAndReplay(t *testing.T) {
	lab.Require(t)
	f := lab.New(t, lab.Host{Name: "web1"}, lab.Host{Name: "web2"}, lab.Host{Name: "down1"})
	f.Plant("web1", lab.CloseWaitLeak(150).As("backend"))
	f.KillSSHD("down1")
	dir := t.TempDir()
	rec := filepath.Join(dir, "rec")
	formats := []string{"json", "table", "csv", "jsonl"}
	outputs := func(prefix string, args ...string) []string {
		args = append([]string{"scan", "-q"}, args...)
		for _, format := range formats {
			args = append(args, "-f", format+"="+filepath.Join(dir, prefix+format))
		}
		if _, errs, code := run(t, args...); code != exitFindings {
			t.Fatalf("exit status %d: %s", code, errs)
		}
		var texts []string
		for _, format := range formats {
			text, err := os.ReadFile(filepath.Join(dir, prefix+format))
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, string(text))
		}
		return texts
	}
	live := outputs("live.", "-i", f.Inventory(), "--record", rec)
	again := outputs("again.", "--from", rec)
	for i, format := range formats {
		if live[i] != again[i] {
			t.Errorf("%s differs\nlive:\n%s\nagain:\n%s", format, live[i], again[i])
		}
		if !strings.Contains(live[i], "close-wait-leak") {
			t.Errorf("%s lacks the finding:\n%s", format, live[i])
		}
	}
}

// connected reports whether somebody is connected to the sshd of a host.
func connected(f *lab.Fleet, name string) bool {
	out, err := f.Exec(name, "ss", "-Htn", "state", "established", "sport", "=", ":22")
	return err != nil || out != ""
}

// The first interrupt ends the run soon, with a report of what is known.
func TestLiveInterrupt(t *testing.T) {
	lab.Require(t)
	f := lab.New(t, lab.Host{Name: "fine1"}, lab.Host{Name: "silent1"})
	f.ReplaceShell("silent1", lab.ShellSilent)
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	var interrupted time.Time
	go func() {
		for ctx.Err() == nil && (f.Logins("silent1") == 0 || f.Logins("fine1") == 0 || connected(f, "fine1")) {
			time.Sleep(20 * time.Millisecond)
		}
		interrupted = time.Now()
		cancel(errInterrupted)
	}()
	out, errs, code := runContext(ctx, "scan", "-i", f.Inventory(), "-f", "json", "--timeout", "60s")
	if code != exitInterrupted {
		t.Fatalf("exit status %d: %s", code, errs)
	}
	if d := time.Since(interrupted); d > time.Minute {
		t.Errorf("it went on for %v", d)
	}
	var r fleetnet.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if !r.Run.Interrupted || host(t, &r, "fine1").Status != fleetnet.HostOK || !strings.Contains(host(t, &r, "silent1").Error, "interrupted") {
		t.Errorf("%+v", r)
	}
}

// show and compare see the whole fleet.
func TestLiveShowAndCompare(t *testing.T) {
	lab.Require(t)
	f := lab.New(t, lab.Host{Name: "web1"}, lab.Host{Name: "web2"}, lab.Host{Name: "web3"})
	f.Plant("web2", lab.ExtraRoute("192.0.2.0/24"))
	f.Plant("web3", lab.WrongMTU("eth0", 1400))
	out, errs, code := run(t, "compare", "routes", "-i", f.Inventory())
	if code != exitFindings || !strings.Contains(out, "+ 192.0.2.0/24") || !strings.Contains(out, "web2 ") {
		t.Errorf("compare routes: exit status %d\n%s%s", code, out, errs)
	}
	out, errs, code = run(t, "compare", "interfaces", "-i", f.Inventory())
	if code != exitFindings || !strings.Contains(out, "1400") {
		t.Errorf("compare interfaces: exit status %d\n%s%s", code, out, errs)
	}
	out, errs, code = run(t, "show", "listeners", "-i", f.Inventory(), "--where", "local.port == 22", "--count-by", "host,process", "-f", "csv")
	if code != exitOK || !strings.Contains(out, "2,web1,sshd") {
		t.Errorf("show listeners: exit status %d\n%s%s", code, out, errs)
	}
}

// Hosts are read whatever the login shell, and through a bastion.
func TestLiveShellsAndJump(t *testing.T) {
	lab.Require(t)
	f := lab.New(t, lab.Host{Name: "bastion"}, lab.Host{Name: "inner1", Jump: "bastion"}, lab.Host{Name: "inner2", Jump: "bastion", User: "ops"},
		lab.Host{Name: "fishy"}, lab.Host{Name: "csh"})
	f.UseShell("fishy", "fish")
	f.UseShell("csh", "tcsh")
	report := scanJSON(t, exitOK, "-i", f.Inventory())
	for _, name := range []string{"bastion", "inner1", "fishy", "csh"} {
		if h := host(t, report, name); h.Status != fleetnet.HostOK {
			t.Errorf("%s is %s: %s %+v", name, h.Status, h.Error, h.Coverage)
		}
	}
	f.KillSSHD("bastion")
	report = scanJSON(t, exitIncomplete, "-i", f.Inventory())
	for _, name := range []string{"inner1", "inner2"} {
		if h := host(t, report, name); h.Status != fleetnet.HostFailed || !strings.Contains(h.Error, "bastion") {
			t.Errorf("%s is %s: %s", name, h.Status, h.Error)
		}
	}
}
