package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
)

// The secrets, each with a word that it can be recognised by wherever it
// lies, quoted or not, and what quoting has to cope with.
const (
	loginPassword = `LoginWord4711 '"$(id)\n%s` + "`x`"
	sudoPassword  = `SudoWord0815 '"$HOME\\ %d;&`
	rootPassword  = `RootWord1234 #!'"\t`
	keyPhrase     = `PhraseWord99 "of" it`
	wrongPassword = `WrongWord666 '`
)

// secretWords are what must be seen nowhere.
var secretWords = []string{"LoginWord4711", "SudoWord0815", "RootWord1234", "PhraseWord99", "WrongWord666"}

// passwordHosts are logged in to, and become root, with passwords.
func passwordHosts(key lab.Key) []lab.Host {
	const login, sudo = "password: env:LAB_LOGIN", "become_password: env:LAB_SUDO"
	none := []string{}
	root := []string{"PasswordAuthentication yes", "PermitRootLogin yes"}
	return []lab.Host{
		{Name: "password", Password: loginPassword, AuthorizedKeys: none, SSHD: root, Inventory: login},
		{Name: "keyboard", Password: loginPassword, AuthorizedKeys: none, SSHD: root[1:], PAM: true, Inventory: login},
		{Name: "both", Password: loginPassword, PAM: true, SSHD: []string{"PermitRootLogin yes", "AuthenticationMethods publickey,keyboard-interactive"}, Inventory: login},
		{Name: "dropbear", Password: loginPassword, AuthorizedKeys: none, Server: lab.Dropbear, Inventory: login},
		{Name: "refused", Password: "another", AuthorizedKeys: none, SSHD: root, Inventory: login},
		{Name: "phrase", AuthorizedKeys: []string{key.Public}, Inventory: "passphrase: env:LAB_PHRASE, identity_file: " + key.Path},
		{Name: "sudo", User: "ops", Password: sudoPassword, Sudo: lab.SudoPassword, Inventory: sudo},
		{Name: "sudo-csh", User: "ops", Password: sudoPassword, Sudo: lab.SudoPassword, Inventory: sudo},
		{Name: "sudo-fish", User: "ops", Password: sudoPassword, Sudo: lab.SudoPassword, Inventory: sudo},
		{Name: "sudo-wrong", User: "ops", Password: sudoPassword, Sudo: lab.SudoPassword, Inventory: "become_password: env:LAB_WRONG"},
		{Name: "sudo-denied", User: "ops", Password: sudoPassword, Sudo: lab.SudoNotAllowed, Inventory: sudo},
		{Name: "sudo-asks", User: "ops", Password: sudoPassword, Sudo: lab.SudoPassword},
		{Name: "sudo-rule", User: "ops", Sudo: lab.SudoNotAllowed},
		{Name: "doas", User: "ops", Doas: lab.DoasNoPassword},
		{Name: "doas-asks", User: "ops", Password: sudoPassword, Doas: lab.DoasPassword, Inventory: sudo},
		{Name: "su", User: "ops", RootPassword: rootPassword, Inventory: "become_password: env:LAB_ROOT"},
		{Name: "su-wrong", User: "ops", RootPassword: rootPassword, Inventory: "become_password: env:LAB_WRONG"},
	}
}

// passwordOutcome is what becomes of passwordHosts.
func passwordOutcome() outcome {
	return outcome{
		"password": "", "keyboard": "", "both": "", "dropbear": "", "phrase": "", "sudo": "", "sudo-csh": "", "sudo-fish": "", "doas": "", "su": "", "sudo-rule": "",
		"refused":    "refused with",
		"sudo-wrong": "the become password is wrong", "su-wrong": "the become password is wrong",
		"sudo-denied": "not in the sudoers", "sudo-asks": "--ask-become-pass", "doas-asks": "nopass",
	}
}

// Passwords and passphrases get in and make root, and are seen by nobody: in
// no output, no recording, no list of processes, and in no file that stays.
func TestLiveSecrets(t *testing.T) {
	lab.Require(t)
	f := lab.New(t, passwordHosts(lab.NewKey(t, lab.ED25519, keyPhrase))...)
	f.UseShell("sudo-csh", "tcsh")
	f.UseShell("sudo-fish", "fish")
	rules, errs, code := program(t, nil, "sudoers", "--user", "ops")
	if code != exitOK {
		t.Fatalf("sudoers: %s", errs)
	}
	f.Sudoers("sudo-rule", "root ALL=(ALL:ALL) ALL\n"+rules)
	home := f.Home("")
	record := filepath.Join(t.TempDir(), "record")
	env := []string{"LAB_LOGIN=" + loginPassword, "LAB_SUDO=" + sudoPassword, "LAB_ROOT=" + rootPassword, "LAB_PHRASE=" + keyPhrase, "LAB_WRONG=" + wrongPassword}

	watched := lab.Watch(t, secretWords...)
	out, errs, code := program(t, env, "scan", "-v", "-i", f.Inventory(), "--record", record, "-f", "json="+filepath.Join(home, "report"), "-f", "table", "--timeout", "3m")
	seen := watched()
	if code != exitIncomplete {
		t.Errorf("exit status %d: %s", code, errs)
	}
	for s := range seen.Sightings {
		// Its own environment has them from the user.
		if s.Where != "environ" || s.Comm != "fleetnet" && s.Comm != "setsid" {
			t.Errorf("a secret was seen: %+v", s)
		}
	}
	if len(seen.Sightings) == 0 {
		t.Error("the watch did not even see the environment of fleetnet itself")
	}
	// Each of these lasts: pam_unix(8) waits for two seconds after a wrong password.
	for _, command := range []string{"sudo -k -S ", "su ", "sshd: ops"} {
		if !seen.Ran(command) {
			t.Errorf("the watch did not see %q run, so it proves nothing", command)
		}
	}
	secretFree(t, "stdout", out)
	secretFree(t, "stderr", errs)
	secretFreeFolder(t, record)
	secretFreeFolder(t, home)
	for _, h := range passwordHosts(lab.Key{}) {
		secretFree(t, "the log of "+h.Name, f.Log(h.Name))
		if left := slices.DeleteFunc(f.Changed(h.Name), notOurs); len(left) > 0 {
			t.Errorf("%s: left behind: %q", h.Name, left)
		}
	}
	passwordOutcome().check(t, programScan(t, exitIncomplete, nil, "--from", record))
}

// notOurs reports whether it is this test that changes a file of a host, or sudo,
// which notes whom it has lectured, or fish, which makes its folders.
func notOurs(path string) bool {
	return path == "/etc/passwd" || path == "/etc/sudoers" || path == "/var/lib" || strings.HasPrefix(path, "/var/lib/sudo") ||
		path == "/home/ops" || strings.HasPrefix(path, "/home/ops/.config") || strings.HasPrefix(path, "/home/ops/.local")
}

// secretFree checks that a text holds no secret.
func secretFree(t *testing.T, what, text string) {
	t.Helper()
	for _, word := range secretWords {
		if i := strings.Index(text, word); i >= 0 {
			t.Errorf("%s holds %s: %.300q", what, word, text[max(0, i-100):])
		}
	}
}

// secretFreeFolder checks all files of a folder, which must have some.
func secretFreeFolder(t *testing.T, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		secretFree(t, path, string(text))
		files++
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%s: %d files: %v", dir, files, err)
	}
}

// A wrong password is tried on no more hosts than --max-auth-failures says.
func TestLiveLockout(t *testing.T) {
	lab.Require(t)
	f := lab.New(t, lab.Host{Name: "web", Copies: 12, Password: loginPassword, AuthorizedKeys: []string{}, SSHD: []string{"PasswordAuthentication yes", "PermitRootLogin yes"}})
	for _, c := range []struct {
		password, bound string
		refused         int
		status          int
	}{
		{wrongPassword, "3", 3, exitNothing},
		{wrongPassword, "-1", 12, exitNothing},
		{loginPassword, "3", 0, exitOK},
	} {
		before := strings.Count(f.Log("web"), "Failed password")
		report := programScan(t, c.status, []string{"LAB_LOGIN=" + c.password}, "-i", f.Inventory(), "--password", "env:LAB_LOGIN", "--max-auth-failures", c.bound)
		if got := strings.Count(f.Log("web"), "Failed password") - before; got != c.refused {
			t.Errorf("--max-auth-failures %s: %d refused passwords, want %d", c.bound, got, c.refused)
		}
		if len(report.Hosts) != 12 {
			t.Errorf("%d hosts in the report", len(report.Hosts))
		}
	}
}

// screen is what a terminal has shown so far.
type screen struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// A password that a person types at a terminal is asked for once, and not shown.
func TestLiveAskPass(t *testing.T) {
	lab.Require(t)
	lab.Need(t, "script")
	root := []string{"PasswordAuthentication yes", "PermitRootLogin yes"}
	f := lab.New(t, lab.Host{Name: "web1", Password: "LoginWord4711", AuthorizedKeys: []string{}, SSHD: root},
		lab.Host{Name: "web2", Password: "LoginWord4711", AuthorizedKeys: []string{}, SSHD: root})
	report := filepath.Join(t.TempDir(), "report")
	// script(1) makes a terminal, types what it reads, and prints what is seen there.
	cmd := exec.Command("script", "-qec", fmt.Sprintf("fleetnet scan --ask-pass -i %s -f csv=%s", f.Inventory(), report), "/dev/null")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var screen screen
	cmd.Stdout = &screen
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	f.Wait("the question for the password", func() bool { return strings.Contains(screen.String(), "password") })
	io.WriteString(in, "LoginWord4711\n")
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, screen.String())
	}
	if n := strings.Count(screen.String(), "password"); n != 1 {
		t.Errorf("it asked %d times", n)
	}
	secretFree(t, "the screen", screen.String())
	for _, name := range []string{"web1", "web2"} {
		if f.Logins(name) != 1 {
			t.Errorf("%s: not logged in: %s", name, screen.String())
		}
	}
}
