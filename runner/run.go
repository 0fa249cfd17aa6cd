package runner

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fleetnet/fleetnet/inventory"
)

// Runner asks hosts. It may be used for several runs, one after another or at once.
type Runner struct {
	cfg  Config
	plan *plan
}

// New returns a runner. It dials nothing.
func New(cfg Config) *Runner {
	cfg = cfg.withDefaults()
	return &Runner{cfg: cfg, plan: newPlan(cfg.Probes)}
}

// Run asks each host and yields its result as it comes, or in the order of
// hosts when the run is a replay. Ranging starts the run. There is one result for
// every host: when ctx is cancelled, hosts that are being asked end soon and
// those that were not yet asked at once, all with [OpInterrupted]. Breaking out of the
// range cancels the run and waits until nothing of it is left.
func (r *Runner) Run(ctx context.Context, hosts []inventory.Host) iter.Seq[Result] {
	return func(yield func(Result) bool) {
		ctx, cancel := r.bound(ctx)
		t := newTrip(r, ctx)
		defer t.close()
		defer cancel()
		ask := func(i int) Result { return t.ask(ctx, hosts[i], i) }
		workers := min(withinLimits(r.cfg.Concurrency), len(hosts))
		if r.cfg.Replay != nil {
			inOrder(len(hosts), workers, ask, yield)
			return
		}
		asTheyCome(cancel, len(hosts), workers, ask, yield)
	}
}

// bound returns the context of a run.
func (r *Runner) bound(ctx context.Context) (context.Context, func()) {
	if r.cfg.RunTimeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, r.cfg.RunTimeout, &deadline{"run", r.cfg.RunTimeout})
}

// asTheyCome yields do(0) … do(n-1), done by a number of workers, in the order
// in which they end. When yield wants no more it cancels and waits.
func asTheyCome[T any](cancel func(), n, workers int, do func(int) T, yield func(T) bool) {
	results, stop := make(chan T), make(chan struct{})
	var next atomic.Int64
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	defer close(stop)
	for range workers {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				select {
				case results <- do(int(i)):
				case <-stop:
					return
				}
			}
		})
	}
	for range n {
		if !yield(<-results) {
			return
		}
	}
}

// inOrder yields do(0) … do(n-1) in that order. No more than workers results
// exist at a time.
func inOrder(n, workers int, do func(int) Result, yield func(Result) bool) {
	window := make(chan chan Result, max(1, workers))
	stop := make(chan struct{})
	var wg sync.WaitGroup
	defer wg.Wait()
	defer close(stop)
	wg.Go(func() {
		defer close(window)
		for i := range n {
			slot := make(chan Result, 1)
			select {
			case window <- slot:
			case <-stop:
				return
			}
			wg.Go(func() { slot <- do(i) })
		}
	})
	for slot := range window {
		if !yield(<-slot) {
			return
		}
	}
}

// now is the time as results carry it.
func now() time.Time { return time.Now().UTC().Round(0) }
