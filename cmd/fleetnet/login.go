package main

import (
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet/inventory"
)

// loginFlags say how to log in and how to become root, where the inventory does not.
func loginFlags() []cli.Flag {
	return []cli.Flag{
		boolean("ask-pass", "ask for the password to log in with", "k"),
		text("password", "`SOURCE` of the password to log in with: ask, env:NAME, file:PATH or cmd:COMMAND", ""),
		text("passphrase", "`SOURCE` of the passphrase of encrypted keys, which is asked for else", ""),
		text("become", "become root with `METHOD` where that shows more, on all hosts: sudo, doas, su or none", ""),
		boolean("ask-become-pass", "ask for the password to become root with", "K"),
		text("become-password", "`SOURCE` of the password to become root with", ""),
		number("max-auth-failures", "dial no further host after this many refused logins in a row; -1 for no bound", 3),
	}
}

// credentials are what the login flags say.
type credentials struct {
	password, passphrase, becomePass inventory.Secret
	become                           string // empty: as the inventory has it
}

func credentialsOf(c *cli.Context) (credentials, error) {
	var cr credentials
	for _, s := range []struct {
		to        *inventory.Secret
		flag, ask string
	}{
		{&cr.password, "password", "ask-pass"},
		{&cr.passphrase, "passphrase", ""},
		{&cr.becomePass, "become-password", "ask-become-pass"},
	} {
		source := c.String(s.flag)
		if s.ask != "" && c.Bool(s.ask) {
			if source != "" {
				return cr, fmt.Errorf("--%s and --%s: give one of them", s.ask, s.flag)
			}
			source = "ask"
		}
		if source == "" {
			continue
		}
		var err error
		if *s.to, err = inventory.ParseSecret(source); err != nil {
			return cr, fmt.Errorf("--%s: %w", s.flag, err)
		}
	}
	if cr.become = c.String("become"); cr.become == "" {
		return cr, nil
	}
	return cr, oneOf("--become", cr.become, []string{inventory.BecomeSudo, inventory.BecomeDoas, inventory.BecomeSu, "none"})
}

// apply returns hosts with the credentials in the place of their own.
func (cr credentials) apply(hosts []inventory.Host) []inventory.Host {
	if cr == (credentials{}) {
		return hosts
	}
	hosts = slices.Clone(hosts)
	for i := range hosts {
		h := &hosts[i]
		replace(&h.Password, cr.password)
		replace(&h.Passphrase, cr.passphrase)
		replace(&h.BecomePass, cr.becomePass)
		switch {
		case cr.become == "none":
			h.Become, h.BecomePass = "", inventory.Secret{}
		case cr.become != "":
			h.Become = cr.become
		}
	}
	return hosts
}

func replace(to *inventory.Secret, by inventory.Secret) {
	if !by.IsZero() {
		*to = by
	}
}
