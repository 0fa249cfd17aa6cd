package runner_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
)

// sshd is a real OpenSSH server on the loopback.
type sshd struct {
	addr, knownHosts, key string
	log                   *syncBuffer // what sshd logs
}

// syncBuffer is a buffer that is read while it is written.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// startSSHD starts one, with more lines of configuration. Where that cannot be
// done the test is skipped, except in CI.
func startSSHD(t *testing.T, config ...string) sshd {
	t.Helper()
	const path = "/usr/sbin/sshd"
	if why := noSSHD(path); why != "" {
		if os.Getenv("FLEETNET_CI") == "1" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	_ = os.MkdirAll("/run/sshd", 0o755) // where sshd run by root gives up its rights
	dir := t.TempDir()
	s := sshd{addr: freePort(t), knownHosts: filepath.Join(dir, "known_hosts"), key: filepath.Join(dir, "key"), log: new(syncBuffer)}
	hostKey := writeKey(t, filepath.Join(dir, "host"), nil)
	write(t, filepath.Join(dir, "authorized"), authorized(writeKey(t, s.key, nil)))
	write(t, s.knownHosts, knownhosts.Line([]string{s.addr}, hostKey)+"\n")
	host, port, _ := net.SplitHostPort(s.addr)
	write(t, filepath.Join(dir, "config"), strings.Join(append(config,
		"ListenAddress "+host, "Port "+port, "HostKey "+filepath.Join(dir, "host"), "PidFile none", "StrictModes no",
		"AuthorizedKeysFile "+filepath.Join(dir, "authorized"), "PermitRootLogin prohibit-password", "UsePAM no", "LogLevel VERBOSE",
	), "\n")+"\n")
	cmd := exec.Command(path, "-D", "-e", "-f", filepath.Join(dir, "config"))
	cmd.Stderr = s.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("sshd: %s", s.log.String())
		}
	})
	waitForPort(t, s.addr)
	return s
}

// noSSHD says why there can be no sshd, or nothing.
func noSSHD(path string) string {
	if os.Geteuid() != 0 {
		return "sshd: root has to start it: it lets nobody in whose account has no password"
	}
	if _, err := os.Stat(path); err != nil {
		return "no sshd: " + err.Error()
	}
	return ""
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func waitForPort(t *testing.T, addr string) {
	t.Helper()
	for range 500 {
		if conn, err := net.Dial("tcp", addr); err == nil {
			conn.Close()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("nothing listens at %s", addr)
}

func (s sshd) host(name string) inventory.Host {
	host, port, _ := net.SplitHostPort(s.addr)
	n, _ := strconv.Atoi(port)
	return inventory.Host{Name: name, Addr: host, Port: n, IdentityFiles: []string{s.key}, KnownHosts: []string{s.knownHosts}}
}

func TestSSHD(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	s := startSSHD(t, "MaxStartups 100")
	big := probe("big", "big", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done")
	big.Tables = []string{"counters"}
	var hosts []inventory.Host
	for i := range 10 {
		hosts = append(hosts, s.host(fmt.Sprintf("web%d", i)))
	}
	for name, res := range collect(t, runner.Config{Probes: append(hardProbes(), big)}, hosts...) {
		if res.Err != nil {
			t.Errorf("%s: %v", name, res.Err)
			continue
		}
		if n := len(res.Snapshot.Settings); n < 20_000 {
			t.Errorf("%s: %d rows", name, n)
		}
		res.Snapshot.Settings = res.Snapshot.Settings[:len(res.Snapshot.Settings)-20_000]
		checkHard(t, res)
	}
}

// sshd that drops most connections that are not logged in yet.
func TestSSHDMaxStartups(t *testing.T) {
	hermetic(t)
	s := startSSHD(t, "MaxStartups 4:100:4")
	var hosts []inventory.Host
	for i := range 24 {
		hosts = append(hosts, s.host(fmt.Sprintf("web%d", i)))
	}
	cfg := runner.Config{Probes: settingsProbes(), MaxHandshakes: 3}
	for name, res := range collect(t, cfg, hosts...) {
		if res.Err != nil {
			t.Errorf("%s: %v", name, res.Err)
		}
	}
}

func TestSSHDRefusals(t *testing.T) {
	hermetic(t)
	stranger := filepath.Join(t.TempDir(), "stranger")
	writeKey(t, stranger, nil)
	s := startSSHD(t, "PasswordAuthentication no", "MaxSessions 0", "AllowTcpForwarding no")
	refused := s.host("refused")
	refused.IdentityFiles = []string{stranger}
	full, jump := s.host("full"), s.host("jump")
	behind := s.host("behind")
	behind.Jump = &jump
	all := collect(t, quick(), refused, full, behind)
	wantError(t, all["refused"].Err, runner.OpLogin, "refused with "+stranger, "ssh -v")
	wantError(t, all["full"].Err, runner.OpExec, "open a session: ", "MaxSessions")
	wantError(t, all["behind"].Err, runner.OpJump, "jump: refuses to connect", "AllowTcpForwarding")
}

func TestSSHDJump(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	bastion, inner := startSSHD(t), startSSHD(t)
	jump, h := bastion.host("bastion"), inner.host("web1")
	h.Jump = &jump
	res := collect(t, runner.Config{Probes: []fleetnet.Probe{probe("a", "a", "echo one")}}, h)["web1"]
	if res.Err != nil || names(res.Snapshot) != "one" {
		t.Errorf("%v, %s", res.Err, names(res.Snapshot))
	}
}

func TestSSHDTooManyKeys(t *testing.T) {
	hermetic(t)
	s := startSSHD(t, "MaxAuthTries 1")
	h := s.host("web1")
	stranger := filepath.Join(t.TempDir(), "stranger")
	writeKey(t, stranger, nil)
	h.IdentityFiles = []string{stranger, s.key}
	wantError(t, collect(t, quick(), h)["web1"].Err, runner.OpLogin, "too many keys for the server: "+stranger, "identity_file")
}

// Login shells that are not sh, and what they print first, do not matter.
func TestSSHDLoginNoise(t *testing.T) {
	hermetic(t)
	s := startSSHD(t, "Banner /etc/os-release", `SetEnv BASH_ENV=/nowhere POSIXLY_CORRECT=1 ENV=/nowhere COLUMNS=20`)
	res := collect(t, runner.Config{Probes: hardProbes()}, s.host("web1"))["web1"]
	if res.Err != nil {
		t.Fatal(res.Err)
	}
	checkHard(t, res)
}
