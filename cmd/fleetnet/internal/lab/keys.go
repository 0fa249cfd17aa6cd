package lab

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"strings"

	"golang.org/x/crypto/ssh"
)

// keyPair is an SSH key in the forms that files hold.
type keyPair struct {
	private string // OpenSSH's PEM
	public  string // "ssh-ed25519 AAAA…" without a newline
}

// newKey makes a key: of ed25519, or of ECDSA over P-256.
func newKey(ec bool) (keyPair, error) {
	var private any
	var err error
	if ec {
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	} else {
		_, private, err = ed25519.GenerateKey(rand.Reader)
	}
	if err != nil {
		return keyPair{}, fmt.Errorf("lab: make key: %w", err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		return keyPair{}, fmt.Errorf("lab: marshal key: %w", err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		return keyPair{}, fmt.Errorf("lab: public key: %w", err)
	}
	return keyPair{
		private: string(pem.EncodeToMemory(block)),
		public:  strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey()))),
	}, nil
}

// hostKeys makes the keys of a host. As on a stock one there are several, and a
// client that does not ask for the kind that known_hosts has is given another.
func hostKeys() (ed, ec keyPair, err error) {
	if ed, err = newKey(false); err != nil {
		return ed, ec, err
	}
	ec, err = newKey(true)
	return ed, ec, err
}

func hostKeyPath(i int) string { return fmt.Sprintf("/etc/lab/host_key_%d", i) }

// sshdConfig is the configuration of a host's sshd; see sshd_config(5).
func sshdConfig(h Host, keys int) string {
	var b strings.Builder
	b.WriteString("Port 22\nUsePAM no\nPermitRootLogin prohibit-password\nPasswordAuthentication no\n" +
		"KbdInteractiveAuthentication no\nStrictModes no\nUseDNS no\nPrintMotd no\nPidFile /run/sshd.pid\n" +
		"AuthorizedKeysFile /etc/lab/authorized_keys\nSubsystem sftp internal-sftp\n")
	for i := range keys {
		fmt.Fprintf(&b, "HostKey %s\n", hostKeyPath(i))
	}
	if h.Userland.tiny() {
		fmt.Fprintf(&b, "ChrootDirectory %s\n", tinyRoot)
	}
	return b.String()
}
