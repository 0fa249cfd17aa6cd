package runner

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/fleetnet/fleetnet/inventory"
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

// gateOf returns the key of the gate before a host's sshd. What a command does is
// not known; commands that differ in no more than the host's name go, say, through
// one bastion, whose gate it then is.
func gateOf(h inventory.Host) string {
	switch {
	case h.Jump != nil:
		return pathOf(*h.Jump) + "\x00" + addrOf(h)
	case h.SSH.ProxyCommand != "":
		command := strings.NewReplacer(h.Addr, "%h", strconv.Itoa(orDefault(h.Port, 22)), "%p").Replace(h.SSH.ProxyCommand)
		return h.Zone + "\x00" + command
	}
	return addrOf(h)
}

// pathOf tells bastions apart: two sites may use the same addresses, each behind
// a bastion of its own.
func pathOf(h inventory.Host) string {
	own := strings.Join([]string{h.Zone, userOf(h), addrOf(h), h.SSH.ProxyCommand}, "\x00")
	if h.Jump == nil {
		return own
	}
	return pathOf(*h.Jump) + "\x00\x00" + own
}
