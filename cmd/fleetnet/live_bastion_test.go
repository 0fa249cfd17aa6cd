package main

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/cmd/fleetnet/internal/lab"
)

// Two hundred hosts behind one bastion, whose sshd has the limits that it comes
// with, are all read over one login there.
func TestLiveBastion(t *testing.T) {
	lab.Require(t)
	const hosts = 200
	f := lab.New(t, lab.Host{Name: "bastion", User: "hop"}, lab.Host{Name: "app", Copies: hosts, Jump: "bastion"})
	started := time.Now()
	report := programScan(t, exitOK, nil, "-i", f.Inventory(), "-l", "app*")
	t.Logf("%d hosts in %v", hosts, time.Since(started).Round(time.Millisecond))
	if s := report.Summary; s.Hosts != hosts || s.Failed != 0 {
		t.Errorf("summary %+v", s)
	}
	if got := f.Logins("bastion"); got != 1 {
		t.Errorf("%d logins at the bastion", got)
	}
	if got := f.Logins("app"); got != hosts {
		t.Errorf("%d logins at the hosts", got)
	}
}

// A bastion whose connection is cut in the middle of a run is logged in to
// again, once, and the hosts go on.
func TestLiveBastionCut(t *testing.T) {
	lab.Require(t)
	const hosts, atOnce = 40, 4
	f := lab.New(t, lab.Host{Name: "bastion"}, lab.Host{Name: "app", Copies: hosts, Jump: "bastion"})
	var out, errs bytes.Buffer
	scan := exec.Command("fleetnet", "scan", "-q", "-f", "json", "-i", f.Inventory(), "-l", "app*", "-c", strconv.Itoa(atOnce))
	scan.Stdout, scan.Stderr = &out, &errs
	if err := scan.Start(); err != nil {
		t.Fatal(err)
	}
	f.Wait("the tenth login", func() bool { return f.Logins("app") >= 10 })
	f.EndSessions("bastion")
	at := f.Logins("app")
	scan.Wait() // its exit status depends on what was cut
	var report fleetnet.Report
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatalf("%v: %s", err, errs.String())
	}
	if at >= hosts {
		t.Fatal("the cut came too late to matter")
	}
	if got := f.Logins("bastion"); got != 2 {
		t.Errorf("%d logins at the bastion, want 2", got)
	}
	// Those that were being read, and as many that came before the loss was noticed.
	if s := report.Summary; s.Hosts != hosts || s.Failed > 2*atOnce {
		t.Errorf("summary %+v", s)
	}
	for _, h := range report.Hosts {
		if h.Status == fleetnet.HostFailed {
			t.Logf("%s: %s (%s)", h.Name, h.Error, h.Hint)
		}
	}
}
