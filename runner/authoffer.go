package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet/inventory"
)

// profile is all of a host that its offer depends on.
type profile struct {
	files, certs, agent, algorithms string
	only, mayAsk                    bool
	passphrase                      inventory.Secret
}

// assembled is what hosts of one profile are offered.
type assembled struct {
	keys  []identity
	late  []*keyFile
	notes []string
}

// offer returns what to show to a host, in this order, and the keys that can be
// shown only when they are decrypted. Keys that cannot be used are noted.
func (k *keyring) offer(ctx context.Context, h inventory.Host, notes *[]string) ([]identity, []*keyFile) {
	p := profileOf(h)
	k.mu.Lock()
	a := k.offers[p]
	k.mu.Unlock()
	if a == nil {
		agent, err := k.agent(h.SSH.IdentityAgent).identities(ctx)
		a = k.assemble(h, agent, err)
		if ctx.Err() == nil { // what a host had no time for is not remembered
			k.mu.Lock()
			k.offers[p] = a
			k.mu.Unlock()
		}
	}
	*notes = append(*notes, a.notes...)
	return slices.Clip(a.keys), a.late // shared: what is appended goes elsewhere
}

func profileOf(h inventory.Host) profile {
	return profile{
		files: strings.Join(h.IdentityFiles, "\x00"), certs: strings.Join(h.SSH.Certificates, "\x00"),
		agent: h.SSH.IdentityAgent, only: h.SSH.IdentitiesOnly, mayAsk: !h.SSH.BatchMode, algorithms: h.SSH.PubkeyAcceptedAlgorithms, passphrase: h.Passphrase,
	}
}

// assemble puts a host's keys in order, much as pubkey_prepare of OpenSSH does:
// first the certificates that it names, the files whose keys the agent holds, and
// the other files; then the agent's other keys, which come before the files where
// those are only the usual ones.
func (k *keyring) assemble(h inventory.Host, agent []identity, agentErr error) *assembled {
	b := &offerBuilder{keyring: k, host: h, agent: agent}
	b.accepted, b.err = pubkeyAlgorithms().resolve(h.SSH.PubkeyAcceptedAlgorithms)
	if b.err != nil {
		b.note(b.err)
	}
	if agentErr != nil {
		b.note(agentErr)
	}
	inAgent, others := b.files()
	b.certificates(slices.Concat(inAgent, others, agent))
	b.add(inAgent...)
	if len(h.IdentityFiles) > 0 || h.SSH.IdentitiesOnly {
		b.add(others...)
	}
	if !h.SSH.IdentitiesOnly {
		b.add(agent...)
	}
	b.add(others...)
	return &b.assembled
}

// offerBuilder collects a host's keys, each once.
type offerBuilder struct {
	assembled
	keyring  *keyring
	host     inventory.Host
	agent    []identity
	accepted []string
	err      error
}

func (b *offerBuilder) note(err error) { b.notes = append(b.notes, err.Error()) }

// files returns the keys of the identity files, those apart that the agent
// holds too, and each after its certificate.
func (b *offerBuilder) files() (inAgent, others []identity) {
	named := len(b.host.IdentityFiles) > 0
	paths := b.host.IdentityFiles
	if !named {
		paths = usualFiles()
	}
	for _, path := range paths {
		if path == "none" { // IdentityFile none, as ssh_config(5) has it
			continue
		}
		f := b.keyring.file(path, b.host.Passphrase)
		f.once.Do(f.load)
		held := heldFor(f.public, b.agent)
		ids, err := f.identities(b.keyring, b.host, held)
		switch {
		case errors.Is(err, errLate):
			b.late = append(b.late, f)
		case err != nil && (named || !errors.Is(err, os.ErrNotExist)):
			b.note(err)
		}
		if len(held) > 0 {
			inAgent = append(inAgent, ids...)
		} else {
			others = append(others, ids...)
		}
		if err == nil {
			b.notes = append(b.notes, f.notes...)
		}
	}
	return inAgent, others
}

// heldFor returns the agent's keys that are public's, and its certificates.
func heldFor(public ssh.PublicKey, agent []identity) []identity {
	var held []identity
	for _, id := range agent {
		if public != nil && samePair(id.public, public) {
			held = append(held, id)
		}
	}
	return held
}

// samePair reports whether two public keys, or those of certificates, are the same.
func samePair(a, b ssh.PublicKey) bool {
	return bytes.Equal(certifiedKey(a).Marshal(), certifiedKey(b).Marshal())
}

// certificates adds those that the host names, with the keys that can sign for them.
func (b *offerBuilder) certificates(keys []identity) {
	for _, path := range b.host.SSH.Certificates {
		c := b.keyring.cert(homePath(path))
		if c.err != nil {
			b.note(c.err)
			continue
		}
		i := slices.IndexFunc(keys, func(id identity) bool { return samePair(id.public, c.cert) })
		if i < 0 {
			b.note(fmt.Errorf("certificate %s: its key is neither in a file nor in the agent", c.path))
			continue
		}
		b.add(identity{name: c.path, public: c.cert, sign: keys[i].sign})
	}
}

// add offers keys that are not offered yet, as sshd counts each attempt.
func (b *offerBuilder) add(ids ...identity) {
	for _, id := range ids {
		blob := id.public.Marshal()
		if slices.ContainsFunc(b.keys, func(o identity) bool { return bytes.Equal(o.public.Marshal(), blob) }) {
			continue
		}
		if err := expired(id); err != nil {
			b.noteOnce(err)
			continue
		}
		if id.algorithms = algorithmsOf(id.public, b.accepted); id.algorithms == nil {
			if b.err == nil {
				b.noteOnce(fmt.Errorf("%s is not shown: PubkeyAcceptedAlgorithms leaves out %s", id.name, id.public.Type()))
			}
			continue
		}
		b.keys = append(b.keys, id)
	}
}

func (b *offerBuilder) noteOnce(err error) {
	if !slices.Contains(b.notes, err.Error()) {
		b.note(err)
	}
}

// algorithmsOf returns the algorithms of a key's signatures that are accepted, in
// the order of those.
func algorithmsOf(public ssh.PublicKey, accepted []string) []string {
	own := signatureAlgorithms(public.Type())
	var out []string
	for _, a := range own {
		if slices.Contains(accepted, a) {
			out = append(out, strings.Replace(a, "-cert-v01@openssh.com", certSuffix(a), 1))
		}
	}
	return out
}

// certSuffix is what is left of a certificate's algorithm besides its name.
func certSuffix(algorithm string) string {
	if strings.HasPrefix(algorithm, "sk-") {
		return "@openssh.com"
	}
	return ""
}

// expired is the error of a certificate whose time is over.
func expired(id identity) error {
	cert, ok := id.public.(*ssh.Certificate)
	if !ok || cert.ValidBefore == ssh.CertTimeInfinity {
		return nil
	}
	if end := time.Unix(int64(min(cert.ValidBefore, 1<<62)), 0); end.Before(time.Now()) {
		return fmt.Errorf("certificate %s expired on %s", id.name, end.UTC().Format("2006-01-02 15:04 MST"))
	}
	return nil
}
