package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fleetnet/fleetnet/inventory"
)

// openLocal runs a command on this machine. The session's end, or that of
// ctx, ends it and its children.
func openLocal(ctx context.Context, h inventory.Host, what task) (*session, *HostError) {
	cmd := exec.CommandContext(ctx, program(what.command))
	asWritten(cmd, what.command)
	cmd.Stdin = bytes.NewReader(what.input)
	cmd.Env = environ(h)
	cmd.WaitDelay = time.Second
	endWithChildren(cmd)
	outRead, outWrite := io.Pipe()
	errRead, errWrite := io.Pipe()
	cmd.Stdout, cmd.Stderr = outWrite, errWrite
	if err := cmd.Start(); err != nil {
		return nil, &HostError{h.Name, OpExec, fmt.Errorf("start %s: %w", program(what.command), err), ""}
	}
	ended := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		outWrite.Close()
		errWrite.Close()
		ended <- err
	}()
	return &session{
		stdout: outRead,
		stderr: errRead,
		wait:   sync.OnceValue(func() error { return localExit(<-ended) }),
		close: func() {
			outRead.Close()
			errRead.Close()
			_ = cmd.Cancel()
		},
	}, nil
}

// environ is the environment without the variables that the host's passwords
// are taken from.
func environ(h inventory.Host) []string {
	return slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		for _, s := range []inventory.Secret{h.Password, h.Passphrase, h.BecomePass} {
			if kind, variable := s.Source(); kind == inventory.SecretEnv && variable == name {
				return true
			}
		}
		return false
	})
}

func localExit(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exitOf(exit.ProcessState)
	}
	return err
}
