package runner

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// maxHops bounds how many bastions lead to a host.
const maxHops = 8

// bastions holds one connection per bastion, made when a host first needs it
// and kept for the run.
type bastions struct {
	ctx  context.Context // the run's
	door *sshDoor
	mu   sync.Mutex
	by   map[string]*bastion
	wg   sync.WaitGroup
}

// bastion is a connection through which hosts are reached.
type bastion struct {
	name  string
	ready chan struct{} // closed when link or fail is set
	link  *link
	fail  *HostError
	dead  chan struct{} // closed by gone
	gone  func()        // says that the connection is gone
}

func newBastions(ctx context.Context, d *sshDoor) *bastions {
	return &bastions{ctx: ctx, door: d, by: map[string]*bastion{}}
}

// reach returns the host's bastion, connected. A bastion that could not be
// reached is not tried again for each host; one whose connection was lost is.
func (b *bastions) reach(ctx context.Context, h inventory.Host) (*bastion, *HostError) {
	if hops(h) > maxHops {
		return nil, &HostError{h.Name, OpJump, fmt.Errorf("more than %d jumps, or a jump that leads back to itself", maxHops), "mend jump in the inventory"}
	}
	bn := b.get(*h.Jump)
	select {
	case <-bn.ready:
	case <-ctx.Done():
		return nil, &HostError{h.Name, OpJump, context.Cause(ctx), ""}
	}
	if bn.fail != nil {
		return nil, &HostError{h.Name, OpJump, fmt.Errorf("%s: %w", bn.name, bn.fail), bn.fail.Hint}
	}
	return bn, nil
}

func hops(h inventory.Host) int {
	n := 0
	for j := h.Jump; j != nil && n <= maxHops; j = j.Jump {
		n++
	}
	return n
}

func (b *bastions) get(jump inventory.Host) *bastion {
	key := pathOf(jump)
	b.mu.Lock()
	defer b.mu.Unlock()
	bn := b.by[key]
	if bn != nil && !bn.lost() {
		return bn
	}
	bn = &bastion{name: jump.Name, ready: make(chan struct{}), dead: make(chan struct{})}
	bn.gone = sync.OnceFunc(func() { close(bn.dead) })
	b.by[key] = bn
	b.wg.Go(func() { b.connect(bn, jump) })
	return bn
}

// lost reports whether the connection was there and is not any more.
func (bn *bastion) lost() bool {
	select {
	case <-bn.dead:
		return true
	default:
		return false
	}
}

// connect logs in to the bastion and stays until its connection ends.
func (b *bastions) connect(bn *bastion, jump inventory.Host) {
	ctx, cancel := context.WithCancelCause(b.ctx)
	defer cancel(nil)
	bn.link, bn.fail = b.login(ctx, jump)
	close(bn.ready)
	if bn.fail != nil {
		return
	}
	defer bn.gone()
	stop := context.AfterFunc(ctx, func() { bn.link.Close() })
	defer stop()
	silent := keepAlive(bn.link, b.door.cfg.pulseOf(jump), cancel)
	defer silent()
	bn.link.wait()
}

// login takes as long as a host may.
func (b *bastions) login(ctx context.Context, jump inventory.Host) (*link, *HostError) {
	w, fail := b.door.way(ctx, jump)
	if fail != nil {
		return nil, fail
	}
	defer w.leave()
	d := orDefault(jump.Timeout, b.door.cfg.Timeout)
	ctx, cancel := withPatience(ctx, d, &deadline{"bastion", d})
	defer cancel()
	link, fail := b.door.login(ctx, jump, w)
	if fail == nil {
		link.notes = append(w.notes(), link.notes...)
	}
	return link, fail
}

// close waits until every connection has ended; the run's context must be done.
func (b *bastions) close() { b.wg.Wait() }

// dial opens a channel to addr as seen from the bastion.
func (bn *bastion) dial(ctx context.Context, h inventory.Host, addr string) (net.Conn, *HostError) {
	conn, err := bn.link.dial(ctx, addr)
	if err == nil {
		return conn, nil
	}
	fail := &HostError{Host: h.Name, Op: OpJump}
	var refused *ssh.OpenChannelError
	var byMaster *muxRefusal
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		fail.Err, fail.Hint = fmt.Errorf("%s: no answer from %s within the dial timeout: %w", bn.name, addr, err), "the host is down, or a firewall stands between the bastion and it"
	case errors.As(err, &refused) && refused.Reason == ssh.Prohibited:
		fail.Err, fail.Hint = fmt.Errorf("%s: refuses to connect to %s: %s", bn.name, addr, fleetnet.Quote(refused.Message)), "the bastion's sshd needs AllowTcpForwarding yes"
	case errors.As(err, &refused):
		fail.Err, fail.Hint = fmt.Errorf("%s: cannot connect to %s: %s", bn.name, addr, fleetnet.Quote(refused.Message)), "check the host's addr as the bastion sees it"
	case errors.As(err, &byMaster):
		fail.Err, fail.Hint = fmt.Errorf("%s: cannot connect to %s: %w", bn.name, addr, byMaster), "check the host's addr as the bastion sees it, and that the bastion's sshd has AllowTcpForwarding yes"
	default:
		if ctx.Err() == nil {
			bn.gone()
		}
		fail.Err, fail.Hint = fmt.Errorf("%s: connect to %s: %w", bn.name, addr, plain(err)), "the connection to the bastion was lost"
	}
	return nil, fail
}
