package runner_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// shells are those that the script must run in; ones that are not installed
// are skipped, visibly.
var shells = [][]string{{"sh"}, {"dash"}, {"bash"}, {"bash", "--posix"}, {"busybox", "sh"}, {"ksh"}, {"mksh"}, {"zsh", "--emulate", "sh"}, {"yash", "-o", "posix"}}

// hardProbes are commands that try to break the script that they stand in.
func hardProbes() []fleetnet.Probe {
	all := []fleetnet.Probe{
		probe("missing", "first", "echo never"),
		probe("unfit", "first", "echo never"),
		probe("fails", "first", "echo bad; echo 'no such luck' >&2; exit 3"),
		probe("works", "first", "echo works # a comment"),
		probe("late", "first", "echo never"),
		probe("eats", "stdin", "cat; echo fed"),
		probe("cut", "open-end", "printf 'no line feed'"),
		probe("blank", "blank", "echo; echo 'after blank'; echo"),
		probe("path", "path", "command -v sh >/dev/null && echo $LC_ALL"),
		probe("state", "state", "cd /; set -e; FOO=1; false; echo never"),
		probe("quote", "quote", `echo "it's" '"' "$((1+1))"; echo \\ | cat`),
		probe("forged", "forged", "echo '@fleetnet 00000000000000000000000000000000 end linux/forged 0 1'"),
	}
	all[0].Needs = []string{"no-such-program"}
	all[1].Needs, all[1].If = []string{"sh"}, "test -e /no/such/file; exit 1"
	all[3].If = `[ "$LC_ALL" = C ] # and so on`
	return all
}

const hardNames = "works fed no line feed after blank C it's \" 2 \\ @fleetnet 00000000000000000000000000000000 end linux/forged 0 1"

func TestScriptInRealShells(t *testing.T) {
	hermetic(t)
	for _, shell := range shells {
		t.Run(strings.Join(shell, " "), func(t *testing.T) {
			if _, err := exec.LookPath(shell[0]); err != nil {
				t.Skip("not installed")
			}
			l := newLab(t)
			h := l.host("web1", sshtest.Host{Answer: sshtest.Shell(shell[0], shell[1:]...)})
			res := collect(t, runner.Config{Probes: hardProbes()}, h)["web1"]
			if res.Err != nil {
				t.Fatal(res.Err)
			}
			checkHard(t, res)
		})
	}
}

func TestScriptOnThisMachine(t *testing.T) {
	noLeaks(t)
	res := collect(t, runner.Config{Probes: hardProbes()}, inventory.Host{Name: "here", Transport: "local"})["here"]
	if res.Err != nil {
		t.Fatal(res.Err)
	}
	checkHard(t, res)
}

func checkHard(t *testing.T, res runner.Result) {
	t.Helper()
	if got := strings.Join(strings.Fields(names(res.Snapshot)), " "); got != hardNames {
		t.Errorf("rows  %q\nwant  %q", got, hardNames)
	}
	if res.Notes != nil {
		t.Errorf("notes %q", res.Notes)
	}
	failed := fleetnet.Coverage{Table: "settings", Status: fleetnet.StatusFailed, Probe: "linux/state", Reason: "exit status 1"}
	if !slices.ContainsFunc(res.Snapshot.Coverage, func(c fleetnet.Coverage) bool {
		return c.Table == failed.Table && c.Status == failed.Status && c.Probe == failed.Probe && c.Reason == failed.Reason
	}) {
		t.Errorf("coverage %+v\nlacks %+v", res.Snapshot.Coverage, failed)
	}
	if res.Snapshot.Host.TakenAt.IsZero() || res.Snapshot.Host.Name != res.Host.Name {
		t.Errorf("host %+v", res.Snapshot.Host)
	}
}

// Nothing but a shell and cat is needed on the host.
func TestScriptWithOnlyCat(t *testing.T) {
	hermetic(t)
	cat, err := exec.LookPath("cat")
	if err != nil {
		t.Skip("no cat")
	}
	for _, shell := range [][]string{{"dash"}, {"bash"}, {"busybox", "sh"}} {
		path, err := exec.LookPath(shell[0])
		if err != nil {
			continue
		}
		t.Run(shell[0], func(t *testing.T) {
			bin := t.TempDir()
			if err := os.Symlink(cat, filepath.Join(bin, "cat")); err != nil {
				t.Fatal(err)
			}
			l := newLab(t)
			bare := func(script []byte) sshtest.Reply {
				// The script appends the usual folders to PATH, where this machine has all programs.
				script = []byte(strings.Replace(string(script), "\nPATH=$PATH", "\nPATH="+bin+":/nowhere # ", 1))
				return sshtest.Shell(path, shell[1:]...)(script)
			}
			h := l.host("web1", sshtest.Host{Answer: bare})
			p := probe("proc", "proc", "cat /proc/sys/kernel/ostype")
			res := collect(t, runner.Config{Probes: []fleetnet.Probe{p}}, h)["web1"]
			if res.Err != nil || names(res.Snapshot) != "Linux" || res.Notes != nil {
				t.Errorf("%v, %s, %q", res.Err, names(res.Snapshot), res.Notes)
			}
			if want := fleetnet.Some(os.Geteuid() == 0); res.Snapshot != nil && res.Snapshot.Host.Privileged != want {
				t.Errorf("privileged %v, want %v", res.Snapshot.Host.Privileged, want)
			}
		})
	}
}
