package runner

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/fleetnet/fleetnet/inventory"
)

// passwordFate is what became of a password on a host.
type passwordFate int

const (
	passwordUntried passwordFate = iota // nobody knows: the host failed, or wanted none
	passwordWorked
	passwordRefused
)

// errPasswordRefused is that a password is sent to no further host.
var errPasswordRefused = errors.New("the become password was refused")

// passwords keeps a wrong password from going round the fleet, where it may
// lock an account everywhere. It is safe for concurrent use.
type passwords struct {
	bound int // refusals in a row; negative for no bound
	mu    sync.Mutex
	by    map[inventory.Secret]*passwordTry
}

// passwordTry is how a password has fared so far.
type passwordTry struct {
	underWay int
	refused  int // in a row
	worked   bool
	changed  chan struct{} // closed at each change
}

func newPasswords(bound int) *passwords {
	if bound == 0 {
		bound = 3
	}
	return &passwords{bound: bound, by: map[inventory.Secret]*passwordTry{}}
}

// enter waits until the password may be sent to one more host: to no more than
// the bound at once before it has worked anywhere, and never again once so many
// have refused it in a row. The caller leaves with what came of it.
func (p *passwords) enter(ctx context.Context, s inventory.Secret) (leave func(passwordFate), err error) {
	for {
		p.mu.Lock()
		try := p.by[s]
		if try == nil {
			try = &passwordTry{changed: make(chan struct{})}
			p.by[s] = try
		}
		changed := try.changed
		switch {
		case p.bound > 0 && try.refused >= p.bound:
			err = fmt.Errorf("%w by %d hosts in a row, and is sent to no more", errPasswordRefused, p.bound)
		case p.bound > 0 && !try.worked && try.underWay+try.refused >= p.bound:
			changed = try.changed
		default:
			try.underWay++
			leave = func(fate passwordFate) { p.leave(try, fate) }
		}
		p.mu.Unlock()
		if leave != nil || err != nil {
			return leave, err
		}
		if err := await(ctx, changed); err != nil {
			return nil, err
		}
	}
}

// await waits without counting it as the host's time.
func await(ctx context.Context, changed <-chan struct{}) error {
	defer hold(ctx)()
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (p *passwords) leave(try *passwordTry, fate passwordFate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	try.underWay--
	switch fate {
	case passwordWorked:
		try.worked, try.refused = true, 0
	case passwordRefused:
		try.refused++
	}
	close(try.changed)
	try.changed = make(chan struct{})
}
