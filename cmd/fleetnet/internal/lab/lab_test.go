package lab_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
)

// patience is how long a login may take on a machine with better things to do.
const patience = time.Minute

// login runs a command on a host through the machine's ssh client.
func login(t *testing.T, f *lab.Fleet, host string, command ...string) (string, error) {
	t.Helper()
	return loginWith(t, f, nil, host, command...)
}

// loginWith is login with options of ssh, which beat the fleet's.
func loginWith(t *testing.T, f *lab.Fleet, options []string, host string, command ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "ssh", slices.Concat([]string{"-F", f.SSHConfig()}, options, []string{host}, command)...)
	out, err := cmd.CombinedOutput()
	return string(out), errors.Join(err, ctx.Err())
}

// output is what a program has printed so far.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.text.Len() < 1<<16 {
		o.text.Write(b)
	}
	return len(b), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// hangs checks that a login prints want, or has at least begun when that is
// empty, and then does not end.
func hangs(t *testing.T, f *lab.Fleet, host, want string) {
	t.Helper()
	var out output
	cmd := exec.Command("ssh", "-F", f.SSHConfig(), host, "echo hello")
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	f.Wait("output "+want, func() bool { return strings.Contains(out.String(), want) })
	select {
	case err := <-ended:
		t.Errorf("the login ended: %v: %.300s", err, out.String())
		return
	case <-time.After(time.Second):
	}
	cmd.Process.Kill()
	<-ended
	if want == "" && out.String() != "" {
		t.Errorf("output %.300q, want none", out.String())
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	f := lab.New(t, lab.Host{Name: "web1"}, lab.Host{Name: "web2", User: "ops"}, lab.Host{Name: "inner", Jump: "web1"})
	for host, user := range map[string]string{"web1": "root", "web2": "ops", "inner": "root"} {
		out, err := login(t, f, host, "hostname; id -un; cat /proc/[0-9]*/comm | grep -c exe; cat /proc/sys/kernel/random/boot_id; pwd")
		lines := strings.Split(out, "\n")
		if err != nil || len(lines) < 4 || lines[0] != host || lines[1] != user {
			t.Errorf("%s: %v: %s", host, err, out)
		}
		if got := f.Changed(host); got != nil {
			t.Errorf("%s: a login changed %q", host, got)
		}
	}
	if out, err := login(t, f, "web1", "echo x > /etc/left-behind"); err != nil {
		t.Error(err, out)
	}
	if got := strings.Join(f.Changed("web1"), " "); got != "/etc /etc/left-behind" {
		t.Errorf("changed %q", got)
	}
	if _, err := os.Stat("/etc/left-behind"); err == nil {
		t.Error("what a host writes lands on the machine")
	}
}

// TestNetwork checks the addresses, the gateway and who reaches whom.
func TestNetwork(t *testing.T) {
	t.Parallel()
	f := lab.New(t, lab.Host{Name: "a"}, lab.Host{Name: "b"}, lab.Host{Name: "inner", Jump: "a"})
	for from, to := range map[string]netip.Addr{"a": f.Addr("b"), "b": f.Addr6("a"), "inner": f.Addr("inner")} {
		greeting, err := f.Exec(from, "bash", "-c", "exec 3<>/dev/tcp/"+to.String()+"/22; head -n1 <&3")
		if err != nil || !strings.HasPrefix(greeting, "SSH-2.0-") {
			t.Errorf("%s to %s: %v: %q", from, to, err, greeting)
		}
	}
	if _, err := net.DialTimeout("tcp", netip.AddrPortFrom(f.Addr("inner"), 22).String(), time.Second); err == nil {
		t.Error("a host behind a jump host is reached directly")
	}
	f.Exec("a", "bash", "-c", "exec 3<>/dev/tcp/"+f.Gateway().String()+"/22")
	if out, err := f.Exec("a", "ip", "neigh", "show", f.Gateway().String()); err != nil || !strings.Contains(out, "lladdr") {
		t.Errorf("gateway: %v: %q", err, out)
	}
}

func TestUserlands(t *testing.T) {
	t.Parallel()
	f := lab.New(t,
		lab.Host{Name: "full"}, lab.Host{Name: "noss", Userland: lab.NoSS},
		lab.Host{Name: "busybox", Userland: lab.BusyBox, User: "ops"}, lab.Host{Name: "shcat", Userland: lab.ShCat},
		lab.Host{Name: "toybox", Userland: lab.Toybox, User: "ops"}, lab.Host{Name: "root", Userland: lab.Root("/"), User: "ops"},
		lab.Host{Name: "router", Userland: lab.BusyBox, Server: lab.Dropbear},
		lab.Host{Name: "router-ops", Userland: lab.BusyBox, Server: lab.Dropbear, User: "ops"})
	for host, want := range map[string]string{
		"full": "sh cat ls ip ss netstat", "noss": "sh cat ls netstat", "busybox": "sh cat ls ip netstat", "shcat": "sh cat",
		"toybox": "sh cat ls netstat", "root": "sh cat ls ip ss netstat",
		"router": "sh cat ls ip netstat", "router-ops": "sh cat ls ip netstat",
	} {
		out, err := login(t, f, host, "for p in sh cat ls ip ss netstat; do "+
			"if PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin command -v $p >/dev/null; then echo $p; fi; done")
		if got := strings.Join(strings.Fields(out), " "); err != nil || got != want {
			t.Errorf("%s has %q, want %q (%v)", host, got, want, err)
		}
		out, err = login(t, f, host, "cat /proc/net/route /sys/class/net/eth0/mtu /proc/sys/kernel/hostname")
		if err != nil || !strings.Contains(out, "eth0") || !strings.HasSuffix(out, "1500\n"+host+"\n") {
			t.Errorf("%s: %v: %s", host, err, out)
		}
		if changed := f.Changed(host); changed != nil {
			t.Errorf("%s: a login changed %q", host, changed)
		}
		if _, err := login(t, f, host, "echo x > left-behind"); err != nil || len(f.Changed(host)) == 0 {
			t.Errorf("%s: %v: what a session writes goes unseen", host, err)
		}
	}
}

func TestSudo(t *testing.T) {
	f := lab.New(t, lab.Host{Name: "yes", User: "ops", Sudo: lab.SudoNoPassword}, lab.Host{Name: "no", User: "ops", Sudo: lab.SudoRefused})
	if out, err := login(t, f, "yes", "sudo -n id -un"); err != nil || out != "root\n" {
		t.Errorf("yes: %v: %q", err, out)
	}
	if out, err := login(t, f, "no", "sudo -n id -un"); err == nil || !strings.Contains(out, "password") {
		t.Errorf("no: %v: %q", err, out)
	}
}

// hanging is the error of what does not end.
const hanging = "hanging"

// TestSSHD checks what can be done to a host's sshd and login shell.
func TestSSHD(t *testing.T) {
	t.Parallel()
	f := lab.New(t, lab.Host{Name: "a"}, lab.Host{Name: "b", Userland: lab.ShCat, User: "ops"}, lab.Host{Name: "c"})
	cases := []struct {
		name, host string
		do         func()
		output     string // parts of it between bars; the two streams come in any order
		err        string // a part of it; empty for none
	}{
		{"killed", "a", func() { f.KillSSHD("a") }, "Connection refused", "status 255"},
		{"started", "a", func() { f.StartSSHD("a") }, "hello\n", ""},
		{"frozen", "a", func() { f.FreezeSSHD("a") }, "", hanging},
		{"thawed", "a", func() { f.ThawSSHD("a") }, "hello\n", ""},
		{"other key", "c", func() { f.ChangeHostKey("c") }, "IDENTIFICATION HAS CHANGED", "status 255"},
		{"noise", "a", func() { f.ReplaceShell("a", lab.ShellNoise) }, "Welcome to the lab.\n|Last login: never\n|no newline at the end|hello\n", ""},
		{"tiny noise", "b", func() { f.ReplaceShell("b", lab.ShellNoise) }, "Welcome to the lab.\n|Last login: never\n|no newline at the end|hello\n", ""},
		{"false", "b", func() { f.ReplaceShell("b", lab.ShellFalse) }, "not available", "status 1"},
		{"endless", "b", func() { f.ReplaceShell("b", lab.ShellEndless) }, "all work", hanging},
		{"silent", "a", func() { f.ReplaceShell("a", lab.ShellSilent) }, "", hanging},
		{"cut", "a", func() { f.ReplaceShell("a", lab.ShellCut) }, "hello\n", "status 255"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.do()
			if c.err == hanging {
				hangs(t, f, c.host, c.output)
				return
			}
			out, err := login(t, f, c.host, "echo hello")
			if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
				t.Errorf("error %v, want %q", err, c.err)
			}
			for part := range strings.SplitSeq(c.output, "|") {
				if !strings.Contains(out, part) {
					t.Errorf("output %.300q, want %q", out, part)
				}
			}
		})
	}
}

// TestShells logs in through shells that are not POSIX.
func TestShells(t *testing.T) {
	for _, shell := range []string{"fish", "tcsh"} {
		t.Run(shell, func(t *testing.T) {
			f := lab.New(t, lab.Host{Name: "a", User: "ops"})
			f.UseShell("a", shell)
			out, err := login(t, f, "a", "test $SHELL = /usr/bin/"+shell+" -o $SHELL = /bin/"+shell+"; echo $status")
			if err != nil || !strings.HasSuffix(out, "0\n") {
				t.Errorf("%v: %q", err, out)
			}
		})
	}
}

// TestShellRC checks that noise of a .bashrc reaches a command's output.
func TestShellRC(t *testing.T) {
	f := lab.New(t, lab.Host{Name: "a"})
	f.UseShell("a", "bash")
	f.WriteFile("a", "/root/.bashrc", "echo from .bashrc\n", 0o644)
	if out, err := login(t, f, "a", "echo hello"); err != nil || out != "from .bashrc\nhello\n" {
		t.Errorf("%v: %q", err, out)
	}
}
