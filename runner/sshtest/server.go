package sshtest

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"net"
	"sync"
	"sync/atomic"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// Server plays hosts. Make one with [NewServer]; set its fields before the
// first connection.
type Server struct {
	// Authorized says which keys may log in. Nil means any.
	Authorized func(user string, key ssh.PublicKey) bool
	// Password says which passwords log in. Nil means that none is taken.
	Password func(user, password string) bool
	// Converse asks what keyboard-interactive asks, and says whether the answers
	// log in. Nil means that there is no such method.
	Converse func(user string, ask ssh.KeyboardInteractiveChallenge) bool
	// AfterKey are the methods one of which has to follow a key, as with sshd's
	// AuthenticationMethods: "password" and "keyboard-interactive". Nil means that a
	// key suffices.
	AfterKey []string
	// NoKeys means that keys are not taken.
	NoKeys bool
	// SignatureAlgorithms are those that keys may sign with. Nil means x/crypto's.
	SignatureAlgorithms []string
	// MaxAuthTries is after how many refusals the connection ends. 0 means 6.
	MaxAuthTries int
	// Forward connects to addr for a client that jumps over this server. Nil
	// refuses to.
	Forward func(addr string) (net.Conn, error)
	// Algorithms are those that the server speaks. Without any it is x/crypto's.
	Algorithms ssh.Config
	// Version is what the server says it is. Empty means x/crypto's.
	Version string
	// Drop is how many of the next connections are closed before the banner.
	Drop atomic.Int32
	// Peak is the largest number of connections that were not logged in at a time.
	Peak atomic.Int32
	// Connections counts those accepted so far.
	Connections atomic.Int32

	keys     []ssh.Signer
	greeting atomic.Int32

	mu        sync.Mutex // guards what follows
	listeners []net.Listener
	conns     map[net.Conn]struct{}
	closed    bool
	stop      chan struct{} // closed with the server
	wg        sync.WaitGroup
}

// NewServer returns a server whose hosts show these keys, or else a fresh
// ed25519 key.
func NewServer(keys ...ssh.Signer) (*Server, error) {
	if keys == nil {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return nil, err
		}
		key, err := ssh.NewSignerFromKey(private)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return &Server{keys: keys, conns: map[net.Conn]struct{}{}, stop: make(chan struct{})}, nil
}

// HostKey returns the first of the keys.
func (s *Server) HostKey() ssh.PublicKey { return s.keys[0].PublicKey() }

// KnownHosts returns the line of known_hosts for the server at addr.
func (s *Server) KnownHosts(addr string) string {
	return knownhosts.Line([]string{addr}, s.HostKey()) + "\n"
}

// One plays the same host whoever logs in.
func One(h Host) func(user string) Host { return func(string) Host { return h } }

// Listen plays hosts on a new port of 127.0.0.1 and returns its address. Which
// host it is, who says by the user that logs in; for faults that show earlier it
// is asked with an empty user.
func (s *Server) Listen(who func(user string) Host) (addr string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		l.Close()
		return "", net.ErrClosed
	}
	s.listeners = append(s.listeners, l)
	s.wg.Go(func() { s.accept(l, who) })
	return l.Addr().String(), nil
}

func (s *Server) accept(l net.Listener, who func(string) Host) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		s.Play(conn, who)
	}
}

// Play plays a host on a connection, which it closes in the end. It returns at once.
func (s *Server) Play(conn net.Conn, who func(user string) Host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		conn.Close()
		return
	}
	s.conns[conn] = struct{}{}
	s.wg.Go(func() {
		defer s.forget(conn)
		s.Connections.Add(1)
		s.serve(conn, who)
	})
}

func (s *Server) forget(conn net.Conn) {
	conn.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, conn)
}

// Close ends every connection and waits until nothing of the server is left.
func (s *Server) Close() {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.stop)
	}
	for _, l := range s.listeners {
		l.Close()
	}
	for conn := range s.conns {
		conn.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

// Disconnect ends every connection; new ones are welcome.
func (s *Server) Disconnect() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.conns {
		conn.Close()
	}
}

// serve is the life of a connection.
func (s *Server) serve(conn net.Conn, who func(string) Host) {
	if s.Drop.Add(-1) >= 0 {
		return
	}
	s.Drop.Add(1)
	switch who("").Fault {
	case HangBeforeBanner:
		<-s.stop
		return
	case CloseAtOnce:
		return
	case NotSSH:
		fmt.Fprint(conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
		return
	}
	c, chans, requests, err := s.handshake(conn, who)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	play := &player{server: s, host: who(c.User()), conn: conn}
	play.channels(chans)
}
