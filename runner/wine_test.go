//go:build unix

package runner_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/runner"
)

// A Windows that Wine plays behind a real sshd, whose shell hands the command to
// cmd. Wine is not needed for anything else, and so the test is skipped without
// it even in CI.
func TestWine(t *testing.T) {
	if _, err := exec.LookPath("wine"); err != nil {
		t.Skip("no wine")
	}
	hermetic(t)
	prefix := os.Getenv("FLEETNET_TEST_WINEPREFIX")
	if prefix == "" {
		prefix = t.TempDir()
	}
	env := "WINEPREFIX=" + prefix + " WINEDEBUG=-all HOME=" + prefix
	shell := filepath.Join(t.TempDir(), "cmd.sh")
	write(t, shell, fmt.Sprintf("#!/bin/sh\nexport %s\nexec wine cmd /c \"$SSH_ORIGINAL_COMMAND\"\n", env))
	if err := os.Chmod(shell, 0o700); err != nil {
		t.Fatal(err)
	}
	boot := exec.Command("wine", "cmd", "/c", "ver")
	boot.Env = append(os.Environ(), strings.Fields(env)...)
	if out, err := boot.CombinedOutput(); err != nil {
		t.Skipf("wine does not run here: %v: %s", err, out)
	}
	t.Cleanup(func() {
		end := exec.Command("wineserver", "-k")
		end.Env = boot.Env
		_ = end.Run() // it may have ended by itself
	})
	s := startSSHD(t, "ForceCommand "+shell)
	probes := windowsProbes()
	probes[1].Command, probes[1].If = "hostname & ver", "hostname"
	probes[2].Command = "nonesuch"
	h := s.host("win1")
	h.Platform = "windows"
	res := collect(t, runner.Config{Probes: append(probes, fleetnet.Probe{
		Name: "windows/netstat", OS: "windows", Slot: "netstat", Shell: fleetnet.ShellCmd, Command: "netstat -ano", Tables: []string{"sockets"}, Read: countLines,
	})}, h)["win1"]
	if res.Err != nil {
		t.Fatal(res.Err)
	}
	if got := names(res.Snapshot); !strings.Contains(got, "Windows") || res.Snapshot.Host.OS != "windows" {
		t.Errorf("rows %q, %+v", got, res.Snapshot.Host)
	}
	if known := res.Snapshot.Known("settings"); known.Status != fleetnet.StatusUnsupported {
		t.Errorf("a program that is not there: %+v", known)
	}
	if known := res.Snapshot.Known("sockets"); known.Status != fleetnet.StatusComplete {
		t.Errorf("netstat: %+v", known)
	}
}
