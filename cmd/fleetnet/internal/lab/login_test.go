package lab_test

import (
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
)

// answerWith has ssh take a password from a program, as it does without a terminal.
func answerWith(t *testing.T, password string) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "askpass")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho '"+password+"'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSH_ASKPASS", program)
	t.Setenv("SSH_ASKPASS_REQUIRE", "force")
}

// TestWaysIn logs in to servers of every sort with the machine's ssh, in the way
// that works and in one that does not.
func TestWaysIn(t *testing.T) {
	const password = "correct-horse"
	own := lab.NewKey(t, lab.RSA, "")
	f := lab.New(t,
		lab.Host{Name: "password", User: "ops", Password: password, SSHD: []string{"PasswordAuthentication yes"}, AuthorizedKeys: []string{}},
		lab.Host{Name: "keyboard", User: "ops", Password: password, PAM: true, AuthorizedKeys: []string{}},
		lab.Host{Name: "both", User: "ops", Password: password, PAM: true, SSHD: []string{"AuthenticationMethods publickey,keyboard-interactive"}},
		lab.Host{Name: "certificate", AuthorizedKeys: []string{}, SSHD: []string{lab.TrustUserCA}},
		lab.Host{Name: "authority", HostCert: true},
		lab.Host{Name: "old", HostKeys: []lab.KeyType{lab.RSA}, SSHD: []string{"HostKeyAlgorithms ssh-rsa", "PubkeyAcceptedAlgorithms ssh-rsa"}, AuthorizedKeys: []string{own.Public}},
		lab.Host{Name: "port", Port: 2222, Banner: "No trespassing.\n"},
		lab.Host{Name: "dropbear", Server: lab.Dropbear, User: "ops", Port: 2200, Banner: "No trespassing.\n"},
		lab.Host{Name: "dropbear-password", Server: lab.Dropbear, Password: password, AuthorizedKeys: []string{}},
	)
	certificate := f.Certificate("root", "ops")
	asks := []string{"-o", "BatchMode=no"}
	for _, c := range []struct {
		host     string
		password string
		options  []string
		output   string
		ok       bool
	}{
		{"password", password, asks, "hello\n", true},
		{"password", "wrong", asks, "Permission denied", false},
		{"keyboard", password, asks, "hello\n", true},
		{"keyboard", "wrong", append(asks, "-o", "NumberOfPasswordPrompts=1"), "Permission denied", false},
		{"both", password, asks, "hello\n", true},
		{"both", "", nil, "Permission denied (keyboard-interactive)", false},
		{"certificate", "", []string{"-i", certificate.Path}, "hello\n", true},
		{"certificate", "", nil, "Permission denied", false},
		{"authority", "", nil, "hello\n", true},
		{"old", "", []string{"-i", own.Path, "-o", "HostKeyAlgorithms=+ssh-rsa", "-o", "PubkeyAcceptedAlgorithms=ssh-rsa"}, "hello\n", true},
		{"old", "", []string{"-i", own.Path}, "no matching host key type found", false},
		{"old", "", []string{"-i", own.Path, "-o", "HostKeyAlgorithms=+ssh-rsa"}, "Permission denied", false},
		{"port", "", nil, "No trespassing.\n", true},
		{"dropbear", "", nil, "No trespassing.\n", true},
		{"dropbear-password", password, asks, "hello\n", true},
		{"dropbear-password", "", nil, "Permission denied", false},
	} {
		answerWith(t, c.password)
		before := f.Logins(c.host)
		out, err := loginWith(t, f, c.options, c.host, "echo hello")
		if (err == nil) != c.ok || !strings.Contains(out, c.output) || c.ok && !strings.Contains(out, "hello\n") {
			t.Errorf("%s with %q: %v: %q, want %q", c.host, c.options, err, out, c.output)
		}
		if got := f.Logins(c.host) - before; (got == 1) != c.ok {
			t.Errorf("%s with %q: %d logins in its log", c.host, c.options, got)
		}
		if changed := f.Changed(c.host); changed != nil {
			t.Errorf("%s: a login changed %q", c.host, changed)
		}
	}
}

// TestHostKeysChange checks that every sort of server gets new keys.
func TestHostKeysChange(t *testing.T) {
	t.Parallel()
	f := lab.New(t, lab.Host{Name: "a", HostKeys: []lab.KeyType{lab.ECDSA}}, lab.Host{Name: "b", Server: lab.Dropbear})
	for _, host := range []string{"a", "b"} {
		before := f.HostKey(host)
		f.ChangeHostKey(host)
		if out, err := login(t, f, host, "true"); err == nil || !strings.Contains(out, "IDENTIFICATION HAS CHANGED") || f.HostKey(host) == before {
			t.Errorf("%s: %v: %q", host, err, out)
		}
	}
}

// TestBecome becomes root in every way, with the right password and a wrong one.
func TestBecome(t *testing.T) {
	t.Parallel()
	const password, rootPassword = "correct-horse", "battery-staple"
	f := lab.New(t,
		lab.Host{Name: "sudo", User: "ops", Password: password, Sudo: lab.SudoPassword},
		lab.Host{Name: "denied", User: "ops", Password: password, Sudo: lab.SudoNotAllowed},
		lab.Host{Name: "doas", User: "ops", Doas: lab.DoasNoPassword},
		lab.Host{Name: "doas-asks", User: "ops", Password: password, Doas: lab.DoasPassword},
		lab.Host{Name: "su", User: "ops", RootPassword: rootPassword})
	var all sync.WaitGroup
	for _, c := range []struct{ host, command, output string }{
		{"sudo", "echo " + password + " | sudo -S -p '' id -un", "root\n"},
		{"sudo", "echo wrong | sudo -S -p '' id -un", "incorrect password"},
		{"denied", "echo " + password + " | sudo -S -p '' id -un", "not in the sudoers file"},
		{"doas", "doas -n id -un", "root\n"},
		{"doas-asks", "doas -n id -un", "Authentication required"},
		{"su", "echo " + rootPassword + " | su -c 'id -un'", "root\n"},
		{"su", "echo " + password + " | su -c 'id -un'", "Authentication failure"},
	} {
		// At once, as each wrong password takes seconds.
		all.Go(func() {
			out, err := login(t, f, c.host, c.command)
			if (err == nil) != (c.output == "root\n") || !strings.Contains(out, c.output) {
				t.Errorf("%s: %s: %v: %q", c.host, c.command, err, out)
			}
		})
	}
	all.Wait()
	f.Sudoers("denied", "ops ALL=(root) NOPASSWD: /usr/bin/id -un\n")
	if out, err := login(t, f, "denied", "sudo -n id -un"); err != nil || out != "root\n" {
		t.Errorf("other sudoers: %v: %q", err, out)
	}
}

// reaches reports whether a host gets a greeting from a server within seconds.
func reaches(t *testing.T, f *lab.Fleet, from string, to netip.Addr, seconds string) bool {
	t.Helper()
	greeting, _ := f.Exec(from, "timeout", seconds, "bash", "-c", "exec 3<>/dev/tcp/"+to.String()+"/22; head -n1 <&3")
	return strings.HasPrefix(greeting, "SSH-2.0-")
}

// TestJumps checks that a host behind two others is reached through them alone.
func TestJumps(t *testing.T) {
	t.Parallel()
	f := lab.New(t, lab.Host{Name: "hop1", User: "one"}, lab.Host{Name: "hop2", User: "two", Jump: "hop1"},
		lab.Host{Name: "inner", User: "ops", Jump: "hop2"}, lab.Host{Name: "other"}, lab.Host{Name: "apart", Jump: "other"})
	if out, err := login(t, f, "inner", "id -un; hostname"); err != nil || out != "ops\ninner\n" {
		t.Errorf("inner: %v: %q", err, out)
	}
	var all sync.WaitGroup
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"hop1", "hop2", true}, {"hop2", "inner", true}, {"hop1", "inner", false}, {"other", "hop2", false}, {"other", "apart", true}, {"hop1", "apart", false}, {"inner", "apart", false},
	} {
		all.Go(func() {
			seconds := "1"
			if c.want {
				seconds = "50"
			}
			if got := reaches(t, f, c.from, f.Addr(c.to), seconds); got != c.want {
				t.Errorf("%s reaches %s: %v", c.from, c.to, got)
			}
		})
	}
	all.Wait()
	for _, name := range []string{"hop2", "inner", "apart"} {
		if _, err := net.DialTimeout("tcp", netip.AddrPortFrom(f.Addr(name), 22).String(), 500*time.Millisecond); err == nil {
			t.Errorf("%s is reached directly", name)
		}
	}
}

// TestCopies makes many hosts of one, behind a jump host and in the open.
func TestCopies(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	f := lab.New(t, lab.Host{Name: "bastion"}, lab.Host{Name: "app", Jump: "bastion", Copies: 200}, lab.Host{Name: "web", Copies: 2})
	t.Logf("202 hosts in %v", time.Since(begin).Round(time.Millisecond))
	for _, host := range []string{f.Copy("app", 1), f.Copy("app", 200), f.Copy("web", 2)} {
		if out, err := login(t, f, host, "echo $SSH_CONNECTION"); err != nil || !strings.Contains(out, " 22") {
			t.Errorf("%s: %v: %q", host, err, out)
		}
	}
	yaml, err := os.ReadFile(f.Inventory())
	if err != nil || strings.Count(string(yaml), "  app") != 200 || strings.Contains(string(yaml), "app:") {
		t.Errorf("inventory: %v\n%s", err, yaml)
	}
	if got := f.Logins("bastion"); got != 2 {
		t.Errorf("%d logins at the bastion", got)
	}
}

// TestAgent logs in with the seventh key of an agent and gets in, and is thrown out
// by a server that tries no more than six.
func TestAgent(t *testing.T) {
	f := lab.New(t, lab.Host{Name: "a", SSHD: []string{"MaxAuthTries 10"}}, lab.Host{Name: "b"})
	var keys []string
	for range 6 {
		keys = append(keys, lab.NewKey(t, lab.ED25519, "").Path)
	}
	t.Setenv("SSH_AUTH_SOCK", f.Agent(append(keys, f.Identity())...))
	options := []string{"-F", "/dev/null", "-o", "BatchMode=yes", "-o", "UserKnownHostsFile=" + f.KnownHosts()}
	for name, want := range map[string]string{"a": "hello\n", "b": "Too many authentication failures"} {
		out, err := exec.Command("ssh", append(options, f.Addr(name).String(), "echo hello")...).CombinedOutput()
		if !strings.Contains(string(out), want) || (err == nil) != (name == "a") {
			t.Errorf("%s: %v: %q", name, err, out)
		}
	}
}

// TestProtected opens the fleet's identity with its passphrase only.
func TestProtected(t *testing.T) {
	f := lab.New(t, lab.Host{Name: "a"})
	key := f.Protected("open sesame")
	for passphrase, ok := range map[string]bool{"open sesame": true, "sesame": false} {
		answerWith(t, passphrase)
		out, err := exec.Command("ssh", "-F", "/dev/null", "-i", key.Path, "-o", "IdentitiesOnly=yes", "-o", "UserKnownHostsFile="+f.KnownHosts(),
			f.Addr("a").String(), "true").CombinedOutput()
		if (err == nil) != ok {
			t.Errorf("%q: %v: %q", passphrase, err, out)
		}
	}
}

// TestWatch sees a secret that a process of a host has on its command line, and
// one that it has in its environment.
func TestWatch(t *testing.T) {
	t.Parallel()
	f := lab.New(t, lab.Host{Name: "a"})
	stop := lab.Watch(t, "in-argv-0815", "in-env-4711", "nowhere-42")
	if _, err := f.Exec("a", "env", "SECRET=in-env-4711", "sleep", "0.5"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Exec("a", "sh", "-c", "sleep 0.5; : in-argv-0815"); err != nil {
		t.Fatal(err)
	}
	seen := stop()
	for _, want := range []lab.Sighting{{Comm: "sleep", Where: "environ", Text: "in-env-4711"}, {Comm: "sh", Where: "cmdline", Text: "in-argv-0815"}} {
		if !seen.Sightings[want] {
			t.Errorf("not seen: %+v", want)
		}
	}
	for s := range seen.Sightings {
		if s.Text == "nowhere-42" {
			t.Errorf("seen: %+v", s)
		}
	}
	if !seen.Ran("sleep 0.5") {
		t.Error("it saw nothing run")
	}
}
