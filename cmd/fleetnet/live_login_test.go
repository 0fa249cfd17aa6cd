package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
)

// program runs the program itself, in a process of its own without a terminal,
// and returns what it printed and its exit status.
func program(t *testing.T, env []string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	// setsid(1) turns into the program: it is no leader of a process group here.
	cmd := exec.CommandContext(t.Context(), "setsid", append([]string{"fleetnet"}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// programScan scans with the program itself and returns the report.
func programScan(t *testing.T, want int, env []string, args ...string) *fleetnet.Report {
	t.Helper()
	out, errs, code := program(t, env, append([]string{"scan", "-q", "-f", "json"}, args...)...)
	if code != want {
		t.Errorf("exit status %d, want %d\nstderr: %s\nstdout: %.4000s", code, want, errs, out)
	}
	var r fleetnet.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("report: %v\n%.1000s\n%s", err, out, errs)
	}
	return &r
}

// outcome is what a scan must say of a host: no words for one that is read
// completely, or some that its error, its hint, or why it is not, holds.
type outcome map[string]string

func (o outcome) check(t *testing.T, r *fleetnet.Report) {
	t.Helper()
	if len(r.Hosts) != len(o) {
		t.Errorf("%d hosts in the report, want %d", len(r.Hosts), len(o))
	}
	for name, words := range o {
		h := host(t, r, name)
		said := h.Error + " (" + h.Hint + ")"
		for _, c := range h.Coverage {
			said += "; " + c.Reason
		}
		if ok := h.Status == fleetnet.HostOK; ok != (words == "") || !strings.Contains(said, words) {
			t.Errorf("%s is %s: %s: want %q", name, h.Status, said, words)
		}
	}
}

// sshKeygen changes a known_hosts as its users do.
func sshKeygen(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("ssh-keygen", args...).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen %q: %v: %s", args, err, out)
	}
}

// masterOf keeps a connection to a host open, as `ssh -M` does.
func masterOf(t *testing.T, f *lab.Fleet, name, controlPath string) {
	t.Helper()
	options := []string{"-F", f.SSHConfig(), "-o", "ControlPath=" + controlPath}
	cmd := exec.Command("ssh", append(options, "-M", "-N", name)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	f.Wait("ssh -M", func() bool { return exec.Command("ssh", append(options, "-O", "check", name)...).Run() == nil })
}

// Whoever can type `ssh HOST` can scan it: everything is said in ~/.ssh.
func TestLiveSSHConfig(t *testing.T) {
	lab.Require(t)
	lab.Need(t, "ssh", "ssh-agent", "ssh-add", "ssh-keygen")
	own := lab.NewKey(t, lab.RSA, "")
	old := lab.Host{HostKeys: []lab.KeyType{lab.RSA}, AuthorizedKeys: []string{own.Public},
		SSHD: []string{"HostKeyAlgorithms ssh-rsa", "PubkeyAcceptedAlgorithms ssh-rsa"}}
	oldToo := old
	old.Name, oldToo.Name = "old", "old-alone"
	f := lab.New(t, old, oldToo,
		lab.Host{Name: "hop1", User: "one"}, lab.Host{Name: "hop2", User: "two", Jump: "hop1"}, lab.Host{Name: "inner", Jump: "hop2"},
		lab.Host{Name: "piped", Jump: "hop1"}, lab.Host{Name: "port", Port: 2222}, lab.Host{Name: "changed"}, lab.Host{Name: "unknown"},
		lab.Host{Name: "drop", Server: lab.Dropbear}, lab.Host{Name: "cert", AuthorizedKeys: []string{}, SSHD: []string{lab.TrustUserCA}},
		lab.Host{Name: "nocert", AuthorizedKeys: []string{}, SSHD: []string{lab.TrustUserCA}},
		lab.Host{Name: "authority", HostCert: true}, lab.Host{Name: "agent", SSHD: []string{"MaxAuthTries 6"}},
		lab.Host{Name: "many-keys", SSHD: []string{"MaxAuthTries 6"}}, lab.Host{Name: "chosen", SSHD: []string{"MaxAuthTries 2"}},
		lab.Host{Name: "banner", Banner: "Authorised use only.\n==== begin ====\n"}, lab.Host{Name: "fishy"}, lab.Host{Name: "csh"}, lab.Host{Name: "master"})
	f.UseShell("fishy", "fish")
	f.UseShell("csh", "tcsh")
	f.UseShell("banner", "bash")
	f.WriteFile("banner", "/root/.bashrc", "echo; echo 'Last login: never'; echo motd >&2\n", 0o644)
	strangers := make([]string, 6)
	for i := range strangers {
		strangers[i] = lab.NewKey(t, lab.ED25519, "").Path
	}
	six, seven := f.Agent(append(strangers[:5:5], f.Identity())...), f.Agent(append(strangers, f.Identity())...)
	control, cert := f.ControlPath(), f.Certificate("root")
	home := f.Home(strings.Join([]string{
		f.Block("old", "IdentityFile "+own.Path, "HostKeyAlgorithms +ssh-rsa", "PubkeyAcceptedAlgorithms ssh-rsa"),
		f.Block("old-alone", "IdentityFile "+own.Path),
		f.Block("hop1"), f.Block("hop2", "ProxyJump hop1"), f.Block("inner", "ProxyJump hop2"),
		f.Block("piped", fmt.Sprintf("ProxyCommand ssh -F %s -W [%%h]:%%p hop1", f.SSHConfig())),
		f.Block("port"), f.Block("changed"), f.Block("unknown"), f.Block("drop"),
		f.Block("cert", "IdentityFile "+cert.Path), f.Block("nocert"), f.Block("authority"),
		f.Block("agent", "IdentityAgent "+six), f.Block("many-keys", "IdentityAgent "+seven),
		f.Block("chosen", "IdentityAgent "+seven, "IdentitiesOnly yes", "IdentityFile ~/.ssh/chosen.pub"),
		f.Block("banner"), f.Block("fishy"), f.Block("csh"), f.Block("master", "ControlPath "+control),
		"Host * !agent !many-keys !chosen\n  IdentityFile " + f.Identity() + "\n",
	}, ""))
	t.Setenv("FLEETNET_SSH_CONFIG", "") // TestMain turns the one of the machine off
	public, err := os.ReadFile(f.Identity() + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, ".ssh/chosen.pub"), public, 0o644); err != nil {
		t.Fatal(err)
	}
	known := filepath.Join(home, ".ssh/known_hosts")
	sshKeygen(t, "-f", known, "-R", f.Addr("unknown").String())
	sshKeygen(t, "-f", known, "-H")
	if text, err := os.ReadFile(known); err != nil || strings.Contains(string(text), f.Addr("drop").String()+" ") {
		t.Fatalf("known_hosts is not hashed: %v\n%s", err, text)
	}
	f.ChangeHostKey("changed")
	masterOf(t, f, "master", control)
	f.WriteFile("master", "/etc/lab/authorized_keys", "", 0o644) // from now on only the master connection leads there
	want := outcome{
		"old": "", "inner": "", "piped": "", "port": "", "drop": "", "cert": "", "authority": "", "agent": "", "chosen": "",
		"banner": "", "fishy": "", "csh": "", "master": "",
		"old-alone": "ssh-rsa", "changed": "the key has changed", "unknown": "is not known",
		"nocert": "refused", "many-keys": "too many keys",
	}
	var names []string
	for name := range want {
		names = append(names, name)
	}
	want.check(t, programScan(t, exitIncomplete, nil, "-H", strings.Join(names, ",")))
	for name, logins := range map[string]int{"hop2": 1, "hop1": 2, "inner": 1, "master": 1, "changed": 0, "unknown": 0, "many-keys": 0} {
		if got := f.Logins(name); got != logins {
			t.Errorf("%s: %d logins, want %d", name, got, logins)
		}
	}

	// Another file in the place of ~/.ssh/config, and none.
	other := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(other, []byte(strings.ReplaceAll(f.Block("port", "IdentityFile "+f.Identity()), "Host port", "Host web")), 0o600); err != nil {
		t.Fatal(err)
	}
	outcome{"web": ""}.check(t, programScan(t, exitOK, nil, "-F", other, "-H", "web"))
	outcome{"web": ""}.check(t, programScan(t, exitOK, []string{"FLEETNET_SSH_CONFIG=" + other}, "-H", "web"))
	outcome{"port": "dial"}.check(t, programScan(t, exitNothing, nil, "-F", "none", "-H", "port"))
}

// trust adds the keys of hosts and of the bastions before them, and after that
// they are scanned. It adds no key in the place of another.
func TestLiveTrust(t *testing.T) {
	lab.Require(t)
	lab.Need(t, "ssh-keygen")
	f := lab.New(t, lab.Host{Name: "hop1", User: "one"}, lab.Host{Name: "hop2", User: "two", Jump: "hop1"}, lab.Host{Name: "inner", Jump: "hop2"},
		lab.Host{Name: "port", Port: 2222}, lab.Host{Name: "changed"})
	home := f.Home(f.Block("hop1") + f.Block("hop2", "ProxyJump hop1") + f.Block("inner", "ProxyJump hop2") + f.Block("port") + f.Block("changed") +
		"Host *\n  IdentityFile " + f.Identity() + "\n")
	t.Setenv("FLEETNET_SSH_CONFIG", "")
	f.ChangeHostKey("changed")
	known := filepath.Join(home, ".ssh/known_hosts")
	for _, place := range []string{f.Addr("hop1").String(), f.Addr("hop2").String(), f.Addr("inner").String(), fmt.Sprintf("[%s]:2222", f.Addr("port"))} {
		sshKeygen(t, "-f", known, "-R", place)
	}
	const hosts = "inner,port,changed"
	outcome{"inner": "is not known", "port": "is not known", "changed": "the key has changed"}.check(t, programScan(t, exitNothing, nil, "-H", hosts))
	if out, errs, code := program(t, nil, "trust", "-H", hosts); code == exitOK || !strings.Contains(errs, "--yes") {
		t.Errorf("trust without a terminal: exit status %d\n%s%s", code, out, errs)
	}
	out, errs, code := program(t, nil, "trust", "--yes", "-H", hosts)
	if code != exitFindings {
		t.Errorf("trust: exit status %d\n%s%s", code, out, errs)
	}
	for _, name := range []string{"hop1", "hop2", "inner", "port", "changed"} {
		key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(f.HostKey(name)))
		if err != nil || !strings.Contains(out, ssh.FingerprintSHA256(key)) {
			t.Errorf("trust does not show the key of %s (%v):\n%s", name, err, out)
		}
	}
	outcome{"inner": "", "port": "", "changed": "the key has changed"}.check(t, programScan(t, exitIncomplete, nil, "-H", hosts))
}

// Whoever has an Ansible inventory can scan its hosts, with what it says of
// users, keys, passwords and bastions.
func TestLiveAnsible(t *testing.T) {
	lab.Require(t)
	f := lab.New(t, lab.Host{Name: "hop", User: "one"}, lab.Host{Name: "inner", Jump: "hop", User: "ops", Password: sudoPassword, Sudo: lab.SudoPassword},
		lab.Host{Name: "web", Port: 2222, Password: loginPassword, AuthorizedKeys: []string{}, SSHD: []string{"PasswordAuthentication yes", "PermitRootLogin yes"}})
	home := f.Home(f.Block("hop", "IdentityFile "+f.Identity()))
	t.Setenv("FLEETNET_SSH_CONFIG", "")
	dir := t.TempDir()
	for name, text := range map[string]string{
		"hosts": fmt.Sprintf("[apps]\ninner ansible_host=%s\n[webs]\nweb ansible_host=%s ansible_port=2222 ansible_user=root\n", f.Addr("inner"), f.Addr("web")),
		"group_vars/apps.yml": "ansible_user: ops\nansible_become: true\nansible_become_password: \"{{ lookup('env', 'LAB_SUDO') }}\"\n" +
			"ansible_ssh_private_key_file: " + f.Identity() + "\nansible_ssh_common_args: -o ProxyJump=hop\n",
		"group_vars/webs.yml": "ansible_password: |-\n  " + loginPassword + "\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	record := filepath.Join(home, "record")
	outcome{"inner": "", "web": ""}.check(t, programScan(t, exitOK, []string{"LAB_SUDO=" + sudoPassword}, "-i", dir, "--record", record))
	secretFreeFolder(t, record)
	out, errs, _ := program(t, nil, "hosts", "-v", "-i", dir, "-f", "json")
	secretFree(t, "hosts", out+errs)
	if f.Logins("hop") != 1 || f.Logins("inner") != 1 || f.Logins("web") != 1 {
		t.Errorf("logins: %d at hop, %d at inner, %d at web", f.Logins("hop"), f.Logins("inner"), f.Logins("web"))
	}
}
