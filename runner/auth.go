package runner

import (
	"context"
	"os"
	"os/user"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet/inventory"
)

// userOf returns whom to log in as.
func userOf(h inventory.Host) string {
	if h.User != "" {
		return h.User
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return os.Getenv("USER")
}

// The methods of RFC 4252 and 4256.
const (
	methodPublicKey           = "publickey"
	methodKeyboardInteractive = "keyboard-interactive"
	methodPassword            = "password"
)

// keysBeforePassword is how many keys are shown before a password that is known:
// sshd ends a connection after 6 refusals (MaxAuthTries).
const keysBeforePassword = 4

// login is one attempt to log in.
type login struct {
	ctx     context.Context
	host    inventory.Host
	said    inventory.SSH // as host has it before its key is checked
	user    string
	keys    *keyring
	secrets *secrets
	lockout *lockout
	broken  *atomic.Bool // the connection has ended

	begun   bool     // the server wants to know who we are
	allowed []string // the methods that it takes
	stage   int      // how many methods it has accepted as a part of what it wants
	tried   []string // the methods of this stage, but for publickey
	ranOut  bool     // nothing is left to try

	listed bool
	offer  []identity // the keys to show, in this order
	late   []*keyFile // keys that have to be decrypted before they can be shown
	shown  int        // how many of offer the server has seen
	taken  []int      // those of them that it did not refuse, though that did not suffice
	notes  []string   // keys that could not be shown, and why

	sent     bool          // the password went to the server
	judge    func(verdict) // takes what the server says to it, while that is not known
	wrong    bool          // it was refused
	withheld bool          // it is not to be had, or must not be sent
	answers  bool          // a person's answers went to the server
	trouble  error         // why a method was given up
}

// newLogin returns a login to h that ends with ctx,
// and over a connection that tells when it is broken.
func (d *sshDoor) newLogin(ctx context.Context, h inventory.Host, broken *atomic.Bool) *login {
	return &login{ctx: ctx, host: h, said: h.SSH, user: userOf(h), keys: d.keys, secrets: d.secrets, lockout: d.lockout, broken: broken}
}

// next chooses what to try next, as ssh(1) does: the first of the preferred
// methods that the server takes and that has something left to try.
func (l *login) next(ctx *ssh.ClientAuthContext) (ssh.AuthMethod, error) {
	l.begun, l.allowed = true, ctx.AllowedMethods
	if passed := ctx.PartialSuccessMethods; len(passed) > l.stage {
		l.stage, l.tried = len(passed), nil
		l.verdict(accepted)
		if passed[len(passed)-1] == methodPublicKey {
			l.taken = append(l.taken, l.shown-1)
		}
	}
	if l.ctx.Err() == nil { // that the server hung up on a password counts as its refusal
		l.verdict(refused)
	}
	if l.broken.Load() { // x/crypto asks for another method whatever the error was
		return nil, nil
	}
	for _, name := range l.preferred() {
		if l.takes(name) {
			if m := l.method(name); m != nil {
				return m, nil
			}
		}
	}
	l.ranOut = true
	return nil, nil
}

// preferred returns the methods in the order of PreferredAuthentications, whose
// default is OpenSSH's.
func (l *login) preferred() []string {
	if l.host.SSH.PreferredAuth != "" {
		return strings.Split(strings.ReplaceAll(l.host.SSH.PreferredAuth, " ", ""), ",")
	}
	return []string{methodPublicKey, methodKeyboardInteractive, methodPassword}
}

// takes reports whether a method is on at both ends.
func (l *login) takes(name string) bool {
	off := true
	switch name {
	case methodPublicKey:
		off = l.host.SSH.NoPubkey
	case methodPassword:
		off = l.host.SSH.NoPassword
	case methodKeyboardInteractive:
		off = l.host.SSH.NoKeyboardInteractive
	}
	return !off && slices.Contains(l.allowed, name)
}

// method returns what is left to try of a method, or nil.
func (l *login) method(name string) ssh.AuthMethod {
	if name == methodPublicKey {
		return l.publicKeys()
	}
	if slices.Contains(l.tried, name) {
		return nil
	}
	switch {
	case name == methodPassword && l.passwordLeft():
		l.tried = append(l.tried, name)
		return ssh.PasswordCallback(l.password)
	case name == methodKeyboardInteractive && (l.passwordLeft() || l.stage > 0 || l.secrets.mayAsk(l.host) && !l.sent):
		l.tried = append(l.tried, name)
		return ssh.KeyboardInteractive(l.challenge)
	}
	return nil
}

// publicKeys returns the keys that the server has not seen yet, but for those
// that a password comes before.
func (l *login) publicKeys() ssh.AuthMethod {
	if !l.listed {
		l.listed = true
		l.offer, l.late = l.keys.offer(l.ctx, l.host, &l.notes)
	}
	end := len(l.offer)
	if l.passwordLeft() && (l.takes(methodPassword) || l.takes(methodKeyboardInteractive)) {
		end = min(end, keysBeforePassword)
	} else if l.shown == end {
		l.decrypt()
		end = len(l.offer)
	}
	var signers []ssh.Signer
	for n := l.shown; n < end; n++ {
		signers = append(signers, &loginSigner{l, n})
	}
	if signers == nil {
		return nil
	}
	return ssh.PublicKeys(signers...)
}

// decrypt adds the keys whose public part is not known before.
func (l *login) decrypt() {
	late := l.late
	l.late = nil
	for _, f := range late {
		signer, err := l.keys.unlock(l.ctx, f)
		if err != nil {
			l.giveUp(err)
			continue
		}
		b := &offerBuilder{host: l.host}
		b.accepted, b.err = pubkeyAlgorithms().resolve(l.host.SSH.PubkeyAcceptedAlgorithms)
		b.add(identity{name: f.path, public: signer.PublicKey(), sign: signWith(signer)})
		l.offer, l.notes = append(l.offer, b.keys...), append(l.notes, b.notes...)
	}
}

// giveUp keeps why something could not be tried.
func (l *login) giveUp(err error) error {
	if l.trouble == nil {
		l.trouble = err
	}
	return err
}
