package runner

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// ErrLockout is why a host was not logged in to: too many logins before it were
// refused, and one more might lock the user out.
var ErrLockout = errors.New("logins were refused in a row")

// defaultMaxAuthFailures is what a [Config] means that sets none.
const defaultMaxAuthFailures = 3

// lockout counts refused logins and stops those that would only add to them. It
// is safe for concurrent use.
type lockout struct {
	limit int // 0 means no bound

	mu      sync.Mutex // guards what follows
	streaks map[credentials]*streak
	trials  map[trialKey]*trial
	waiting int
	changed chan struct{} // closed, and made anew, when somebody who waits has to look again
}

// credentials is what a streak of refusals is about.
type credentials struct {
	user     string
	password bool // a password was tried, or may be
}

// streak is the logins of one kind.
type streak struct {
	underWay int
	refused  int  // in a row, up to now
	accepted bool // once, at least
}

// trialKey is a password that is sent for a user.
type trialKey struct {
	user   string
	secret inventory.Secret
}

// trial is what became of the hosts that a password was sent to.
type trial struct {
	underWay int
	refused  int
	accepted bool
}

// verdict is what a server says to a login or a password.
type verdict int

const (
	unknown verdict = iota // it did not get so far
	accepted
	refused
)

func newLockout(limit int) *lockout {
	if limit == 0 {
		limit = defaultMaxAuthFailures
	}
	return &lockout{
		limit: max(limit, 0), streaks: map[credentials]*streak{}, trials: map[trialKey]*trial{},
		changed: make(chan struct{}),
	}
}

// enter lets a login begin. While too many were refused it waits for those
// under way, one of which may show that the credentials are good; when there are
// none left, it is an [ErrLockout]. The caller calls leave with how the login ended.
func (l *lockout) enter(ctx context.Context, h inventory.Host) (leave func(*HostError), fail *HostError) {
	c := credentials{userOf(h), usesPassword(h)}
	err := l.wait(ctx, func() (bool, error) {
		s := l.streak(c)
		if l.passes(c, s) {
			s.underWay++
			return true, nil
		}
		if s.underWay == 0 {
			return false, tooMany(c)
		}
		return false, nil
	})
	if err != nil {
		return nil, lockedOut(h, err)
	}
	return func(fail *HostError) { l.leave(c, fail) }, nil
}

// passes reports whether one more login may be tried. A key that was accepted
// somewhere is no guess: where it is refused, the host lacks it.
func (l *lockout) passes(c credentials, s *streak) bool {
	return l.limit == 0 || s.refused < l.limit || s.accepted && !c.password
}

func (l *lockout) leave(c credentials, fail *HostError) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.streak(c).underWay--
	var no *refusal
	switch {
	case fail == nil:
		s := l.streak(c)
		s.refused, s.accepted = 0, true
	case errors.As(fail, &no):
		l.streak(credentials{c.user, no.password}).refused++
	}
	l.tell()
}

// trust waits until the password may be sent to one more host: before the first
// one that accepts it, no more than the limit get to see it. The caller calls judge
// with what the server says to it.
func (l *lockout) trust(ctx context.Context, user string, secret inventory.Secret) (judge func(verdict), err error) {
	key := trialKey{user, secret}
	err = l.wait(ctx, func() (bool, error) {
		t := l.trial(key)
		switch {
		case l.limit == 0 || t.accepted || t.underWay+t.refused < l.limit:
			t.underWay++
			return true, nil
		case t.underWay == 0:
			return false, tooMany(credentials{user, true})
		}
		return false, nil
	})
	if err != nil {
		return nil, err
	}
	return func(v verdict) { l.judge(key, v) }, nil
}

func (l *lockout) judge(key trialKey, v verdict) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.trial(key)
	t.underWay--
	switch v {
	case accepted:
		t.accepted = true
	case refused:
		t.refused++
	}
	l.tell()
}

// wait waits until ready is true or an error. It is called with mu held.
func (l *lockout) wait(ctx context.Context, ready func() (bool, error)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		ok, err := ready()
		if ok || err != nil {
			return err
		}
		l.waiting++
		changed := l.changed
		l.mu.Unlock()
		err = waitFor(ctx, changed)
		l.mu.Lock()
		l.waiting--
		if err != nil {
			return err
		}
	}
}

// waitFor waits in the run's time, not in the host's.
func waitFor(ctx context.Context, changed <-chan struct{}) error {
	defer hold(ctx)()
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// tell wakes those who wait; mu is held.
func (l *lockout) tell() {
	if l.waiting > 0 {
		close(l.changed)
		l.changed = make(chan struct{})
	}
}

func (l *lockout) streak(c credentials) *streak {
	s := l.streaks[c]
	if s == nil {
		s = &streak{}
		l.streaks[c] = s
	}
	return s
}

func (l *lockout) trial(key trialKey) *trial {
	t := l.trials[key]
	if t == nil {
		t = &trial{}
		l.trials[key] = t
	}
	return t
}

// tooMany is the error of a login that is not tried.
func tooMany(c credentials) error {
	with := "with keys"
	if c.password {
		with = "with a password"
	}
	return &hinted{
		fmt.Errorf("not tried as user %s %s: too many %w", fleetnet.Quote(c.user), with, ErrLockout),
		"mend the login of the hosts that refused it, or raise --max-auth-failures",
	}
}

func lockedOut(h inventory.Host, err error) *HostError {
	return &HostError{h.Name, OpLogin, err, hintOf(err)}
}

// refusal marks the error of a login whose credentials the server refused.
type refusal struct {
	error
	password bool
}

func (r *refusal) Unwrap() error { return r.error }
