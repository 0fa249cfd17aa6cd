package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"strconv"
	"sync"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// master is the connection that an ssh keeps for others to use (ControlMaster).
// It belongs to whoever has started it and is left as it was found.
type master struct {
	path string
	conn *muxConn // on which nothing was asked for yet
}

// master returns a link over the master connection that ssh keeps for the host,
// where we are logged in already: neither the way to it nor the host's key
// matters. Without one it returns nil, and why when somebody might expect one.
func (d *sshDoor) master(ctx context.Context, h inventory.Host) (*link, string) {
	path := homePath(h.SSH.ControlPath)
	st, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || path == "none" {
		return nil, ""
	}
	if err == nil && st.Mode().Type() != fs.ModeSocket {
		err = errors.New("not a socket")
	}
	m := &master{path: path}
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, d.cfg.dialTimeout(h))
		defer cancel()
		m.conn, err = dialMux(ctx, path)
	}
	if err != nil {
		return nil, noteNoMaster(path, err)
	}
	return &link{master: m}, ""
}

func noteNoMaster(path string, err error) string {
	return fmt.Sprintf("the master connection of ssh is not used: ControlPath %s: %s", fleetnet.Quote(path), fleetnet.Printable(err.Error()))
}

// refusedByMaster is a session that the master does not open, or its sshd.
type refusedByMaster struct{ err error }

func (e *refusedByMaster) Error() string {
	return "the master connection opens no session: " + e.err.Error()
}
func (e *refusedByMaster) Unwrap() error { return e.err }

func (m *master) close() { m.conn.Close() }

// wait returns when the master has gone.
func (m *master) wait() { _, _, _ = m.conn.receive() }

// openShell runs a command, whose streams go through pipes that the
// master is handed.
func (m *master) openShell(ctx context.Context, h inventory.Host, what task) (*session, *HostError) {
	stop := context.AfterFunc(ctx, m.close)
	defer stop()
	p, err := newPipes(3)
	if err == nil {
		err = m.conn.request(newSession(what.command), p.theirs())
		p.closeTheirs()
	}
	if err != nil {
		m.close()
		p.close()
		return nil, &HostError{h.Name, OpExec, &refusedByMaster{err},
			"its sshd may permit no more sessions (MaxSessions): close some of them, or end it with ssh -O exit"}
	}
	exit := make(chan error, 1)
	go func() { exit <- m.conn.exit() }()
	// A host may end without reading: what it says then tells why, not this error.
	_, _ = p.in.Write(what.input)
	p.in.Close()
	return &session{
		stdout: p.out,
		stderr: p.err,
		wait:   sync.OnceValue(func() error { return <-exit }),
		close: sync.OnceFunc(func() {
			m.close()
			p.close()
		}),
	}, nil
}

// exit returns how the session ended.
func (c *muxConn) exit() error {
	for {
		kind, body, err := c.receive()
		switch {
		case err != nil:
			return errNoStatus
		case kind == muxExitMessage:
			_, rest := cutUint32(body) // the session
			if status, _ := cutUint32(rest); status != 0 {
				return &exitError{status: int(status)}
			}
			return nil
		}
	}
}

// dial asks the master to connect to addr, over a connection of its own to it.
func (m *master) dial(ctx context.Context, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, err
	}
	mux, err := dialMux(ctx, m.path)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { mux.Close() })
	p, err := newPipes(2)
	if err == nil {
		err = mux.request(newStdioForward(host, uint32(n)), p.theirs())
		p.closeTheirs()
	}
	if !stop() && ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		mux.Close()
		p.close()
		return nil, err
	}
	return &forwarded{p, mux}, nil
}

// forwarded is a connection that a master makes for us.
type forwarded struct {
	*pipes
	mux *muxConn
}

func (f *forwarded) Close() error {
	f.pipes.close()
	return f.mux.Close()
}

var _ io.Closer = (*forwarded)(nil)
