package runner

import (
	"os/exec"
	"syscall"
)

// asWritten hands the program its command line as it is written, which is how
// cmd wants its quotes.
func asWritten(cmd *exec.Cmd, line string) { cmd.SysProcAttr = &syscall.SysProcAttr{CmdLine: line} }
