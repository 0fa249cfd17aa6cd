//go:build !linux

package lab

import (
	"errors"
	"io"
	"os/exec"
)

var errNotLinux = errors.New("lab: not linux")

func runInit(io.Reader, io.Writer) error   { return errNotLinux }
func runPuppet(io.Reader, io.Writer) error { return errNotLinux }
func inNamespaces(*exec.Cmd)               {}
