package lab

import (
	"fmt"
	"net/netip"
	"path/filepath"
)

// Inventory is the path of a hosts.yaml with all hosts of the fleet.
func (f *Fleet) Inventory() string { return filepath.Join(f.dir, "hosts.yaml") }

// SSHConfig is the path of an ssh_config(5) with all hosts of the fleet, for
// `ssh -F` and everything that starts ssh.
func (f *Fleet) SSHConfig() string { return filepath.Join(f.dir, "ssh_config") }

// KnownHosts is the path of the fleet's known_hosts: for every host, by
// address, its first key as it was in the beginning, or the authority of its
// certificate.
func (f *Fleet) KnownHosts() string { return filepath.Join(f.dir, "known_hosts") }

// Identity is the path of the private key that every host lets in, unless its
// AuthorizedKeys say otherwise.
func (f *Fleet) Identity() string { return filepath.Join(f.dir, "id_ed25519") }

func (f *Fleet) writeInventory() error {
	yaml := fmt.Sprintf("defaults:\n  port: 22\n  identity_file: %s\n  known_hosts: %s\nhosts:\n", f.Identity(), f.KnownHosts())
	config := fmt.Sprintf("Host *\n  IdentityFile %s\n  IdentitiesOnly yes\n  UserKnownHostsFile %s\n"+
		"  GlobalKnownHostsFile /dev/null\n  StrictHostKeyChecking yes\n  BatchMode yes\n  ConnectTimeout 60\n", f.Identity(), f.KnownHosts())
	var known string
	for _, h := range f.order {
		for _, r := range f.reached(h) {
			yaml += f.hostYAML(h, r)
			config += f.hostConfig(h, r)
			known += f.knownLine(h, r.addr)
		}
		if h.segment == openSegment {
			known += f.knownLine(h, f.net.addr6(h.place))
		}
	}
	for _, w := range []file{
		{Path: f.Inventory(), Mode: 0o644, Content: yaml},
		{Path: f.SSHConfig(), Mode: 0o644, Content: config},
		{Path: f.KnownHosts(), Mode: 0o644, Content: known},
	} {
		if err := w.write(""); err != nil {
			return err
		}
	}
	return nil
}

// reached is a name in the inventory, and its address.
type reached struct {
	name string
	addr netip.Addr
}

// reached lists the hosts that h stands for: itself, or its copies.
func (f *Fleet) reached(h *host) []reached {
	if h.Copies == 0 {
		return []reached{{h.Name, f.addr(h)}}
	}
	var all []reached
	for i := range h.Copies {
		all = append(all, reached{copyName(h.Name, i+1), f.copyAddr(h, i+1)})
	}
	return all
}

// knownLine is the line of known_hosts for h at addr; see sshd(8).
func (f *Fleet) knownLine(h *host, addr netip.Addr) string {
	place := addr.String()
	if h.port() != 22 {
		place = fmt.Sprintf("[%s]:%d", addr, h.port())
	}
	if h.HostCert {
		return fmt.Sprintf("@cert-authority %s %s\n", place, f.hostCA.public)
	}
	return fmt.Sprintf("%s %s\n", place, h.keys[0].public)
}

// hostYAML is a host's line of hosts.yaml.
func (f *Fleet) hostYAML(h *host, r reached) string {
	line := fmt.Sprintf("  %s: {addr: %s, user: %s", r.name, r.addr, h.user())
	if h.port() != 22 {
		line += fmt.Sprintf(", port: %d", h.port())
	}
	switch {
	case h.Sudo != SudoNone:
		line += ", become: sudo"
	case h.Doas != DoasNone:
		line += ", become: doas"
	case h.RootPassword != "":
		line += ", become: su"
	}
	if h.Jump != "" {
		line += ", jump: " + h.Jump
	}
	if h.Inventory != "" {
		line += ", " + h.Inventory
	}
	return line + "}\n"
}

// hostConfig is a host's block of ssh_config. ssh(1) keeps the first value of
// each key that it meets, so nothing here repeats one of `Host *`.
func (f *Fleet) hostConfig(h *host, r reached) string {
	if h.Jump == "" {
		return f.block(h, r)
	}
	// Not ProxyJump: the inner ssh of that would not read this file.
	return f.block(h, r, fmt.Sprintf("ProxyCommand ssh -F %s -W [%%h]:%%p %s", f.SSHConfig(), h.Jump))
}

// block is a `Host` of an ssh_config.
func (f *Fleet) block(h *host, r reached, lines ...string) string {
	text := fmt.Sprintf("Host %s\n  HostName %s\n  User %s\n", r.name, r.addr, h.user())
	if h.port() != 22 {
		text += fmt.Sprintf("  Port %d\n", h.port())
	}
	for _, line := range lines {
		text += "  " + line + "\n"
	}
	return text
}
