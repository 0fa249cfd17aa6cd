package runner

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/fleetnet/fleetnet/inventory"
)

// hostKeys knows the keys of hosts. Each file is read once per run. It is safe
// for concurrent use.
type hostKeys struct {
	policy HostKeyPolicy // empty means that each host's ssh_config decides

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

// hostKeysNo is StrictHostKeyChecking no: an unknown key is remembered, a
// changed one is taken, but nothing secret is sent to who shows it.
const hostKeysNo HostKeyPolicy = "no"

// policyOf returns what holds for a host.
func (k *hostKeys) policyOf(h inventory.Host) HostKeyPolicy {
	if k.policy != "" {
		return k.policy
	}
	switch strings.ToLower(h.SSH.StrictHostKeyChecking) {
	case "accept-new":
		return HostKeysAcceptNew
	case "no", "off":
		return hostKeysNo
	}
	return HostKeysStrict
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
	keys   *hostKeys
	policy HostKeyPolicy
	host   inventory.Host
	addr   string // host:port
	files  []*knownHosts
	known  []*knownEntry
	shown  []byte     // the key that the server showed, or nil
	fail   *HostError // why it is not trusted
	// unverified is why the key is not trusted although it is taken, as the
	// policy wants it.
	unverified *HostError
	// wrong says that the host shows another key than it should: it gets no
	// password then.
	wrong bool
	// unreadable is why one of the files could not be read.
	unreadable error
}

// check returns the check of the host that is dialled as addr.
func (k *hostKeys) check(h inventory.Host, addr string) *keyCheck {
	c := &keyCheck{keys: k, policy: k.policyOf(h), host: h, addr: addr}
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

// names returns what known_hosts may call the host: HostKeyAlias alone, if there
// is one; else its address, or else its name in the inventory. A port other than
// 22 stands in brackets.
func (c *keyCheck) names() []string {
	if alias := c.host.SSH.HostKeyAlias; alias != "" {
		return []string{alias}
	}
	_, port, _ := net.SplitHostPort(c.addr)
	return []string{knownhosts.Normalize(c.addr), knownhosts.Normalize(net.JoinHostPort(c.host.Name, port))}
}

// find returns what is known of the host under the first of its names under
// which something is.
func (c *keyCheck) find() []*knownEntry {
	for _, name := range c.names() {
		if found := c.entries(name); found != nil {
			return found
		}
	}
	return nil
}

func (c *keyCheck) entries(name string) []*knownEntry {
	var found []*knownEntry
	for _, f := range c.files {
		found = append(found, f.find(name)...)
	}
	return found
}

// verify is the callback of each key exchange, of which a connection may have
// several.
func (c *keyCheck) verify(_ string, remote net.Addr, key ssh.PublicKey) error {
	blob := key.Marshal()
	if c.shown != nil {
		if !bytes.Equal(c.shown, blob) {
			return errors.New("the server shows another key than before")
		}
		return nil
	}
	c.shown = blob
	if c.fail = c.judge(remote, key); c.fail != nil {
		return c.fail
	}
	return nil
}

func (c *keyCheck) judge(remote net.Addr, key ssh.PublicKey) *HostError {
	if fail := c.revoked(key); fail != nil {
		return fail
	}
	if cert, ok := key.(*ssh.Certificate); ok {
		return c.tolerate(c.judgeCert(remote, cert), true)
	}
	if c.isKnown(c.known, key) || c.plainEntries() == nil && c.isKnown(c.withoutPort(), key) {
		return nil
	}
	if plainOnes := c.plainEntries(); plainOnes != nil {
		return c.tolerate(c.changed(key, plainOnes[0]), true)
	}
	switch c.policy {
	case HostKeysAcceptNew:
		return c.accept(key)
	case hostKeysNo:
		return c.tolerate(c.accept(key), false)
	}
	return c.tolerate(c.unknown(key), false)
}

// tolerate lets a key pass that is not trusted, where the policy has it so.
// wrong says that another key was expected: then the host gets no password, as ssh
// has it with StrictHostKeyChecking no.
func (c *keyCheck) tolerate(fail *HostError, wrong bool) *HostError {
	if c.policy != HostKeysOff && c.policy != hostKeysNo {
		return fail
	}
	c.unverified, c.wrong = fail, wrong && fail != nil
	return nil
}

// judgeCert checks a certificate: its authority, principals, times and critical options.
func (c *keyCheck) judgeCert(remote net.Addr, cert *ssh.Certificate) *HostError {
	checker := ssh.CertChecker{
		IsHostAuthority: func(ssh.PublicKey, string) bool { return c.authorityOf(cert) != nil },
	}
	var first error
	for _, name := range c.names() {
		host, _, err := net.SplitHostPort(name)
		if err != nil {
			host = name
		}
		err = checker.CheckHostKey(net.JoinHostPort(host, "22"), remote, cert)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return c.error(fmt.Errorf("%s: the certificate of %s: %w", c.addr, keyText(cert.Key), plain(first)), "renew the host's certificate, or mend the @cert-authority line")
}

// authorityOf returns the entry of the authority that signed a certificate, or nil.
func (c *keyCheck) authorityOf(cert *ssh.Certificate) *knownEntry {
	for _, e := range c.known {
		if e.authority && sameKey(e.key(), cert.SignatureKey) {
			return e
		}
	}
	return nil
}

func (c *keyCheck) isKnown(entries []*knownEntry, key ssh.PublicKey) bool {
	return c.entryOf(entries, key) != nil
}

// entryOf returns the entry that has the key, or nil.
func (c *keyCheck) entryOf(entries []*knownEntry, key ssh.PublicKey) *knownEntry {
	for _, e := range entries {
		if !e.authority && sameKey(e.key(), key) {
			return e
		}
	}
	return nil
}

// plainEntries returns what is known of the host but for authorities, or nil.
func (c *keyCheck) plainEntries() []*knownEntry {
	var plainOnes []*knownEntry
	for _, e := range c.known {
		if !e.authority {
			plainOnes = append(plainOnes, e)
		}
	}
	return plainOnes
}

// withoutPort returns the entries of the host's name alone, which ssh takes as
// well for a host at another port; they confirm a key and never accuse one.
func (c *keyCheck) withoutPort() []*knownEntry {
	if c.host.SSH.HostKeyAlias != "" {
		return nil
	}
	host, _, _ := net.SplitHostPort(c.addr)
	return c.entries(host)
}

// revoked returns the error of a key that is revoked, whatever the policy, or nil.
func (c *keyCheck) revoked(key ssh.PublicKey) *HostError {
	e := c.revoker(key)
	if e == nil {
		return nil
	}
	return c.error(fmt.Errorf("%s: the key %s is revoked by %s", c.addr, keyText(key), e.place()), "do not use this host before its key was replaced")
}

// revoker returns the entry that revokes a key, or nil. A certificate stands and
// falls with its key and its authority's.
func (c *keyCheck) revoker(key ssh.PublicKey) *knownEntry {
	keys := []ssh.PublicKey{key}
	if cert, ok := key.(*ssh.Certificate); ok {
		keys = []ssh.PublicKey{cert.Key, cert.SignatureKey}
	}
	for _, key := range keys {
		for _, f := range c.files {
			if e := f.revokes(key); e != nil {
				return e
			}
		}
	}
	return nil
}

func sameKey(a, b ssh.PublicKey) bool {
	return a != nil && bytes.Equal(a.Marshal(), b.Marshal())
}

// keyText reads `ssh-ed25519 SHA256:…`.
func keyText(key ssh.PublicKey) string { return key.Type() + " " + fingerprint(key) }
