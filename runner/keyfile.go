package runner

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"sync"

	"golang.org/x/crypto/ssh"
)

// keyFile is a private key on disk, read when it is first needed.
type keyFile struct {
	path string
	once sync.Once

	signer ssh.Signer
	public ssh.PublicKey // known also of an encrypted key, when its .pub stands beside it
	err    error
}

func (k *keyring) file(path string) *keyFile {
	path = homePath(path)
	k.mu.Lock()
	defer k.mu.Unlock()
	f := k.files[path]
	if f == nil {
		f = &keyFile{path: path}
		k.files[path] = f
	}
	return f
}

// identity returns the key of the file, from the agent when only that can use it.
func (f *keyFile) identity(agent []identity) (identity, error) {
	f.once.Do(f.load)
	if f.signer != nil {
		return identity{f.path, f.signer}, nil
	}
	for _, id := range agent {
		if f.public != nil && bytes.Equal(id.signer.PublicKey().Marshal(), f.public.Marshal()) {
			return id, nil
		}
	}
	return identity{}, f.err
}

func (f *keyFile) load() {
	pem, err := os.ReadFile(f.path)
	if err != nil {
		f.err = fmt.Errorf("key %w", err)
		f.loadPublic()
		return
	}
	signer, err := ssh.ParsePrivateKey(pem)
	var locked *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &locked):
		f.public = locked.PublicKey
		f.err = fmt.Errorf("key %s is encrypted and not in the agent", f.path)
		if f.public == nil {
			f.loadPublic()
		}
	case err != nil:
		f.err = fmt.Errorf("key %s: %w", f.path, plain(err))
	default:
		f.signer = f.certified(signer)
	}
}

func (f *keyFile) loadPublic() {
	if text, err := os.ReadFile(f.path + ".pub"); err == nil {
		f.public, _, _, _, _ = ssh.ParseAuthorizedKey(text)
	}
}

// certified returns signer with the certificate that stands beside the key, if
// one does, as ssh(1) has it.
func (f *keyFile) certified(signer ssh.Signer) ssh.Signer {
	text, err := os.ReadFile(f.path + "-cert.pub")
	if err != nil {
		return signer
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey(text)
	if err != nil {
		return signer
	}
	cert, ok := key.(*ssh.Certificate)
	if !ok {
		return signer
	}
	if s, err := ssh.NewCertSigner(cert, signer); err == nil {
		return s
	}
	return signer
}
