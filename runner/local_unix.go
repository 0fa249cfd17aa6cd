//go:build unix

package runner

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// endWithChildren puts the command into a process group of its own, so that a
// Ctrl-C at the terminal does not reach it, and its end takes its children along.
func endWithChildren(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		if err := cmd.Process.Signal(syscall.Signal(0)); err != nil {
			return err // it has ended, and its number may be another's by now
		}
		return unix.Kill(-cmd.Process.Pid, unix.SIGKILL)
	}
}

func exitOf(st *os.ProcessState) error {
	if ws, ok := st.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return &exitError{signal: ws.Signal().String()}
	}
	return &exitError{status: st.ExitCode()}
}
