package runner

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/fleetnet/fleetnet"
)

// notStarted is a session that ended before the script's first frame: what the
// host printed instead says why.
func (l *listener) notStarted(err error) ending {
	a := l.answer
	said := bytes.TrimSpace(a.errStream.noise.first)
	if len(said) == 0 {
		said = bytes.TrimSpace(a.outStream.noise.first)
	}
	var exit *exitError
	why := errors.New("the shell ended without running the script")
	switch {
	case errors.As(err, &exit):
		why = exit
	case err != nil:
		why = fmt.Errorf("the connection was lost: %w", err)
	}
	if len(said) > 0 {
		why = fmt.Errorf("%w: %s", why, fleetnet.Quote(said))
	}
	return ending{fleetnet.StatusFailed, why.Error(), &HostError{l.collector.host.Name, OpExec, why, l.hintNotStarted(exit, said)}}
}

func (l *listener) hintNotStarted(exit *exitError, said []byte) string {
	said = bytes.ToLower(said)
	says := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return bytes.Contains(said, []byte(w)) })
	}
	switch {
	case says("not available", "nologin"):
		return "the login has no shell on this host: use another user"
	case says("password has expired", "password change"):
		return "log in once by hand and change the password"
	case l.collector.asked == windows && saysWindows(l.banner):
		return "its sshd's DefaultShell has to be cmd or PowerShell; if it is that of WSL, platform: linux asks that"
	case l.collector.asked == windows:
		return fmt.Sprintf("the inventory says platform: windows, the server %s: correct the host's platform", serverName(l.banner))
	case saysWindows(l.banner), says("not recognized as an internal or external command"):
		return "it is Windows: set platform: windows, or leave the platform to be told by itself"
	case says("invalid input", "unknown command", "invalid command", "unrecognized command", "syntax error", "command parse error"):
		return "this seems to be no system with a POSIX shell, but a switch or the like: leave it out"
	case exit != nil && exit.status == 127, says("not found", "no such file"):
		return "the host has no /bin/sh; only systems with a POSIX shell can be asked, and Windows (platform: windows)"
	}
	return "try: ssh HOST /bin/sh </dev/null"
}

// serverName quotes what an SSH server says that it is.
func serverName(banner string) string {
	if banner == "" {
		return "does not say what it is"
	}
	return "says " + fleetnet.Quote(banner)
}
