package lab

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Agent starts an ssh-agent that holds these keys, in this order, with the
// certificates that lie beside them, and returns its socket. It ends with the test.
func (f *Fleet) Agent(keys ...string) string {
	f.t.Helper()
	// Not in the test's folder: the path of a socket must be short.
	dir, err := os.MkdirTemp("", "lab")
	f.must(err)
	f.t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "agent")
	agent := exec.Command("ssh-agent", "-D", "-a", socket)
	f.must(agent.Start())
	f.t.Cleanup(func() {
		agent.Process.Kill()
		agent.Wait()
	})
	f.Wait("ssh-agent", func() bool {
		_, err := os.Stat(socket)
		return err == nil
	})
	for _, key := range keys {
		add := exec.Command("ssh-add", "-q", key)
		add.Env = []string{path, "SSH_AUTH_SOCK=" + socket}
		if out, err := add.CombinedOutput(); err != nil {
			f.t.Fatal(fmt.Errorf("lab: ssh-add %s: %w: %s", key, err, strings.TrimSpace(string(out))))
		}
	}
	return socket
}
