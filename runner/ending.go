package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fleetnet/fleetnet"
)

// ending is how a host's answer ended. The zero ending is the good one: the
// whole script ran.
type ending struct {
	// Status and Reason cover the tables that were not finished.
	Status fleetnet.Status `json:"status,omitzero"`
	Reason string          `json:"reason,omitzero"`
	// Err is what the host's result says.
	Err *HostError `json:"-"`
}

// deadline is the cause of a context whose time is up.
type deadline struct {
	what string // "host", "run"
	d    time.Duration
}

func (d *deadline) Error() string { return fmt.Sprintf("the %s's %v are over", d.what, d.d) }

// lost is the cause of a context whose connection died.
type lost struct{ silent time.Duration }

func (l *lost) Error() string {
	return fmt.Sprintf("connection lost: no sign of life for %v", l.silent)
}

// firstOver returns the context of the host, or else of its run, that is done, or
// nil. The end of a run reaches its hosts and bastions one after another, so that a
// host may see its bastion go before its own context is done.
func firstOver(host, run context.Context) context.Context {
	for _, ctx := range []context.Context{host, run} {
		if ctx.Err() != nil {
			return ctx
		}
	}
	return nil
}

// endingOf returns how an answer ended whose context is done, while the host
// was at what doing says.
func endingOf(ctx context.Context, host, doing string) ending {
	cause := context.Cause(ctx)
	var over *deadline
	var dead *lost
	switch {
	case errors.As(cause, &over):
		return timedOut(host, over, doing)
	case errors.As(cause, &dead):
		return ending{fleetnet.StatusFailed, dead.Error(), &HostError{host, OpRead, fmt.Errorf("%w, %s", dead, doing), "the host or the network between went down while it was asked"}}
	}
	return ending{fleetnet.StatusFailed, OpInterrupted, &HostError{Host: host, Op: OpInterrupted, Err: errors.New(doing)}}
}

func timedOut(host string, over *deadline, doing string) ending {
	hint := "raise --timeout or the host's timeout, if it is only slow"
	if over.what == "run" {
		hint = "raise --run-timeout, or ask fewer hosts"
	}
	return ending{fleetnet.StatusTimedOut, over.Error(), &HostError{host, OpTimeout, fmt.Errorf("%w, %s", over, doing), hint}}
}
