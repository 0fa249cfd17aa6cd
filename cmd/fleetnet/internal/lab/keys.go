package lab

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// KeyType is a kind of SSH key.
type KeyType string

const (
	ED25519 KeyType = "ed25519"
	ECDSA   KeyType = "ecdsa" // over P-256
	RSA     KeyType = "rsa"   // of 2048 bits
)

// Key is an SSH key in a file, with its public half in another beside it.
type Key struct {
	Path   string // of the private key
	Public string // "ssh-ed25519 AAAA…", as authorized_keys and known_hosts have it, without a newline
}

// NewKey makes a key that no host knows, unless its [Host.AuthorizedKeys] say
// so. With a passphrase its file is encrypted. Like the fleet, it takes root.
func NewKey(t testing.TB, kind KeyType, passphrase string) Key {
	t.Helper()
	Require(t)
	pair, err := newKey(kind)
	if err == nil {
		pair, err = pair.protected(passphrase)
	}
	if err != nil {
		t.Fatal(err)
	}
	key, err := pair.save(filepath.Join(t.TempDir(), "id_"+string(kind)))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// keyPair is an SSH key in the forms that files hold.
type keyPair struct {
	secret  any    // as crypto/* have it
	private string // OpenSSH's PEM
	public  string // "ssh-ed25519 AAAA…" without a newline
}

func newKey(kind KeyType) (keyPair, error) {
	var k keyPair
	var err error
	switch kind {
	case RSA:
		k.secret, err = rsa.GenerateKey(rand.Reader, 2048)
	case ECDSA:
		k.secret, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	default:
		_, k.secret, err = ed25519.GenerateKey(rand.Reader)
	}
	if err != nil {
		return k, fmt.Errorf("lab: make key: %w", err)
	}
	signer, err := k.signer()
	if err != nil {
		return k, err
	}
	k.public = strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
	return k.protected("")
}

func (k keyPair) signer() (ssh.Signer, error) {
	signer, err := ssh.NewSignerFromKey(k.secret)
	if err != nil {
		return nil, fmt.Errorf("lab: public key: %w", err)
	}
	return signer, nil
}

// protected returns the key under a passphrase, or in the clear with an empty one.
func (k keyPair) protected(passphrase string) (keyPair, error) {
	var block *pem.Block
	var err error
	if passphrase == "" {
		block, err = ssh.MarshalPrivateKey(k.secret, "")
	} else {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(k.secret, "", []byte(passphrase))
	}
	if err != nil {
		return k, fmt.Errorf("lab: marshal key: %w", err)
	}
	k.private = string(pem.EncodeToMemory(block))
	return k, nil
}

// save writes both halves of the key.
func (k keyPair) save(path string) (Key, error) {
	key := Key{Path: path, Public: k.public}
	if err := (file{Path: path + ".pub", Mode: 0o644, Content: k.public + "\n"}).write(""); err != nil {
		return key, err
	}
	return key, file{Path: path, Mode: 0o600, Content: k.private}.write("")
}

// hostKeys makes the keys of a host. On a stock one there are several, and a
// client that does not ask for the kind that known_hosts has is given another.
func hostKeys(h Host) ([]keyPair, error) {
	kinds := h.HostKeys
	if len(kinds) == 0 {
		kinds = []KeyType{ED25519, ECDSA}
	}
	var keys []keyPair
	for _, kind := range kinds {
		k, err := newKey(kind)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, nil
}

func hostKeyPath(i int) string { return fmt.Sprintf("/etc/lab/host_key_%d", i) }
