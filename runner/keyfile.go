package runner

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet/inventory"
)

// keyFile is a private key on disk, read when it is first needed.
type keyFile struct {
	path       string
	passphrase inventory.Secret
	once       sync.Once

	signer    ssh.Signer    // nil when it is encrypted, or not there
	encrypted []byte        // the text of the file when it is
	public    ssh.PublicKey // known also of an encrypted key, but for one in an old format without its .pub
	cert      *certFile     // the one beside the key, or nil
	notes     []string      // what is wrong with that
	err       error         // why there is no signer
}

// errLate is an encrypted key whose public part is not known.
var errLate = errors.New("the key has to be decrypted first")

func (k *keyring) file(path string, passphrase inventory.Secret) *keyFile {
	path = homePath(path)
	k.mu.Lock()
	defer k.mu.Unlock()
	key := keyFileKey{path, passphrase}
	f := k.files[key]
	if f == nil {
		f = &keyFile{path: path, passphrase: passphrase}
		k.files[key] = f
	}
	return f
}

// identities returns the key of the file, after its certificates. It signs
// itself where it can, else through the agent, else once it is decrypted. A
// certificate beside the key counts where the host names none.
func (f *keyFile) identities(k *keyring, h inventory.Host, held []identity) ([]identity, error) {
	own := identity{name: f.path, public: f.public}
	switch {
	case f.signer != nil:
		own.sign = signWith(f.signer)
	case len(held) > 0:
		by := held[max(0, slices.IndexFunc(held, func(id identity) bool { return !isCertificate(id.public) }))]
		own.name, own.sign = by.name, by.sign
	case f.encrypted == nil:
		return nil, f.err
	case f.passphrase.IsZero() && !k.secrets.mayAsk(h):
		return nil, f.err
	case f.public == nil:
		return nil, errLate
	default:
		own.sign = f.unlockAndSign(k)
	}
	var ids []identity
	if f.cert != nil && len(h.SSH.Certificates) == 0 {
		ids = append(ids, identity{name: f.cert.path, public: f.cert.cert, sign: own.sign})
	}
	for _, id := range held {
		if isCertificate(id.public) {
			ids = append(ids, id)
		}
	}
	return append(ids, own), nil
}

// unlockAndSign decrypts the key when a server has taken it.
func (f *keyFile) unlockAndSign(k *keyring) signFunc {
	return func(ctx context.Context, rand io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
		signer, err := k.unlock(ctx, f)
		if err != nil {
			return nil, err
		}
		return signWith(signer)(ctx, rand, data, algorithm)
	}
}

func (f *keyFile) load() {
	defer f.loadCert()
	text, err := os.ReadFile(f.path)
	if err != nil {
		f.err = fmt.Errorf("key %w", err)
		f.public = publicIn(f.path + ".pub")
		return
	}
	signer, err := ssh.ParsePrivateKey(text)
	var locked *ssh.PassphraseMissingError
	switch {
	case err == nil:
		f.signer, f.public = signer, signer.PublicKey()
		return
	case errors.As(err, &locked):
		f.encrypted, f.public = text, locked.PublicKey
		f.err = fmt.Errorf("key %s is encrypted and not in the agent", f.path)
	default:
		f.public, f.err = publicOf(text), fmt.Errorf("key %s: %w", f.path, plain(err))
		if f.public != nil {
			f.err = fmt.Errorf("key %s: its private part is not in the agent", f.path)
		}
	}
	if f.public == nil {
		f.public = publicIn(f.path + ".pub")
	}
	if f.public != nil && strings.HasPrefix(f.public.Type(), "sk-") {
		f.encrypted = nil
		f.err = fmt.Errorf("key %s is on a security key (FIDO), which only the agent can use: ssh-add %s", f.path, f.path)
	}
}

// loadCert looks for the certificate beside the key, as ssh(1) does.
func (f *keyFile) loadCert() {
	c := &certFile{path: f.path + "-cert.pub"}
	c.load()
	switch {
	case errors.Is(c.err, os.ErrNotExist):
	case c.err != nil:
		f.notes = append(f.notes, c.err.Error())
	case f.public != nil && !samePair(c.cert, f.public):
		f.notes = append(f.notes, fmt.Sprintf("certificate %s: it is another key's", c.path))
	default:
		f.cert = c
	}
}

func publicIn(path string) ssh.PublicKey {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	key, _, _, _, _ := ssh.ParseAuthorizedKey(text)
	return key
}

// publicOf returns the public key of a file without a private key that can be
// used: a public key itself, which tells the agent's key to use, or one of a
// security key.
func publicOf(text []byte) ssh.PublicKey {
	if key, _, _, _, err := ssh.ParseAuthorizedKey(text); err == nil {
		return key
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "OPENSSH PRIVATE KEY" {
		return nil
	}
	var w struct { // PROTOCOL.key of OpenSSH
		Cipher, KDF, Options string
		Keys                 uint32
		Public               []byte
		Private              []byte `ssh:"rest"`
	}
	rest, ok := strings.CutPrefix(string(block.Bytes), "openssh-key-v1\x00")
	if !ok || ssh.Unmarshal([]byte(rest), &w) != nil {
		return nil
	}
	key, _ := ssh.ParsePublicKey(w.Public)
	return key
}

// passphraseTries is how often a person may mistype a passphrase, as with ssh(1).
const passphraseTries = 3

// unlock decrypts the key, once a run.
func (k *keyring) unlock(ctx context.Context, f *keyFile) (ssh.Signer, error) {
	return k.unlocked.do(ctx, f, func(ctx context.Context) (ssh.Signer, error) {
		purpose := "passphrase of key " + f.path
		if kind, _ := f.passphrase.Source(); kind == inventory.SecretAsk || kind == inventory.SecretNone {
			return k.askFor(ctx, f, purpose)
		}
		text, err := k.secrets.text(ctx, f.passphrase, purpose)
		if err != nil {
			return nil, err
		}
		return f.decrypt(text)
	})
}

func (k *keyring) askFor(ctx context.Context, f *keyFile, purpose string) (ssh.Signer, error) {
	question := Question{Text: purpose}
	for range passphraseTries {
		text, err := k.secrets.question(ctx, question)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", purpose, err)
		}
		if text == "" {
			return nil, fmt.Errorf("%s: none was given", purpose)
		}
		signer, err := f.decrypt(text)
		if !errors.Is(err, errWrongPassphrase) {
			return signer, err
		}
		question.Text = purpose + ", that was not it"
	}
	return nil, fmt.Errorf("%s: wrong %d times", purpose, passphraseTries)
}

var errWrongPassphrase = errors.New("the passphrase is wrong")

func (f *keyFile) decrypt(passphrase string) (ssh.Signer, error) {
	signer, err := ssh.ParsePrivateKeyWithPassphrase(f.encrypted, []byte(passphrase))
	switch {
	case errors.Is(err, x509.IncorrectPasswordError):
		return nil, fmt.Errorf("key %s: %w", f.path, errWrongPassphrase)
	case err != nil:
		return nil, fmt.Errorf("key %s: %w", f.path, plain(err))
	}
	return signer, nil
}
