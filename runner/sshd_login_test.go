package runner_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
)

// tool runs a program of OpenSSH that a test needs.
func tool(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v: %s", name, strings.Join(args, " "), err, out)
	}
}

// keygen makes a key with ssh-keygen and returns its file.
func keygen(t *testing.T, name string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	tool(t, nil, "ssh-keygen", append([]string{"-q", "-f", file}, args...)...)
	return file
}

// authorize lets the keys of files log in, and no others.
func (s sshd) authorize(t *testing.T, files ...string) {
	t.Helper()
	var all strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f + ".pub")
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	write(t, filepath.Join(filepath.Dir(s.key), "authorized"), all.String())
}

// startRealAgent runs ssh-agent with the keys of files and returns its socket.
func startRealAgent(t *testing.T, files ...string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "agent") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	cmd := exec.Command("ssh-agent", "-D", "-a", socket)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	waitForSocket(t, socket)
	for _, f := range files {
		tool(t, []string{"SSH_AUTH_SOCK=" + socket}, "ssh-add", "-q", f)
	}
	return socket
}

func mustWork(t *testing.T, what string, cfg runner.Config, hosts ...inventory.Host) {
	t.Helper()
	for name, res := range collect(t, cfg, hosts...) {
		if res.Err != nil {
			t.Errorf("%s: %s: %v", what, name, res.Err)
		}
		hidden(t, res)
	}
}

func TestSSHDKeys(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	s := startSSHD(t)
	t.Setenv("FLEETNET_TEST_PW", secret)
	cfg := patient()
	for _, args := range [][]string{
		{"-t", "ed25519"}, {"-t", "ecdsa"}, {"-t", "rsa", "-b", "2048"}, {"-t", "ecdsa", "-m", "PKCS8"}, {"-t", "rsa", "-b", "2048", "-m", "PEM"},
	} {
		what := strings.Join(args, " ")
		plain, locked := keygen(t, "plain", append(args, "-N", "")...), keygen(t, "locked", append(args, "-N", secret)...)
		s.authorize(t, plain, locked)
		a, b, c := s.host("plain"), s.host("secret"), s.host("asked")
		a.IdentityFiles, b.IdentityFiles, c.IdentityFiles = []string{plain}, []string{locked}, []string{locked}
		b.Passphrase = mustSecret(t, "env:FLEETNET_TEST_PW")
		p := &person{answers: map[string]string{"passphrase of key " + locked: secret}}
		cfg.Ask = p.ask
		if strings.Contains(what, "PKCS8") { // x/crypto cannot decrypt it: the agent can
			mustWork(t, what, cfg, a)
			wantError(t, collect(t, cfg, c)["asked"].Err, runner.OpLogin, locked, "")
			continue
		}
		mustWork(t, what, cfg, a, b, c)
		if len(p.asked) != 1 {
			t.Errorf("%s: asked %q", what, p.asked)
		}
	}
}

// An agent with more keys than sshd has patience for serves when a file says
// which one it is.
func TestSSHDAgentWithManyKeys(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	s := startSSHD(t, "MaxAuthTries 6", "MaxStartups 100")
	var files []string
	for i := range 7 {
		files = append(files, keygen(t, fmt.Sprintf("key%d", i), "-t", "ed25519", "-N", ""))
	}
	rsa := keygen(t, "rsa", "-t", "rsa", "-b", "2048", "-N", "")
	files = append(files, rsa)
	s.authorize(t, files[6], rsa)
	socket := startRealAgent(t, files...)
	t.Setenv("SSH_AUTH_SOCK", socket)
	var hosts []inventory.Host
	for i := range 12 {
		h := s.host(fmt.Sprintf("web%d", i))
		h.IdentityFiles = []string{files[6] + ".pub"}
		switch i % 3 {
		case 1:
			h.IdentityFiles, h.SSH.IdentitiesOnly = []string{rsa + ".pub"}, true
		case 2:
			h.IdentityFiles = []string{files[6]}
		}
		hosts = append(hosts, h)
	}
	mustWork(t, "named", runner.Config{Probes: settingsProbes()}, hosts...)
	lost := s.host("lost")
	lost.IdentityFiles = nil
	wantError(t, collect(t, patient(), lost)["lost"].Err, runner.OpLogin, "too many keys for the server: agent key SHA256:", "set identity_file")

	t.Setenv("SSH_AUTH_SOCK", "")
	own := s.host("own")
	own.IdentityFiles, own.SSH.IdentityAgent = []string{files[6] + ".pub"}, socket
	mustWork(t, "IdentityAgent", patient(), own)
	none := s.host("none")
	none.IdentityFiles, none.SSH.IdentityAgent = []string{files[6] + ".pub"}, "none"
	wantError(t, collect(t, patient(), none)["none"].Err, runner.OpLogin, "its private part is not in the agent", "ssh-add")
}

func TestSSHDCertificates(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	ca := keygen(t, "ca", "-t", "ed25519", "-N", "")
	s := startSSHD(t, "TrustedUserCAKeys "+ca+".pub")
	s.authorize(t) // plain keys do not log in
	for _, kind := range []string{"ed25519", "rsa", "ecdsa"} {
		key := keygen(t, kind, "-t", kind, "-N", "")
		plain := keygen(t, "plain", "-t", "ed25519", "-N", "")
		tool(t, nil, "ssh-keygen", "-q", "-s", ca, "-I", "fleetnet", "-n", "root", "-V", "+1h", key+".pub")
		moved := filepath.Join(t.TempDir(), "cert.pub")
		if err := os.Rename(key+"-cert.pub", moved); err != nil {
			t.Fatal(err)
		}
		bare := startRealAgent(t, key)
		copyFile(t, moved, key+"-cert.pub")
		full := startRealAgent(t, key) // ssh-add takes the certificate along

		host := func(name, identity, certificate, socket string) inventory.Host {
			h := s.host(name)
			h.User, h.SSH.IdentityAgent = "root", socket
			h.IdentityFiles = []string{identity}
			if certificate != "" {
				h.SSH.Certificates = []string{certificate}
			}
			return h
		}
		mustWork(t, kind, patient(),
			host("beside", key, "", ""), host("in-agent", plain, "", full),
			host("named", key, moved, "none"), host("named-agent", plain, moved, bare),
		)
		tool(t, nil, "ssh-keygen", "-q", "-s", ca, "-I", "fleetnet", "-n", "root", "-V", "20200101:20200102", key+".pub")
		wantError(t, collect(t, patient(), host("expired", key, "", "none"))["expired"].Err, runner.OpLogin,
			"certificate "+key+"-cert.pub expired on 2020-01-0", "ssh -v")
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, string(text))
}

// Servers that want two keys, and servers that take RSA only with SHA-1.
func TestSSHDTwoKeysAndSHA1(t *testing.T) {
	hermetic(t)
	first, second := keygen(t, "first", "-t", "ed25519", "-N", ""), keygen(t, "second", "-t", "ecdsa", "-N", "")
	two := startSSHD(t, "AuthenticationMethods publickey,publickey")
	two.authorize(t, first, second)
	h := two.host("web1")
	h.IdentityFiles = []string{two.key, first, second}
	mustWork(t, "two keys", patient(), h)
	h.IdentityFiles = []string{first}
	wantError(t, collect(t, patient(), h)["web1"].Err, runner.OpLogin, "does not suffice; the server takes publickey", "ssh -v")

	rsa := keygen(t, "rsa", "-t", "rsa", "-b", "2048", "-N", "")
	old := startSSHD(t, "PubkeyAcceptedAlgorithms ssh-rsa")
	old.authorize(t, rsa)
	h = old.host("old")
	h.IdentityFiles = []string{rsa}
	wantError(t, collect(t, patient(), h)["old"].Err, runner.OpLogin, "refused with "+rsa, "ssh -v")
	h.SSH.PubkeyAcceptedAlgorithms = "ssh-rsa" // alone: this sshd says that it takes all
	mustWork(t, "SHA-1", patient(), h)
	h.IdentityFiles, h.SSH.IdentityAgent = []string{rsa + ".pub"}, startRealAgent(t, rsa)
	mustWork(t, "SHA-1 by the agent", patient(), h)
}

// waitForSocket waits until somebody listens: the file is there a moment before.
func waitForSocket(t *testing.T, path string) {
	t.Helper()
	for range 1000 {
		if conn, err := net.Dial("unix", path); err == nil {
			conn.Close()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("nothing listens at %s", path)
}

// patient is a run on a machine that may be busy.
func patient() runner.Config { return runner.Config{Probes: settingsProbes()} }
