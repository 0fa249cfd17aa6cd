package sshtest

import (
	"fmt"
	"net"
	"slices"

	"golang.org/x/crypto/ssh"
)

// handshake lets the client log in.
func (s *Server) handshake(conn net.Conn, who func(string) Host) (*ssh.ServerConn, <-chan ssh.NewChannel, <-chan *ssh.Request, error) {
	now := s.greeting.Add(1)
	defer s.greeting.Add(-1)
	for peak := s.Peak.Load(); now > peak && !s.Peak.CompareAndSwap(peak, now); {
		peak = s.Peak.Load()
	}
	methods := s.methods(who)
	cfg := &ssh.ServerConfig{
		Config:        s.Algorithms,
		ServerVersion: s.Version, MaxAuthTries: s.MaxAuthTries, PublicKeyAuthAlgorithms: s.SignatureAlgorithms,
		PublicKeyCallback: methods.PublicKeyCallback, PasswordCallback: methods.PasswordCallback,
		KeyboardInteractiveCallback: methods.KeyboardInteractiveCallback,
		VerifiedPublicKeyCallback: func(_ ssh.ConnMetadata, _ ssh.PublicKey, p *ssh.Permissions, _ string) (*ssh.Permissions, error) {
			if s.AfterKey == nil {
				return p, nil
			}
			return nil, &ssh.PartialSuccessError{Next: s.afterKey(methods)}
		},
	}
	if s.AfterKey != nil {
		cfg.PasswordCallback, cfg.KeyboardInteractiveCallback = nil, nil
	}
	for _, key := range s.keys {
		cfg.AddHostKey(key)
	}
	return ssh.NewServerConn(conn, cfg)
}

// methods returns all that the server takes.
func (s *Server) methods(who func(string) Host) ssh.ServerAuthCallbacks {
	refuses := func(user string) bool { return who(user).Fault == RefuseLogin }
	var m ssh.ServerAuthCallbacks
	if !s.NoKeys {
		m.PublicKeyCallback = func(meta ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			return allowed(meta, !refuses(meta.User()) && (s.Authorized == nil || s.Authorized(meta.User(), key)))
		}
	}
	if s.Password != nil {
		m.PasswordCallback = func(meta ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			return allowed(meta, s.Password(meta.User(), string(password)) && !refuses(meta.User()))
		}
	}
	if s.Converse != nil {
		m.KeyboardInteractiveCallback = func(meta ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			return allowed(meta, s.Converse(meta.User(), ask) && !refuses(meta.User()))
		}
	}
	return m
}

// afterKey returns those methods that have to follow a key.
func (s *Server) afterKey(m ssh.ServerAuthCallbacks) ssh.ServerAuthCallbacks {
	m.PublicKeyCallback = nil
	if !slices.Contains(s.AfterKey, "password") {
		m.PasswordCallback = nil
	}
	if !slices.Contains(s.AfterKey, "keyboard-interactive") {
		m.KeyboardInteractiveCallback = nil
	}
	return m
}

func allowed(meta ssh.ConnMetadata, ok bool) (*ssh.Permissions, error) {
	if ok {
		return nil, nil
	}
	return nil, fmt.Errorf("%s may not log in", meta.User())
}

// Prompts converses as PAM does: it asks one thing after another, without echo,
// and wants these answers.
func Prompts(pairs ...string) func(user string, ask ssh.KeyboardInteractiveChallenge) bool {
	return func(_ string, ask ssh.KeyboardInteractiveChallenge) bool {
		for pair := range slices.Chunk(pairs, 2) {
			got, err := ask("", "", pair[:1], []bool{false})
			if err != nil || len(got) != 1 || got[0] != pair[1] {
				return false
			}
		}
		return true
	}
}
