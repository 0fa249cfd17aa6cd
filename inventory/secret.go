package inventory

import (
	"errors"
	"fmt"
	"strings"
	"unique"
)

// Secret says where a password or passphrase comes from. It is not the secret
// itself, but for one that an inventory of others states in plain text; that one
// is never printed, by no verb of fmt and not in JSON. The zero Secret is none.
type Secret struct {
	kind SecretKind
	arg  string
	// plain is the text of SecretPlain. In fields that are not exported, fmt does
	// not ask Format; but it follows no pointer there, which a handle is.
	plain unique.Handle[string]
}

// SecretKind is where a [Secret] comes from.
type SecretKind string

// The kinds of secrets, as inventories and flags write them.
const (
	SecretNone  SecretKind = ""
	SecretAsk   SecretKind = "ask"   // a person at the terminal
	SecretEnv   SecretKind = "env"   // env:NAME, an environment variable
	SecretFile  SecretKind = "file"  // file:PATH, the first line of a file
	SecretCmd   SecretKind = "cmd"   // cmd:COMMAND, the first line that a command prints; sh -c runs it
	SecretPlain SecretKind = "plain" // stated in an inventory; the argument is the secret
)

// ErrSecret is a text that is no [Secret]. It does not show the text, which may be one.
var ErrSecret = errors.New("a secret is ask, env:NAME, file:PATH or cmd:COMMAND, never the secret itself")

// ParseSecret reads ask, env:NAME, file:PATH or cmd:COMMAND. Its error is [ErrSecret].
func ParseSecret(s string) (Secret, error) {
	if s == string(SecretAsk) {
		return Secret{kind: SecretAsk}, nil
	}
	kind, arg, _ := strings.Cut(s, ":")
	switch k := SecretKind(kind); k {
	case SecretEnv, SecretFile, SecretCmd:
		if arg = strings.TrimSpace(arg); arg != "" {
			return Secret{kind: k, arg: arg}, nil
		}
	}
	return Secret{}, ErrSecret
}

// PlainSecret returns the secret whose text is known already.
func PlainSecret(text string) Secret { return Secret{kind: SecretPlain, plain: unique.Make(text)} }

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.kind == SecretNone }

// Equal reports whether s and o come from the same place.
func (s Secret) Equal(o Secret) bool { return s == o }

// Source returns where the secret comes from: the variable, path or command,
// nothing for ask, and the secret itself for [SecretPlain].
func (s Secret) Source() (SecretKind, string) {
	if s.kind == SecretPlain {
		return s.kind, s.plain.Value()
	}
	return s.kind, s.arg
}

// String returns the secret as ParseSecret reads it, or "(hidden)".
func (s Secret) String() string {
	switch s.kind {
	case SecretNone, SecretAsk:
		return string(s.kind)
	case SecretPlain:
		return "(hidden)"
	}
	return string(s.kind) + ":" + s.arg
}

// Format writes String for every verb, so that not even %#v shows a secret.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// MarshalText writes String.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote; what was hidden stays unknown.
func (s *Secret) UnmarshalText(text []byte) (err error) {
	if t := string(text); t == "" || t == "(hidden)" {
		*s = Secret{}
		return nil
	}
	*s, err = ParseSecret(string(text))
	return err
}
