package runner_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/linux"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// hardRoot are commands with all that is special to sudoers, doas.conf and shells.
func hardRoot() []fleetnet.Probe {
	all := []fleetnet.Probe{
		probe("bare", "bare", "id"),
		probe("plain", "plain", "id -u -r --"),
		probe("marks", "marks", `id -u; printf '%s\n' 'a,b:c=d' '*?[!a-z]' '!# "it" ^x$' '\n\\' ' two  blanks 	tab ' "it's" ü`),
		probe("assigned", "assigned", `FOO=/a:b BAR=c,d id -u`),
		probe("equals", "equals", `FOO=bar; id -u && echo "$FOO" # end`),
	}
	for i := range all {
		all[i].Root, all[i].RootFields = true, []string{"settings.value"}
	}
	return all
}

// linuxRoot are the commands of a scan that want root, each in a slot of its own
// and without a condition.
func linuxRoot() []fleetnet.Probe {
	var all []fleetnet.Probe
	for _, p := range linux.Probes() {
		if p.Root {
			p.Slot, p.If = p.Name, ""
			all = append(all, p)
		}
	}
	return all
}

// dropIn is a piece of shell that installs rules, and has them checked.
func dropIn(t *testing.T, become string, probes []fleetnet.Probe, user string) string {
	t.Helper()
	make, file, check := runner.Sudoers, "/etc/sudoers.d/fleetnet", "visudo -cf"
	if become == "doas" {
		make, file, check = runner.Doas, "/etc/doas.conf", "doas -C"
	}
	rules, err := make(probes, runner.SudoersOptions{User: user})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "rules")
	write(t, path, rules)
	return "mkdir -p /etc/sudoers.d; echo '@includedir /etc/sudoers.d' >>/etc/sudoers; install -m 0440 " + path + " " + file + "; " + check + " " + file + " >/dev/null\n"
}

// The rules suffice: every command that wants root runs as root.
func TestRulesSuffice(t *testing.T) {
	hermetic(t)
	for _, become := range []string{"sudo", "doas"} {
		for what, probes := range map[string][]fleetnet.Probe{"a scan": linuxRoot(), "hard commands": hardRoot()} {
			t.Run(become+" for "+what, func(t *testing.T) {
				needsBox(t, become, "ss", "netstat")
				l := newLab(t)
				h := l.host("web1", sshtest.Host{Answer: box(t, "x", dropIn(t, become, probes, "ops"), "sh")})
				h.Become = become
				res := collect(t, runner.Config{Probes: probes}, h)["web1"]
				if res.Err != nil || res.Snapshot.Host.Privileged != fleetnet.Some(true) {
					t.Errorf("%v, %+v", res.Err, res.Snapshot)
				}
				for _, c := range res.Snapshot.Coverage {
					if c.Status == fleetnet.StatusDenied || c.Status == fleetnet.StatusFailed {
						t.Errorf("coverage %+v", c)
					}
				}
				if n := strings.Count(names(res.Snapshot), "0"); what == "hard commands" && n < 4 {
					t.Errorf("rows %s", names(res.Snapshot))
				}
			})
		}
	}
}

// The rules allow nothing else.
func TestRulesAllowNothingElse(t *testing.T) {
	needsBox(t, "sudo", "ss")
	setup := dropIn(t, "sudo", linuxRoot(), "ops") + `
mkdir /mnt/evil
for p in ss sh netstat cat ls grep; do printf '#!/bin/sh\necho "evil as $(id -u)"\n' >/mnt/evil/$p; chmod 755 /mnt/evil/$p; done`
	script := "cd /\n"
	for _, c := range []string{
		"id", "ss", "ss -tan", "ss -tuwanpeoi -K", "ss -K -tuwanpeoi", "ss -tuwanpeoi dst 10.0.0.1", "/mnt/evil/ss -tuwanpeoi",
		"sh", "sh -c id", "sh -c 'exec </dev/null; id'", "sh -c 'exec </dev/null; PROC_ROOT=/proc ss -tuwanpeo; id'",
		"env", "env id", "env PROC_ROOT=/tmp ss -tuwanpeo", "env -i PROC_ROOT=/proc ss -tuwanpeo", "env PROC_ROOT=/proc ss -tuwanpeo id",
		"PROC_ROOT=/tmp ss -tuwanpeoi", "LD_PRELOAD=/tmp/x.so ss -tuwanpeoi", "-u bin ss -tuwanpeoi", "-s", "-i", "-e /etc/shadow",
		"bash -c 'exec </dev/null; PROC_ROOT=/proc ss -tuwanpeo'",
	} {
		script += "sudo -n " + c + " >/tmp/out 2>&1 </dev/null && echo 'allowed: " + strings.ReplaceAll(c, "'", "") + "'\n"
	}
	script = strings.ReplaceAll(script, "/tmp/out", "/dev/null") + `PATH=/mnt/evil:$PATH
for c in ss sh; do sudo -n $c -tuwanpeoi 2>/dev/null | /bin/grep -F evil; done
sudo -n /usr/bin/env PROC_ROOT=/proc ss -tuwanpeo | /bin/grep evil
sudo -n /usr/bin/ss -tuwanpeoi >/dev/null && echo 'as it should'
`
	reply := box(t, "x", setup, "sh")([]byte(script))
	if got := string(reply.Stdout); got != "as it should\n" {
		t.Errorf("%s\n%s", got, reply.Stderr)
	}
}

// Nor do those for doas.
func TestDoasRulesAllowNothingElse(t *testing.T) {
	needsBox(t, "doas", "ss")
	setup := dropIn(t, "doas", linuxRoot(), "ops") + `
mkdir /mnt/evil
for p in ss sh env; do printf '#!/bin/sh\necho "evil as $(id -u)"\n' >/mnt/evil/$p; chmod 755 /mnt/evil/$p; done`
	script := `cd /
for c in id ss 'ss -tan' 'ss -tuwanpeoi -K' sh 'sh -c id' 'env PROC_ROOT=/tmp ss -tuwanpeo' '-u bin ss -tuwanpeoi' -s; do
	doas -n $c >/dev/null 2>&1 </dev/null && echo "allowed: $c"
done
PATH=/mnt/evil:$PATH
doas -n ss -tuwanpeoi | /bin/grep evil
doas -n env PROC_ROOT=/proc ss -tuwanpeo | /bin/grep evil
doas -n ss -tuwanpeoi >/dev/null && echo 'as it should'
`
	reply := box(t, "x", setup, "sh")([]byte(script))
	if got := string(reply.Stdout); got != "as it should\n" {
		t.Errorf("%s\n%s", got, reply.Stderr)
	}
}

func TestRulesForNames(t *testing.T) {
	needsBox(t, "sudo", "doas")
	probes := hardRoot()
	for _, name := range []string{"ops", "%wheel", "o.p-s_1$", `CORP\ann`, "ann@corp.example", "domain users"} {
		reply := box(t, "x", dropIn(t, "sudo", probes, name), "true")(nil)
		if reply.Status != 0 {
			t.Errorf("%s: %s", name, reply.Stderr)
		}
	}
	for _, name := range []string{"", "%", "ALL", "#0", "a\nb", `a"b`, "+net", "!ops"} {
		for _, f := range []func([]fleetnet.Probe, runner.SudoersOptions) (string, error){runner.Sudoers, runner.Doas} {
			if rules, err := f(probes, runner.SudoersOptions{User: name}); !errors.Is(err, runner.ErrSudoersUser) {
				t.Errorf("%q: %v\n%s", name, err, rules)
			}
		}
	}
}

func TestRulesThatCannotBeWritten(t *testing.T) {
	lines := probe("lines", "lines", "echo one\necho two")
	lines.Root = true
	if _, err := runner.Sudoers([]fleetnet.Probe{lines}, runner.SudoersOptions{User: "ops"}); err == nil || !strings.Contains(err.Error(), "several lines") {
		t.Error(err)
	}
	if _, err := runner.Sudoers([]fleetnet.Probe{probe("a", "a", "id")}, runner.SudoersOptions{User: "ops"}); err == nil {
		t.Error("a file of nothing")
	}
}
