//go:build !windows

package runner

import "os/exec"

// asWritten does nothing: the command is a program without arguments.
func asWritten(*exec.Cmd, string) {}
