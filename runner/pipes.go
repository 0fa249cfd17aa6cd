package runner

import (
	"errors"
	"net"
	"os"
	"time"
)

// pipes are the standard streams of something else, our ends and its. Standard
// input and output together are a connection.
type pipes struct {
	in, out, err *os.File // ours; err may be nil
	other        []*os.File
}

// newPipes makes the first two or all three of the streams. When it fails the
// pipes are there too, to be closed.
func newPipes(n int) (*pipes, error) {
	p := &pipes{}
	inRead, inWrite, err1 := os.Pipe()
	outRead, outWrite, err2 := os.Pipe()
	p.in, p.out, p.other = inWrite, outRead, []*os.File{inRead, outWrite}
	var err3 error
	if n == 3 {
		var errWrite *os.File
		p.err, errWrite, err3 = os.Pipe()
		p.other = append(p.other, errWrite)
	}
	err := errors.Join(err1, err2, err3)
	if err != nil {
		p.closeTheirs()
	}
	return p, err
}

// theirs returns the other ends.
func (p *pipes) theirs() []*os.File { return p.other }

// closeTheirs closes the other ends, once they are in other hands.
func (p *pipes) closeTheirs() { closeAll(p.other...) }

// close closes our ends. It may be called more than once.
func (p *pipes) close() { closeAll(p.in, p.out, p.err) }

// closeAll closes files, some of which may be nil.
func closeAll(files ...*os.File) {
	for _, f := range files {
		_ = f.Close() // of nil it does nothing
	}
}

func (p *pipes) Read(b []byte) (int, error)  { return p.out.Read(b) }
func (p *pipes) Write(b []byte) (int, error) { return p.in.Write(b) }

// pipeAddr is the address of what has none.
type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "127.0.0.1:0" } // x/crypto wants one that looks like TCP

func (p *pipes) LocalAddr() net.Addr  { return pipeAddr{} }
func (p *pipes) RemoteAddr() net.Addr { return pipeAddr{} }

func (p *pipes) SetDeadline(t time.Time) error {
	return errors.Join(p.SetReadDeadline(t), p.SetWriteDeadline(t))
}
func (p *pipes) SetReadDeadline(t time.Time) error  { return p.out.SetReadDeadline(t) }
func (p *pipes) SetWriteDeadline(t time.Time) error { return p.in.SetWriteDeadline(t) }
