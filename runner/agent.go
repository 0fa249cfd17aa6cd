package runner

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// agentKeys is the ssh-agent: one connection for the run, asked for its keys
// once, and for one signature at a time, as agents break when many are asked for.
type agentKeys struct {
	socket string
	turn   chan struct{} // holds a token while the agent is busy

	mu     sync.Mutex // guards conn and closed
	conn   net.Conn
	closed bool

	listed atomic.Bool // keys and err are set, for good
	keys   []ssh.Signer
	err    error
}

func newAgentKeys(socket string) *agentKeys {
	return &agentKeys{socket: socket, turn: make(chan struct{}, 1)}
}

// identities returns the agent's keys, none when there is no agent. They sign
// until ctx is done.
func (a *agentKeys) identities(ctx context.Context) ([]identity, error) {
	if a.socket == "" {
		return nil, nil
	}
	if !a.listed.Load() {
		if err := a.exclusively(ctx, a.list); err != nil {
			return nil, err
		}
	}
	if a.err != nil {
		return nil, a.err
	}
	ids := make([]identity, 0, len(a.keys))
	for _, key := range a.keys {
		name := "agent key " + ssh.FingerprintSHA256(key.PublicKey())
		ids = append(ids, identity{name, &agentSigner{key, a, ctx}})
	}
	return ids, nil
}

// exclusively runs do while nobody else talks to the agent. When ctx is done
// first, do goes on by itself until close.
func (a *agentKeys) exclusively(ctx context.Context, do func()) error {
	select {
	case a.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("ssh-agent is busy: %w", context.Cause(ctx))
	}
	done := make(chan struct{})
	go func() {
		defer func() { <-a.turn }()
		defer close(done)
		do()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("ssh-agent does not answer: %w", context.Cause(ctx))
	}
}

// list connects to the agent and asks for its keys, the first time.
func (a *agentKeys) list() {
	if a.listed.Load() {
		return
	}
	defer a.listed.Store(true)
	conn, err := net.Dial("unix", a.socket)
	if err != nil {
		a.err = fmt.Errorf("ssh-agent: %w", err)
		return
	}
	a.mu.Lock()
	a.conn = conn
	closed := a.closed
	a.mu.Unlock()
	if closed {
		conn.Close()
	}
	if a.keys, err = agent.NewClient(conn).Signers(); err != nil {
		a.err = fmt.Errorf("ssh-agent: list keys: %w", err)
	}
}

// close ends the connection, and with it what still waits for the agent.
func (a *agentKeys) close() {
	a.mu.Lock()
	a.closed = true
	if a.conn != nil {
		a.conn.Close()
	}
	a.mu.Unlock()
	a.turn <- struct{}{} // the last one has left
	<-a.turn
}

// agentSigner signs with a key of the agent, until ctx is done.
type agentSigner struct {
	key   ssh.Signer
	agent *agentKeys
	ctx   context.Context
}

func (s *agentSigner) PublicKey() ssh.PublicKey { return s.key.PublicKey() }

func (s *agentSigner) Sign(rand io.Reader, data []byte) (*ssh.Signature, error) {
	return s.sign(func() (*ssh.Signature, error) { return s.key.Sign(rand, data) })
}

// SignWithAlgorithm makes it an [ssh.AlgorithmSigner], which RSA keys need for
// signatures other than SHA-1.
func (s *agentSigner) SignWithAlgorithm(rand io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	key, ok := s.key.(ssh.AlgorithmSigner)
	if !ok {
		return s.Sign(rand, data)
	}
	return s.sign(func() (*ssh.Signature, error) { return key.SignWithAlgorithm(rand, data, algorithm) })
}

func (s *agentSigner) sign(do func() (*ssh.Signature, error)) (*ssh.Signature, error) {
	type signed struct {
		sig *ssh.Signature
		err error
	}
	out := make(chan signed, 1)
	err := s.agent.exclusively(s.ctx, func() {
		sig, err := do()
		out <- signed{sig, err}
	})
	if err != nil {
		return nil, err
	}
	got := <-out
	return got.sig, got.err
}
