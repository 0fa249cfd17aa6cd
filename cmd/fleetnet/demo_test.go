package main

import (
	"cmp"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

var recordDemo = flag.Bool("record-demo", false, "record the demo fleet anew")

// TestRecordDemo makes the demo's recording out of a live fleet: a shop at
// night, with six web servers, three application servers, two databases, a mail host
// and a router with BusyBox; and out of a Mac, a Windows server and a firewall with
// FreeBSD that testdata/demo plays.
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
	hosts = append(hosts, lab.Host{Name: "gw1", Userland: lab.BusyBox, Server: lab.Dropbear})
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

	inventory := withGroups(t, f.Inventory(), append(names, "gw1"))
	played, places := playDemo(t)
	if err := os.RemoveAll("demofleet"); err != nil {
		t.Fatal(err)
	}
	if out, errs, code := run(t, "scan", "-i", inventory, "-i", played, "--record", "demofleet"); code != exitFindings {
		t.Fatalf("exit status %d: %s%s", code, out, errs)
	}
	moveHosts(t, "demofleet/run.json", places)
}

// playDemo plays the hosts of testdata/demo, and returns the path of their
// inventory, and where each is to stand in the recording.
func playDemo(t *testing.T) (inventory string, places map[string]netip.Addr) {
	t.Helper()
	server, err := sshtest.NewServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	dir := t.TempDir()
	key, err := sshtest.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "id_ed25519"), string(key), 0o600)
	known, yaml := "", "defaults: {user: ops, identity_file: id_ed25519, known_hosts: known_hosts}\nhosts:\n"
	places = map[string]netip.Addr{}
	addr := netip.MustParseAddr("10.213.0.30")
	for _, name := range []string{"build1", "erp1", "fw1"} {
		a, err := txtar.ParseFile("testdata/demo/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		at, err := server.Listen(sshtest.One(playedHost{name, a}.play(t)))
		if err != nil {
			t.Fatal(err)
		}
		known += server.KnownHosts(at)
		ip, port, _ := net.SplitHostPort(at)
		platform := map[string]string{"erp1": "windows"}[name]
		yaml += fmt.Sprintf("  %s: {groups: [%s], addr: %s, port: %s, platform: %s}\n", name, strings.TrimRight(name, "1"), ip, port, cmp.Or(platform, "auto"))
		places[at], addr = addr, addr.Next()
	}
	put(t, filepath.Join(dir, "known_hosts"), known, 0o600)
	put(t, filepath.Join(dir, "hosts.yaml"), yaml, 0o600)
	return filepath.Join(dir, "hosts.yaml"), places
}

// moveHosts makes the played hosts of a recording stand where real ones would.
func moveHosts(t *testing.T, path string, places map[string]netip.Addr) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at, to := range places {
		ip, port, _ := net.SplitHostPort(at)
		here := regexp.MustCompile(`"addr": "` + ip + `",(\s+)"port": ` + port + `,`)
		if !here.Match(text) {
			t.Fatalf("%s: %s is not in it", path, at)
		}
		text = here.ReplaceAll(text, []byte(`"addr": "`+to.String()+`",${1}"port": 22,`))
	}
	put(t, path, string(text), 0o644)
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
		"OrderSync.exe holds 143", "fw1    193 connections", "en0: 7214 broken packets", "policy_rules unsupported", "this system does not tell it",
		"mail1", "refused", "16 hosts: 14 ok, 1 partial, 1 failed", "+ 10.20.30.0/24", "- 10.20.0.0/16",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the demo does not show %q:\n%s", want, out)
		}
	}
}
