package runner

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// proxies runs the commands of ProxyCommand, and waits for their end.
type proxies struct{ wg sync.WaitGroup }

// close waits until no command is left; their connections must be closed.
func (p *proxies) close() { p.wg.Wait() }

// proxyConn is a command whose standard input and output are a connection. Its
// standard error is kept for the case that it fails.
type proxyConn struct {
	*pipes
	cmd     *exec.Cmd
	command string
	said    firstBytes
	spoke   atomic.Bool // something came from it
	closing sync.Once
	gone    chan struct{} // closed when the command is, and status is set
	ended   chan struct{} // closed when it has nothing more to say, either
	status  error
}

const (
	// proxyGrace is how long a command may take to end by itself once its
	// connection is closed, and its standard error once it has ended.
	proxyGrace = time.Second
	// proxySaid bounds what is kept of its standard error.
	proxySaid = 4 << 10
)

// start runs the host's command, as ssh does with the user's shell. It belongs to
// no terminal: what it asks cannot be answered, and fails at once rather than hang.
func (p *proxies) start(h inventory.Host) (net.Conn, *HostError) {
	c := &proxyConn{command: h.SSH.ProxyCommand, cmd: proxyShell(h.SSH.ProxyCommand), gone: make(chan struct{}), ended: make(chan struct{})}
	var err error
	if c.pipes, err = newPipes(3); err == nil {
		theirs := c.theirs()
		c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = theirs[0], theirs[1], theirs[2]
		err = c.cmd.Start()
		c.closeTheirs()
	}
	if err != nil {
		c.pipes.close()
		return nil, &HostError{h.Name, OpDial, fmt.Errorf("%s: %w", c, err), "check $SHELL"}
	}
	p.wg.Go(c.reap)
	return c, nil
}

// reap waits for the command's end, and ends what it has left in its group.
func (c *proxyConn) reap() {
	defer close(c.ended)
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		_, _ = io.Copy(&c.said, c.err)
	}()
	c.status = c.cmd.Wait()
	killProxy(c.cmd)
	close(c.gone)
	timer := time.AfterFunc(proxyGrace, func() { c.err.Close() }) // a daemon may hold the other end
	<-heard
	timer.Stop()
	c.err.Close()
}

func (c *proxyConn) Read(p []byte) (int, error) {
	n, err := c.pipes.Read(p)
	if n > 0 {
		c.spoke.Store(true)
	}
	return n, err
}

// Close ends the connection and asks the command to end, which it must do soon.
func (c *proxyConn) Close() error {
	c.closing.Do(func() {
		c.in.Close()
		c.out.Close()
		c.unlessEnded(hangUpProxy)
		timer := time.AfterFunc(proxyGrace, func() { c.unlessEnded(killProxy) })
		go func() {
			<-c.gone
			timer.Stop()
		}()
	})
	return nil
}

func (c *proxyConn) unlessEnded(do func(*exec.Cmd)) {
	select {
	case <-c.gone:
	default:
		do(c.cmd)
	}
}

// String names the command.
func (c *proxyConn) String() string { return "proxy command " + fleetnet.Quote(c.command) }

// explain returns the error of a handshake that failed over the command, with
// what the command has to say. The connection must be closed.
func (c *proxyConn) explain(fail *HostError) *HostError {
	if fail.Op != OpHandshake {
		return fail
	}
	<-c.ended // which is soon, as it is closed
	why, hint := fail.Err, fail.Hint
	said := c.said.String()
	var exit *exec.ExitError
	if errors.As(c.status, &exit) && exit.ExitCode() > 0 {
		why = exitOf(exit.ProcessState)
		if strings.Contains(said, "kex_exchange_identification") || strings.Contains(said, "Connection reset") {
			why = fmt.Errorf("%w: %w", why, errDropped) // it is ssh, whose sshd is too busy
		}
	}
	if !c.spoke.Load() {
		hint = "run the command by hand: it has to print what sshd says, SSH-2.0-…"
	}
	if said != "" {
		why = fmt.Errorf("%w: %s", why, fleetnet.Quote(said))
	}
	return &HostError{fail.Host, OpDial, fmt.Errorf("%s: %w", c, why), hint}
}

// firstBytes keeps the first of what is written to it.
type firstBytes struct {
	mu   sync.Mutex
	text []byte
}

func (b *firstBytes) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text = append(b.text, p[:min(len(p), proxySaid-len(b.text))]...)
	return len(p), nil
}

// String returns it on one line.
func (b *firstBytes) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(string(b.text), "?"), func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}
