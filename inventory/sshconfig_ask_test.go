package inventory

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fakeSSH puts a script called ssh alone onto the PATH. It notes its arguments
// in the file that is returned.
func fakeSSH(t *testing.T, body string) string {
	t.Helper()
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	script := "#!/bin/sh\necho \"$*\" >>" + log + "\n" + body
	if err := os.WriteFile(filepath.Join(dir, "ssh"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	return log
}

// asked returns the lines of such a log.
func asked(t *testing.T, log string) []string {
	t.Helper()
	text, err := os.ReadFile(log)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.Fields(strings.ReplaceAll(string(text), " ", "·"))
}

// TestSSHConfigExecAsksOnce checks that ssh is asked where it must be, once for
// each host, with what was said of it, and that its answer counts.
func TestSSHConfigExecAsksOnce(t *testing.T) {
	log := fakeSSH(t, `for name; do :; done
echo "hostname $name.example.com
port 2200
user deploy
identityfile ~/.ssh/id_rsa
identityfile ~/.ssh/id_ecdsa
identityfile ~/.ssh/id_ed25519
identityfile ~/.ssh/id_dsa
ciphers aes256-ctr
macs hmac-sha1
futurekeyword x
userknownhostsfile $HOME/.ssh/known_hosts $HOME/.ssh/known_hosts2
stricthostkeychecking accept-new"
`)
	inv, dir := withSSH(t, `
Host never1
  Port 1
Match host !never*,* exec "test -e /x"
  Ciphers aes256-ctr
  SendEnv X
`, "never1,web1,web2,u@web1b:7")
	for name, want := range map[string]string{
		"never1": "@never1:1 [] []   ",
		"web1":   "deploy@web1.example.com:2200 [] [] aes256-ctr  accept-new",
		"web1b":  "u@web1b.example.com:7 [] [] aes256-ctr  accept-new",
	} {
		h, _ := inv.Host(name)
		got := fmt.Sprintf("%s@%s:%d %v %v %s %s %s", h.User, h.Addr, h.Port, h.IdentityFiles, h.KnownHosts, h.SSH.Ciphers, h.SSH.MACs, h.SSH.StrictHostKeyChecking)
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	f := "-G·-F·" + dir + "/config·"
	want := map[string]bool{f + "--·web1": true, f + "--·web2": true, f + "-l·u·-p·7·--·web1b": true}
	got := map[string]bool{}
	for _, line := range asked(t, log) {
		if got[line] {
			t.Errorf("asked twice: %s", line)
		}
		got[line] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if len(inv.Notes) != 1 || inv.Notes[0].Text != "SendEnv is ignored: no variables are sent" {
		t.Errorf("notes %v", inv.Notes)
	}
}

// TestSSHConfigExecNotNeeded checks that ssh is left alone where an earlier
// criterion has decided, and that blocks of it do not matter to other hosts.
func TestSSHConfigExecNotNeeded(t *testing.T) {
	log := fakeSSH(t, "exit 1\n")
	inv, _ := withSSH(t, "Match host gw exec false\n Port 1\nMatch !host * exec true\n Port 2\nHost *\n Port 3\n", "a,b")
	if got := inv.Hosts[0].Port; got != 3 || len(inv.Notes) != 0 {
		t.Errorf("port %d, notes %v", got, inv.Notes)
	}
	if lines := asked(t, log); len(lines) != 0 {
		t.Errorf("asked: %q", lines)
	}
}

// TestSSHConfigExecWithoutSSH checks that a block which cannot be decided is
// passed over, and that this is said once.
func TestSSHConfigExecWithoutSSH(t *testing.T) {
	const config = "Host *\n User u\nMatch exec true\n Port 7\nMatch !exec true\n Port 8\nMatch wonder all\n Port 10\nHost *\n Port 9\n"
	for body, why := range map[string]string{
		"":                                "there is no ssh on this machine",
		"echo no such option >&2\nexit 5": `ssh -G failed: exit status 5: "no such option"`,
	} {
		fakeSSH(t, body)
		if body == "" {
			t.Setenv("PATH", t.TempDir())
		}
		inv, dir := withSSH(t, config, "a,b")
		for _, h := range inv.Hosts {
			if h.User != "u" || h.Port != 9 {
				t.Errorf("%s is %s, port %d", h.Name, h.User, h.Port)
			}
		}
		var want []Note
		for _, line := range []int{3, 5, 7} {
			want = append(want, Note{Where: fmt.Sprintf("%s/config:%d", dir, line), Text: "Match is passed over: only ssh -G can decide it, and " + why})
		}
		if diff := cmp.Diff(want, inv.Notes); diff != "" {
			t.Errorf("notes (-want +got):\n%s", diff)
		}
	}
}

// TestSSHConfigNewer checks what OpenSSH 9.2 cannot do yet.
func TestSSHConfigNewer(t *testing.T) {
	fakeSSH(t, "echo 'OpenSSH_10.2p1 Debian-3, OpenSSL 3.5' >&2\n")
	t.Setenv("SSH_TEST_NAME", "env")
	dir := t.TempDir()
	for name, text := range map[string]string{
		"inc-a":   "Port 11\n",
		"inc-env": "BindAddress ::1\n",
		"final-a": "Match final all\n HostKeyAlias late\n",
		"config": `
Tag first
Tag second
Match tagged f*
  User tagged-%n
Match tagged ""
  User wrong
Match tagged second
  User wrong
Match version OpenSSH_10.*
  ConnectTimeout 5
Match version OpenSSH_9.*
  ConnectTimeout 6
Match command ""
  ConnectionAttempts 7
Match command ?*
  ConnectionAttempts 8
Match localnetwork 192.0.2.0/24,2001:db8::/32
  ServerAliveInterval 3
Match localnetwork 198.51.100.1
  ServerAliveInterval 4
Include DIR/inc-%h DIR/inc-${SSH_TEST_NAME} DIR/inc-${SSH_TEST_NOTHING} DIR/final-%n
`,
	} {
		writeSSHFile(t, filepath.Join(dir, name), strings.ReplaceAll(text, "DIR", dir))
	}
	c, err := OpenSSHConfig(t.Context(), filepath.Join(dir, "config"))
	if err != nil {
		t.Fatal(err)
	}
	c.local.addrs = func() []netip.Addr { return []netip.Addr{netip.MustParseAddr("198.51.100.1")} }
	inv, err := (Reader{SSHConfig: c}).FromNames(t.Context(), "a,b")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"a": "tagged-a 11 5s 7 4s ::1 late",
		"b": "tagged-b 22 5s 7 4s ::1 ",
	} {
		h, _ := inv.Host(name)
		got := fmt.Sprint(h.User, " ", h.Port, " ", h.SSH.ConnectTimeout, " ", h.SSH.ConnectionAttempts, " ", h.SSH.ServerAliveInterval, " ", h.SSH.BindAddress, " ", h.SSH.HostKeyAlias)
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if len(inv.Notes) != 1 || !strings.Contains(inv.Notes[0].Text, "the variable SSH_TEST_NOTHING is not set") {
		t.Errorf("notes %v", inv.Notes)
	}
}

// TestSSHConfigConnectionHash checks that %C is that of the ssh whose master
// connections are looked for.
func TestSSHConfigConnectionHash(t *testing.T) {
	hash := func(release, config string) string {
		fakeSSH(t, "echo '"+release+", OpenSSL 3' >&2\n")
		inv, _ := withSSH(t, "ControlPath /run/%C\n"+config, "a")
		return inv.Hosts[0].SSH.ControlPath
	}
	plain := hash("OpenSSH_9.5p1", "")
	if got := hash("OpenSSH_9.6p1", ""); got != plain {
		t.Errorf("without a jump: %s and %s", got, plain)
	}
	if got := hash("OpenSSH_9.5p1", "ProxyJump j\n"); got != plain {
		t.Errorf("OpenSSH 9.5 hashes the jump: %s", got)
	}
	if got := hash("OpenSSH_10.0p2", "ProxyJump j\n"); got == plain {
		t.Error("OpenSSH 10.0 does not hash the jump")
	}
}

// TestSSHConfigRefusedHosts checks that what ssh gives up over costs that host only.
func TestSSHConfigRefusedHosts(t *testing.T) {
	t.Setenv("SSH_TEST_SET", "/set")
	for line, want := range map[string]string{
		"IdentityFile ${SSH_TEST_NOTHING}/k":   `config:2: IdentityFile: "${SSH_TEST_NOTHING}/k": the variable SSH_TEST_NOTHING is not set`,
		"IdentityFile ${SSH_TEST_SET}/k":       "",
		"IdentityFile /%z":                     `config:2: IdentityFile: "/%z": the token %z is not known there`,
		"UserKnownHostsFile /a /b%":            `config:2: UserKnownHostsFile: "/b%" ends with a % that is no token (write %%)`,
		"HostName %p.example.com":              `config:2: HostName: "%p.example.com": the token %p is not known there`,
		"HostName \"a b\"":                     `config:2: HostName: "a b" is no host name`,
		"ProxyCommand nc %d":                   `config:2: ProxyCommand: "nc %d": the token %d is not known there`,
		"ProxyJump -oProxyCommand=x":           `config:2: ProxyJump: "-oProxyCommand=x" has '-' where a name cannot`,
		"ControlPath ~nobodyatall/x":           `config:2: ControlPath: "~nobodyatall/x": there is no user nobodyatall`,
		"IdentityAgent ${SSH_TEST_SET}/${}":    `config:2: IdentityAgent: "${SSH_TEST_SET}/${}": ${ without a name and a }`,
		"CertificateFile /c\nIdentityFile /%z": `config:3: IdentityFile: "/%z": the token %z is not known there`,
	} {
		inv, dir := withSSH(t, "Host bad\n "+line+"\n", "bad,good")
		bad, _ := inv.Host("bad")
		if got := strings.TrimPrefix(bad.SSH.Refused, dir+"/"); got != want {
			t.Errorf("%s: refused for %s, want %s", line, got, want)
		}
		if good, _ := inv.Host("good"); good.SSH.Refused != "" {
			t.Errorf("%s: the other host is refused: %s", line, good.SSH.Refused)
		}
	}
}

// TestSSHConfigIdentityAgent checks the forms of the agent's socket.
func TestSSHConfigIdentityAgent(t *testing.T) {
	t.Setenv("SSH_TEST_AGENT", "/agent")
	for value, want := range map[string]string{
		"SSH_AUTH_SOCK":        "",
		"none":                 "none",
		"$SSH_TEST_AGENT":      "/agent",
		"$SSH_TEST_NOTHING":    "none",
		"${SSH_TEST_AGENT}/%u": "/agent/" + newSSHLocal().user,
		"/run/agent":           "/run/agent",
	} {
		inv, _ := withSSH(t, "IdentityAgent "+value+"\n", "a")
		if got := inv.Hosts[0].SSH; got.IdentityAgent != want || got.Refused != "" {
			t.Errorf("%s: %q (%s), want %q", value, got.IdentityAgent, got.Refused, want)
		}
	}
}
