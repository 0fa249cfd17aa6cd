package runner

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet/inventory"
)

// identity is a key that can be shown to servers. Hosts share it.
type identity struct {
	name       string        // the file, or "agent key SHA256:…"
	public     ssh.PublicKey // a certificate too
	algorithms []string      // of the signatures it may make, the best first
	sign       signFunc
}

// signFunc signs with a private key, until ctx is done.
type signFunc func(ctx context.Context, rand io.Reader, data []byte, algorithm string) (*ssh.Signature, error)

// signWith signs with a key that is at hand.
func signWith(key ssh.Signer) signFunc {
	return func(_ context.Context, rand io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
		if s, ok := key.(ssh.AlgorithmSigner); ok {
			return s.SignWithAlgorithm(rand, data, algorithm)
		}
		return key.Sign(rand, data)
	}
}

// loginSigner is a key of a login's offer. x/crypto asks for the public key when
// it shows it, and signs only when the server takes it.
type loginSigner struct {
	login *login
	n     int
}

func (s *loginSigner) identity() *identity { return &s.login.offer[s.n] }

func (s *loginSigner) PublicKey() ssh.PublicKey {
	s.login.shown = max(s.login.shown, s.n+1)
	return s.identity().public
}

// Algorithms makes it an [ssh.MultiAlgorithmSigner]: without it x/crypto signs
// with SHA-1 for servers that do not say what they take.
func (s *loginSigner) Algorithms() []string { return s.identity().algorithms }

func (s *loginSigner) Sign(rand io.Reader, data []byte) (*ssh.Signature, error) {
	return s.SignWithAlgorithm(rand, data, s.Algorithms()[0])
}

func (s *loginSigner) SignWithAlgorithm(rand io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	sig, err := s.identity().sign(s.login.ctx, rand, data, algorithm)
	if err != nil {
		s.login.taken = append(s.login.taken, s.n)
		_ = s.login.giveUp(naming(s.identity().name, err))
	}
	return sig, err
}

// naming puts the name of a key before an error that does not tell it.
func naming(name string, err error) error {
	if strings.Contains(err.Error(), name) {
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// keyring holds the keys of a run: each file is read once, each agent is asked
// for its keys once, and each key is decrypted once. It is safe for concurrent use.
type keyring struct {
	secrets  *secrets
	unlocked *flights[*keyFile, ssh.Signer]

	mu     sync.Mutex // guards the maps
	files  map[keyFileKey]*keyFile
	certs  map[string]*certFile
	agents map[string]*agentKeys
	offers map[profile]*assembled
}

// keyFileKey tells two hosts apart that have different passphrases for a file.
type keyFileKey struct {
	path       string
	passphrase inventory.Secret
}

func newKeyring(ctx context.Context, secrets *secrets) *keyring {
	return &keyring{
		secrets: secrets, unlocked: newFlights[*keyFile, ssh.Signer](ctx),
		files: map[keyFileKey]*keyFile{}, certs: map[string]*certFile{}, agents: map[string]*agentKeys{},
		offers: map[profile]*assembled{},
	}
}

func (k *keyring) close() {
	k.unlocked.close()
	for _, a := range k.agents {
		a.close()
	}
}

// usualFiles are the defaults of ssh(1), the best first.
func usualFiles() []string {
	return []string{"~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa", "~/.ssh/id_ed25519_sk", "~/.ssh/id_ecdsa_sk"}
}

// homePath returns path with a leading ~ made the home directory.
func homePath(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	return path
}
