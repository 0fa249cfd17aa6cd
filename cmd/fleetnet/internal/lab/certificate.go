package lab

import (
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/ssh"
)

const hostCertPath = "/etc/lab/host_key_0-cert.pub"

// loginFiles are what h's server reads: its configuration and keys, and whom it
// lets in.
func (f *Fleet) loginFiles(h *host) ([]file, error) {
	files := []file{
		{Path: "/etc/lab/sshd_config", Mode: 0o644, Content: sshdConfig(h.Host, len(h.keys))},
		{Path: bannerPath, Mode: 0o644, Content: h.Banner},
		{Path: userCAPath, Mode: 0o644, Content: f.userCA.public + "\n"},
	}
	for i, key := range h.keys {
		files = append(files, file{Path: hostKeyPath(i), Mode: 0o600, Content: key.private})
	}
	if h.HostCert {
		cert, err := f.hostCA.certify(h.keys[0], ssh.HostCert, f.addr(h).String())
		if err != nil {
			return nil, err
		}
		files = append(files, file{Path: hostCertPath, Mode: 0o644, Content: cert})
	}
	return append(files, f.authorized(h)...), nil
}

// authorized is whose keys h lets in. Dropbear has one place for them only.
func (f *Fleet) authorized(h *host) []file {
	lines := h.AuthorizedKeys
	if lines == nil {
		lines = []string{f.identity.public}
	}
	keys := file{Path: "/etc/lab/authorized_keys", Mode: 0o644, Content: strings.Join(lines, "\n") + "\n"}
	if h.Server != Dropbear {
		return []file{keys}
	}
	home, owner := h.sessions()+"/home/"+h.user(), uid
	if h.user() == "root" {
		home, owner = h.sessions()+"/root", 0
	}
	keys.Path, keys.Mode, keys.UID = home+"/.ssh/authorized_keys", 0o600, owner
	return []file{{Path: home + "/.ssh/", Mode: 0o700, UID: owner}, keys}
}

// Certificate makes a key with a certificate for these users beside it, where
// ssh(1) looks for it: PATH-cert.pub. Hosts with [TrustUserCA] let it in, and
// no other does.
func (f *Fleet) Certificate(users ...string) Key {
	f.t.Helper()
	pair, err := newKey(ED25519)
	f.must(err)
	cert, err := f.userCA.certify(pair, ssh.UserCert, users...)
	f.must(err)
	key, err := pair.save(filepath.Join(f.t.TempDir(), "id_ed25519"))
	f.must(err)
	f.must(file{Path: key.Path + "-cert.pub", Mode: 0o644, Content: cert}.write(""))
	return key
}

// certify signs a certificate that is always valid, as ssh-keygen(1) writes it.
func (k keyPair) certify(subject keyPair, kind uint32, principals ...string) (string, error) {
	authority, err := k.signer()
	if err != nil {
		return "", err
	}
	signer, err := subject.signer()
	if err != nil {
		return "", err
	}
	cert := &ssh.Certificate{Key: signer.PublicKey(), CertType: kind, KeyId: "lab", ValidPrincipals: principals, ValidBefore: ssh.CertTimeInfinity}
	if err := cert.SignCert(rand.Reader, authority); err != nil {
		return "", fmt.Errorf("lab: sign certificate: %w", err)
	}
	return string(ssh.MarshalAuthorizedKey(cert)), nil
}

// Protected is the fleet's identity once more, in a file that is encrypted.
func (f *Fleet) Protected(passphrase string) Key {
	f.t.Helper()
	pair, err := f.identity.protected(passphrase)
	f.must(err)
	key, err := pair.save(filepath.Join(f.t.TempDir(), "id_ed25519"))
	f.must(err)
	return key
}

// HostKey is a host's public key: the first one that its server has now.
func (f *Fleet) HostKey(name string) string {
	f.t.Helper()
	return f.host(name).keys[0].public
}
