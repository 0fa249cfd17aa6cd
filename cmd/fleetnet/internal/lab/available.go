package lab

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"
)

// sshd is where every Linux distribution has it; it refuses to run by a
// relative path.
const sshd = "/usr/sbin/sshd"

// Available returns nil when a fleet can be built here, or else why not: it
// takes Linux, root, sshd, ip, nsenter and overlay mounts.
func Available() error {
	if runtime.GOOS != "linux" {
		return fmt.Errorf("lab: %s has no network namespaces", runtime.GOOS)
	}
	if os.Geteuid() != 0 {
		return errors.New("lab: namespaces need root")
	}
	for _, program := range []string{sshd, "ip", "nsenter", "unshare"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("lab: %w", err)
		}
	}
	if known, err := os.ReadFile("/proc/filesystems"); err == nil && !bytes.Contains(known, []byte("\toverlay\n")) {
		// The module may be there and not loaded yet: only trying tells.
		exec.Command("modprobe", "overlay").Run()
	}
	trial := "mount -t tmpfs tmpfs /run && mkdir /run/u /run/w /run/r && " +
		"mount -t overlay overlay -o lowerdir=/,upperdir=/run/u,workdir=/run/w /run/r && test -x /run/r" + sshd
	if out, err := exec.Command("unshare", "-mnpuif", "sh", "-c", trial).CombinedOutput(); err != nil {
		return fmt.Errorf("lab: make namespaces and an overlay: %w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

// Require skips the test, naming the reason, where no fleet can be built. With
// FLEETNET_CI=1 in the environment the test fails instead, so that no fleet
// test can go missing there unseen.
func Require(t testing.TB) {
	t.Helper()
	if err := Available(); err != nil {
		lacking(t, err)
	}
}

// Need skips the test, or in CI fails it, when the machine lacks a program that
// the test itself runs.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			lacking(t, fmt.Errorf("lab: %w", err))
		}
	}
}

// lacking skips t for something that the machine lacks, or fails it in CI.
func lacking(t testing.TB, why error) {
	t.Helper()
	if os.Getenv("FLEETNET_CI") == "1" {
		t.Fatalf("FLEETNET_CI=1: %v", why)
	}
	t.Skip(why)
}
