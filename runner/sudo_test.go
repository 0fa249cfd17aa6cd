package runner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
)

// rootProbes see more as root: one command that sudo can run itself, one that
// needs a shell, and one that does not need root.
func rootProbes() []fleetnet.Probe {
	plain, piped := probe("plain", "plain", "whoami-here"), probe("piped", "piped", "whoami-here | cat")
	for _, p := range []*fleetnet.Probe{&plain, &piped} {
		p.Root, p.RootFields = true, []string{"settings.value"}
	}
	return []fleetnet.Probe{plain, piped, probe("user", "user", "whoami-here")}
}

// asUser makes this machine look to scripts as if they ran as uid, with a sudo
// that does what the script sudo says.
func asUser(t *testing.T, uid, sudo string) (log string) {
	t.Helper()
	bin := t.TempDir()
	log = filepath.Join(bin, "log")
	program := func(name, text string) {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	program("id", "echo "+uid)
	program("whoami-here", `echo "${AS:-user}"`)
	if sudo != "" {
		program("sudo", `echo "$*" >>`+log+"\n"+sudo)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	return log
}

func TestSudo(t *testing.T) {
	const run = `shift; AS=root exec "$@"`
	for _, tt := range []struct {
		name, uid, become, sudo string
		rows, log               string
		status                  fleetnet.Status // of settings.value
		reason                  string
		privileged              bool
	}{
		{
			name: "granted", uid: "1000", become: "sudo", sudo: run,
			rows: "root root user", log: "-n whoami-here|-n sh -c exec </dev/null; whoami-here | cat", status: fleetnet.StatusComplete, privileged: true,
		},
		{
			name: "a warning is no refusal", uid: "1000", become: "sudo", sudo: `echo "sudo: unable to resolve host web1: Name or service not known" >&2;` + run,
			rows: "root root user", log: "-n whoami-here|-n sh -c exec </dev/null; whoami-here | cat", status: fleetnet.StatusComplete, privileged: true,
		},
		{
			name: "refused once, not asked again", uid: "1000", become: "sudo", sudo: `echo "sudo: a password is required" >&2; exit 1`,
			rows: "user user user", log: "-n whoami-here", status: fleetnet.StatusDenied, reason: `sudo was refused: "sudo: a password is required"`,
		},
		{
			name: "not in sudoers", uid: "1000", become: "sudo", sudo: `echo "Sorry, user ops is not allowed to execute 'x' as root on web1." >&2; exit 1`,
			rows: "user user user", log: "-n whoami-here", status: fleetnet.StatusDenied, reason: `sudo was refused: "Sorry, user ops is not allowed`,
		},
		{
			name: "no sudo", uid: "1000", become: "sudo", sudo: `echo "sh: 12: sudo: not found" >&2; exit 127`,
			rows: "user user user", log: "-n whoami-here", status: fleetnet.StatusDenied, reason: `sudo was refused: "`,
		},
		{
			name: "not asked for", uid: "1000", sudo: run,
			rows: "user user user", status: fleetnet.StatusDenied, reason: "not root; set become: sudo",
		},
		{name: "root already", uid: "0", become: "sudo", sudo: run, rows: "user user user", status: fleetnet.StatusComplete, privileged: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			log := asUser(t, tt.uid, tt.sudo)
			res := collect(t, runner.Config{Probes: rootProbes()}, inventory.Host{Name: "here", Transport: "local", Become: tt.become})["here"]
			if res.Err != nil {
				t.Fatal(res.Err)
			}
			if got := names(res.Snapshot); got != tt.rows {
				t.Errorf("rows %s, want %s", got, tt.rows)
			}
			text, _ := os.ReadFile(log)
			if got := strings.ReplaceAll(strings.TrimSpace(string(text)), "\n", "|"); got != tt.log {
				t.Errorf("sudo ran %q, want %q", got, tt.log)
			}
			c := res.Snapshot.Known("settings", "value")
			if c.Status != tt.status || !strings.Contains(c.Reason, tt.reason) {
				t.Errorf("coverage %+v, want %s: %s", c, tt.status, tt.reason)
			}
			if got := res.Snapshot.Host.Privileged; got != fleetnet.Some(tt.privileged) {
				t.Errorf("privileged %v", got)
			}
		})
	}
}

// A command that fails under sudo by itself was not refused: the next
// alternative is tried, as root again.
func TestSudoTellsFailureFromRefusal(t *testing.T) {
	log := asUser(t, "1000", `shift; AS=root exec "$@"`)
	first, second := probe("first", "slot", "echo 'netlink: no' >&2; exit 2"), probe("second", "slot", "whoami-here")
	first.Root, second.Root = true, true
	res := collect(t, runner.Config{Probes: []fleetnet.Probe{first, second}}, inventory.Host{Name: "here", Transport: "local", Become: "sudo"})["here"]
	if res.Err != nil || names(res.Snapshot) != "root" {
		t.Errorf("%v, %s", res.Err, names(res.Snapshot))
	}
	if text, _ := os.ReadFile(log); strings.Count(string(text), "\n") != 2 {
		t.Errorf("sudo ran %q", text)
	}
}
