//go:build !unix

package runner

import (
	"os"
	"os/exec"
)

// endWithChildren does nothing more than [exec.CommandContext] does: there are
// no process groups.
func endWithChildren(*exec.Cmd) {}

func exitOf(st *os.ProcessState) error { return &exitError{status: st.ExitCode()} }
