package runner_test

import (
	"crypto/rand"
	"crypto/rsa"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
)

// Servers that speak only some algorithms, and what ssh_config has to say for them.
func TestAlgorithms(t *testing.T) {
	hermetic(t)
	for _, tt := range []struct {
		name       string
		server     ssh.Config
		ssh        inventory.SSH
		text, hint string // no error when empty
	}{
		{name: "nothing is said"},
		{
			name: "an old key exchange", server: ssh.Config{KeyExchanges: []string{"diffie-hellman-group1-sha1"}},
			text: `no common algorithm for key exchange: the server offers only "diffie-hellman-group1-sha1`, hint: "KexAlgorithms +diffie-hellman-group1-sha1",
		},
		{name: "it is allowed", server: ssh.Config{KeyExchanges: []string{"diffie-hellman-group1-sha1"}}, ssh: inventory.SSH{KexAlgorithms: "+diffie-hellman-group1-sha1"}},
		{name: "by a pattern", server: ssh.Config{KeyExchanges: []string{"diffie-hellman-group14-sha1"}}, ssh: inventory.SSH{KexAlgorithms: "+diffie-hellman-*-sha1"}},
		{
			name: "sha1 key exchange is not offered by itself", server: ssh.Config{KeyExchanges: []string{"diffie-hellman-group14-sha1"}},
			text: "for key exchange", hint: "KexAlgorithms +diffie-hellman-group14-sha1",
		},
		{
			name: "an old cipher", server: ssh.Config{Ciphers: []string{"aes128-cbc", "3des-cbc"}},
			text: `no common algorithm for client to server cipher: the server offers only "aes128-cbc, 3des-cbc"`, hint: "Ciphers +aes128-cbc",
		},
		{name: "it is allowed at the head", server: ssh.Config{Ciphers: []string{"aes128-cbc"}}, ssh: inventory.SSH{Ciphers: "^aes128-cbc"}},
		{name: "it is the only one", server: ssh.Config{Ciphers: []string{"aes128-cbc"}}, ssh: inventory.SSH{Ciphers: "rijndael-cbc@lysator.liu.se,aes128-cbc"}},
		{
			name: "an old MAC", server: ssh.Config{Ciphers: []string{"aes128-ctr"}, MACs: []string{"hmac-sha1-96"}},
			text: "for client to server MAC", hint: "MACs +hmac-sha1-96",
		},
		{name: "it is allowed too", server: ssh.Config{Ciphers: []string{"aes128-ctr"}, MACs: []string{"hmac-sha1-96"}}, ssh: inventory.SSH{MACs: "+hmac-sha1-96,umac-64@openssh.com"}},
		{
			name: "a default taken away", server: ssh.Config{Ciphers: []string{"aes256-ctr"}}, ssh: inventory.SSH{Ciphers: "-aes*-ctr"},
			text: "for client to server cipher", hint: "Ciphers +aes256-ctr",
		},
		{
			name: "only ssh's own", ssh: inventory.SSH{KexAlgorithms: "sntrup761x25519-sha512@openssh.com"},
			text: `KexAlgorithms "sntrup761x25519-sha512@openssh.com": none of these is supported`, hint: "ssh_config",
		},
		{name: "ssh's own besides others", ssh: inventory.SSH{KexAlgorithms: "sntrup761x25519-sha512@openssh.com,curve25519-sha256@libssh.org", MACs: "+umac-128@openssh.com"}},
		{
			name: "everything taken away", ssh: inventory.SSH{MACs: "-*"},
			text: `MACs "-*": none of these is supported`, hint: "ssh_config",
		},
		{
			name: "a type of key that the server has not", ssh: inventory.SSH{HostKeyAlgorithms: "ecdsa-sha2-nistp256"},
			text: `for host key: the server offers only "ssh-ed25519"`, hint: "HostKeyAlgorithms +ssh-ed25519",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t)
			l.Algorithms = tt.server
			h := l.host("web1", sound())
			h.SSH = tt.ssh
			res := collect(t, quick(), h)["web1"]
			if tt.text != "" {
				wantError(t, res.Err, runner.OpHandshake, tt.text, tt.hint)
			} else if res.Err != nil || names(res.Snapshot) != "one two" {
				t.Errorf("%v, %s", res.Err, names(res.Snapshot))
			}
		})
	}
}

// onlySHA1 is an RSA key of a server that knows no better signature.
func onlySHA1(t *testing.T) ssh.Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	old, err := ssh.NewSignerWithAlgorithms(signer.(ssh.AlgorithmSigner), []string{ssh.KeyAlgoRSA})
	if err != nil {
		t.Fatal(err)
	}
	return old
}

// A key of RSA in known_hosts is no permission to use SHA-1; HostKeyAlgorithms is.
func TestOldHostKeys(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	key := onlySHA1(t)
	addr := playWith(t, sound(), key)
	write(t, l.knownHosts, knownhosts.Line([]string{addr}, key.PublicKey())+"\n")
	h := l.at("web1", addr)
	wantError(t, collect(t, quick(), h)["web1"].Err, runner.OpHandshake, `for host key: the server offers only "ssh-rsa"`, "HostKeyAlgorithms +ssh-rsa")
	for _, value := range []string{"+ssh-rsa", "ssh-ed25519,ssh-rsa", "^ssh-r*", "+ssh-dss,ssh-rsa"} {
		h.SSH.HostKeyAlgorithms = value
		if res := collect(t, quick(), h)["web1"]; res.Err != nil {
			t.Errorf("%s: %v", value, res.Err)
		}
	}
}

// Allowing SHA-1 does not mean using it where there is better.
func TestOldHostKeysAreTheLast(t *testing.T) {
	hermetic(t)
	s := startSSHD(t, "HostKeyAlgorithms +ssh-rsa")
	h := s.host("web1")
	h.SSH.HostKeyAlgorithms, h.SSH.KexAlgorithms = "+ssh-rsa", "+diffie-hellman-group14-sha1"
	if res := collect(t, quick(), h)["web1"]; res.Err != nil {
		t.Error(res.Err)
	}
	if log := s.log.String(); !strings.Contains(log, "Accepted publickey") || strings.Contains(log, "sha1") {
		t.Error(log)
	}
}

// A real sshd as old devices are: one key of RSA, SHA-1 everywhere.
func TestOldSSHD(t *testing.T) {
	hermetic(t)
	dir := t.TempDir()
	keygen := needProgram(t, "ssh-keygen")
	if out, err := exec.Command(keygen, "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", filepath.Join(dir, "rsa")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	public, err := os.ReadFile(filepath.Join(dir, "rsa.pub"))
	if err != nil {
		t.Fatal(err)
	}
	s := startSSHD(t, "HostKey "+filepath.Join(dir, "rsa"), "HostKeyAlgorithms ssh-rsa", "KexAlgorithms diffie-hellman-group14-sha1", "Ciphers aes128-cbc", "MACs hmac-sha1")
	write(t, s.knownHosts, knownhosts.Normalize(s.addr)+" "+string(public))
	h := s.host("web1")
	wantError(t, collect(t, quick(), h)["web1"].Err, runner.OpHandshake, "no common algorithm for key exchange", "KexAlgorithms +diffie-hellman-group14-sha1")
	h.SSH = inventory.SSH{KexAlgorithms: "+diffie-hellman-group14-sha1", HostKeyAlgorithms: "+ssh-rsa", Ciphers: "+aes128-cbc"}
	if res := collect(t, quick(), h)["web1"]; res.Err != nil {
		t.Error(res.Err)
	}
	behind := s.host("web2")
	behind.SSH, behind.Jump = h.SSH, &h
	if res := collect(t, quick(), behind)["web2"]; res.Err != nil {
		t.Errorf("through itself: %v", res.Err)
	}
}
