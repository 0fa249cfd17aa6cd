package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

const clientVersion = "SSH-2.0-fleetnet"

// handshake makes an authenticated client of a connection, which it closes
// when that fails.
func (d *sshDoor) handshake(ctx context.Context, h inventory.Host, addr string, conn net.Conn) (*link, *HostError) {
	offer, err := d.offer(h.SSH)
	if err != nil {
		conn.Close()
		return nil, badOffer(h, err)
	}
	bound := &deadline{"handshake", d.cfg.HandshakeTimeout}
	ctx, cancel := withPatience(ctx, bound.d, bound)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()

	check := d.hostKeys.check(h, addr)
	greeted := &greetedConn{Conn: conn}
	login := d.newLogin(ctx, h, &greeted.broken)
	cfg := &ssh.ClientConfig{
		User:              login.user,
		AuthCallback:      check.guard(login),
		HostKeyCallback:   check.verify,
		HostKeyAlgorithms: check.algorithms(offer.hostKeys),
		ClientVersion:     clientVersion,
		Config:            offer.config(),
	}
	c, chans, requests, err := ssh.NewClientConn(greeted, addr, cfg)
	login.ended(err)
	if err == nil && ctx.Err() != nil { // the connection is being closed
		err = context.Cause(ctx)
	}
	if err == nil {
		return &link{client: ssh.NewClient(c, chans, requests), wrongKey: check.wrong, notes: check.note()}, nil
	}
	conn.Close()
	return nil, handshakeError(ctx, h, addr, err, check, login, greeted)
}

// handshakeError says at which step of the handshake it went wrong.
func handshakeError(ctx context.Context, h inventory.Host, addr string, err error, check *keyCheck, l *login, g *greetedConn) *HostError {
	fail := &HostError{Host: h.Name, Op: OpHandshake}
	var over *deadline
	var algorithms *ssh.AlgorithmNegotiationError
	switch {
	case check.fail != nil:
		return check.fail
	case errors.As(context.Cause(ctx), &over):
		fail.Err, fail.Hint = fmt.Errorf("%s: no end within %v, %s", addr, over.d, g.step(check, l)), "the host may be overloaded; or it is not sshd that listens there"
		if l.begun {
			fail.Op = OpLogin
		}
	case l.begun:
		return check.withheld(l.refused(err), l)
	case errors.As(err, &algorithms):
		return noCommon(h.Name, addr, algorithms)
	case !g.isSSH() && len(g.said()) > 0 && !bytes.Contains(g.said(), []byte("MaxStartups")) && !bytes.HasPrefix(g.said(), []byte("Not allowed")):
		fail.Err, fail.Hint = fmt.Errorf("%s: not an SSH server: it says %s", addr, fleetnet.Quote(g.said())), "check addr and port"
	case dropped(err):
		fail.Err, fail.Hint = fmt.Errorf("%s: %w%s", addr, errDropped, g.quoted()), "sshd drops connections beyond MaxStartups, and those of addresses it distrusts (PerSourcePenalties)"
	default:
		fail.Err = fmt.Errorf("%s: %w", addr, plain(err))
	}
	return fail
}

// greetedConn is a connection that remembers what the server said first. Its
// first read takes all that is there: x/crypto reads the version byte by byte.
type greetedConn struct {
	net.Conn
	greeting [512]byte
	n, taken int
	broken   atomic.Bool // it has ended
}

func (g *greetedConn) Read(p []byte) (int, error) {
	n, err := g.read(p)
	if err != nil {
		g.broken.Store(true)
	}
	return n, err
}

func (g *greetedConn) read(p []byte) (int, error) {
	if g.n == 0 {
		n, err := g.Conn.Read(g.greeting[:])
		if n == 0 {
			return 0, err
		}
		g.n = n
	}
	if g.taken < g.n {
		k := copy(p, g.greeting[g.taken:g.n])
		g.taken += k
		return k, nil
	}
	return g.Conn.Read(p)
}

// said returns the server's first line.
func (g *greetedConn) said() []byte {
	line, _, _ := bytes.Cut(g.greeting[:g.n], []byte{'\n'})
	return bytes.TrimSpace(line)
}

func (g *greetedConn) isSSH() bool { return bytes.Contains(g.greeting[:g.n], []byte("SSH-")) }

// step says how far a handshake came that did not end.
func (g *greetedConn) step(check *keyCheck, l *login) string {
	switch {
	case g.n == 0:
		return "the server said nothing"
	case check.shown == nil:
		return "in the key exchange"
	case !l.begun:
		return "before the login"
	}
	return "in the login"
}

// quoted returns the server's first line for the end of a sentence.
func (g *greetedConn) quoted() string {
	if len(g.said()) == 0 {
		return " without a word"
	}
	return " after " + fleetnet.Quote(g.said())
}
