package runner

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/fleetnet/fleetnet"
)

// notStarted is a session that ended before the script's first frame: what the
// host printed instead says why.
func notStarted(host string, err error, a *answer) ending {
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
	return ending{fleetnet.StatusFailed, why.Error(), &HostError{host, OpExec, why, hintNotStarted(exit, said)}}
}

func hintNotStarted(exit *exitError, said []byte) string {
	said = bytes.ToLower(said)
	switch {
	case bytes.Contains(said, []byte("not available")), bytes.Contains(said, []byte("nologin")):
		return "the login has no shell on this host: use another user"
	case exit != nil && exit.status == 127, bytes.Contains(said, []byte("not found")), bytes.Contains(said, []byte("no such file")),
		bytes.Contains(said, []byte("not recognized")):
		return "the host has no /bin/sh; only systems with a POSIX shell can be asked"
	case bytes.Contains(said, []byte("password has expired")), bytes.Contains(said, []byte("password change")):
		return "log in once by hand and change the password"
	}
	return "try: ssh HOST /bin/sh </dev/null"
}
