package runner

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"sync"
	"time"

	"github.com/fleetnet/fleetnet/inventory"
)

// trip is one run: what its hosts share.
type trip struct {
	ctx       context.Context // the run's
	cfg       Config
	plan      *plan
	secrets   *secrets
	passwords *passwords // for becoming root
	ssh       *sshDoor
	bufs      sync.Pool // of *buffers
}

// buffers is the memory that asking a host takes, used for one after another.
type buffers struct {
	stdout [32 << 10]byte
	stderr [4 << 10]byte
	held   []byte // see framer
	script []byte
}

func newTrip(r *Runner, ctx context.Context) *trip {
	secrets := newSecrets(ctx, r.cfg.Ask)
	return &trip{
		ctx: ctx, cfg: r.cfg, plan: r.plan, secrets: secrets, ssh: newSSHDoor(r.cfg, ctx, secrets),
		passwords: newPasswords(r.cfg.MaxAuthFailures),
		bufs:      sync.Pool{New: func() any { return new(buffers) }},
	}
}

// close ends what hosts share, once no host is being asked any more.
func (t *trip) close() {
	t.ssh.close()
	t.secrets.close()
}

// ask asks one host, the n-th of the run.
func (t *trip) ask(ctx context.Context, h inventory.Host, n int) Result {
	if t.cfg.Replay != nil {
		return t.replay(ctx, h)
	}
	res := Result{Host: h, StartedAt: now()}
	start := time.Now()
	nonce := newNonce()
	rec := t.cfg.Record.host(h, n, nonce)
	l := t.listener(h, nonce, rec)
	end := t.converse(ctx, h, l)
	res.take(l, end)
	res.Duration = time.Since(start)
	rec.close(res, l.collector.takenAt, end)
	return res
}

// listener returns what takes a host's answer.
func (t *trip) listener(h inventory.Host, nonce string, rec *hostRecording) *listener {
	return &listener{
		run:       t.ctx,
		answer:    newAnswer(nonce),
		collector: &collector{host: h, plan: t.plan, maxRows: t.cfg.MaxRows},
		recording: rec,
		nonce:     nonce,
		maxBytes:  t.cfg.MaxBytes,
		now:       now,
	}
}

// take makes the result of what the host said.
func (r *Result) take(l *listener, end ending) {
	c := l.collector
	r.Notes = append(l.answer.notes(), c.notes...)
	if end.Err == nil {
		end.Err = c.unsupported()
	}
	if end.Err != nil {
		r.Err = end.Err
	}
	if end.Err == nil || c.reads > 0 {
		r.Snapshot = c.snap
	}
}

// converse opens a session on the host and listens to it.
func (t *trip) converse(ctx context.Context, h inventory.Host, l *listener) ending {
	if told := platformOf(h, ""); !t.plan.supports(told) {
		return ending{Err: t.plan.notSupported(h.Name, told)}
	}
	if ctx.Err() != nil {
		return endingOf(ctx, h.Name, "before it was asked")
	}
	if h.Transport == "local" {
		ctx, cancel := t.withTimeout(ctx, h)
		defer cancel(nil)
		return t.run(ctx, h, l, platformHere(h), func(what task) (*session, *HostError) {
			what.input = bytes.Clone(what.input) // sh may outlive the host's turn
			return openLocal(ctx, h, what)
		})
	}
	return t.converseSSH(ctx, h, l)
}

// buffersFor returns buffers with the host's script, and the commands for it, one
// of which is to run. The caller puts the buffers back.
func (t *trip) buffersFor(p privilege, platform string, l *listener) (*buffers, []string) {
	b := t.bufs.Get().(*buffers)
	s := t.plan.script(t.options(p, platform))
	b.script = appendScript(b.script[:0], s.text, l.nonce, p.password)
	return b, s.commands
}

// withTimeout bounds what is done with a host.
func (t *trip) withTimeout(ctx context.Context, h inventory.Host) (context.Context, context.CancelCauseFunc) {
	d := orDefault(h.Timeout, t.cfg.Timeout)
	ctx, stop := withPatience(ctx, d, &deadline{"host", d})
	ctx, cancel := context.WithCancelCause(ctx)
	return ctx, func(cause error) {
		cancel(cause)
		stop()
	}
}

// newNonce returns 128 random bits as text.
func newNonce() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b[:])
}
