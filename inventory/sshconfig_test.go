package inventory

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sshConfigOf reads a configuration. DIR in it is its folder.
func sshConfigOf(t testing.TB, text string) (*SSHConfig, string, error) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "config")
	writeSSHFile(t, path, strings.ReplaceAll(text, "DIR", dir))
	c, err := OpenSSHConfig(t.Context(), path)
	return c, dir, err
}

// withSSH returns the inventory of names, with a configuration.
func withSSH(t testing.TB, config, names string) (*Inventory, string) {
	t.Helper()
	c, dir, err := sshConfigOf(t, config)
	if err != nil {
		t.Fatal(err)
	}
	inv, err := (Reader{SSHConfig: c}).FromNames(t.Context(), names)
	if err != nil {
		t.Fatal(err)
	}
	return inv, dir
}

// wayTo writes how a host is reached, the last first.
func wayTo(h *Host) string {
	s := fmt.Sprintf("%s@%s:%d", h.User, h.Addr, h.Port)
	switch {
	case h.SSH.Refused != "":
		s += " refused"
	case h.SSH.ProxyCommand != "":
		s += " by " + h.SSH.ProxyCommand
	}
	if h.Jump != nil {
		s += " < " + wayTo(h.Jump)
	}
	return s
}

// TestSSHConfigWays checks that hops are found with their own settings.
func TestSSHConfigWays(t *testing.T) {
	const config = `
Host one two three
  ProxyJump gate
Host four
  ProxyJump x@inner:7,gate
Host five
  ProxyJump deep
Host deep
  ProxyJump one
Host gate
  HostName gate.example.com
  User g
  Port 2222
Host inner
  ProxyCommand nc %h %p
Host six
  ProxyJump inner,deep
Host self
  ProxyJump self
Host alias
  HostName gate2.example.com
  ProxyJump gate2.example.com
Host left
  ProxyJump right
Host right
  ProxyJump left
Host out
  ProxyJump left
Host tokens
  HostName 192.0.2.1
  User u
  ProxyJump %r@%n-gate
Host command
  ProxyCommand ssh -W [%h]:%p "%n" %%
Host stdin
  ProxyCommand -
Host stop
  RefuseConnection "ask ops"
Host bad
  ProxyJump %h,a/b/c
`
	for name, want := range map[string]string{
		"one":     "@one:22 < g@gate.example.com:2222",
		"four":    "@four:22 < g@gate.example.com:2222 < x@inner:7 by nc inner 7",
		"five":    "@five:22 < @deep:22 < @one:22 < g@gate.example.com:2222",
		"six":     "@six:22 < @deep:22 < @inner:22 by nc inner 22", // not as deep itself would be reached
		"self":    "@self:22 refused",
		"alias":   "@gate2.example.com:22 refused",
		"out":     "@out:22 < @left:22 < @right:22 refused",
		"tokens":  "u@192.0.2.1:22 < u@tokens-gate:22",
		"command": "@command:22 by ssh -W [command]:22 \"command\" %",
		"stdin":   "@stdin:22 refused",
		"stop":    "@stop:22 refused",
		"plain":   "@plain:22",
	} {
		inv, _ := withSSH(t, strings.ReplaceAll(config, "Host bad\n  ProxyJump %h,a/b/c\n", ""), name)
		if got := wayTo(&inv.Hosts[0]); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	inv, dir := withSSH(t, strings.ReplaceAll(config, ",a/b/c", ""), "one,two,three,stop,self")
	if one, two := inv.Hosts[0], inv.Hosts[4]; one.Name != "one" || two.Name != "two" || one.Jump != two.Jump {
		t.Errorf("%s and %s do not share their bastion", one.Name, two.Name)
	}
	for name, want := range map[string]string{
		"stop": dir + "/config:38: RefuseConnection: ask ops",
		"self": dir + "/config:19: ProxyJump: jumphost loop via self",
	} {
		if h, _ := inv.Host(name); h.SSH.Refused != want {
			t.Errorf("%s: %s, want %s", name, h.SSH.Refused, want)
		}
	}
	if _, _, err := sshConfigOf(t, config); err == nil || !strings.Contains(err.Error(), `a/b/c": "b/c" is no port`) {
		t.Errorf("a hop that is none: %v", err)
	}
}

// TestSSHConfigBelowInventory checks that what the inventory says stands.
func TestSSHConfigBelowInventory(t *testing.T) {
	c, _, err := sshConfigOf(t, `
Host 10.0.0.1
  User f
  Port 1
  IdentityFile /f
  UserKnownHostsFile /kf
  ProxyJump gate
  StrictHostKeyChecking no
Host web1
  User wrong
Host alias.example.com
  HostName 192.0.2.9
Host cmd
  ProxyCommand x
`)
	if err != nil {
		t.Fatal(err)
	}
	said := Host{Name: "web1", Addr: "10.0.0.1", User: "u", Port: 9, IdentityFiles: []string{"/i"}, KnownHosts: []string{"/k"}}
	quiet := Host{Name: "web1", Addr: "10.0.0.1"}
	gate := &draft{Host: Host{Name: "mine"}}
	for name, test := range map[string]struct {
		d    draft
		want string
	}{
		"all said":    {draft{Host: said}, "u@10.0.0.1:9 [/i] [/k] no 10.0.0.1 < gate"},
		"nothing":     {draft{Host: quiet}, "f@10.0.0.1:1 [/f] [/kf] no 10.0.0.1 < gate"},
		"no jump":     {draft{Host: quiet, jumpSaid: true}, "f@10.0.0.1:1 [/f] [/kf] no 10.0.0.1"},
		"jump":        {draft{Host: quiet, jump: gate, jumpSaid: true}, "f@10.0.0.1:1 [/f] [/kf] no 10.0.0.1 < mine"},
		"command":     {draft{Host: Host{Name: "cmd"}, jumpSaid: true}, "@:0 [] []  cmd"},
		"alias":       {draft{Host: Host{Name: "web1", Addr: "alias.example.com"}}, "@192.0.2.9:0 [] []  alias.example.com"},
		"options":     {draft{Host: quiet, options: []sshOption{{"StrictHostKeyChecking", "yes", "x"}, {"ProxyJump", "none", "x"}, {"User", "o", "x"}}}, "o@10.0.0.1:1 [/f] [/kf] yes 10.0.0.1"},
		"with option": {draft{Host: said, options: []sshOption{{"User", "o", "x"}, {"IdentityFile", "/o", "x"}}}, "u@10.0.0.1:9 [/i] [/k] no 10.0.0.1 < gate"},
	} {
		d := test.d
		if _, err := c.apply(t.Context(), &d); err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprintf("%s@%s:%d %v %v %s %s", d.User, d.Addr, d.Port, d.IdentityFiles, d.KnownHosts, d.SSH.StrictHostKeyChecking, d.SSH.Alias)
		if d.jump != nil {
			got += " < " + d.jump.Name
		}
		if got += strings.TrimSuffix(" by "+d.SSH.ProxyCommand, " by "); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// TestSSHConfigErrors checks what is an error, and where.
func TestSSHConfigErrors(t *testing.T) {
	for config, want := range map[string]string{
		"Port abc\n":                                "config:1:6: Port \"abc\": expected a port",
		"Host a\n\tPort  0\n":                       "config:2:8: Port \"0\": expected a port",
		"Port 1 2\n":                                "config:1:8: Port takes one value (quote one with blanks)",
		"Port\n":                                    "config:1:1: no value after Port",
		"  User # x\n":                              "config:1:3: no value after User",
		"User \"\"\n":                               "config:1:1: no value after User",
		"User \"a\n":                                "config:1:6: a quote is not closed",
		"SendEnv 'a\n":                              "config:1:9: a quote is not closed",
		"IdentitiesOnly maybe\n":                    "config:1:16: IdentitiesOnly \"maybe\": expected \"yes\" or \"no\"",
		"ConnectTimeout 5x\n":                       "config:1:16: ConnectTimeout \"5x\": expected a time such as 30, 5m or 1h30m, or \"none\"",
		"ConnectionAttempts 0\n":                    "config:1:20: ConnectionAttempts \"0\": expected a number from 1",
		"UserKnownHostsFile /a none\n":              "config:1:23: UserKnownHostsFile: \"none\" goes alone",
		"IdentityAgent $a-b\n":                      "config:1:15: IdentityAgent \"$a-b\": expected a path or a variable",
		"ProxyJump a,,b\n":                          "config:1:11: ProxyJump \"\": no host name",
		"ProxyJump a:x\n":                           "config:1:11: ProxyJump \"a:x\": \"x\" is no port",
		"ProxyJump @a\n":                            "config:1:11: ProxyJump \"@a\": no user before the @",
		"Match\n":                                   "config:1:1: no value after Match",
		"Match # x\n":                               "config:1:1: Match without a criterion",
		"Match host\n":                              "config:1:7: Match host has no value",
		"Match all host a\n":                        "config:1:7: \"all\" goes alone, or after final or canonical",
		"Match host a user b all\n":                 "config:1:21: \"all\" goes alone, or after final or canonical",
		"Match localnetwork 10.0.0.1/8\n":           "config:1:20: Match localnetwork: \"10.0.0.1/8\" has bits set beyond its mask",
		"Host a \"\"\n":                             "config:1:8: an empty pattern",
		"Include DIR/config\n":                      "config:1:9: Include: DIR/config includes itself",
		"Include \"\"\n":                            "config:1:9: Include: an empty path",
		"Include ~nobodyatall/x\n":                  "config:1:9: Include: \"~nobodyatall/x\": there is no user nobodyatall",
		"HostName ü User\n":                         "config:1:12: HostName takes one value (quote one with blanks)",
		"StrictHostKeyChecking perhaps\nPort x\r\n": "config:1:23: StrictHostKeyChecking \"perhaps\": expected \"yes\", \"no\", \"ask\" or \"accept-new\"\nDIR/config:2:6: Port \"x\": expected a port",
	} {
		_, dir, err := sshConfigOf(t, config)
		if want = strings.ReplaceAll("DIR/"+want, "DIR", dir); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", config, err, want)
		}
		var e *Error
		if !errors.As(err, &e) || e.Line == 0 || e.Column == 0 {
			t.Errorf("%q: error %T has no place", config, err)
		}
	}
}

// TestSSHConfigOptionErrors checks what cannot be an option.
func TestSSHConfigOptionErrors(t *testing.T) {
	for want, o := range map[string]sshOption{
		`hosts.yml:3: ssh option Port "x": expected a port`:           {"port", "x", "hosts.yml:3"},
		`hosts.yml:3: ssh option Match: it cannot be an option`:       {"Match", "all", "hosts.yml:3"},
		`hosts.yml:3: ssh option User: no value after User`:           {"User", "", "hosts.yml:3"},
		`hosts.yml:3: ssh option IdentityFile: a quote is not closed`: {"IdentityFile", `"x`, "hosts.yml:3"},
	} {
		_, err := new(SSHConfig).apply(t.Context(), &draft{Host: Host{Name: "a"}, options: []sshOption{o}})
		if err == nil || err.Error() != want {
			t.Errorf("%v: %v, want %s", o, err, want)
		}
	}
}

// TestSSHConfigNotes checks what is said of what is not done.
func TestSSHConfigNotes(t *testing.T) {
	const config = `Frobnicate yes
Host a
  KnownHostsCommand /bin/x %h
  SendEnv LANG
  ProxyUseFdpass no
  CanonicalizeHostname no
Host b
  VerifyHostKeyDNS yes
Host *
  frobnicateMore "x y"
  TCPKeepAlive yes
  RevokedHostKeys none
  HostbasedAuthentication yes
  IgnoreUnknown *more
`
	inv, dir := withSSH(t, config, "a,c")
	want := []Note{
		{"DIR:3", "KnownHostsCommand is ignored: no command is asked for host keys; put them into a known_hosts file", false},
		{"DIR:4", "SendEnv is ignored: no variables are sent", true},
		{"DIR:13", "HostbasedAuthentication is ignored: this method is not there; log in with a key", false},
		{"DIR:1", `"Frobnicate" is ignored: no such keyword is known here`, false},
	}
	for i := range want {
		want[i].Where = strings.ReplaceAll(want[i].Where, "DIR", dir+"/config")
	}
	if diff := cmp.Diff(want, inv.Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// TestSSHConfigOptionNotes checks that options are no less told of.
func TestSSHConfigOptionNotes(t *testing.T) {
	d := &draft{Host: Host{Name: "a"}, options: []sshOption{{"sendenv", "X", "h.yml:1"}, {"Nope", "X", "h.yml:2"}, {"Tunnel", "no", "h.yml:3"}}}
	notes, err := new(SSHConfig).apply(t.Context(), d)
	want := []Note{{"h.yml:1", "SendEnv is ignored: no variables are sent", true}, {"h.yml:2", `"Nope" is ignored: no such keyword is known here`, false}}
	if diff := cmp.Diff(want, notes); err != nil || diff != "" {
		t.Errorf("notes (-want +got), error %v:\n%s", err, diff)
	}
}

// TestSSHConfigSaysNothing checks what leaves hosts as they are.
func TestSSHConfigSaysNothing(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	writeSSHFile(t, filepath.Join(home, ".ssh", "config"), "Port 7\n")
	none, err := OpenSSHConfig(t.Context(), "None")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*SSHConfig{none, {}} {
		d := &draft{Host: Host{Name: "A"}}
		if _, err := c.apply(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Host{Name: "A"}, d.Host); diff != "" {
			t.Errorf("it says:\n%s", diff)
		}
	}
	if _, err := OpenSSHConfig(t.Context(), filepath.Join(home, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := OpenSSHConfig(ctx, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestSSHConfigHome checks the files of the user: where they are, where their
// includes are, and who may write to them.
func TestSSHConfigHome(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	config := filepath.Join(home, ".ssh", "config")
	open := func() (Host, error) {
		c, err := OpenSSHConfig(t.Context(), "")
		if err != nil {
			return Host{}, err
		}
		inv, err := (Reader{SSHConfig: c}).FromNames(t.Context(), "fleetnet-test-a")
		if err != nil {
			return Host{}, err
		}
		return inv.Hosts[0], nil
	}
	if _, err := open(); err != nil {
		t.Errorf("no file: %v", err)
	}
	writeSSHFile(t, config, "Include conf.d/*\nInclude ~/.ssh/more\nIdentityFile ~/k\n")
	writeSSHFile(t, filepath.Join(home, ".ssh", "conf.d", "1"), "Port 7\n")
	writeSSHFile(t, filepath.Join(home, ".ssh", "more"), "User u\n")
	h, err := open()
	if err != nil || h.Port != 7 || h.User != "u" || len(h.IdentityFiles) != 1 || h.IdentityFiles[0] != home+"/k" {
		t.Errorf("%+v %v", h, err)
	}
	for _, name := range []string{".ssh/config", ".ssh/more"} {
		path := filepath.Join(home, name)
		if err := os.Chmod(path, 0o664); err != nil {
			t.Fatal(err)
		}
		if _, err := open(); err == nil || !strings.Contains(err.Error(), path+": bad owner or permissions") {
			t.Errorf("%s writable by others: %v", name, err)
		}
		if os.Getuid() == 0 {
			if err := errors.Join(os.Chmod(path, 0o644), os.Chown(path, 1, 1)); err != nil {
				t.Fatal(err)
			}
			if _, err := open(); err == nil || !strings.Contains(err.Error(), path+": bad owner or permissions") {
				t.Errorf("%s of somebody else: %v", name, err)
			}
			if err := os.Chown(path, 0, 0); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	writeSSHFile(t, filepath.Join(home, "given"), "Port 8\n")
	if err := os.Chmod(filepath.Join(home, "given"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSSHConfig(t.Context(), filepath.Join(home, "given")); err != nil {
		t.Errorf("a file that is given may be writable: %v", err)
	}
}

// TestSSHConfigSystem checks that the system's file comes after the user's, and
// where its includes are.
func TestSSHConfigSystem(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOME", filepath.Join(dir, "home"))
	local := newSSHLocal()
	local.system = filepath.Join(dir, "etc")
	writeSSHFile(t, filepath.Join(dir, "home/.ssh/config"), "Host a\n Port 7\nHost b\n Include extra\n")
	writeSSHFile(t, filepath.Join(dir, "home/.ssh/extra"), "User user\n")
	writeSSHFile(t, filepath.Join(dir, "etc/ssh_config"), "Include extra\nPort 8\nMatch final host x\n BindAddress ::1\n")
	writeSSHFile(t, filepath.Join(dir, "etc/extra"), "Host a b\n User system\n HostName x\n")
	c, err := openSSHConfig(t.Context(), "", local)
	if err != nil {
		t.Fatal(err)
	}
	inv, err := (Reader{SSHConfig: c}).FromNames(t.Context(), "a,b,c")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"a": "system@x:7 ::1", "b": "user@x:8 ::1", "c": "@c:8 "} {
		h, _ := inv.Host(name)
		if got := wayTo(&h) + " " + h.SSH.BindAddress; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	writeSSHFile(t, filepath.Join(dir, "etc/ssh_config"), "Include ~/x\n")
	if _, err := openSSHConfig(t.Context(), "", local); err == nil || !strings.Contains(err.Error(), "etc/ssh_config:1:9: Include: \"~/x\": the system's ssh_config has no home directory") {
		t.Errorf("~ in the system's file: %v", err)
	}
}
