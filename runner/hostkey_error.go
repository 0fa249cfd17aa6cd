package runner

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

func (c *keyCheck) error(err error, hint string) *HostError {
	return &HostError{c.host.Name, OpHostKey, err, hint}
}

func (c *keyCheck) unknown(key ssh.PublicKey) *HostError {
	err := fmt.Errorf("%s: the key %s is not known", c.addr, keyText(key))
	if c.unreadable != nil {
		err = fmt.Errorf("%w; %w", err, c.unreadable)
	}
	return c.error(err, fmt.Sprintf("compare it and add it with fleetnet trust %s, or take what comes with --host-keys accept-new; looked in %s",
		shellWord(c.host.Name), strings.Join(knownHostsFiles(c.host), ", ")))
}

func (c *keyCheck) changed(key ssh.PublicKey, old *knownEntry) *HostError {
	was := "another key"
	if k := old.key(); k != nil {
		was = keyText(k)
	}
	return c.error(fmt.Errorf("%s: the key has changed: the host shows %s, %s has %s", c.addr, keyText(key), old.place(), was),
		fmt.Sprintf("if the host was set up anew: ssh-keygen -f %s -R '%s', then fleetnet trust %s; if not, somebody may stand in between",
			shellWord(old.file), c.names()[0], shellWord(c.host.Name)))
}

// note returns what is to be said of a key that was taken without being trusted.
func (c *keyCheck) note() []string {
	if c.unverified == nil {
		return nil
	}
	why := "host keys are not checked"
	if c.policy == hostKeysNo {
		why = "StrictHostKeyChecking is no"
	}
	return []string{"the host key is not verified, and taken as " + why + ": " + c.unverified.Err.Error()}
}

// guard turns off what would give a password away, when the key is not the
// host's, as ssh does.
func (c *keyCheck) guard(l *login) ssh.ClientAuthCallback {
	return func(ctx *ssh.ClientAuthContext) (ssh.AuthMethod, error) {
		if c.wrong {
			l.host.SSH.NoPassword, l.host.SSH.NoKeyboardInteractive = true, true
		}
		return l.next(ctx)
	}
}

// withheld adds to the error of a login that a password could have helped.
func (c *keyCheck) withheld(fail *HostError, l *login) *HostError {
	if !c.wrong || !slices.Contains(l.allowed, methodPassword) && !slices.Contains(l.allowed, methodKeyboardInteractive) {
		return fail
	}
	fail.Err = fmt.Errorf("%w; no password is sent, as the host key is not verified", fail.Err)
	fail.Hint = c.unverified.Hint
	return fail
}
