package runner

import (
	"fmt"
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
