package lab

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Inventory is the path of a hosts.yaml with all hosts of the fleet.
func (f *Fleet) Inventory() string { return filepath.Join(f.dir, "hosts.yaml") }

// SSHConfig is the path of an ssh_config(5) with all hosts of the fleet, for
// `ssh -F` and everything that starts ssh.
func (f *Fleet) SSHConfig() string { return filepath.Join(f.dir, "ssh_config") }

// KnownHosts is the path of the fleet's known_hosts: for every host, by
// address, its ed25519 key as it was in the beginning.
func (f *Fleet) KnownHosts() string { return filepath.Join(f.dir, "known_hosts") }

// Identity is the path of the private key that every host lets in.
func (f *Fleet) Identity() string { return filepath.Join(f.dir, "id_ed25519") }

func (f *Fleet) writeIdentity() (keyPair, error) {
	key, err := newKey(false)
	if err != nil {
		return key, err
	}
	if err := (file{Path: f.Identity() + ".pub", Mode: 0o644, Content: key.public + "\n"}).write(""); err != nil {
		return key, err
	}
	return key, file{Path: f.Identity(), Mode: 0o600, Content: key.private}.write("")
}

func (f *Fleet) writeInventory() error {
	yaml := fmt.Sprintf("defaults:\n  port: 22\n  identity_file: %s\n  known_hosts: %s\nhosts:\n", f.Identity(), f.KnownHosts())
	config := fmt.Sprintf("Host *\n  Port 22\n  IdentityFile %s\n  IdentitiesOnly yes\n  UserKnownHostsFile %s\n"+
		"  GlobalKnownHostsFile /dev/null\n  StrictHostKeyChecking yes\n  BatchMode yes\n  ConnectTimeout 10\n", f.Identity(), f.KnownHosts())
	var known strings.Builder
	for _, h := range f.order {
		yaml += f.hostYAML(h)
		config += f.hostConfig(h)
		fmt.Fprintf(&known, "%s %s\n", f.addr(h), h.known[0])
		if h.Jump == "" {
			fmt.Fprintf(&known, "%s %s\n", f.net.addr6(h.place), h.known[0])
		}
	}
	for _, w := range []file{
		{Path: f.Inventory(), Mode: 0o644, Content: yaml},
		{Path: f.SSHConfig(), Mode: 0o644, Content: config},
		{Path: f.KnownHosts(), Mode: 0o644, Content: known.String()},
	} {
		if err := w.write(""); err != nil {
			return err
		}
	}
	return nil
}

// hostYAML is a host's line of hosts.yaml.
func (f *Fleet) hostYAML(h *host) string {
	line := fmt.Sprintf("  %s: {addr: %s, user: %s", h.Name, f.addr(h), h.user())
	if h.Sudo != SudoNone {
		line += ", become: sudo"
	}
	if h.Jump != "" {
		line += ", jump: " + h.Jump
	}
	return line + "}\n"
}

// hostConfig is a host's block of ssh_config. ssh(1) keeps the first value of
// each key that it meets, so nothing here repeats one of `Host *`.
func (f *Fleet) hostConfig(h *host) string {
	block := fmt.Sprintf("Host %s\n  HostName %s\n  User %s\n", h.Name, f.addr(h), h.user())
	if h.Jump != "" {
		// Not ProxyJump: the inner ssh of that would not read this file.
		block += fmt.Sprintf("  ProxyCommand ssh -F %s -W %%h:%%p %s\n", f.SSHConfig(), h.Jump)
	}
	return block
}
