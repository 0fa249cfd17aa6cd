package runner_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// many returns n hosts of the lab.
func many(l *lab, n int, h sshtest.Host) []inventory.Host {
	first := l.host("web0", h)
	hosts := []inventory.Host{first}
	for i := 1; i < n; i++ {
		next := first
		next.Name = "web" + strconv.Itoa(i)
		hosts = append(hosts, next)
	}
	return hosts
}

func TestBreakingOutWaits(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	l := newLab(t)
	hosts := many(l, 50, sound())
	n := 0
	for res := range runner.New(runner.Config{Probes: settingsProbes(), Concurrency: 8}).Run(t.Context(), hosts) {
		if res.Err != nil {
			t.Error(res.Err)
		}
		if n++; n == 3 {
			break
		}
	}
	if got := l.Connections.Load(); got > 20 {
		t.Errorf("%d connections although the range was left after 3", got)
	}
}

// A cancelled run gives a result for every host, keeps what was read, and ends soon.
func TestInterrupt(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	l := newLab(t)
	done, open := sshtest.Framed{Probe: "linux/a", Stdout: "one\n"}, sshtest.Framed{Probe: "linux/b", Stdout: strings.Repeat("filler\n", 1000)}
	hosts := many(l, 6, sshtest.Host{Answer: sshtest.Sections(done, open), Fault: sshtest.HangInOutput})
	b := probe("b", "b", "true")
	b.Tables = []string{"counters"}
	cfg := runner.Config{Probes: append(settingsProbes(), b), Concurrency: 3}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(500*time.Millisecond, cancel)
	start := time.Now()
	results, partial := 0, 0
	for res := range runner.New(cfg).Run(ctx, hosts) {
		results++
		wantError(t, res.Err, runner.OpInterrupted, "interrupted: ", "")
		if res.Snapshot == nil {
			continue
		}
		partial++
		if c := res.Snapshot.Known("settings"); c.Status != fleetnet.StatusComplete {
			t.Errorf("what had ended: %+v", c)
		}
		if c := res.Snapshot.Known("counters"); c.Status != fleetnet.StatusFailed || c.Reason != "interrupted" {
			t.Errorf("what had not: %+v", c)
		}
	}
	if results != 6 || partial != 3 {
		t.Errorf("%d results, %d of them partial", results, partial)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("it took %v", d)
	}
}

func TestConcurrencyIsBounded(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	var now, peak atomic.Int32
	var mu sync.Mutex
	answer := sound().Answer
	hosts := many(l, 30, sshtest.Host{Answer: func(script []byte) sshtest.Reply {
		n := now.Add(1)
		mu.Lock()
		peak.Store(max(peak.Load(), n))
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		now.Add(-1)
		return answer(script)
	}})
	collect(t, runner.Config{Probes: settingsProbes(), Concurrency: 4}, hosts...)
	if p := peak.Load(); p > 4 || p < 2 {
		t.Errorf("%d hosts at a time, want 4", p)
	}
}

// A local command that hangs is killed with its children.
func TestLocalTimeout(t *testing.T) {
	noLeaks(t)
	pid := filepath.Join(t.TempDir(), "pid")
	hang := probe("b", "b", "echo $$ >"+pid+"; sleep 600 & sleep 600")
	hang.Tables = []string{"counters"}
	start := time.Now()
	cfg := runner.Config{Probes: []fleetnet.Probe{probe("a", "a", "echo one"), hang}, Timeout: 700 * time.Millisecond}
	res := collect(t, cfg, inventory.Host{Name: "here", Transport: "local"})["here"]
	wantError(t, res.Err, runner.OpTimeout, "the host's 700ms are over, in linux/b", "--timeout")
	if names(res.Snapshot) != "one" {
		t.Errorf("rows %s", names(res.Snapshot))
	}
	if c := res.Snapshot.Known("counters"); c.Status != fleetnet.StatusTimedOut {
		t.Errorf("coverage %+v", c)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("it took %v", d)
	}
	text, err := os.ReadFile(pid)
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if out, _ := exec.Command("ps", "-o", "pid=", "-g", strings.TrimSpace(string(text))).Output(); len(out) == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("children of the script are left")
}

// A reader that panics costs its table, not the run.
func TestReaderThatPanics(t *testing.T) {
	p := probe("a", "a", "echo one")
	p.Read = func(*fleetnet.Lines, *fleetnet.Snapshot) { panic("index out of range") }
	res := collect(t, runner.Config{Probes: []fleetnet.Probe{p, probe("b", "b", "echo two")}}, inventory.Host{Name: "here", Transport: "local"})["here"]
	if res.Err != nil || names(res.Snapshot) != "two" {
		t.Fatalf("%v, %s", res.Err, names(res.Snapshot))
	}
	if c := res.Snapshot.Known("settings"); c.Status != fleetnet.StatusFailed || !strings.Contains(c.Reason, "index out of range") {
		t.Errorf("coverage %+v", c)
	}
}
