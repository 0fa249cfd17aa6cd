package lab_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
)

// login runs a command on a host through the machine's ssh client.
func login(t *testing.T, f *lab.Fleet, host string, command ...string) (string, error) {
	t.Helper()
	ssh, err := exec.LookPath("ssh")
	if err != nil {
		t.Skip(err)
	}
	cmd := exec.Command(ssh, append([]string{"-F", f.SSHConfig(), host}, command...)...)
	cmd.WaitDelay = 20 * time.Second
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestLogin(t *testing.T) {
	f := lab.New(t, lab.Host{Name: "web1"}, lab.Host{Name: "web2", User: "ops"}, lab.Host{Name: "inner", Jump: "web1"})
	for _, host := range []string{"web1", "web2", "inner"} {
		out, err := login(t, f, host, "hostname; id -un; ls -d /proc/1")
		if err != nil || !strings.HasPrefix(out, host+"\n") {
			t.Errorf("%s: %v: %s", host, err, out)
		}
		if got := f.Changed(host); got != nil {
			t.Errorf("%s: a login changed %q", host, got)
		}
		t.Log(out)
	}
}
