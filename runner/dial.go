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

	"github.com/fleetnet/fleetnet/inventory"
)

// loginRetries is how often a connection is tried again that sshd dropped
// before it said who it is, as it does beyond MaxStartups.
const loginRetries = 2

// way is how a host is reached: over a master connection, directly, by a command
// or through a bastion, with a place at the gate of its sshd.
type way struct {
	addr    string
	master  *link
	bastion *bastion
	note    string // why there is no master
	leave   func() // may be called more than once
}

// addrOf returns host:port as it is dialled.
func addrOf(h inventory.Host) string {
	return net.JoinHostPort(h.Addr, strconv.Itoa(orDefault(h.Port, 22)))
}

// notes returns what is to be said of the way.
func (w *way) notes() []string {
	var notes []string
	if w.note != "" {
		notes = append(notes, w.note)
	}
	if w.bastion != nil {
		for _, note := range w.bastion.link.notes {
			notes = append(notes, w.bastion.name+": "+note)
		}
	}
	return notes
}

// way waits for the bastion, if there is one, and for the host's turn to log in.
func (d *sshDoor) way(ctx context.Context, h inventory.Host) (*way, *HostError) {
	w := &way{addr: addrOf(h), leave: func() {}}
	if h.SSH.Refused != "" {
		return w, &HostError{h.Name, OpDial, errors.New(h.SSH.Refused), ""}
	}
	if h.SSH.ControlPath != "" {
		if w.master, w.note = d.master(ctx, h); w.master != nil {
			return w, nil
		}
	}
	return w, d.queue(ctx, h, w)
}

func (d *sshDoor) queue(ctx context.Context, h inventory.Host, w *way) *HostError {
	if h.Jump != nil {
		var fail *HostError
		if w.bastion, fail = d.bastions.reach(ctx, h); fail != nil {
			return fail
		}
	}
	leave, err := d.logins.enter(ctx, gateOf(h))
	if err != nil {
		return &HostError{h.Name, OpHandshake, err, ""}
	}
	w.leave = leave
	return nil
}

// login connects and logs in.
func (d *sshDoor) login(ctx context.Context, h inventory.Host, w *way) (over *link, fail *HostError) {
	if w.master != nil {
		return w.master, nil
	}
	leave, fail := d.lockout.enter(ctx, h)
	if fail != nil {
		return nil, fail
	}
	fail = d.knock(ctx, h, w, func(conn net.Conn) (fail *HostError) {
		over, fail = d.handshake(ctx, h, w.addr, conn)
		return fail
	})
	leave(fail)
	return over, fail
}

// knock connects and greets the server, again when sshd drops the connection
// unheard. Greet closes the connection when it fails.
func (d *sshDoor) knock(ctx context.Context, h inventory.Host, w *way, greet func(net.Conn) *HostError) *HostError {
	for try := 0; ; try++ {
		conn, fail := d.dial(ctx, h, w)
		if fail != nil {
			return fail
		}
		fail = greet(conn)
		if proxy, ok := conn.(*proxyConn); ok && fail != nil {
			fail = proxy.explain(fail)
		}
		if fail == nil || try == loginRetries || !errors.Is(fail.Err, errDropped) {
			return fail
		}
		if !pause(ctx, time.Duration(200+rand.IntN(600))*time.Millisecond<<try) {
			return fail
		}
	}
}

// pause returns false when ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// errDropped is a connection that ended before the server showed its key.
var errDropped = errors.New("the server closed the connection")

// dial connects, as often as the host's ConnectionAttempts has it, once a second.
func (d *sshDoor) dial(ctx context.Context, h inventory.Host, w *way) (net.Conn, *HostError) {
	for try := 1; ; try++ {
		conn, fail := d.dialOnce(ctx, h, w)
		if fail == nil || try >= h.SSH.ConnectionAttempts || !pause(ctx, time.Second) {
			return conn, fail
		}
	}
}

func (d *sshDoor) dialOnce(ctx context.Context, h inventory.Host, w *way) (net.Conn, *HostError) {
	timeout := d.cfg.dialTimeout(h)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	switch {
	case w.bastion != nil:
		return d.dialThrough(ctx, h, w)
	case h.SSH.ProxyCommand != "":
		return d.proxies.start(h)
	}
	conn, err := d.dialTCP(ctx, h, w.addr)
	if err != nil {
		return nil, dialError(h, w.addr, err, timeout)
	}
	return conn, nil
}

// dialTCP dials from the host's BindAddress, in its AddressFamily.
func (d *sshDoor) dialTCP(ctx context.Context, h inventory.Host, addr string) (net.Conn, error) {
	network := "tcp"
	switch h.SSH.AddressFamily {
	case "inet":
		network = "tcp4"
	case "inet6":
		network = "tcp6"
	}
	if d.cfg.DialContext != nil {
		return d.cfg.DialContext(ctx, network, addr)
	}
	dialer := new(net.Dialer)
	if h.SSH.BindAddress != "" {
		local, err := net.ResolveTCPAddr(network, net.JoinHostPort(h.SSH.BindAddress, "0"))
		if err != nil {
			return nil, fmt.Errorf("BindAddress: %w", err)
		}
		dialer.LocalAddr = local
	}
	return dialer.DialContext(ctx, network, addr)
}

// lostGrace is how long after a channel the end of its connection may be seen.
const lostGrace = 200 * time.Millisecond

// lost reports whether the way leads through a bastion whose connection was lost.
func (w *way) lost() bool {
	if w == nil || w.bastion == nil {
		return false
	}
	select {
	case <-w.bastion.dead:
		return true
	case <-time.After(lostGrace):
		return false
	}
}

// dialThrough dials through the bastion, which is connected anew once when
// that shows that its connection was lost.
func (d *sshDoor) dialThrough(ctx context.Context, h inventory.Host, w *way) (net.Conn, *HostError) {
	conn, fail := w.bastion.dial(ctx, h, w.addr)
	if fail == nil || !w.bastion.lost() {
		return conn, fail
	}
	anew, fail := d.bastions.reach(ctx, h)
	if fail != nil {
		return nil, fail
	}
	w.bastion = anew
	return w.bastion.dial(ctx, h, w.addr)
}

func dialError(h inventory.Host, addr string, err error, timeout time.Duration) *HostError {
	fail := &HostError{Host: h.Name, Op: OpDial}
	var dns *net.DNSError
	var errno syscall.Errno
	var unsuitable *net.AddrError
	switch {
	case h.SSH.AddressFamily != "" && errors.As(err, &unsuitable):
		fail.Err, fail.Hint = fmt.Errorf("%s: no address of the family %s", addr, h.SSH.AddressFamily), "AddressFamily in ssh_config allows no other"
	case h.SSH.BindAddress != "" && errors.Is(err, syscall.EADDRNOTAVAIL):
		fail.Err, fail.Hint = fmt.Errorf("%s: from %s: %w", addr, h.SSH.BindAddress, syscall.EADDRNOTAVAIL), "BindAddress in ssh_config is no address of this machine"
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
