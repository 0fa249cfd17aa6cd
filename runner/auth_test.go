package runner_test

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
)

func onlyKey(allowed ssh.PublicKey) func(string, ssh.PublicKey) bool {
	return func(_ string, key ssh.PublicKey) bool { return string(key.Marshal()) == string(allowed.Marshal()) }
}

func TestUsualKeysAreOffered(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	home, _ := os.UserHomeDir()
	if err := os.Mkdir(filepath.Join(home, ".ssh"), 0o700); err != nil {
		t.Fatal(err)
	}
	l.Authorized = onlyKey(writeKey(t, filepath.Join(home, ".ssh", "id_ed25519"), nil))
	h := l.host("web1", sound())
	h.IdentityFiles = nil
	if res := collect(t, quick(), h)["web1"]; res.Err != nil {
		t.Error(res.Err)
	}
}

func TestKeysThatCannotBeUsed(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	dir := t.TempDir()
	locked := filepath.Join(dir, "locked")
	writeKey(t, locked, []byte("secret"))
	write(t, filepath.Join(dir, "junk"), "junk")
	h := l.host("web1", sound())
	for _, tt := range []struct {
		files []string
		text  string
	}{
		{[]string{locked}, "no key to offer; key " + locked + " is encrypted and not in the agent"},
		{[]string{filepath.Join(dir, "none")}, "no key to offer; key open " + filepath.Join(dir, "none") + ": no such file or directory"},
		{[]string{filepath.Join(dir, "junk")}, "no key to offer; key " + filepath.Join(dir, "junk") + ": no key found"},
	} {
		h.IdentityFiles = tt.files
		wantError(t, collect(t, quick(), h)["web1"].Err, runner.OpLogin, tt.text, "ssh-agent")
	}
	h.IdentityFiles = []string{locked, filepath.Join(dir, "none"), l.key}
	if res := collect(t, quick(), h)["web1"]; res.Err != nil {
		t.Errorf("one good key of three: %v", res.Err)
	}
}

// busyAgent is an agent that cannot bear two signatures at a time.
type busyAgent struct {
	agent.Agent
	signing, lists atomic.Int32
	clash          atomic.Bool
	hang           chan struct{} // signing waits for it, when there is one
}

func (a *busyAgent) List() ([]*agent.Key, error) {
	a.lists.Add(1)
	return a.Agent.List()
}

func (a *busyAgent) Sign(key ssh.PublicKey, data []byte) (*ssh.Signature, error) {
	if a.signing.Add(1) > 1 {
		a.clash.Store(true)
	}
	defer a.signing.Add(-1)
	if a.hang != nil {
		<-a.hang
	}
	time.Sleep(time.Millisecond)
	return a.Agent.Sign(key, data)
}

// startAgent serves an agent that holds the key of a file.
func startAgent(t *testing.T, key string, passphrase []byte) *busyAgent {
	t.Helper()
	text, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := ssh.ParseRawPrivateKey(text)
	if passphrase != nil {
		private, err = ssh.ParseRawPrivateKeyWithPassphrase(text, passphrase)
	}
	if err != nil {
		t.Fatal(err)
	}
	a := &busyAgent{Agent: agent.NewKeyring()}
	if err := a.Add(agent.AddedKey{PrivateKey: private}); err != nil {
		t.Fatal(err)
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
				_ = agent.ServeAgent(a, conn)
				conn.Close()
			}()
		}
	}()
	t.Setenv("SSH_AUTH_SOCK", socket)
	return a
}

func TestAgentIsSharedGently(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	locked := filepath.Join(t.TempDir(), "locked")
	l.Authorized = onlyKey(writeKey(t, locked, []byte("secret")))
	a := startAgent(t, locked, []byte("secret"))
	var hosts []inventory.Host
	for i := range 30 {
		h := l.host("web"+strconv.Itoa(i), sound())
		h.IdentityFiles = []string{l.key, locked} // the agent alone can use the second
		if i%2 == 0 {
			h.IdentityFiles = nil
		}
		hosts = append(hosts, h)
	}
	for name, res := range collect(t, runner.Config{Probes: settingsProbes()}, hosts...) {
		if res.Err != nil {
			t.Errorf("%s: %v", name, res.Err)
		}
	}
	if a.clash.Load() || a.lists.Load() != 1 {
		t.Errorf("signatures at the same time: %v; asked for keys %d times", a.clash.Load(), a.lists.Load())
	}
}

// An agent that waits for a touch that does not come must not hang the run.
func TestAgentThatHangs(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	a := startAgent(t, l.key, nil)
	a.hang = make(chan struct{})
	h := l.host("web1", sound())
	h.IdentityFiles = nil
	start := time.Now()
	wantError(t, collect(t, quick(), h)["web1"].Err, runner.OpLogin, "no end within 1s, in the login", "")
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("it took %v", d)
	}
	close(a.hang)
}

func TestAgentThatIsNotThere(t *testing.T) {
	hermetic(t)
	t.Setenv("SSH_AUTH_SOCK", filepath.Join(t.TempDir(), "none"))
	l := newLab(t)
	h := l.host("web1", sound())
	if res := collect(t, quick(), h)["web1"]; res.Err != nil {
		t.Errorf("the key of the file suffices: %v", res.Err)
	}
	h.IdentityFiles = nil
	res := collect(t, quick(), h)["web1"]
	wantError(t, res.Err, runner.OpLogin, "no key to offer; ssh-agent: dial unix", "ssh-agent")
	if strings.Count(res.Err.Error(), ";") != 2 {
		t.Errorf("usual files that are not there need no word: %v", res.Err)
	}
}
