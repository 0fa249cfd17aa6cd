package lab

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// Host asks [New] for a host. Only Name is needed.
type Host struct {
	Name     string // its inventory name and its hostname: letters, digits and dashes
	User     string // who logs in: "root", which is the default, or another account, which is made
	Userland Userland
	Without  []string // programs of the userland that are not there: "ss", "ip"
	Jump     string   // the host through which alone it is reached; it may have a Jump itself
	Copies   int      // how many hosts this one stands for, up to 250; see [Fleet.Copy]

	Server         Server
	Port           int       // the server's; 22 otherwise
	SSHD           []string  // further lines of sshd_config(5), which beat the lab's: "MaxAuthTries 6"
	Banner         string    // what the server says before the login
	PAM            bool      // sshd asks PAM, which knows the users' passwords, also keyboard-interactively
	HostKeys       []KeyType // the server's; ED25519 and ECDSA otherwise
	HostCert       bool      // the server shows a certificate, and known_hosts has the authority only
	AuthorizedKeys []string  // lines of authorized_keys(5); nil lets the fleet's identity in, empty nobody

	Password     string // User's; nobody has one otherwise
	RootPassword string // root's: for su
	Sudo         Sudo
	Doas         Doas

	Inventory string // further keys of its line in hosts.yaml: "timeout: 5s, zone: lab"
}

// user returns who logs in.
func (h Host) user() string {
	if h.User == "" {
		return "root"
	}
	return h.User
}

// port returns where the server listens.
func (h Host) port() int {
	if h.Port == 0 {
		return 22
	}
	return h.Port
}

// require skips t when the machine lacks a program that h needs.
func (h Host) require(t testing.TB) {
	t.Helper()
	for _, p := range h.programs() {
		if _, err := exec.LookPath(p); err != nil {
			lacking(t, fmt.Errorf("lab: %s: %w", h.Name, err))
		}
	}
}

// programs are those that h needs besides what every fleet does.
func (h Host) programs() []string {
	programs := h.Userland.programs()
	if h.Sudo != SudoNone {
		programs = append(programs, "sudo")
	}
	if h.Doas != DoasNone {
		programs = append(programs, "doas")
	}
	if h.Password != "" || h.RootPassword != "" {
		programs = append(programs, "chpasswd")
	}
	if h.Server == Dropbear {
		programs = append(programs, dropbear, "dropbearconvert")
	}
	return programs
}

// checkHosts returns what is wrong with a wanted fleet.
func checkHosts(hosts []Host) error {
	if len(hosts) > lastHost-firstHost+1 {
		return fmt.Errorf("lab: %d hosts: the network has room for %d", len(hosts), lastHost-firstHost+1)
	}
	seen := map[string]bool{}
	for _, h := range hosts {
		bad := func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-", r) }
		if h.Name == "" || h.Name == hubName || seen[h.Name] || strings.ContainsFunc(h.Name, bad) {
			return fmt.Errorf("lab: bad or repeated host name %q", h.Name)
		}
		if h.Jump != "" && !seen[h.Jump] {
			return fmt.Errorf("lab: %s: jump host %q is not among the hosts before it", h.Name, h.Jump)
		}
		if err := h.check(); err != nil {
			return fmt.Errorf("lab: %s: %w", h.Name, err)
		}
		seen[h.Name] = true
	}
	return nil
}

// check returns which wishes of h do not go together.
func (h Host) check() error {
	switch {
	case (h.Sudo != SudoNone || h.Doas != DoasNone) && h.Userland.inner():
		return errors.New("there is neither sudo nor doas in an inner root")
	case h.Server == Dropbear && (h.HostCert || h.PAM || len(h.SSHD) > 0):
		return errors.New("dropbear reads no sshd_config, knows no certificates of hosts and no PAM")
	case h.Server == Dropbear && h.Userland.root() != "":
		return errors.New("the dropbear of this machine does not run in another root file system")
	case h.Copies < 0 || h.Copies > maxCopies:
		return fmt.Errorf("%d copies: up to %d are possible", h.Copies, maxCopies)
	}
	return nil
}
