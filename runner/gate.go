package runner

import (
	"context"
	"sync"
)

// gates lets a few at a time through, by key.
type gates struct {
	width int
	mu    sync.Mutex
	byKey map[string]chan struct{}
}

func newGates(width int) *gates { return &gates{width: width, byKey: map[string]chan struct{}{}} }

// enter waits for a place at the gate of key, and returns how to leave it.
func (g *gates) enter(ctx context.Context, key string) (leave func(), err error) {
	g.mu.Lock()
	gate := g.byKey[key]
	if gate == nil {
		gate = make(chan struct{}, g.width)
		g.byKey[key] = gate
	}
	g.mu.Unlock()
	select {
	case gate <- struct{}{}:
		return sync.OnceFunc(func() { <-gate }), nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
