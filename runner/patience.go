package runner

import (
	"context"
	"sync"
	"time"
)

// patience is the clock of a context whose time stands still while a person is
// asked something.
type patience struct {
	outer *patience
	end   func()

	mu      sync.Mutex // guards what follows
	timer   *time.Timer
	left    time.Duration
	since   time.Time // when the timer was started
	holders int
}

type patienceKey struct{}

// withPatience bounds ctx, as [context.WithTimeoutCause] does, to a time in
// which nobody holds it.
func withPatience(ctx context.Context, d time.Duration, cause error) (context.Context, context.CancelFunc) {
	outer, _ := ctx.Value(patienceKey{}).(*patience)
	ctx, cancel := context.WithCancelCause(ctx)
	p := &patience{outer: outer, left: d, since: time.Now(), end: func() { cancel(cause) }}
	p.timer = time.AfterFunc(d, p.end)
	return context.WithValue(ctx, patienceKey{}, p), func() {
		p.stop()
		cancel(nil)
	}
}

// hold stops the clocks of ctx until goOn is called.
func hold(ctx context.Context) (goOn func()) {
	innermost, _ := ctx.Value(patienceKey{}).(*patience)
	for p := innermost; p != nil; p = p.outer {
		p.hold()
	}
	return func() {
		for p := innermost; p != nil; p = p.outer {
			p.goOn()
		}
	}
}

func (p *patience) hold() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.holders++; p.holders == 1 && p.timer.Stop() {
		p.left -= time.Since(p.since)
	}
}

func (p *patience) goOn() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.holders--; p.holders == 0 {
		p.since = time.Now()
		p.timer.Reset(p.left)
	}
}

// stop ends the clock for good.
func (p *patience) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.holders++ // nobody starts it again
	p.timer.Stop()
}
