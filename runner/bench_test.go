//go:build unix

package runner_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// simulate, in the environment, makes the test binary play the fleet of a benchmark.
const simulate = "FLEETNET_TEST_SIMULATE"

func TestMain(m *testing.M) {
	if os.Getenv(simulate) == "" {
		os.Exit(m.Run())
	}
	if err := sshtest.Simulate(sshtest.One(sshtest.Host{Answer: fiftyKB()}), 50, os.Stdout, os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// fiftyKB answers with what a busy host prints.
func fiftyKB() sshtest.Answer {
	var text strings.Builder
	for i := 0; text.Len() < 50_000; i++ {
		fmt.Fprintf(&text, "tcp   ESTAB  0      0      10.0.0.1:22   10.0.%d.%d:%d users:((\"sshd\",pid=%d,fd=4))\n", i/250, i%250, 32768+i, 1000+i)
	}
	return sshtest.Sections(sshtest.Framed{Probe: "linux/a", Stdout: text.String()})
}

// thousand is a simulated fleet in another process, and how to log in to it.
type thousand struct {
	hosts []inventory.Host
	key   string
}

func newThousand(b *testing.B) thousand {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), simulate+"=1")
	cmd.Stderr = os.Stderr
	sim, err := sshtest.StartSimulation(cmd)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(sim.Stop)
	dir := b.TempDir()
	f := thousand{key: filepath.Join(dir, "key")}
	writeKey(b, f.key, nil)
	known := filepath.Join(dir, "known_hosts")
	write(b, known, sim.KnownHosts)
	for i := range 1000 {
		host, port, _ := net.SplitHostPort(sim.Addrs[i%len(sim.Addrs)])
		n, _ := strconv.Atoi(port)
		f.hosts = append(f.hosts, inventory.Host{
			Name: fmt.Sprintf("web%04d", i), Addr: host, Port: n, User: "ops", IdentityFiles: []string{f.key}, KnownHosts: []string{known},
		})
	}
	return f
}

// cpu returns the time that this process has spent computing.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// countLines is a reader that costs next to nothing.
func countLines(in *fleetnet.Lines, _ *fleetnet.Snapshot) {
	for in.Next() {
		in.Row()
	}
}

// BenchmarkRun asks 1,000 hosts of 50 KB each. Its cpu-µs/host, compared with
// that of BenchmarkPlainSSH, is what the runner adds to SSH itself.
func BenchmarkRun(b *testing.B) {
	f := newThousand(b)
	p := probe("a", "a", "true")
	p.Read = countLines
	r := runner.New(runner.Config{Probes: []fleetnet.Probe{p}})
	start, n := cpu(b), 0
	for b.Loop() {
		for res := range r.Run(b.Context(), f.hosts) {
			if res.Err != nil {
				b.Fatal(res.Err)
			}
			res.Snapshot.Forget()
			n++
		}
	}
	b.ReportMetric(float64((cpu(b)-start).Microseconds())/float64(n), "cpu-µs/host")
}

// BenchmarkPlainSSH is the smallest program that logs in to the same hosts,
// runs the same script and throws away what it prints.
func BenchmarkPlainSSH(b *testing.B) {
	f := newThousand(b)
	text, err := os.ReadFile(f.key)
	if err != nil {
		b.Fatal(err)
	}
	key, err := ssh.ParsePrivateKey(text)
	if err != nil {
		b.Fatal(err)
	}
	script := runner.Script([]fleetnet.Probe{probe("a", "a", "true")}, runner.ScriptOptions{})
	start, n := cpu(b), 0
	for b.Loop() {
		hosts := make(chan inventory.Host)
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				for h := range hosts {
					if err := plainSSH(h, key, script); err != nil {
						b.Error(err)
					}
				}
			})
		}
		for _, h := range f.hosts {
			hosts <- h
			n++
		}
		close(hosts)
		wg.Wait()
	}
	b.ReportMetric(float64((cpu(b)-start).Microseconds())/float64(n), "cpu-µs/host")
}

func plainSSH(h inventory.Host, key ssh.Signer, script string) error {
	client, err := ssh.Dial("tcp", addrOf(h), &ssh.ClientConfig{
		User: h.User, Auth: []ssh.AuthMethod{ssh.PublicKeys(key)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(),
	})
	if err != nil {
		return err
	}
	defer client.Close()
	session, err := client.NewSession()
	if err != nil {
		return err
	}
	session.Stdin, session.Stdout, session.Stderr = strings.NewReader(script), io.Discard, io.Discard
	return session.Run("/bin/sh")
}
