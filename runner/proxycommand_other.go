//go:build !unix

package runner

import "os/exec"

// proxyShell runs a command in the system's shell.
func proxyShell(command string) *exec.Cmd { return exec.Command("cmd.exe", "/c", command) }

func hangUpProxy(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func killProxy(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
