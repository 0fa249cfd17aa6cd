package runner_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// sameResults compares results by what a report can show of them.
var sameResults = cmp.Options{
	cmpopts.IgnoreUnexported(fleetnet.Snapshot{}, fleetnet.Setting{}),
	cmpopts.IgnoreFields(fleetnet.Setting{}, "Ref"),
	cmpopts.IgnoreFields(fleetnet.Host{}, "Ref"),
	cmpopts.IgnoreFields(inventory.Host{}, "IdentityFiles", "KnownHosts"),
	cmp.Comparer(func(a, b error) bool { return errorText(a) == errorText(b) }),
}

// errorText is all that a report shows of an error.
func errorText(err error) string {
	var h *runner.HostError
	if !errors.As(err, &h) {
		return fmt.Sprint(err)
	}
	return h.Host + ": " + h.Error() + " | " + h.Hint
}

// fleetOfAllSorts is hosts that answer, in part and not at all.
func fleetOfAllSorts(l *lab) []inventory.Host {
	long := sshtest.Sections(sshtest.Framed{Probe: "linux/a", Stdout: "one\nbad line\n" + strings.Repeat("filler ", 2000) + "\n", Stderr: "a warning\n"})
	noisy := sound()
	noisy.Fault = sshtest.Noise
	hosts := []inventory.Host{
		l.host("web2", sound()), l.host("web10", noisy), l.host("2001:db8::7", sound()), l.host("WEB2", sound()),
		l.host("cut", sshtest.Host{Answer: long, Fault: sshtest.CutInOutput}),
		l.host("hang", sshtest.Host{Answer: long, Fault: sshtest.HangInOutput}),
		l.host("endless", sshtest.Host{Answer: long, Fault: sshtest.Endless}),
		l.host("nologin", sshtest.Host{Fault: sshtest.NoLogin}),
		l.host("bsd", sshtest.Host{Answer: sshtest.Raw(sshtest.Framed{Probe: "platform", Stdout: "FreeBSD\n"})}),
		l.host("refused", sshtest.Host{Fault: sshtest.RefuseLogin}),
		l.host("failed", sshtest.Host{Answer: sshtest.Sections(sshtest.Framed{Probe: "linux/a", Stderr: "no\n", Status: 2})}),
	}
	hosts[0].Groups, hosts[0].Vars = []string{"web"}, map[string]any{"rack": "r7", "n": 3, "f": 1.5, "list": []any{1, "x"}}
	hosts[1].Params, hosts[1].Timeout = map[string]any{"rule.limit": 500}, time.Minute
	return hosts
}

func record(t *testing.T, cfg runner.Config, hosts []inventory.Host) (dir string, live map[string]runner.Result) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "run")
	rec, err := runner.CreateRecording(dir, "test")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Record = rec
	live = collect(t, cfg, hosts...)
	if err := rec.Close(false); err != nil {
		t.Fatal(err)
	}
	return dir, live
}

func TestReplayGivesTheSameResults(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	l := newLab(t)
	hosts := fleetOfAllSorts(l)
	dir, live := record(t, quick(), hosts)
	for range 2 {
		rec, err := runner.OpenRecording(dir)
		if err != nil {
			t.Fatal(err)
		}
		cfg := quick()
		cfg.Replay = rec
		i := 0
		for res := range runner.New(cfg).Run(t.Context(), rec.Hosts()) {
			if res.Host.Name != hosts[i].Name {
				t.Errorf("result %d is of %q, not of %q", i, res.Host.Name, hosts[i].Name)
			}
			if diff := cmp.Diff(live[res.Host.Name], res, sameResults); diff != "" {
				t.Errorf("%s: %s", res.Host.Name, diff)
			}
			i++
		}
		if i != len(hosts) {
			t.Errorf("%d results", i)
		}
	}
	if live["endless"].Snapshot == nil || live["cut"].Snapshot == nil || live["failed"].Snapshot == nil {
		t.Error("the fleet is not of all sorts")
	}
}

func TestRecordingIsPrivate(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	hosts := slices.DeleteFunc(fleetOfAllSorts(l), func(h inventory.Host) bool {
		return h.Name == "refused" // the error of a refused login names the keys, as it must
	})
	dir, _ := record(t, quick(), hosts)
	files := 0
	err := filepath.WalkDir(filepath.Dir(dir), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		if filepath.Dir(path) != dir || strings.HasPrefix(d.Name(), ".") || strings.HasSuffix(d.Name(), ".part") {
			t.Errorf("odd file %s", path)
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil || files < 9 {
		t.Errorf("%d files, %v", files, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "run.json"))
	if err != nil || strings.Contains(string(text), l.key) {
		t.Errorf("%v; run.json names a key: %s", err, text)
	}
	var run map[string]any
	if err := json.Unmarshal(text, &run); err != nil || run["schema_version"] != 1.0 || run["version"] != "test" {
		t.Errorf("%v, run.json is %s", err, text)
	}
}

func TestRecordingsThatCannotBeOpened(t *testing.T) {
	hermetic(t)
	dir := t.TempDir()
	if _, err := runner.OpenRecording(dir); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "not finished") {
		t.Error(err)
	}
	write(t, filepath.Join(dir, "run.json"), `{"schema_version":9}`)
	if _, err := runner.OpenRecording(dir); err == nil || !strings.Contains(err.Error(), "schema version 9, not 1") {
		t.Error(err)
	}
	if _, err := runner.CreateRecording(dir, "test"); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Error(err)
	}
	write(t, filepath.Join(dir, "web1.txt"), "fleetnet recording 1 nonce=x\n")
	write(t, filepath.Join(dir, "run.json"), `{"schema_version":1,"started_at":"2026-01-02T03:04:05Z","duration":"1s","hosts":[
		{"host":{"name":"web1"},"file":"web1.txt","duration":"1s"},
		{"host":{"name":"web2"},"file":"../web1.txt","duration":"1s"},
		{"host":{"name":"web3"},"file":"none.txt","duration":"1s"}]}`)
	rec, err := runner.OpenRecording(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := collect(t, runner.Config{Probes: settingsProbes(), Replay: rec}, append(rec.Hosts(), inventory.Host{Name: "web4"})...)
	wantError(t, all["web1"].Err, runner.OpReplay, "web1.txt: not the recording of a host", "")
	wantError(t, all["web2"].Err, runner.OpReplay, `"../web1.txt" is not the name of a file`, "")
	wantError(t, all["web3"].Err, runner.OpReplay, "no such file", "")
	wantError(t, all["web4"].Err, runner.OpReplay, "the host is not in the recording", "")
}

// A recording can be played as a host again.
func TestRecordingIsPlayed(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	dir, live := record(t, quick(), []inventory.Host{l.host("web1", sound())})
	answer, err := sshtest.Recorded(filepath.Join(dir, "web1.txt"))
	if err != nil {
		t.Fatal(err)
	}
	again := collect(t, quick(), l.host("web1", sshtest.Host{Answer: answer}))["web1"]
	if again.Err != nil || names(again.Snapshot) != names(live["web1"].Snapshot) {
		t.Errorf("%v, %s", again.Err, names(again.Snapshot))
	}
}

// A disk that is full is an error of the recording, not of the hosts.
func TestRecordingThatFails(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	dir := filepath.Join(t.TempDir(), "run")
	rec, err := runner.CreateRecording(dir, "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	cfg := quick()
	cfg.Record = rec
	if res := collect(t, cfg, l.host("web1", sound()))["web1"]; res.Err != nil {
		t.Error(res.Err)
	}
	if err := rec.Close(false); err == nil || !strings.HasPrefix(err.Error(), "record: ") {
		t.Error(err)
	}
}
