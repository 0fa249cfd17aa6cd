package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/fleetnet/fleetnet"
)

// secretPatience bounds a command that prints a secret. It may have to wait for
// a person itself, as those of password managers do.
const secretPatience = 2 * time.Minute

// secretOfCommand returns the first line that a command prints. The command
// stays in the terminal's foreground, so that it can ask there. What it says on
// standard error is quoted when it fails, but not when that may tell the secret.
func secretOfCommand(ctx context.Context, command string) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, secretPatience, fmt.Errorf("no end within %v", secretPatience))
	defer cancel()
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", command)
	cmd.WaitDelay = time.Second
	out, errs := &head{room: maxSecret}, &head{room: 4 << 10}
	cmd.Stdout, cmd.Stderr = out, errs
	err := cmd.Run()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // a child of the command lives on; what was printed counts
	}
	line, _ := firstLine(bytes.NewReader(out.Bytes()))
	said := bytes.TrimSpace(errs.Bytes())
	switch {
	case err == nil:
		return line, nil
	case len(said) == 0 || tells(said, out.Bytes()):
		return "", fmt.Errorf("%s: %w", commandName(command), err)
	}
	return "", fmt.Errorf("%s: %w: %s", commandName(command), err, fleetnet.Quote(said))
}

// tells reports whether what is said holds a line of what was printed, which may
// be the secret.
func tells(said, printed []byte) bool {
	for line := range bytes.Lines(printed) {
		if line = bytes.TrimSpace(line); len(line) > 0 && bytes.Contains(said, line) {
			return true
		}
	}
	return false
}

// commandName names a command without its arguments, which may be secrets too.
func commandName(command string) string {
	words := strings.Fields(command)
	if len(words) == 0 || strings.ContainsAny(words[0], `=$"'(`) {
		return "the command"
	}
	return "the command " + fleetnet.Quote(words[0])
}

// head keeps the beginning of what is written to it.
type head struct {
	bytes.Buffer
	room int
}

func (h *head) Write(p []byte) (int, error) {
	h.Buffer.Write(p[:min(len(p), h.room-h.Len())])
	return len(p), nil
}
