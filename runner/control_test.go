package runner_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// needProgram skips a test without a program, except in CI.
func needProgram(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("FLEETNET_CI") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return path
}

// startMaster starts a master connection of ssh to a host and returns its socket.
func startMaster(t *testing.T, s sshd) string {
	t.Helper()
	ssh := needProgram(t, "ssh")
	dir, err := os.MkdirTemp("", "mux") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	host, port, _ := net.SplitHostPort(s.addr)
	cmd := exec.Command(ssh, "-M", "-N", "-F", "none", "-S", socket, "-i", s.key, "-p", port, "-o", "UserKnownHostsFile="+s.knownHosts, "-o", "BatchMode=yes", host)
	var errs strings.Builder
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for range 1000 {
		if _, err := os.Stat(socket); err == nil {
			return socket
		}
		time.Sleep(10 * time.Millisecond)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	t.Fatalf("no master connection: %s", errs.String())
	return ""
}

// without is a host to which only a master connection leads: no key of it is
// known, and none of ours is its.
func without(t *testing.T, h inventory.Host, socket string) inventory.Host {
	t.Helper()
	h.SSH.ControlPath = socket
	h.KnownHosts = []string{filepath.Join(t.TempDir(), "none")}
	h.IdentityFiles = []string{filepath.Join(t.TempDir(), "none")}
	return h
}

// A master connection is used instead of a login, by host after host and by
// several at a time, for a host and for a bastion, and is there afterwards.
func TestMasterConnection(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	s := startSSHD(t)
	h := without(t, s.host("web1"), startMaster(t, s))
	big := probe("big", "big", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done")
	big.Tables = []string{"counters"}
	cfg := runner.Config{Probes: []fleetnet.Probe{probe("a", "a", "echo one"), big}}
	for range 2 {
		second, third := h, h
		second.Name, third.Name = "web2", "web3"
		for name, res := range collect(t, cfg, h, second, third) {
			if res.Err != nil || len(res.Snapshot.Settings) != 20_001 || len(res.Notes) != 0 {
				t.Errorf("%s: %v, %d rows, %q", name, res.Err, len(res.Snapshot.Settings), res.Notes)
			}
		}
	}
	inner := newLab(t)
	behind := inner.host("inner", sound())
	behind.Jump = &h
	if res := collect(t, cfg, behind)["inner"]; res.Err != nil {
		t.Errorf("through the master: %v", res.Err)
	}
	if n := strings.Count(s.log.String(), "Accepted publickey"); n != 1 {
		t.Errorf("%d logins, want the master's alone", n)
	}
}

// What goes wrong over a master connection is no harm to it: a host that is
// given up, one behind it that cannot be reached, and one that does not answer.
func TestMasterConnectionOutlivesFailures(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	s := startSSHD(t)
	h := without(t, s.host("web1"), startMaster(t, s))
	slow := h
	slow.Name, slow.Timeout = "slow", time.Second
	l := newLab(t)
	closed, mute := l.host("closed", sound()), l.host("mute", sshtest.Host{Fault: sshtest.HangBeforeBanner})
	closed.Port, closed.Jump, mute.Jump = 1, &h, &h
	cfg := quick()
	cfg.Probes = []fleetnet.Probe{probe("a", "a", "echo one; sleep 2")}
	all := collect(t, cfg, slow, closed, mute)
	wantError(t, all["slow"].Err, runner.OpTimeout, "the host's 1s are over", "--timeout")
	wantError(t, all["closed"].Err, runner.OpJump, `web1: cannot connect to 127.0.0.1:1: "Session open refused by peer"`, "as the bastion sees it")
	wantError(t, all["mute"].Err, runner.OpHandshake, "the server said nothing", "")
	cfg.Probes = []fleetnet.Probe{probe("a", "a", "echo one")}
	if res := collect(t, cfg, h)["web1"]; res.Err != nil || names(res.Snapshot) != "one" {
		t.Errorf("afterwards: %v", res.Err)
	}
	if n := strings.Count(s.log.String(), "Accepted publickey"); n != 1 {
		t.Errorf("%d logins, want the master's alone", n)
	}
}

// Where the master opens no session there is a login, as ssh has it.
func TestMasterConnectionWithoutSessions(t *testing.T) {
	hermetic(t)
	s := startSSHD(t, "MaxSessions 1")
	h := s.host("web1")
	h.SSH.ControlPath = startMaster(t, s)
	slow := h
	slow.Timeout = 1500 * time.Millisecond
	res := collect(t, runner.Config{Probes: []fleetnet.Probe{probe("a", "a", "sleep 60")}}, slow)["web1"]
	wantError(t, res.Err, runner.OpTimeout, "in linux/a", "") // and sshd keeps the session as long as it sleeps
	stranger := without(t, h, h.SSH.ControlPath)
	stranger.Name = "stranger"
	all := collect(t, runner.Config{Probes: []fleetnet.Probe{probe("a", "a", "echo one")}}, h, stranger)
	if res := all["web1"]; res.Err != nil || names(res.Snapshot) != "one" || !strings.Contains(strings.Join(res.Notes, "\n"), `opens no session: "Session open refused by peer"`) {
		t.Errorf("%v, %q", res.Err, res.Notes)
	}
	wantError(t, all["stranger"].Err, runner.OpHostKey, `is not known; the master connection opens no session: "Session open refused by peer"`, "")
	if n := strings.Count(s.log.String(), "Accepted publickey"); n != 2 {
		t.Errorf("%d logins, want the master's and one more", n)
	}
}

// A socket that is of no use is noted, and the host logged in to.
func TestMasterConnectionThatIsDead(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	dir := t.TempDir()
	silent, refusing := filepath.Join(dir, "silent"), filepath.Join(dir, "refusing")
	listen(t, silent, func(net.Conn) {})
	listen(t, refusing, func(c net.Conn) { _, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) })
	write(t, filepath.Join(dir, "file"), "")
	if l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "dead")}); err == nil {
		l.SetUnlinkOnClose(false)
		l.Close()
	}
	l := newLab(t)
	cfg := quick()
	cfg.DialTimeout = 500 * time.Millisecond
	for socket, note := range map[string]string{
		"absent": "", "dead": "connection refused", "file": "not a socket", "silent": "no answer: context deadline exceeded", "refusing": "a message of ",
	} {
		h := l.host("web1", sshtest.Host{Answer: sound().Answer})
		h.SSH.ControlPath = filepath.Join(dir, socket)
		res := collect(t, cfg, h)["web1"]
		if res.Err != nil || names(res.Snapshot) != "one two" {
			t.Errorf("%s: %v, %s", socket, res.Err, names(res.Snapshot))
		}
		if got := strings.Join(res.Notes, "\n"); note == "" && got != "" || !strings.Contains(got, note) {
			t.Errorf("%s: notes %q, want %q", socket, got, note)
		}
	}
}

// listen answers at a socket until the test ends.
func listen(t *testing.T, path string, answer func(net.Conn)) {
	t.Helper()
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				answer(c)
				_, _ = c.Read(make([]byte, 1<<10))
				_, _ = c.Read(make([]byte, 1<<10))
				time.Sleep(time.Second)
				c.Close()
			}()
		}
	}()
}
