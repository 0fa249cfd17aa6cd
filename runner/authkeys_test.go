package runner_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// shownKeys remembers the keys that a server is shown, and takes some of them.
type shownKeys struct {
	mu    sync.Mutex
	keys  []string // fingerprints, with "cert" before those of certificates
	takes []ssh.PublicKey
}

func (s *shownKeys) authorized(_ string, key ssh.PublicKey) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name := nameOfKey(key); len(s.keys) == 0 || s.keys[len(s.keys)-1] != name { // x/crypto asks again for the signature
		s.keys = append(s.keys, name)
	}
	return slices.ContainsFunc(s.takes, func(k ssh.PublicKey) bool { return string(k.Marshal()) == string(key.Marshal()) })
}

func nameOfKey(key ssh.PublicKey) string {
	if cert, ok := key.(*ssh.Certificate); ok {
		return "cert " + ssh.FingerprintSHA256(cert.Key)
	}
	return ssh.FingerprintSHA256(key)
}

func namesOf(keys ...ssh.PublicKey) []string {
	var names []string
	for _, k := range keys {
		names = append(names, nameOfKey(k))
	}
	return names
}

// privateKey reads the private key of a file.
func privateKey(t testing.TB, path, passphrase string) crypto.PrivateKey {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.ParseRawPrivateKey(text)
	if passphrase != "" {
		key, err = ssh.ParseRawPrivateKeyWithPassphrase(text, []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// serveAgent serves an agent that holds these keys, and returns its socket.
func serveAgent(t testing.TB, keys ...agent.AddedKey) string {
	t.Helper()
	ring := agent.NewKeyring()
	for _, k := range keys {
		if err := ring.Add(k); err != nil {
			t.Fatal(err)
		}
	}
	socket := filepath.Join(t.TempDir(), "agent")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				_ = agent.ServeAgent(ring, conn)
				conn.Close()
			}()
		}
	}()
	return socket
}

// certify writes a certificate of a key and returns it.
func certify(t testing.TB, path string, key ssh.PublicKey, until time.Time) *ssh.Certificate {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert := &ssh.Certificate{Key: key, CertType: ssh.UserCert, ValidPrincipals: []string{"web1"}, ValidBefore: uint64(until.Unix())}
	if err := cert.SignCert(rand.Reader, ca); err != nil {
		t.Fatal(err)
	}
	write(t, path, string(ssh.MarshalAuthorizedKey(cert)))
	return cert
}

func TestPassphrases(t *testing.T) {
	hermetic(t)
	t.Setenv("FLEETNET_TEST_PW", secret)
	t.Setenv("FLEETNET_TEST_WRONG", "wr0ng")
	file := filepath.Join(t.TempDir(), "locked")
	public := writeKey(t, file, []byte(secret))
	write(t, file+".passphrase", secret+"\n")
	taken := func(l *lab, _ *gatekeeper) { l.Authorized = onlyKey(public) }
	locked := func(passphrase string) func(h *inventory.Host) {
		return func(h *inventory.Host) {
			h.IdentityFiles = []string{file}
			if passphrase != "" {
				h.Passphrase = mustSecret(t, passphrase)
			}
		}
	}
	question := "passphrase of key " + file
	for _, tt := range []loginTest{
		{name: "env", server: taken, host: locked("env:FLEETNET_TEST_PW")},
		{name: "cmd", server: taken, host: locked("cmd:cat " + file + ".passphrase")},
		{
			name: "wrong", server: taken, host: locked("env:FLEETNET_TEST_WRONG"), person: &person{},
			err: `user "web1": key ` + file + ": the passphrase is wrong",
		},
		{
			name: "not to be had", server: taken, host: locked("env:FLEETNET_TEST_NO_SUCH"), person: &person{},
			err: question + ": the environment variable FLEETNET_TEST_NO_SUCH is not set", hint: "export FLEETNET_TEST_NO_SUCH",
		},
		{
			name: "asked for", server: taken, host: locked(""), person: &person{answers: map[string]string{"passphrase": secret}},
			asked: []string{question + " echo=false"},
		},
		{
			name: "asked for by name", server: taken, host: locked("ask"), person: &person{answers: map[string]string{"passphrase": secret}},
			asked: []string{question + " echo=false"},
		},
		{
			name: "mistyped", server: taken, host: locked(""), person: &person{answers: map[string]string{"that was not it": secret, question: "wr0ng"}},
			asked: []string{question + " echo=false", question + ", that was not it echo=false"},
		},
		{
			name: "mistyped three times", server: taken, host: locked(""), person: &person{answers: map[string]string{"passphrase": "wr0ng"}},
			asked: []string{question + " echo=false", question + ", that was not it echo=false", question + ", that was not it echo=false"},
			err:   question + ": wrong 3 times",
		},
		{name: "nobody to ask", server: taken, host: locked(""), err: "no key to offer; key " + file + " is encrypted and not in the agent", hint: "ssh-add"},
		{
			name: "batch mode", server: taken, host: func(h *inventory.Host) { locked("")(h); h.SSH.BatchMode = true }, person: &person{},
			err: "no key to offer; key " + file + " is encrypted and not in the agent", hint: "ssh-add",
		},
		{name: "not needed", server: func(l *lab, _ *gatekeeper) {
			l.Authorized = nobody
		}, host: locked("ask"), person: &person{}, err: "refused with " + file},
	} {
		t.Run(tt.name, func(t *testing.T) {
			noLeaks(t)
			tt.run(t)
		})
	}
}

// A passphrase is asked for once, and only when no other key serves.
func TestPassphraseIsAskedForOnce(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	l := newLab(t)
	file := filepath.Join(t.TempDir(), "locked")
	l.Authorized = onlyKey(writeKey(t, file, []byte(secret)))
	hosts := l.many(30, func(_ int, h *inventory.Host) { h.IdentityFiles = []string{l.key, file} })
	p := &person{answers: map[string]string{"passphrase": secret}}
	if ok, _, _ := outcomes(t, collect(t, runner.Config{Probes: settingsProbes(), Ask: p.ask}, hosts...)); ok != 30 || len(p.asked) != 1 {
		t.Errorf("%d hosts of 30; asked %q", ok, p.asked)
	}
	l.Authorized = nil
	p.asked = nil
	if ok, _, _ := outcomes(t, collect(t, runner.Config{Probes: settingsProbes(), Ask: p.ask}, hosts...)); ok != 30 || p.asked != nil {
		t.Errorf("the first key serves: %d hosts of 30; asked %q", ok, p.asked)
	}
}

// An encrypted key in the old format does not tell its public part: it is tried
// after all others.
func TestOldEncryptedKey(t *testing.T) {
	hermetic(t)
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	//lint:ignore SA1019 ssh-keygen -m PEM writes this, and people have it
	block, err := x509.EncryptPEMBlock(rand.Reader, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(private), []byte(secret), x509.PEMCipherAES128)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "old")
	write(t, file, string(pem.EncodeToMemory(block)))
	public, err := ssh.NewPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "other")
	otherKey := writeKey(t, other, nil)
	seen := &shownKeys{takes: []ssh.PublicKey{public}}
	loginTest{
		server: func(l *lab, _ *gatekeeper) { l.Authorized = seen.authorized },
		host:   func(h *inventory.Host) { h.IdentityFiles = []string{file, other} },
		person: &person{answers: map[string]string{"passphrase of key " + file: secret}}, asked: []string{"passphrase of key " + file + " echo=false"},
	}.run(t)
	if !slices.Equal(seen.keys, namesOf(otherKey, public)) {
		t.Errorf("shown %q", seen.keys)
	}
}

// A key that cannot sign does not keep the next one from its turn.
func TestKeyThatCannotSign(t *testing.T) {
	hermetic(t)
	locked, good := filepath.Join(t.TempDir(), "locked"), filepath.Join(t.TempDir(), "good")
	keys := []ssh.PublicKey{writeKey(t, locked, []byte(secret)), writeKey(t, good, nil)}
	seen := &shownKeys{takes: keys}
	loginTest{
		server: func(l *lab, _ *gatekeeper) { l.Authorized = seen.authorized },
		host: func(h *inventory.Host) {
			h.IdentityFiles, h.Passphrase = []string{locked, good}, inventory.PlainSecret("wr0ng")
		},
	}.run(t)
	if !slices.Equal(seen.keys, namesOf(keys...)) {
		t.Errorf("shown %q", seen.keys)
	}
}

// Keys are shown in ssh's order, each once.
func TestOrderOfKeys(t *testing.T) {
	hermetic(t)
	dir := t.TempDir()
	var files []string
	var keys []ssh.PublicKey
	for i := range 4 {
		files = append(files, filepath.Join(dir, fmt.Sprintf("key%d", i)))
		keys = append(keys, writeKey(t, files[i], nil))
	}
	home, _ := os.UserHomeDir()
	if err := os.Mkdir(filepath.Join(home, ".ssh"), 0o700); err != nil {
		t.Fatal(err)
	}
	usual := writeKey(t, filepath.Join(home, ".ssh", "id_ed25519"), nil)
	held := func(i int) agent.AddedKey { return agent.AddedKey{PrivateKey: privateKey(t, files[i], "")} }
	socket := serveAgent(t, held(3), held(1))
	write(t, files[3]+".pub", authorized(keys[3]))
	for _, tt := range []struct {
		name string
		host func(*inventory.Host)
		want []ssh.PublicKey
	}{
		{"the agent's and the usual ones", func(h *inventory.Host) { h.IdentityFiles = nil }, []ssh.PublicKey{keys[3], keys[1], usual}},
		{"only the usual ones", func(h *inventory.Host) { h.IdentityFiles, h.SSH.IdentitiesOnly = nil, true }, []ssh.PublicKey{usual}},
		{"files first, those that the agent holds before", func(h *inventory.Host) { h.IdentityFiles = files[:2] }, []ssh.PublicKey{keys[1], keys[0], keys[3]}},
		{"only the files", func(h *inventory.Host) { h.IdentityFiles, h.SSH.IdentitiesOnly = files[:2], true }, []ssh.PublicKey{keys[1], keys[0]}},
		{"a public key tells the agent's", func(h *inventory.Host) { h.IdentityFiles, h.SSH.IdentitiesOnly = []string{files[3] + ".pub"}, true }, []ssh.PublicKey{keys[3]}},
		{"no agent", func(h *inventory.Host) { h.IdentityFiles, h.SSH.IdentityAgent = files[:1], "none" }, []ssh.PublicKey{keys[0]}},
		{"no files", func(h *inventory.Host) { h.IdentityFiles = []string{"none"} }, []ssh.PublicKey{keys[3], keys[1]}},
	} {
		seen := &shownKeys{}
		t.Setenv("SSH_AUTH_SOCK", socket)
		l := newLab(t)
		l.Authorized = seen.authorized
		h := l.host("web1", sound())
		tt.host(&h)
		wantError(t, collect(t, patient(), h)["web1"].Err, runner.OpLogin, "refused", "")
		if !slices.Equal(seen.keys, namesOf(tt.want...)) {
			t.Errorf("%s: shown %q, want %q", tt.name, seen.keys, namesOf(tt.want...))
		}
	}
	loginTest{ // no key of any kind
		server: func(l *lab, _ *gatekeeper) {},
		host:   func(h *inventory.Host) { h.SSH.NoPubkey = true },
		err:    "no key to offer; the server takes publickey; PubkeyAuthentication is no here",
		hint:   "turns off all that the server takes",
	}.run(t)
}

// Hosts may have agents of their own.
func TestIdentityAgent(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	l := newLab(t)
	files := manyKeys(t, 3)
	sockets := []string{
		serveAgent(t, agent.AddedKey{PrivateKey: privateKey(t, files[0], "")}), serveAgent(t, agent.AddedKey{PrivateKey: privateKey(t, files[1], "")}),
		filepath.Join(t.TempDir(), "none"),
	}
	seen := &shownKeys{}
	l.Authorized = func(user string, key ssh.PublicKey) bool {
		seen.authorized(user, key)
		return user != "web2"
	}
	hosts := l.many(3, func(i int, h *inventory.Host) {
		h.User, h.IdentityFiles, h.SSH.IdentityAgent = h.Name, nil, sockets[i]
	})
	cfg := patient()
	cfg.Concurrency = 1
	all := collect(t, cfg, hosts...)
	for i, name := range []string{"web0", "web1"} {
		want := ssh.FingerprintSHA256(mustPublic(t, privateKey(t, files[i], "")))
		if all[name].Err != nil || !slices.Contains(seen.keys, want) {
			t.Errorf("%s: %v, shown %q, want %s", name, all[name].Err, seen.keys, want)
		}
	}
	wantError(t, all["web2"].Err, runner.OpLogin, "ssh-agent: dial unix "+sockets[2], "ssh-add")
}

func mustPublic(t testing.TB, private crypto.PrivateKey) ssh.PublicKey {
	t.Helper()
	s, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return s.PublicKey()
}

// A certificate is shown before its key, whether it stands beside the key, is
// named, or is in the agent.
func TestCertificates(t *testing.T) {
	hermetic(t)
	dir := t.TempDir()
	file, elsewhere, old, hostile := filepath.Join(dir, "key"), filepath.Join(dir, "elsewhere.pub"), filepath.Join(dir, "old.pub"), filepath.Join(dir, "hostile.pub")
	public := writeKey(t, file, nil)
	cert := certify(t, elsewhere, public, time.Now().Add(time.Hour))
	certify(t, old, public, time.Unix(1e9, 0))
	certify(t, hostile, writeKey(t, filepath.Join(dir, "other"), nil), time.Now().Add(time.Hour))
	beside := filepath.Join(dir, "beside")
	besideKey := writeKey(t, beside, nil)
	besideCert := certify(t, beside+"-cert.pub", besideKey, time.Now().Add(time.Hour))
	bare := agent.AddedKey{PrivateKey: privateKey(t, file, "")}
	for _, tt := range []struct {
		name  string
		agent []agent.AddedKey
		host  func(*inventory.Host)
		want  []ssh.PublicKey
		text  string
	}{
		{name: "beside", host: func(h *inventory.Host) { h.IdentityFiles = []string{beside} }, want: []ssh.PublicKey{besideCert, besideKey}},
		{
			name: "named", host: func(h *inventory.Host) {
				h.IdentityFiles, h.SSH.Certificates = []string{beside, file}, []string{elsewhere}
			},
			want: []ssh.PublicKey{cert, besideKey, public},
		},
		{
			name: "named, key in the agent", agent: []agent.AddedKey{bare},
			host: func(h *inventory.Host) { h.IdentityFiles, h.SSH.Certificates = nil, []string{elsewhere} }, want: []ssh.PublicKey{cert, public},
		},
		{
			name: "in the agent", agent: []agent.AddedKey{bare, {PrivateKey: bare.PrivateKey, Certificate: cert}},
			host: func(h *inventory.Host) { h.IdentityFiles, h.SSH.IdentitiesOnly = []string{file}, true }, want: []ssh.PublicKey{cert, public},
		},
		{
			name: "expired", host: func(h *inventory.Host) { h.IdentityFiles, h.SSH.Certificates = []string{file}, []string{old} },
			want: []ssh.PublicKey{public}, text: "certificate " + old + " expired on 2001-09-09",
		},
		{
			name: "another key's", host: func(h *inventory.Host) { h.IdentityFiles, h.SSH.Certificates = []string{file}, []string{hostile} },
			want: []ssh.PublicKey{public}, text: "certificate " + hostile + ": its key is neither in a file nor in the agent",
		},
		{
			name: "no certificate", host: func(h *inventory.Host) { h.IdentityFiles, h.SSH.Certificates = []string{file}, []string{file} },
			want: []ssh.PublicKey{public}, text: "certificate " + file + ": ",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("SSH_AUTH_SOCK", serveAgent(t, tt.agent...))
			seen := &shownKeys{}
			l := newLab(t)
			l.Authorized = seen.authorized
			h := l.host("web1", sound())
			tt.host(&h)
			wantError(t, collect(t, patient(), h)["web1"].Err, runner.OpLogin, tt.text, "")
			if !slices.Equal(seen.keys, namesOf(tt.want...)) {
				t.Errorf("shown %q, want %q", seen.keys, namesOf(tt.want...))
			}
			seen.takes = tt.want[:1] // and it signs, too
			if res := collect(t, patient(), h)["web1"]; res.Err != nil {
				t.Errorf("%s: %v", tt.name, res.Err)
			}
		})
	}
}

// Signatures with SHA-1 are made only for who asks for them.
func TestAlgorithmsOfKeys(t *testing.T) {
	hermetic(t)
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "rsa")
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, string(pem.EncodeToMemory(block)))
	server := func(algorithms ...string) func(*lab, *gatekeeper) {
		return func(l *lab, _ *gatekeeper) { l.SignatureAlgorithms = algorithms }
	}
	accepting := func(list string) func(*inventory.Host) {
		return func(h *inventory.Host) { h.IdentityFiles, h.SSH.PubkeyAcceptedAlgorithms = []string{file}, list }
	}
	for _, socket := range []string{"", serveAgent(t, agent.AddedKey{PrivateKey: private})} {
		t.Setenv("SSH_AUTH_SOCK", socket)
		for _, tt := range []loginTest{
			{name: "new", server: server(), host: accepting("")},
			{name: "256", server: server(ssh.KeyAlgoRSASHA256), host: accepting("")},
			{name: "512", server: server(ssh.KeyAlgoRSASHA512), host: accepting("")},
			{name: "old", server: server(ssh.KeyAlgoRSA), host: accepting(""), err: "the server takes RSA keys only with SHA-1, which is off", hint: "PubkeyAcceptedAlgorithms +ssh-rsa"},
			{name: "old and allowed", server: server(ssh.KeyAlgoRSA), host: accepting("+ssh-rsa")},
			{name: "no RSA", server: server(), host: accepting("-rsa-*"), err: "rsa is not shown: PubkeyAcceptedAlgorithms leaves out ssh-rsa"},
			{name: "nonsense", server: server(), host: accepting("nonsense"), err: `PubkeyAcceptedAlgorithms "nonsense": none of these is supported`},
		} {
			t.Run(tt.name, tt.run)
		}
	}
}

// A key on a security key is of use only through the agent, which is said.
func TestSecurityKeys(t *testing.T) {
	hermetic(t)
	kind := "sk-ssh-ed25519@openssh.com"
	public := ssh.Marshal(struct {
		Kind, Key, Application string
	}{kind, strings.Repeat("k", 32), "ssh:"})
	file := filepath.Join(t.TempDir(), "id_ed25519_sk")
	text := append([]byte("openssh-key-v1\x00"), ssh.Marshal(struct {
		Cipher, KDF, Options string
		Keys                 uint32
		Public, Private      []byte
	}{"none", "none", "", 1, public, append([]byte("\x00\x00\x00\x01\x00\x00\x00\x01"), ssh.Marshal(struct{ Kind, Rest string }{kind, "x"})...)})...)
	write(t, file, string(pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY", Bytes: text})))
	loginTest{
		server: func(l *lab, _ *gatekeeper) {}, host: func(h *inventory.Host) { h.IdentityFiles = []string{file} },
		err: "key " + file + " is on a security key (FIDO), which only the agent can use", hint: "ssh-add",
	}.run(t)
}

// What the server says of its methods is quoted safely.
func TestRefusalsSayWhatTheServerTakes(t *testing.T) {
	hermetic(t)
	loginTest{
		server: func(l *lab, g *gatekeeper) { l.Authorized, l.Password, l.Converse = nobody, g.check, sshtest.Prompts() },
		err:    "; the server takes password, publickey, keyboard-interactive", hint: "ssh -v web1@127.0.0.1 -p ",
	}.run(t)
}
