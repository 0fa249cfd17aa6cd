//go:build unix

package runner

import (
	"cmp"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// proxyShell runs a command in the user's shell, as ssh does, in a session and a
// process group of its own.
func proxyShell(command string) *exec.Cmd {
	cmd := exec.Command(cmp.Or(os.Getenv("SHELL"), "/bin/sh"), "-c", "exec "+command)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd
}

// hangUpProxy tells the command and its children that their connection is gone,
// as ssh does.
func hangUpProxy(cmd *exec.Cmd) { _ = unix.Kill(-cmd.Process.Pid, unix.SIGHUP) }

// killProxy ends them. As long as one of them is left the group's number is no
// other's.
func killProxy(cmd *exec.Cmd) { _ = unix.Kill(-cmd.Process.Pid, unix.SIGKILL) }
