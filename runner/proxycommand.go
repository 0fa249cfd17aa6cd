package runner

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
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
	in, out *os.File // our ends
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
	errs, err := c.pipes()
	if err != nil {
		return nil, &HostError{h.Name, OpDial, fmt.Errorf("%s: %w", c, err), ""}
	}
	if err := c.cmd.Start(); err != nil {
		c.in.Close()
		c.out.Close()
		errs.Close()
		closeFiles(c.cmd)
		return nil, &HostError{h.Name, OpDial, fmt.Errorf("%s: %w", c, err), "check $SHELL"}
	}
	closeFiles(c.cmd)
	p.wg.Go(func() { c.reap(errs) })
	return c, nil
}

// pipes connects the command to pipes and returns our end of its standard error.
func (c *proxyConn) pipes() (errs *os.File, err error) {
	inRead, inWrite, err1 := os.Pipe()
	outRead, outWrite, err2 := os.Pipe()
	errRead, errWrite, err3 := os.Pipe()
	if err := errors.Join(err1, err2, err3); err != nil {
		for _, f := range []*os.File{inRead, inWrite, outRead, outWrite, errRead, errWrite} {
			f.Close() // of nil it does nothing
		}
		return nil, err
	}
	c.in, c.out = inWrite, outRead
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = inRead, outWrite, errWrite
	return errRead, nil
}

// closeFiles closes the command's ends of the pipes, which are its own once it runs.
func closeFiles(cmd *exec.Cmd) {
	for _, f := range []any{cmd.Stdin, cmd.Stdout, cmd.Stderr} {
		f.(*os.File).Close()
	}
}

// reap waits for the command's end, and ends what it has left in its group.
func (c *proxyConn) reap(errs *os.File) {
	defer close(c.ended)
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		_, _ = io.Copy(&c.said, errs)
	}()
	c.status = c.cmd.Wait()
	killProxy(c.cmd)
	close(c.gone)
	timer := time.AfterFunc(proxyGrace, func() { errs.Close() }) // a daemon may hold the other end
	<-heard
	timer.Stop()
	errs.Close()
}

func (c *proxyConn) Read(p []byte) (int, error) {
	n, err := c.out.Read(p)
	if n > 0 {
		c.spoke.Store(true)
	}
	return n, err
}

func (c *proxyConn) Write(p []byte) (int, error) { return c.in.Write(p) }

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

// proxyAddr is the address of a command.
type proxyAddr struct{}

func (proxyAddr) Network() string { return "command" }
func (proxyAddr) String() string  { return "127.0.0.1:0" } // x/crypto wants one that looks like TCP

func (c *proxyConn) LocalAddr() net.Addr  { return proxyAddr{} }
func (c *proxyConn) RemoteAddr() net.Addr { return proxyAddr{} }

func (c *proxyConn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}
func (c *proxyConn) SetReadDeadline(t time.Time) error  { return c.out.SetReadDeadline(t) }
func (c *proxyConn) SetWriteDeadline(t time.Time) error { return c.in.SetWriteDeadline(t) }

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
