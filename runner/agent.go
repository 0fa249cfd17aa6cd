package runner

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// agentKeys is an ssh-agent: one connection for the run, asked for its keys
// once, and for one signature at a time: ssh-agent does one after another anyway,
// and some break when many are asked for.
type agentKeys struct {
	socket string
	turn   chan struct{} // holds a token while the agent is busy

	mu     sync.Mutex // guards conn and closed
	conn   net.Conn
	closed bool

	listed atomic.Bool // keys and err are set, for good
	keys   []identity
	err    error
}

func newAgentKeys(socket string) *agentKeys {
	return &agentKeys{socket: socket, turn: make(chan struct{}, 1)}
}

// agent returns the agent that IdentityAgent means.
func (k *keyring) agent(socket string) *agentKeys {
	switch socket {
	case "", "SSH_AUTH_SOCK":
		socket = os.Getenv("SSH_AUTH_SOCK")
	case "none":
		socket = ""
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	a := k.agents[socket]
	if a == nil {
		a = newAgentKeys(socket)
		k.agents[socket] = a
	}
	return a
}

// identities returns the agent's keys, none when there is no agent.
func (a *agentKeys) identities(ctx context.Context) ([]identity, error) {
	if a.socket == "" {
		return nil, nil
	}
	if !a.listed.Load() {
		if err := a.exclusively(ctx, a.list); err != nil {
			return nil, err
		}
	}
	return a.keys, a.err
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
	signers, err := agent.NewClient(conn).Signers()
	if err != nil {
		a.err = fmt.Errorf("ssh-agent: list keys: %w", err)
	}
	for _, s := range signers {
		a.keys = append(a.keys, a.identity(s))
	}
}

// identity returns a key of the agent. Its public part is as the agent gave it,
// which for a certificate is not yet one.
func (a *agentKeys) identity(s ssh.Signer) identity {
	public := s.PublicKey()
	if parsed, err := ssh.ParsePublicKey(public.Marshal()); err == nil {
		public = parsed
	}
	kind := "key "
	if isCertificate(public) {
		kind = "certificate "
	}
	return identity{name: "agent " + kind + ssh.FingerprintSHA256(certifiedKey(public)), public: public, sign: a.signWith(s)}
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

// signWith signs with a key of the agent, when its turn has come.
func (a *agentKeys) signWith(key ssh.Signer) signFunc {
	type signed struct {
		sig *ssh.Signature
		err error
	}
	return func(ctx context.Context, rand io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
		out := make(chan signed, 1)
		err := a.exclusively(ctx, func() {
			sig, err := signWith(key)(ctx, rand, data, algorithm)
			out <- signed{sig, err}
		})
		if err != nil {
			return nil, err
		}
		got := <-out
		return got.sig, got.err
	}
}
