//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// rounds is how often the scan and what it is compared with take turns, so that
// both see the same machine.
const rounds = 5

// BenchmarkScan compares `fleetnet scan -f json` of simulated hosts, 50 KB each,
// with the smallest SSH program that does as much on the wire: same logins, same
// check of host keys, same script, 64 hosts at a time. Client and hosts are
// processes of their own, so that the time and memory measured are the client's alone.
// x-baseline is the scan's CPU time per host by that of the program.
func BenchmarkScan(b *testing.B) {
	for _, hosts := range []int{100, 1000} {
		b.Run(strconv.Itoa(hosts), func(b *testing.B) {
			f := simulated(b, hosts)
			var scan, plain cost
			for b.Loop() {
				for range rounds {
					plain.add(f.plain(b))
					scan.add(f.scan(b))
				}
			}
			scan.report(b, hosts)
			b.ReportMetric(plain.perHost(hosts), "plain-µs/host")
			b.ReportMetric(scan.perHost(hosts)/plain.perHost(hosts), "x-baseline")
		})
	}
}

// BenchmarkTenThousand scans 10,000 simulated hosts, 50 KB each. The process
// that plays them shares the machine.
func BenchmarkTenThousand(b *testing.B) {
	const hosts = 10_000
	f := simulated(b, hosts)
	var scan cost
	for b.Loop() {
		scan.add(f.scan(b))
	}
	scan.report(b, hosts)
}

// BenchmarkMillionSockets reads and judges the recording of a host with
// 1,000,000 sockets, a third of them with the details of TCP.
func BenchmarkMillionSockets(b *testing.B) {
	dir := b.TempDir()
	measured(b, "record-million", dir)
	text, err := os.Stat(filepath.Join(dir, "web1.txt"))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(text.Size())
	var scan cost
	for b.Loop() {
		out, c := measured(b, "fleetnet", "scan", "--from", dir, "-f", "json", "--fail-on", "never")
		readWhole(b, out, 1)
		scan.add(c)
	}
	scan.report(b, 1)
}

// fleet is a simulated fleet in another process; dir holds what is needed to log in.
type fleet struct {
	dir   string
	hosts int
}

func simulated(b *testing.B, hosts int) fleet {
	b.Helper()
	cmd := exec.Command("simulate-fleet")
	cmd.Stderr = os.Stderr
	sim, err := sshtest.StartSimulation(cmd)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(sim.Stop)
	var yaml strings.Builder
	yaml.WriteString("defaults: {user: ops, identity_file: id_ed25519, known_hosts: known_hosts}\nhosts:\n")
	for i := range hosts {
		addr, port, _ := net.SplitHostPort(sim.Addrs[i%len(sim.Addrs)])
		fmt.Fprintf(&yaml, "  web%05d: {addr: %s, port: %s, groups: [web], vars: {rack: r%d}}\n", i, addr, port, i%40)
	}
	key, err := sshtest.NewKey()
	if err != nil {
		b.Fatal(err)
	}
	f := fleet{b.TempDir(), hosts}
	for name, content := range map[string]string{"hosts.yaml": yaml.String(), "known_hosts": sim.KnownHosts, "id_ed25519": string(key)} {
		if err := os.WriteFile(filepath.Join(f.dir, name), []byte(content), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return f
}

// scan scans the fleet, and checks that nothing of it is missing.
func (f fleet) scan(b *testing.B) cost {
	b.Helper()
	out, c := measured(b, "fleetnet", "scan", "-i", filepath.Join(f.dir, "hosts.yaml"), "-f", "json", "--fail-on", "never")
	readWhole(b, out, f.hosts)
	return c
}

// readWhole fails unless the report says that every table of every host was.
func readWhole(b *testing.B, out []byte, hosts int) {
	b.Helper()
	var report struct {
		Summary struct{ Hosts, OK int }
		Hosts   []struct{ Coverage []fleetnet.Coverage }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		b.Fatal(err)
	}
	if s := report.Summary; s.Hosts != hosts || s.OK != hosts || len(report.Hosts[0].Coverage) < 10 {
		b.Fatalf("of %d hosts, %d were read whole: %.2500s", hosts, s.OK, out)
	}
}

// plain does the same without reading what the hosts print.
func (f fleet) plain(b *testing.B) cost {
	b.Helper()
	out, c := measured(b, "plain-ssh", f.dir)
	if n, _ := strconv.Atoi(strings.TrimSpace(string(out))); n < f.hosts*busyHostBytes {
		b.Fatalf("%d hosts printed %d bytes", f.hosts, n)
	}
	return c
}

// cost is what processes took.
type cost struct {
	runs int
	cpu  time.Duration // user and system
	wall time.Duration
	peak int64 // KiB of memory
}

func (c *cost) add(d cost) {
	c.runs, c.cpu, c.wall, c.peak = c.runs+d.runs, c.cpu+d.cpu, c.wall+d.wall, max(c.peak, d.peak)
}

func (c cost) perHost(hosts int) float64 {
	return float64(c.cpu.Microseconds()) / float64(c.runs*hosts)
}

func (c cost) report(b *testing.B, hosts int) {
	b.ReportMetric(c.perHost(hosts), "scan-µs/host")
	b.ReportMetric(c.wall.Seconds()/float64(c.runs), "s/scan")
	b.ReportMetric(float64(c.peak)/1024, "peak-MiB")
}

// measured runs a command of this test binary and returns what it prints and takes.
func measured(b *testing.B, name string, args ...string) ([]byte, cost) {
	b.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "SSH_AUTH_SOCK=")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		b.Fatalf("%s: %v: %.2500s", name, err, out.String())
	}
	used := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return out.Bytes(), cost{1, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), time.Since(start), used.Maxrss}
}
