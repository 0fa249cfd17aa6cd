package runner_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// Each way of known_hosts to name a host, and each way for its key to be wrong.
func TestHostKeys(t *testing.T) {
	hermetic(t)
	other := writeKey(t, filepath.Join(t.TempDir(), "other"), nil)
	_, ec, _ := hostKeyTypes(t)
	for _, tt := range []struct {
		name           string
		policy         runner.HostKeyPolicy
		lines          func(l *lab, addr, port string) string
		op, text, hint string // no error when empty
	}{
		{name: "plain", lines: func(l *lab, addr, _ string) string { return l.KnownHosts(addr) }},
		{name: "hashed", lines: func(l *lab, addr, _ string) string {
			return knownhosts.HashHostname(knownhosts.Normalize(addr)) + " " + authorized(l.HostKey())
		}},
		{name: "wildcard", lines: func(l *lab, _, port string) string {
			return "!10.*,[127.0.?.*]:" + port + " " + authorized(l.HostKey())
		}},
		{name: "port left out", lines: func(l *lab, _, _ string) string { return "127.0.0.1 " + authorized(l.HostKey()) }},
		{name: "under its name", lines: func(l *lab, _, port string) string { return "[WEB1]:" + port + " " + authorized(l.HostKey()) }},
		{name: "lines that make no sense before it", lines: func(l *lab, addr, _ string) string {
			return "junk\n@odd * ssh-rsa AAAA\n* ssh-dss AAAA\n|1|!|! ssh-rsa AAAA\n# note\n" + l.KnownHosts(addr)
		}},
		{name: "one of several", lines: func(l *lab, addr, _ string) string {
			return knownhosts.Line([]string{addr}, other) + "\n" + l.KnownHosts(addr)
		}},
		{
			name: "unknown", lines: func(*lab, string, string) string { return "" },
			op: runner.OpHostKey, text: "the key ssh-ed25519 SHA256:", hint: "accept-new",
		},
		{
			name: "changed", lines: func(_ *lab, addr, _ string) string { return "# note\n" + knownhosts.Line([]string{addr}, other) + "\n" },
			op: runner.OpHostKey, text: "known_hosts:2 has ssh-ed25519 " + ssh.FingerprintSHA256(other), hint: "ssh-keygen -f ",
		},
		{
			name: "changed is not accepted as new", policy: runner.HostKeysAcceptNew,
			lines: func(_ *lab, addr, _ string) string { return knownhosts.Line([]string{addr}, other) + "\n" },
			op:    runner.OpHostKey, text: "the key has changed", hint: "in between",
		},
		{
			name: "another type is not accepted as new", policy: runner.HostKeysAcceptNew,
			lines: func(_ *lab, addr, _ string) string { return knownhosts.Line([]string{addr}, ec.PublicKey()) + "\n" },
			op:    runner.OpHostKey, text: "the key has changed", hint: "in between",
		},
		{
			name: "revoked", policy: runner.HostKeysAcceptNew,
			lines: func(l *lab, addr, _ string) string {
				return "@revoked * " + authorized(l.HostKey()) + l.KnownHosts(addr)
			},
			op: runner.OpHostKey, text: "is revoked by ", hint: "replaced",
		},
		{
			name: "negated", lines: func(l *lab, _, port string) string {
				return "[127.*]:" + port + ",![127.0.0.1]:" + port + " " + authorized(l.HostKey())
			},
			op: runner.OpHostKey, text: "is not known", hint: "accept-new",
		},
		{
			name: "authority without a certificate", lines: func(_ *lab, _, port string) string {
				return "@cert-authority [127.0.0.1]:" + port + " " + authorized(other)
			},
			op: runner.OpHostKey, text: "is not known", hint: "fleetnet trust web1",
		},
		{name: "off", policy: runner.HostKeysOff, lines: func(_ *lab, addr, _ string) string { return knownhosts.Line([]string{addr}, other) + "\n" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t)
			h := l.host("web1", sound())
			addr := addrOf(h)
			_, port, _ := net.SplitHostPort(addr)
			write(t, l.knownHosts, tt.lines(l, addr, port))
			cfg := quick()
			cfg.HostKeys = tt.policy
			before, _ := os.ReadFile(l.knownHosts)
			res := collect(t, cfg, h)["web1"]
			if after, _ := os.ReadFile(l.knownHosts); string(after) != string(before) {
				t.Errorf("known_hosts was changed: %s", after)
			}
			if tt.op != "" {
				wantError(t, res.Err, tt.op, tt.text, tt.hint)
			} else if res.Err != nil || names(res.Snapshot) != "one two" {
				t.Errorf("%v, %s", res.Err, names(res.Snapshot))
			}
		})
	}
}

func authorized(key ssh.PublicKey) string { return string(ssh.MarshalAuthorizedKey(key)) }

func addrOf(h inventory.Host) string { return net.JoinHostPort(h.Addr, strconv.Itoa(h.Port)) }

// hostKeyTypes returns a key of each type.
func hostKeyTypes(t *testing.T) (ed, ec, rs ssh.Signer) {
	t.Helper()
	_, a, err1 := ed25519.GenerateKey(rand.Reader)
	b, err2 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	c, err3 := rsa.GenerateKey(rand.Reader, 2048)
	ed, err4 := ssh.NewSignerFromKey(a)
	ec, err5 := ssh.NewSignerFromKey(b)
	rs, err6 := ssh.NewSignerFromKey(c)
	if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
		t.Fatal(err)
	}
	return ed, ec, rs
}

// playWith plays a host that shows these keys and returns its address.
func playWith(t *testing.T, h sshtest.Host, keys ...ssh.Signer) string {
	t.Helper()
	s, err := sshtest.NewServer(keys...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	addr, err := s.Listen(sshtest.One(h))
	if err != nil {
		t.Fatal(err)
	}
	return addr
}

// A new key is remembered once, whoever comes first, and then holds.
func TestAcceptNew(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	h := l.host("web1", sound())
	l.knownHosts = filepath.Join(t.TempDir(), "new", "known_hosts")
	var hosts []inventory.Host
	for i := range 20 {
		one := h
		one.Name, one.KnownHosts = "web"+strconv.Itoa(i), []string{l.knownHosts}
		hosts = append(hosts, one)
	}
	cfg := quick()
	cfg.HostKeys = runner.HostKeysAcceptNew
	for name, res := range collect(t, cfg, hosts...) {
		if res.Err != nil {
			t.Errorf("%s: %v", name, res.Err)
		}
	}
	text, err := os.ReadFile(l.knownHosts)
	if err != nil || string(text) != l.KnownHosts(addrOf(h)) {
		t.Errorf("%v, known_hosts is %q", err, text)
	}
	if st, err := os.Stat(l.knownHosts); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
	cfg.HostKeys = runner.HostKeysStrict
	if res := collect(t, cfg, hosts[0])["web0"]; res.Err != nil {
		t.Error(res.Err)
	}
}

// A file whose names are hashed gets a hashed name, on a line of its own.
func TestAcceptNewHashesAmongHashed(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	h := l.host("web1", sound())
	write(t, l.knownHosts, knownhosts.HashHostname("other")+" "+strings.TrimSpace(authorized(l.HostKey())))
	cfg := quick()
	cfg.HostKeys = runner.HostKeysAcceptNew
	if res := collect(t, cfg, h)["web1"]; res.Err != nil {
		t.Fatal(res.Err)
	}
	text, _ := os.ReadFile(l.knownHosts)
	if n := strings.Count(string(text), "\n|1|"); n != 1 || !strings.HasSuffix(string(text), "\n") {
		t.Errorf("known_hosts is %q", text)
	}
}

// The server shows the key that is known, although it has others.
func TestAlgorithmsFollowKnownHosts(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	ed, ec, rs := hostKeyTypes(t)
	addr := playWith(t, sound(), ed, ec, rs)
	for _, key := range []ssh.Signer{ed, ec, rs} {
		write(t, l.knownHosts, knownhosts.Line([]string{addr}, key.PublicKey())+"\n")
		if res := collect(t, quick(), l.at("web1", addr))["web1"]; res.Err != nil {
			t.Errorf("%s: %v", key.PublicKey().Type(), res.Err)
		}
	}
}

// A certificate counts when the authority is known for the host and the host
// is one of its principals.
func TestHostCertificates(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	key, authority, _ := hostKeyTypes(t)
	for _, tt := range []struct{ principal, names, text string }{
		{"127.0.0.1", "*", ""},
		{"web1", "*", ""},
		{"other", "*", `principal "127.0.0.1" not in`},
		{"127.0.0.1", "10.0.0.1", "is not known"},
	} {
		cert := &ssh.Certificate{Key: key.PublicKey(), CertType: ssh.HostCert, ValidPrincipals: []string{tt.principal}, ValidBefore: ssh.CertTimeInfinity}
		if err := cert.SignCert(rand.Reader, authority); err != nil {
			t.Fatal(err)
		}
		signer, err := ssh.NewCertSigner(cert, key)
		if err != nil {
			t.Fatal(err)
		}
		addr := playWith(t, sound(), signer, key)
		_, port, _ := net.SplitHostPort(addr)
		write(t, l.knownHosts, "@cert-authority ["+tt.names+"]:"+port+" "+authorized(authority.PublicKey()))
		res := collect(t, quick(), l.at("web1", addr))["web1"]
		if tt.text != "" {
			wantError(t, res.Err, runner.OpHostKey, tt.text, "")
		} else if res.Err != nil {
			t.Errorf("%+v: %v", tt, res.Err)
		}
	}
}
