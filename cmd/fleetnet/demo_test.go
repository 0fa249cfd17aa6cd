package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
)

var recordDemo = flag.Bool("record-demo", false, "record the demo fleet anew")

// TestRecordDemo makes the demo's recording out of a live fleet: a shop at
// night, with six web servers, three application servers, two databases and a mail host.
func TestRecordDemo(t *testing.T) {
	if !*recordDemo {
		t.Skip("run with -args -record-demo to record the demo fleet anew")
	}
	lab.Require(t)
	names := strings.Fields("web01 web02 web03 web04 web05 web06 app01 app02 app03 db1 db2 mail1")
	var hosts []lab.Host
	for _, name := range names {
		hosts = append(hosts, lab.Host{Name: name})
	}
	f := lab.New(t, hosts...)
	for _, name := range names[:6] {
		f.Plant(name, lab.Connections(6).As("nginx").Port(443), lab.ExtraRoute("10.20.0.0/16"))
	}
	f.Plant("web02", lab.CloseWaitLeak(230).As("backend"))
	f.Plant("web03", lab.CloseWaitLeak(190).As("backend"))
	if _, err := f.Exec("web05", "ip", "route", "del", "10.20.0.0/16"); err != nil {
		t.Fatal(err)
	}
	f.Plant("web05", lab.ExtraRoute("10.20.30.0/24"))
	f.Plant("app01", lab.StuckListener(16, 40).As("gunicorn").Port(8000))
	f.Plant("app02", lab.PortRange(50000, 50799), lab.TimeWait(560))
	f.Plant("app03", lab.StuckReader(1<<20).As("importer"))
	f.Plant("db1", lab.GatewayFailed())
	f.Plant("db2", lab.NoDefaultRoute())
	f.KillSSHD("mail1")
	time.Sleep(2 * stuckAfter)

	inventory := withGroups(t, f.Inventory(), names)
	if err := os.RemoveAll("demofleet"); err != nil {
		t.Fatal(err)
	}
	if out, errs, code := run(t, "scan", "-i", inventory, "--record", "demofleet"); code != exitFindings {
		t.Fatalf("exit status %d: %s%s", code, out, errs)
	}
}

// withGroups adds groups by the letters of the names to an inventory.
func withGroups(t *testing.T, path string, names []string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := string(text)
	for _, n := range names {
		s = strings.Replace(s, "  "+n+": {", "  "+n+": {groups: ["+strings.TrimRight(n, "0123456789")+"], ", 1)
	}
	if !strings.Contains(s, "groups") {
		t.Fatalf("the inventory has another form:\n%s", s)
	}
	to := filepath.Join(filepath.Dir(path), "grouped.yaml")
	if err := os.WriteFile(to, []byte(s), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

// The demo needs nothing but this program, tells its story, and is quick.
func TestDemo(t *testing.T) {
	started := time.Now()
	out, errs, code := run(t, "demo")
	if code != exitOK || errs != "" {
		t.Errorf("exit status %d: %s", code, errs)
	}
	if d := time.Since(started); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
	for _, want := range []string{
		"close-wait-leak", "accept-queue-full", "no-default-route", "gateway-failed", "time-wait-ports", "recv-q-stuck",
		"mail1", "refused", "12 hosts: 11 ok, 0 partial, 1 failed", "+ 10.20.30.0/24", "- 10.20.0.0/16",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the demo does not show %q:\n%s", want, out)
		}
	}
}
