package lab_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
)

// remains is what a fleet could leave behind.
type remains struct {
	link       string   // of the test process
	namespaces []string // of the hosts' networks
}

// remainsOf is to be called while f stands.
func remainsOf(t *testing.T, f *lab.Fleet, hosts []lab.Host) remains {
	t.Helper()
	route, err := exec.Command("ip", "-o", "route", "get", f.Gateway().String()).Output()
	if err != nil {
		t.Fatal(err)
	}
	_, link, _ := strings.Cut(string(route), "dev ")
	r := remains{link: strings.Fields(link)[0]}
	for _, h := range hosts {
		ns, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(f.PID(h.Name)), "ns/net"))
		if err != nil {
			t.Fatal(err)
		}
		r.namespaces = append(r.namespaces, ns)
	}
	return r
}

// found lists what of r is still there.
func (r remains) found() []string {
	var found []string
	if _, err := net.InterfaceByName(r.link); err == nil {
		found = append(found, r.link)
	}
	paths, _ := filepath.Glob("/proc/[0-9]*/ns/net")
	for _, path := range paths {
		if ns, err := os.Readlink(path); err == nil && slices.Contains(r.namespaces, ns) {
			found = append(found, path)
		}
	}
	return found
}

func manyHosts(n int) []lab.Host {
	hosts := make([]lab.Host, n)
	for i := range hosts {
		hosts[i] = lab.Host{Name: fmt.Sprintf("web%d", i+1)}
	}
	return hosts
}

// TestNothingLeft takes down a fleet with faults in it.
func TestNothingLeft(t *testing.T) {
	lab.Require(t)
	var r remains
	t.Run("fleet", func(t *testing.T) {
		hosts := manyHosts(12)
		begin := time.Now()
		f := lab.New(t, hosts...)
		t.Logf("%d hosts in %v", len(hosts), time.Since(begin).Round(time.Millisecond))
		f.Plant("web1", lab.CloseWaitLeak(5), lab.SynSent(5))
		f.FreezeSSHD("web2")
		r = remainsOf(t, f, hosts)
		if len(r.found()) < 1+len(hosts) {
			t.Fatalf("only %q of a standing fleet are found", r.found())
		}
	})
	if found := r.found(); found != nil {
		t.Errorf("still there: %q", found)
	}
}

// standing, in the environment, has TestStanding keep a fleet up forever.
const standing = "FLEETNET_LAB_STANDING"

// TestKilled kills a test process, with no chance to clean up, that has a fleet.
func TestKilled(t *testing.T) {
	lab.Require(t)
	cmd := exec.Command(os.Args[0], "-test.run=^TestStanding$")
	cmd.Env = append(os.Environ(), standing+"=1", "TMPDIR="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var r remains
	var namespaces string
	if _, err := fmt.Fscan(out, &r.link, &namespaces); err != nil {
		t.Fatal(err)
	}
	r.namespaces = strings.Split(namespaces, ",")
	if len(r.found()) < 3 {
		t.Errorf("only %q of a standing fleet are found", r.found())
	}
	cmd.Process.Kill()
	cmd.Wait()
	for deadline := time.Now().Add(patience); r.found() != nil; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("still there: %q", r.found())
		}
	}
}

// TestStanding is the process that TestKilled kills.
func TestStanding(t *testing.T) {
	if os.Getenv(standing) == "" {
		t.Skip("only TestKilled starts this")
	}
	hosts := manyHosts(2)
	f := lab.New(t, hosts...)
	f.Plant("web1", lab.TimeWait(5))
	r := remainsOf(t, f, hosts)
	fmt.Println(r.link, strings.Join(r.namespaces, ","))
	select {}
}
