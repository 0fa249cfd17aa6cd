package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/fleetnet/fleetnet"
)

// session is a script that runs on a host.
type session struct {
	stdout, stderr io.Reader
	// wait returns how the script's shell ended, once both streams have: nil, an
	// *exitError, or that the connection broke. It may be called once.
	wait func() error
	// close ends the script and both streams. It may be called at any time and
	// more than once.
	close func()
}

// exitError is a shell that ended otherwise than with status 0.
type exitError struct {
	status int
	signal string // without SIG
}

func (e *exitError) Error() string {
	if e.signal != "" {
		return "signal " + e.signal
	}
	return exitText(e.status)
}

// errNoStatus is a session that ended without saying how.
var errNoStatus = errors.New("the connection was closed without an exit status")

// stderrGrace is how long standard error may take to end once standard output has.
const stderrGrace = 2 * time.Second

// listener feeds the two streams of a session to an answer and collects its
// sections as they end.
type listener struct {
	run       context.Context // the run's
	answer    *answer
	collector *collector
	recording *hostRecording // nil unless the run is recorded
	left      atomic.Int64   // bytes that the host may still print
	capped    atomic.Bool
	nonce     string
	banner    string // of the SSH server, if it is known
	maxBytes  int64
	more      bool // another command is there to be tried
	now       func() time.Time
}

// listen returns when the answer has ended, with how it did. The session is
// closed then, unless the script did not start and more is to be tried.
func (l *listener) listen(ctx context.Context, s *session, b *buffers) ending {
	l.left.Store(l.maxBytes)
	stop := context.AfterFunc(ctx, s.close)
	defer stop()
	errEnded := make(chan struct{})
	go func() {
		defer close(errEnded)
		l.listenErr(s, b.stderr[:])
	}()
	l.answer.stdout.held = b.held[:0]
	l.listenOut(s, b.stdout[:])
	b.held = l.answer.stdout.held
	if l.answer.done {
		waitFirst(stderrGrace, l.answer.errDone, errEnded)
		s.close()
	}
	<-errEnded
	end := l.ending(ctx, s)
	if !l.more || !l.idle(end) {
		s.close()
	}
	l.answer.close()
	l.collector.finish(l.answer, end)
	return end
}

func waitFirst(grace time.Duration, a, b <-chan struct{}) {
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-a:
	case <-b:
	case <-timer.C:
	}
}

// listenOut reads standard output up to the done frame, its end or the bound.
func (l *listener) listenOut(s *session, buf []byte) {
	for !l.answer.done {
		n, err := s.stdout.Read(buf)
		k := l.take(n, s)
		l.recording.stdout(buf[:k])
		l.answer.stdout.write(buf[:k])
		if l.collector.takenAt.IsZero() && l.answer.started() {
			l.collector.takenAt = l.now()
		}
		l.collector.collect(l.answer)
		if err != nil || k < n {
			return
		}
	}
}

func (l *listener) listenErr(s *session, buf []byte) {
	for {
		n, err := s.stderr.Read(buf)
		k := l.take(n, s)
		l.recording.stderr(buf[:k])
		l.answer.stderr.write(buf[:k])
		if err != nil || k < n {
			return
		}
	}
}

// take returns how many of n bytes are within the bound; beyond it the session ends.
func (l *listener) take(n int, s *session) int {
	left := l.left.Add(int64(-n))
	if left >= 0 {
		return n
	}
	l.capped.Store(true)
	s.close()
	return int(max(0, int64(n)+left))
}

// ending says how the answer ended.
func (l *listener) ending(ctx context.Context, s *session) ending {
	host := l.collector.host.Name
	switch {
	case l.answer.done:
		return ending{}
	case l.capped.Load():
		why := fmt.Sprintf("output exceeded %d MiB", l.maxBytes>>20)
		return ending{fleetnet.StatusPartial, why, &HostError{host, OpRead, errors.New(why), "raise --max-mib, if the host is trusted and that busy"}}
	}
	if over := firstOver(ctx, l.run); over != nil {
		return endingOf(over, host, l.doing())
	}
	err := s.wait()
	if over := firstOver(ctx, l.run); over != nil {
		return endingOf(over, host, l.doing())
	}
	if !l.answer.started() {
		l.answer.close()
		return l.notStarted(err)
	}
	return brokeOff(host, err, l.doing())
}

// brokeOff is a script that ended before its last frame.
func brokeOff(host string, err error, doing string) ending {
	why := "the connection was lost"
	var exit *exitError
	if errors.As(err, &exit) || err == nil {
		why = "the shell ended early"
	}
	if err != nil {
		why += ": " + err.Error()
	}
	return ending{fleetnet.StatusFailed, why, &HostError{host, OpRead, fmt.Errorf("%s, %s", why, doing), ""}}
}

// doing says how far the script came.
func (l *listener) doing() string {
	switch last := l.answer.last(); {
	case last == nil:
		return "before the script said anything"
	case last.Complete:
		return "after " + fleetnet.Printable(last.Probe)
	default:
		return "in " + fleetnet.Printable(last.Probe)
	}
}
