package runner

import (
	"bytes"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/fleetnet/fleetnet/inventory"
)

// hostKeys knows the keys of hosts. Each file is read once per run. It is safe
// for concurrent use.
type hostKeys struct {
	policy HostKeyPolicy

	mu    sync.Mutex
	files map[string]*knownFile

	writing sync.Mutex // held while a new key is checked for and added
}

type knownFile struct {
	once  sync.Once
	hosts *knownHosts
	err   error
}

func newHostKeys(policy HostKeyPolicy) *hostKeys {
	return &hostKeys{policy: policy, files: map[string]*knownFile{}}
}

// knownHostsFiles returns where a host's key may stand; new ones go to the first.
func knownHostsFiles(h inventory.Host) []string {
	if h.KnownHosts != nil {
		return h.KnownHosts
	}
	return []string{homePath("~/.ssh/known_hosts"), "/etc/ssh/ssh_known_hosts"}
}

func (k *hostKeys) load(path string) (*knownHosts, error) {
	k.mu.Lock()
	f := k.files[path]
	if f == nil {
		f = &knownFile{}
		k.files[path] = f
	}
	k.mu.Unlock()
	f.once.Do(func() { f.hosts, f.err = readKnownHosts(path) })
	return f.hosts, f.err
}

// keyCheck verifies the key of one host, once.
type keyCheck struct {
	keys  *hostKeys
	host  inventory.Host
	addr  string // host:port
	files []*knownHosts
	known []*knownEntry
	seen  bool       // the server showed a key
	fail  *HostError // why it is not trusted
	// unreadable is why one of the files could not be read.
	unreadable error
}

// check returns the check of the host that is dialled as addr.
func (k *hostKeys) check(h inventory.Host, addr string) *keyCheck {
	c := &keyCheck{keys: k, host: h, addr: addr}
	if k.policy == HostKeysOff {
		return c
	}
	for _, path := range knownHostsFiles(h) {
		f, err := k.load(path)
		if err != nil {
			c.unreadable = err
			continue
		}
		c.files = append(c.files, f)
	}
	c.known = c.find()
	return c
}

// find returns what is known of the host: under its address, or else under its
// name in the inventory. A port other than 22 stands in brackets.
func (c *keyCheck) find() []*knownEntry {
	_, port, _ := net.SplitHostPort(c.addr)
	for _, name := range []string{c.addr, net.JoinHostPort(c.host.Name, port)} {
		var found []*knownEntry
		for _, f := range c.files {
			found = append(found, f.find(knownhosts.Normalize(name))...)
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// algorithms returns the algorithms of the keys that are known first, so that
// the server shows one of these; ed25519 comes before the others.
func (c *keyCheck) algorithms() []string {
	rank := func(algorithm string) int {
		for _, e := range c.known {
			if slices.Contains(algorithmsFor(e), algorithm) {
				return 0
			}
		}
		return 1
	}
	order := plainAlgorithms()
	if slices.ContainsFunc(c.known, func(e *knownEntry) bool { return e.authority }) {
		order = append(certAlgorithms(), order...)
	}
	slices.SortStableFunc(order, func(a, b string) int { return rank(a) - rank(b) })
	return order
}

func plainAlgorithms() []string {
	return []string{
		ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521,
		ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256,
	}
}

func certAlgorithms() []string {
	return []string{
		ssh.CertAlgoED25519v01, ssh.CertAlgoECDSA256v01, ssh.CertAlgoECDSA384v01, ssh.CertAlgoECDSA521v01,
		ssh.CertAlgoRSASHA512v01, ssh.CertAlgoRSASHA256v01,
	}
}

// algorithmsFor returns the algorithms with which a server can prove an entry.
// An RSA key stands in known_hosts as ssh-rsa, which as an algorithm means SHA-1;
// an authority may sign keys of any type.
func algorithmsFor(e *knownEntry) []string {
	kind, _, _ := bytes.Cut(e.text, []byte{' '})
	switch {
	case e.authority:
		return certAlgorithms()
	case string(kind) == ssh.KeyAlgoRSA:
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
	}
	return []string{string(kind)}
}

// verify is the callback of the handshake.
func (c *keyCheck) verify(_ string, remote net.Addr, key ssh.PublicKey) error {
	c.seen = true
	if c.keys.policy == HostKeysOff {
		return nil
	}
	if c.fail = c.judge(remote, key); c.fail != nil {
		return c.fail
	}
	return nil
}

func (c *keyCheck) judge(remote net.Addr, key ssh.PublicKey) *HostError {
	if cert, ok := key.(*ssh.Certificate); ok {
		return c.judgeCert(remote, cert)
	}
	if e := c.revoked(key); e != nil {
		return c.error(fmt.Errorf("%s: the key %s is revoked by %s:%d", c.addr, keyText(key), e.file, e.line), "do not use this host before its key was replaced")
	}
	if c.isKnown(c.known, key) {
		return nil
	}
	if c.known == nil && c.isKnown(c.withoutPort(), key) {
		return nil
	}
	if plainOnes := c.plainEntries(); plainOnes != nil {
		return c.changed(key, plainOnes[0])
	}
	if c.keys.policy == HostKeysAcceptNew {
		return c.accept(key)
	}
	unknown := fmt.Errorf("%s: the key %s is not known", c.addr, keyText(key))
	if c.unreadable != nil {
		unknown = fmt.Errorf("%w; %w", unknown, c.unreadable)
	}
	return c.error(unknown,
		fmt.Sprintf("compare it and connect once with ssh, or add it with ssh-keyscan, or use --host-keys accept-new; looked in %s", strings.Join(knownHostsFiles(c.host), ", ")))
}

// judgeCert checks a certificate: its authority, principals, times and critical options.
func (c *keyCheck) judgeCert(remote net.Addr, cert *ssh.Certificate) *HostError {
	checker := ssh.CertChecker{
		IsHostAuthority: func(authority ssh.PublicKey, _ string) bool {
			return slices.ContainsFunc(c.known, func(e *knownEntry) bool { return e.authority && sameKey(e.key(), authority) })
		},
		IsRevoked: func(cert *ssh.Certificate) bool {
			return c.revoked(cert.Key) != nil || c.revoked(cert.SignatureKey) != nil
		},
	}
	_, port, _ := net.SplitHostPort(c.addr)
	err := checker.CheckHostKey(c.addr, remote, cert)
	if err != nil && checker.CheckHostKey(net.JoinHostPort(c.host.Name, port), remote, cert) == nil {
		err = nil
	}
	if err == nil {
		return nil
	}
	return c.error(fmt.Errorf("%s: the certificate of %s: %w", c.addr, keyText(cert.Key), plain(err)), "renew the host's certificate, or mend the @cert-authority line")
}

func (c *keyCheck) error(err error, hint string) *HostError {
	return &HostError{c.host.Name, OpHostKey, err, hint}
}

func (c *keyCheck) changed(key ssh.PublicKey, old *knownEntry) *HostError {
	was := "another key"
	if k := old.key(); k != nil {
		was = keyText(k)
	}
	return c.error(fmt.Errorf("%s: the key has changed: the host shows %s, %s:%d has %s", c.addr, keyText(key), old.file, old.line, was),
		fmt.Sprintf("if the host was set up anew: ssh-keygen -f %s -R '%s', then connect once; if not, somebody may stand in between", old.file, knownhosts.Normalize(c.addr)))
}

func (c *keyCheck) isKnown(entries []*knownEntry, key ssh.PublicKey) bool {
	return slices.ContainsFunc(entries, func(e *knownEntry) bool { return !e.authority && sameKey(e.key(), key) })
}

func (c *keyCheck) plainEntries() []*knownEntry {
	return slices.DeleteFunc(slices.Clone(c.known), func(e *knownEntry) bool { return e.authority })
}

// withoutPort returns the entries of the host's name alone, which ssh takes as
// well for a host at another port; they confirm a key and never accuse one.
func (c *keyCheck) withoutPort() []*knownEntry {
	host, _, _ := net.SplitHostPort(c.addr)
	var found []*knownEntry
	for _, f := range c.files {
		found = append(found, f.find(host)...)
	}
	return found
}

func (c *keyCheck) revoked(key ssh.PublicKey) *knownEntry {
	for _, f := range c.files {
		if e := f.revokes(key); e != nil {
			return e
		}
	}
	return nil
}

func sameKey(a, b ssh.PublicKey) bool {
	return a != nil && bytes.Equal(a.Marshal(), b.Marshal())
}

// keyText reads `ssh-ed25519 SHA256:…`.
func keyText(key ssh.PublicKey) string { return key.Type() + " " + ssh.FingerprintSHA256(key) }
