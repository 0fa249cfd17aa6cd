package runner_test

import (
	"crypto/rand"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
)

// Without a policy for all hosts each has its own, StrictHostKeyChecking.
func TestHostKeyPolicyOfEachHost(t *testing.T) {
	hermetic(t)
	other := writeKey(t, filepath.Join(t.TempDir(), "other"), nil)
	unknown := func(*lab, string) string { return "" }
	known := func(l *lab, addr string) string { return l.KnownHosts(addr) }
	changed := func(_ *lab, addr string) string { return knownhosts.Line([]string{addr}, other) + "\n" }
	revoked := func(l *lab, _ string) string { return "@revoked * " + authorized(l.HostKey()) }
	for _, tt := range []struct {
		strict string
		policy runner.HostKeyPolicy
		lines  func(*lab, string) string
		text   string // of the error; none when empty
		note   string
		added  bool
	}{
		{strict: "", lines: unknown, text: "is not known"},
		{strict: "ask", lines: unknown, text: "is not known"},
		{strict: "yes", lines: unknown, text: "is not known"},
		{strict: "accept-new", lines: unknown, added: true},
		{strict: "accept-new", lines: changed, text: "the key has changed"},
		{strict: "no", lines: known},
		{strict: "no", lines: unknown, added: true},
		{strict: "off", lines: unknown, added: true},
		{strict: "no", lines: changed, note: "the host key is not verified, and taken as StrictHostKeyChecking is no: "},
		{strict: "no", lines: revoked, text: "is revoked by"},
		{strict: "no", policy: runner.HostKeysStrict, lines: unknown, text: "is not known"},
		{strict: "yes", policy: runner.HostKeysAcceptNew, lines: unknown, added: true},
		{strict: "yes", policy: runner.HostKeysOff, lines: unknown, note: "taken as host keys are not checked: "},
		{strict: "yes", policy: runner.HostKeysOff, lines: known},
	} {
		l := newLab(t)
		h := l.host("web1", sound())
		h.SSH.StrictHostKeyChecking = tt.strict
		before := tt.lines(l, addrOf(h))
		write(t, l.knownHosts, before)
		cfg := quick()
		cfg.HostKeys = tt.policy
		// Another host with another policy in the same run changes nothing.
		strict := newLab(t)
		beside := strict.host("web2", sound())
		write(t, strict.knownHosts, "")
		beside.SSH.StrictHostKeyChecking = "accept-new"
		all := collect(t, cfg, h, beside)
		res := all["web1"]
		if tt.policy == "" && all["web2"].Err != nil {
			t.Errorf("beside: %v", all["web2"].Err)
		}
		if tt.text != "" {
			wantError(t, res.Err, runner.OpHostKey, tt.text, "")
		} else if res.Err != nil {
			t.Errorf("%+v: %v", tt, res.Err)
		}
		if got := strings.Join(res.Notes, "\n"); tt.note == "" && got != "" || !strings.Contains(got, tt.note) {
			t.Errorf("%+v: notes %q", tt, got)
		}
		after, _ := os.ReadFile(l.knownHosts)
		if added := string(after) == before+l.KnownHosts(addrOf(h)); added != tt.added || !added && string(after) != before {
			t.Errorf("%+v: known_hosts is %q", tt, after)
		}
	}
}

// A server that may be another one gets no password.
func TestUnverifiedHostGetsNoPassword(t *testing.T) {
	hermetic(t)
	other := writeKey(t, filepath.Join(t.TempDir(), "other"), nil)
	for _, policy := range []runner.HostKeyPolicy{"", runner.HostKeysOff} {
		l := newLab(t)
		var asked atomic.Bool
		l.NoKeys, l.Password = true, func(string, string) bool {
			asked.Store(true)
			return true
		}
		h := l.host("web1", sound())
		h.Password, h.SSH.StrictHostKeyChecking = inventory.PlainSecret("verysecret"), "no"
		cfg := quick()
		cfg.HostKeys = policy
		if res := collect(t, cfg, h)["web1"]; res.Err != nil || !asked.Load() {
			t.Fatalf("%q: with the known key: %v", policy, res.Err)
		}
		asked.Store(false)
		write(t, l.knownHosts, knownhosts.Line([]string{addrOf(h)}, other)+"\n")
		wantError(t, collect(t, cfg, h)["web1"].Err, runner.OpLogin, "no password is sent, as the host key is not verified", "ssh-keygen -f ")
		if asked.Load() {
			t.Errorf("%q: the password was sent", policy)
		}
		write(t, l.knownHosts, "")
		if res := collect(t, cfg, h)["web1"]; res.Err != nil || !asked.Load() {
			t.Errorf("%q: with an unknown key that the user lets pass: %v", policy, res.Err)
		}
	}
}

// HostKeyAlias is the only name that is looked up, as it stands.
func TestHostKeyAlias(t *testing.T) {
	hermetic(t)
	key, authority, _ := hostKeyTypes(t)
	for _, tt := range []struct {
		name, text string
		line       func(l *lab, addr string) string
	}{
		{name: "alias", line: func(l *lab, _ string) string { return "web1-site-a " + authorized(l.HostKey()) }},
		{name: "hashed", line: func(l *lab, _ string) string {
			return knownhosts.HashHostname("web1-site-a") + " " + authorized(l.HostKey())
		}},
		{name: "address", text: "is not known", line: func(l *lab, addr string) string { return l.KnownHosts(addr) }},
		{name: "name", text: "is not known", line: func(l *lab, _ string) string { return "web1 " + authorized(l.HostKey()) }},
		{name: "with a port", text: "is not known", line: func(l *lab, addr string) string {
			_, port, _ := net.SplitHostPort(addr)
			return "[web1-site-a]:" + port + " " + authorized(l.HostKey())
		}},
		{name: "changed", text: "the key has changed", line: func(*lab, string) string { return "web1-site-a " + authorized(key.PublicKey()) }},
	} {
		l := newLab(t)
		h := l.host("web1", sound())
		h.SSH.HostKeyAlias = "Web1-Site-A"
		write(t, l.knownHosts, tt.line(l, addrOf(h)))
		res := collect(t, quick(), h)["web1"]
		if tt.text != "" {
			wantError(t, res.Err, runner.OpHostKey, tt.text, "fleetnet trust web1")
		} else if res.Err != nil {
			t.Errorf("%s: %v", tt.name, res.Err)
		}
	}
	l := newLab(t)
	cert := &ssh.Certificate{Key: key.PublicKey(), CertType: ssh.HostCert, ValidPrincipals: []string{"web1-site-a"}, ValidBefore: ssh.CertTimeInfinity}
	if err := cert.SignCert(rand.Reader, authority); err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewCertSigner(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	h := l.at("web1", playWith(t, sound(), signer))
	write(t, l.knownHosts, "@cert-authority *-site-a "+authorized(authority.PublicKey()))
	h.SSH.HostKeyAlias = "web1-site-a"
	if res := collect(t, quick(), h)["web1"]; res.Err != nil {
		t.Errorf("certificate: %v", res.Err)
	}
	h.SSH.HostKeyAlias = "web2-site-a"
	wantError(t, collect(t, quick(), h)["web1"].Err, runner.OpHostKey, `principal "web2-site-a" not in`, "")
}

// Keys stand in several files, of the user and of the system.
func TestKnownHostsFiles(t *testing.T) {
	hermetic(t)
	home := os.Getenv("HOME")
	dir := t.TempDir()
	first, second, global := filepath.Join(dir, "first"), filepath.Join(dir, "second"), filepath.Join(dir, "global")
	for _, tt := range []struct {
		at, text string
		set      func(*inventory.Host)
	}{
		{at: first}, {at: second}, {at: global},
		{at: filepath.Join(home, ".ssh", "known_hosts"), set: func(h *inventory.Host) { h.KnownHosts = nil }},
		{at: filepath.Join(home, ".ssh", "known_hosts2"), set: func(h *inventory.Host) { h.KnownHosts = nil }},
		{at: filepath.Join(home, ".ssh", "known_hosts"), text: "is not known"},
		{at: global, set: func(h *inventory.Host) { h.KnownHosts = []string{"none"} }},
		{at: first, set: func(h *inventory.Host) { h.KnownHosts = []string{"none"} }, text: "is not known"},
		{at: "", set: func(h *inventory.Host) { h.KnownHosts, h.SSH.StrictHostKeyChecking = []string{"none"}, "accept-new" }, text: "there is no known_hosts file to add it to"},
		{at: "", set: func(h *inventory.Host) {
			h.KnownHosts, h.SSH.StrictHostKeyChecking = []string{"/dev/null"}, "accept-new"
		}},
	} {
		l := newLab(t)
		h := l.host("web1", sound())
		for _, path := range []string{first, second, global, filepath.Join(home, ".ssh", "known_hosts"), filepath.Join(home, ".ssh", "known_hosts2")} {
			_ = os.MkdirAll(filepath.Dir(path), 0o700)
			write(t, path, "")
		}
		h.KnownHosts, h.SSH.GlobalKnownHosts = []string{first, second}, []string{global}
		if tt.set != nil {
			tt.set(&h)
		}
		if tt.at != "" {
			write(t, tt.at, l.KnownHosts(addrOf(h)))
		}
		res := collect(t, quick(), h)["web1"]
		if tt.text != "" {
			wantError(t, res.Err, runner.OpHostKey, tt.text, "")
		} else if res.Err != nil {
			t.Errorf("%s: %v", tt.at, res.Err)
		}
	}
}
