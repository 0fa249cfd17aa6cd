package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
)

// wineRoot is the root file system with Wine in it. It is no release of Debian
// to be scanned, though it is made of one.
const wineRoot = "wine"

// wineLeak is how many connections the program of startWineLeak holds.
const wineLeak = 150

// Wine plays a Windows behind a real sshd, whose login shell hands the command to
// cmd. PowerShell is a stub there, and so it is the native programs that answer.
func TestLiveWine(t *testing.T) {
	lab.Require(t)
	root := lab.NeedRoot(t, wineRoot)
	f := lab.New(t, lab.Host{Name: "win1", Userland: root, Inventory: "platform: windows"})
	f.ReplaceShell("win1", lab.ShellWine)
	startWineLeak(t, f, "win1")
	dir := filepath.Join(t.TempDir(), "rec")
	report := scanJSON(t, exitFindings, "-i", f.Inventory(), "--timeout", "5m", "--record", dir)
	h := host(t, report, "win1")
	if h.OS != "windows" || h.Status != fleetnet.HostPartial || !strings.HasPrefix(h.Kernel, "10.0.") {
		t.Errorf("%+v", h)
	}
	fails := slices.DeleteFunc(found(report), func(s string) bool { return !strings.HasSuffix(s, " fail") })
	if !slices.Equal(fails, []string{"win1 close-wait-leak fail"}) {
		t.Errorf("found %q", fails)
	}
	// There is no route, netsh and arp print nothing, and netstat shows neither pids nor listeners.
	told := missing(h)
	for _, want := range []string{"routes unsupported", "neighbors failed", "settings failed", "sockets partial", "sockets.pid unsupported", "interfaces.mtu unsupported"} {
		if !slices.Contains(told, want) {
			t.Errorf("not said to be missing: %s\nsaid: %q", want, told)
		}
	}
	checkWineRows(t, f, dir)
}

// checkWineRows compares rows of a recording with what the host has.
func checkWineRows(t *testing.T, f *lab.Fleet, dir string) {
	t.Helper()
	var sockets []fleetnet.Socket
	showJSON(t, &sockets, "sockets", "--from", dir, "--where", "state == 'CLOSE_WAIT'")
	if len(sockets) != wineLeak {
		t.Errorf("%d sockets in CLOSE_WAIT", len(sockets))
	}
	var interfaces []fleetnet.Interface
	showJSON(t, &interfaces, "interfaces", "--from", dir)
	addr := f.Addr("win1")
	if !slices.ContainsFunc(interfaces, func(i fleetnet.Interface) bool {
		return i.Name == "eth0" && slices.ContainsFunc(i.Addrs, func(a fleetnet.IfAddr) bool { return a.Addr == addr || a.Prefix.Addr() == addr })
	}) {
		t.Errorf("no eth0 with %s in %+v", addr, interfaces)
	}
}

// showJSON reads the rows of a table.
func showJSON(t *testing.T, rows any, table string, args ...string) {
	t.Helper()
	out, errs, _ := run(t, append([]string{"show", table, "-f", "json"}, args...)...)
	if err := json.Unmarshal([]byte(out), rows); err != nil {
		t.Fatalf("%v: %s%s", err, out, errs)
	}
}

// startWineLeak has Windows run a program with connections in CLOSE_WAIT: netstat
// of Wine 10 knows the sockets of such programs only. It keeps Windows up, too.
func startWineLeak(t *testing.T, f *lab.Fleet, name string) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "leak.exe")
	build := exec.Command("go", "build", "-o", program, "./testdata/lab/leak")
	build.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	content, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteFile(name, "/leak.exe", string(content), 0o755)
	if _, err := f.ExecInner(name, "sh", "-c", "wine /leak.exe </dev/null >/run/leak.log 2>&1 &"); err != nil {
		t.Fatal(err)
	}
	f.Wait("connections in CLOSE_WAIT", func() bool {
		out, _ := f.Exec(name, "ss", "-Htn", "state", "close-wait")
		return strings.Count(out, "\n") >= wineLeak
	})
}
