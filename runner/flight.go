package runner

import (
	"context"
	"sync"
)

// flights does each piece of work of a run once, however many hosts want what
// comes of it, and at the same time. What failed stays failed. It is safe for
// concurrent use.
type flights[K comparable, V any] struct {
	ctx context.Context // the run's
	mu  sync.Mutex
	by  map[K]*flight[V]
	wg  sync.WaitGroup
}

// flight is one piece of work.
type flight[V any] struct {
	done  chan struct{} // closed when value and err are set
	value V
	err   error
}

func newFlights[K comparable, V any](ctx context.Context) *flights[K, V] {
	return &flights[K, V]{ctx: ctx, by: map[K]*flight[V]{}}
}

// do returns what comes of work, which is done for the first who asks for key
// and until the run ends. Waiting for it does not count as the host's time.
func (f *flights[K, V]) do(ctx context.Context, key K, work func(context.Context) (V, error)) (V, error) {
	one := f.start(key, work)
	select {
	case <-one.done:
		return one.value, one.err
	default:
	}
	defer hold(ctx)()
	select {
	case <-one.done:
		return one.value, one.err
	case <-ctx.Done():
		var none V
		return none, context.Cause(ctx)
	}
}

func (f *flights[K, V]) start(key K, work func(context.Context) (V, error)) *flight[V] {
	f.mu.Lock()
	defer f.mu.Unlock()
	one := f.by[key]
	if one == nil {
		one = &flight[V]{done: make(chan struct{})}
		f.by[key] = one
		f.wg.Go(func() {
			defer close(one.done)
			one.value, one.err = work(f.ctx)
		})
	}
	return one
}

// close waits until no work is under way; the run's context must be done.
func (f *flights[K, V]) close() { f.wg.Wait() }
