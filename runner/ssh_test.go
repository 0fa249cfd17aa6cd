package runner_test

import (
	"strings"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

func settingsProbes() []fleetnet.Probe { return []fleetnet.Probe{probe("a", "a", "true")} }

// quick bounds a run so that hosts that hang are given up soon.
func quick() runner.Config {
	return runner.Config{
		Probes: settingsProbes(), Timeout: 3 * time.Second, DialTimeout: 2 * time.Second,
		HandshakeTimeout: time.Second, MaxBytes: 2 << 20,
	}
}

// Each fault has an error of its own, and no host suffers from another's.
func TestFaults(t *testing.T) {
	hermetic(t)
	for _, tt := range []struct {
		name           string
		fault          sshtest.Fault
		op, text, hint string
	}{
		{"hang-before-banner", sshtest.HangBeforeBanner, runner.OpHandshake, "no end within 1s, the server said nothing", "overloaded"},
		{"close-at-once", sshtest.CloseAtOnce, runner.OpHandshake, "the server closed the connection without a word", "MaxStartups"},
		{"not-ssh", sshtest.NotSSH, runner.OpHandshake, `not an SSH server: it says "HTTP/1.1 400 Bad Request"`, "addr and port"},
		{"refuse-login", sshtest.RefuseLogin, runner.OpLogin, `user "refuse-login" refused with `, "ssh -v refuse-login@127.0.0.1"},
		{"hang-after-login", sshtest.HangAfterLogin, runner.OpTimeout, "the host's 3s are over, in exec", "--timeout"},
		{"hang-before-output", sshtest.HangBeforeOutput, runner.OpTimeout, "the host's 3s are over, before the script said anything", ""},
		{"hang-in-output", sshtest.HangInOutput, runner.OpTimeout, "the host's 3s are over, in linux/a", ""},
		{"cut-in-output", sshtest.CutInOutput, runner.OpRead, "the connection was lost: the connection was closed without an exit status, in linux/a", ""},
		{"end-in-output", sshtest.EndInOutput, runner.OpRead, "the shell ended early: signal KILL, in linux/a", ""},
		{"endless", sshtest.Endless, runner.OpRead, "output exceeded 2 MiB", "--max-mib"},
		{"no-shell", sshtest.NoShell, runner.OpExec, `exit status 127: "bash: line 1: /bin/sh: No such file or directory"`, "POSIX shell"},
		{"no-login", sshtest.NoLogin, runner.OpExec, `exit status 1: "This account is currently not available."`, "another user"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			noLeaks(t)
			l := newLab(t)
			long := sshtest.Sections(sshtest.Framed{Probe: "linux/a", Stdout: "one\ntwo\n" + strings.Repeat("cut here ", 500) + "\n"})
			broken := l.host(tt.name, sshtest.Host{Fault: tt.fault, Answer: long})
			if tt.fault == sshtest.CloseAtOnce {
				broken.Timeout = 10 * time.Second // it is tried three times
			}
			all := collect(t, quick(), broken, l.host("well", sound()))
			wantError(t, all[tt.name].Err, tt.op, tt.text, tt.hint)
			if well := all["well"]; well.Err != nil || names(well.Snapshot) != "one two" {
				t.Errorf("the other host: %v, %s", well.Err, names(well.Snapshot))
			}
			checkPartial(t, tt.fault, all[tt.name])
		})
	}
}

// checkPartial checks what is kept of an output that broke off: its whole
// lines, never half of one, and never as complete.
func checkPartial(t *testing.T, fault sshtest.Fault, res runner.Result) {
	t.Helper()
	status := map[sshtest.Fault]fleetnet.Status{
		sshtest.HangInOutput: fleetnet.StatusTimedOut, sshtest.CutInOutput: fleetnet.StatusFailed,
		sshtest.EndInOutput: fleetnet.StatusFailed, sshtest.Endless: fleetnet.StatusPartial,
	}
	want, partial := status[fault]
	if !partial {
		if res.Snapshot != nil {
			t.Errorf("a snapshot of a host that said nothing: %+v", res.Snapshot)
		}
		return
	}
	if res.Snapshot == nil || len(res.Snapshot.Settings) < 2 {
		t.Fatalf("what was read was not kept: %s", names(res.Snapshot))
	}
	if got := res.Snapshot.Known("settings"); got.Status != want {
		t.Errorf("coverage %+v, want %s", got, want)
	}
	if fault != sshtest.Endless && names(res.Snapshot) != "one two" {
		t.Errorf("rows %s: want the whole lines", names(res.Snapshot))
	}
}

func TestNobodyListens(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	closed := l.host("web1", sound())
	l.Close()
	wantError(t, collect(t, quick(), closed)["web1"].Err, runner.OpDial, ": connection refused", "no sshd listens")
	nameless := inventory.Host{Name: "web2", Addr: "web2.invalid"}
	wantError(t, collect(t, quick(), nameless)["web2"].Err, runner.OpDial, "web2.invalid:22: ", "")
}

// sshd drops connections beyond MaxStartups: that is tried again.
func TestDroppedConnectionsAreTriedAgain(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	h := l.host("web1", sound())
	l.Drop.Store(2)
	cfg := quick()
	cfg.Timeout = 10 * time.Second
	if res := collect(t, cfg, h)["web1"]; res.Err != nil || names(res.Snapshot) != "one two" {
		t.Errorf("%v, %s", res.Err, names(res.Snapshot))
	}
	if n := l.Connections.Load(); n != 3 {
		t.Errorf("%d connections, want 3", n)
	}
}

func TestFewLoginsAtATime(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	l := newLab(t)
	first := l.host("h00", sound())
	var hosts []inventory.Host
	for i := range 40 {
		h := first
		h.Name = string(rune('a'+i%26)) + string(rune('a'+i/26))
		hosts = append(hosts, h)
	}
	for name, res := range collect(t, runner.Config{Probes: settingsProbes(), MaxHandshakes: 3}, hosts...) {
		if res.Err != nil {
			t.Errorf("%s: %v", name, res.Err)
		}
	}
	// The server counts a login until it has read the client's last packet.
	if peak := l.Peak.Load(); peak > 4 {
		t.Errorf("%d logins at a time, want 3", peak)
	}
}

func TestNoiseIsDroppedAndTold(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	h := sound()
	h.Fault = sshtest.Noise
	res := collect(t, quick(), l.host("web1", h))["web1"]
	if res.Err != nil || names(res.Snapshot) != "one two" {
		t.Errorf("%v, %s", res.Err, names(res.Snapshot))
	}
	want := `4 lines outside of any frame were dropped from standard output, the first: "Welcome to web1!"`
	if len(res.Notes) != 1 || res.Notes[0] != want {
		t.Errorf("notes %q\nwant  %q", res.Notes, want)
	}
}

func TestDripIsRead(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	h := sound()
	h.Fault = sshtest.Drip
	if res := collect(t, quick(), l.host("web1", h))["web1"]; res.Err != nil || names(res.Snapshot) != "one two" {
		t.Errorf("%v, %s", res.Err, names(res.Snapshot))
	}
}

func TestOtherPlatforms(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	bsd := l.host("bsd1", sshtest.Host{Answer: sshtest.Raw(sshtest.Framed{Probe: "platform", Stdout: "FreeBSD\n"}, sshtest.Framed{Probe: "user", Stdout: "0\n"})})
	win := l.host("win1", sound())
	win.Platform = "windows"
	all := collect(t, quick(), bsd, win)
	wantError(t, all["bsd1"].Err, runner.OpPlatform, `"FreeBSD" is not supported`, "linux")
	wantError(t, all["win1"].Err, runner.OpPlatform, `"windows" is not supported`, "linux")
	if n := l.Connections.Load(); n != 1 {
		t.Errorf("%d connections: a host that is known not to be supported needs none", n)
	}
}

// OpenSSH for Windows says so before anything is run there.
func TestWindowsIsToldByItsBanner(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	l.Version = "SSH-2.0-OpenSSH_for_Windows_9.5"
	wantError(t, collect(t, quick(), l.host("win1", sound()))["win1"].Err, runner.OpPlatform, `"windows" is not supported`, "linux")
}
