package runner_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// readSettings makes a setting of each line that does not begin with "bad".
func readSettings(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	for in.Next() {
		if !strings.HasPrefix(string(in.Text()), "bad") {
			out.Settings = append(out.Settings, fleetnet.Setting{Name: string(in.Text()), Ref: in.Ref()})
			in.Row()
		}
	}
}

// probe is a probe linux/NAME that fills the table settings.
func probe(name, slot, command string) fleetnet.Probe {
	return fleetnet.Probe{Name: "linux/" + name, OS: "linux", Slot: slot, Tables: []string{"settings"}, Command: command, Read: readSettings}
}

func names(s *fleetnet.Snapshot) string {
	if s == nil {
		return "no snapshot"
	}
	var all []string
	for _, set := range s.Settings {
		all = append(all, set.Name)
	}
	return strings.Join(all, " ")
}

// collect runs hosts and returns their results by name.
func collect(t testing.TB, cfg runner.Config, hosts ...inventory.Host) map[string]runner.Result {
	t.Helper()
	all := map[string]runner.Result{}
	for res := range runner.New(cfg).Run(t.Context(), hosts) {
		all[res.Host.Name] = res
	}
	if len(all) != len(hosts) {
		t.Fatalf("%d results for %d hosts", len(all), len(hosts))
	}
	return all
}

// lab is a server that plays hosts, and what is needed to log in to it.
type lab struct {
	*sshtest.Server
	t          testing.TB
	key        string // private key file
	knownHosts string
}

func newLab(t testing.TB) *lab {
	t.Helper()
	s, err := sshtest.NewServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	dir := t.TempDir()
	l := &lab{Server: s, t: t, key: filepath.Join(dir, "key"), knownHosts: filepath.Join(dir, "known_hosts")}
	writeKey(t, l.key, nil)
	return l
}

// writeKey writes a new private key, encrypted when there is a passphrase, and
// returns the public one.
func writeKey(t testing.TB, path string, passphrase []byte) ssh.PublicKey {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if passphrase != nil {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(private, "", passphrase)
	}
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(pem.EncodeToMemory(block)))
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func appendTo(t testing.TB, path, text string) {
	t.Helper()
	old, _ := os.ReadFile(path)
	write(t, path, string(old)+text)
}

// host plays a host on a port of its own whose key is known.
func (l *lab) host(name string, h sshtest.Host) inventory.Host {
	l.t.Helper()
	addr, err := l.Listen(sshtest.One(h))
	if err != nil {
		l.t.Fatal(err)
	}
	appendTo(l.t, l.knownHosts, l.KnownHosts(addr))
	return l.at(name, addr)
}

// at is the inventory's host at an address.
func (l *lab) at(name, addr string) inventory.Host {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		l.t.Fatal(err)
	}
	n, _ := strconv.Atoi(port)
	return inventory.Host{Name: name, Addr: host, Port: n, User: name, IdentityFiles: []string{l.key}, KnownHosts: []string{l.knownHosts}, Transport: "ssh"}
}

// sound is a host that answers with two rows of the probe linux/a.
func sound() sshtest.Host {
	return sshtest.Host{Answer: sshtest.Sections(sshtest.Framed{Probe: "linux/a", Stdout: "one\ntwo\n"})}
}

// wantError checks the operation, a part of the text and a part of the hint.
func wantError(t testing.TB, err error, op, text, hint string) {
	t.Helper()
	var h *runner.HostError
	if !errors.As(err, &h) {
		t.Fatalf("error %v is not a HostError", err)
	}
	if h.Op != op || !strings.Contains(err.Error(), text) || !strings.Contains(h.Hint, hint) {
		t.Errorf("got  %s | %v | %s\nwant %s | …%s… | …%s…", h.Op, err, h.Hint, op, text, hint)
	}
	if strings.ContainsAny(err.Error(), "\n\x1b") {
		t.Errorf("the error is not printable: %q", err)
	}
}

// noLeaks fails the test when goroutines are left that did not run before it.
func noLeaks(t testing.TB) {
	t.Helper()
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		for range 200 {
			if runtime.NumGoroutine() <= before {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		buf := make([]byte, 1<<20)
		t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
	})
}

// hermetic keeps the caller's keys and agent out of a test.
func hermetic(t *testing.T) {
	t.Helper()
	t.Setenv("SSH_AUTH_SOCK", "")
	t.Setenv("HOME", t.TempDir())
}
