package sshtest

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"

	"golang.org/x/crypto/ssh"
)

// NewKey returns a fresh private key in OpenSSH's format, to log in with.
func NewKey() ([]byte, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	block, err := ssh.MarshalPrivateKey(private, "fleetnet")
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(block), nil
}
