package runner

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"golang.org/x/crypto/ssh"
)

// certFile is a certificate on disk, read when it is first needed.
type certFile struct {
	path string
	once sync.Once
	cert *ssh.Certificate
	err  error
}

// cert returns the certificate of a file, or why there is none.
func (k *keyring) cert(path string) *certFile {
	k.mu.Lock()
	c := k.certs[path]
	if c == nil {
		c = &certFile{path: path}
		k.certs[path] = c
	}
	k.mu.Unlock()
	c.once.Do(c.load)
	return c
}

func (c *certFile) load() {
	text, err := os.ReadFile(c.path)
	if err != nil {
		c.err = fmt.Errorf("certificate %w", err)
		return
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey(text)
	if err != nil {
		c.err = fmt.Errorf("certificate %s: %w", c.path, plain(err))
		return
	}
	cert, ok := key.(*ssh.Certificate)
	switch {
	case !ok:
		err = errors.New("it is a plain key")
	case cert.CertType != ssh.UserCert:
		err = errors.New("it is not one of a user")
	}
	if err != nil {
		c.err = fmt.Errorf("certificate %s: %w", c.path, err)
		return
	}
	c.cert = cert
}

// certifiedKey returns the key of a certificate, and a plain key as it is.
func certifiedKey(key ssh.PublicKey) ssh.PublicKey {
	if cert, ok := key.(*ssh.Certificate); ok {
		return cert.Key
	}
	return key
}

func isCertificate(key ssh.PublicKey) bool {
	_, ok := key.(*ssh.Certificate)
	return ok
}
