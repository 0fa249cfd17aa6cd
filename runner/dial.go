package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet/inventory"
)

// loginRetries is how often a connection is tried again that sshd dropped
// before it said who it is, as it does beyond MaxStartups.
const loginRetries = 2

// way is how a host is reached: directly or through a bastion, with a place at
// the gate of its sshd.
type way struct {
	addr    string
	bastion *bastion
	leave   func() // may be called more than once
}

// addrOf returns host:port as it is dialled.
func addrOf(h inventory.Host) string {
	return net.JoinHostPort(h.Addr, strconv.Itoa(orDefault(h.Port, 22)))
}

// way waits for the bastion, if there is one, and for the host's turn to log in.
func (d *sshDoor) way(ctx context.Context, h inventory.Host) (*way, *HostError) {
	w := &way{addr: addrOf(h)}
	key := w.addr
	if h.Jump != nil {
		var fail *HostError
		if w.bastion, fail = d.bastions.reach(ctx, h); fail != nil {
			return nil, fail
		}
		key = h.Jump.Name + " " + key
	}
	leave, err := d.logins.enter(ctx, key)
	if err != nil {
		return nil, &HostError{h.Name, OpHandshake, err, ""}
	}
	w.leave = leave
	return w, nil
}

// login connects and logs in, again when sshd drops the connection unheard.
func (d *sshDoor) login(ctx context.Context, h inventory.Host, w *way) (_ *ssh.Client, fail *HostError) {
	leave, fail := d.lockout.enter(ctx, h)
	if fail != nil {
		return nil, fail
	}
	defer func() { leave(fail) }()
	for try := 0; ; try++ {
		conn, fail := d.dial(ctx, h, w)
		if fail != nil {
			return nil, fail
		}
		client, fail := d.handshake(ctx, h, w.addr, conn)
		if fail == nil || try == loginRetries || !errors.Is(fail.Err, errDropped) {
			return client, fail
		}
		pause := time.Duration(200+rand.IntN(600)) * time.Millisecond << try
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, fail
		}
	}
}

// errDropped is a connection that ended before the server showed its key.
var errDropped = errors.New("the server closed the connection")

func (d *sshDoor) dial(ctx context.Context, h inventory.Host, w *way) (net.Conn, *HostError) {
	ctx, cancel := context.WithTimeout(ctx, d.cfg.DialTimeout)
	defer cancel()
	if w.bastion != nil {
		return d.dialThrough(ctx, h, w)
	}
	conn, err := d.cfg.DialContext(ctx, "tcp", w.addr)
	if err != nil {
		return nil, dialError(h, w.addr, err, d.cfg.DialTimeout)
	}
	return conn, nil
}

// dialThrough dials through the bastion, which is connected anew once when
// that shows that its connection was lost.
func (d *sshDoor) dialThrough(ctx context.Context, h inventory.Host, w *way) (net.Conn, *HostError) {
	conn, fail := w.bastion.dial(ctx, h, w.addr)
	if fail == nil || !w.bastion.lost() {
		return conn, fail
	}
	if w.bastion, fail = d.bastions.reach(ctx, h); fail != nil {
		return nil, fail
	}
	return w.bastion.dial(ctx, h, w.addr)
}

func dialError(h inventory.Host, addr string, err error, timeout time.Duration) *HostError {
	fail := &HostError{Host: h.Name, Op: OpDial}
	var dns *net.DNSError
	var errno syscall.Errno
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		fail.Err, fail.Hint = fmt.Errorf("%s: no such host: %w", addr, err), "give the host an addr, or mend its name"
		fail.Err = fmt.Errorf("%s: no such host", addr)
	case errors.Is(err, context.DeadlineExceeded) || isTimeout(err):
		fail.Err, fail.Hint = fmt.Errorf("%s: no answer within %v: %w", addr, timeout, context.DeadlineExceeded), "the host is down, or a firewall drops the connection"
	case errors.Is(err, syscall.ECONNREFUSED):
		fail.Err, fail.Hint = fmt.Errorf("%s: %w", addr, syscall.ECONNREFUSED), "no sshd listens there: check addr and port"
	case errors.As(err, &errno):
		fail.Err = fmt.Errorf("%s: %w", addr, errno)
	default:
		fail.Err = fmt.Errorf("%s: %w", addr, err)
	}
	return fail
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

// dropped reports whether err is a connection that the other end closed.
func dropped(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
