package lab

import (
	"fmt"
	"net/netip"
	"os/exec"
	"strings"
	"testing"
)

// Userland is which programs a session on the host finds.
type Userland int

const (
	// Full is this machine's programs.
	Full Userland = iota
	// NoSS is this machine's programs without iproute2: no ss, no ip; net-tools are there.
	NoSS
	// BusyBox is a root of nothing but BusyBox, with all its applets.
	BusyBox
	// ShCat is a root with a sh and a cat, and nothing else.
	ShCat
)

// tiny reports whether sessions are in a root of their own, with sshd outside.
func (u Userland) tiny() bool { return u == BusyBox || u == ShCat }

// shell is the login shell of accounts.
func (u Userland) shell() string {
	if u.tiny() {
		return "/bin/sh"
	}
	return "/bin/bash"
}

// Sudo is what sudo does for the host's user.
type Sudo string

const (
	// SudoNone leaves the machine's sudo, if any, without a rule for the user.
	SudoNone Sudo = ""
	// SudoNoPassword lets the user run everything without a password.
	SudoNoPassword Sudo = "nopasswd"
	// SudoRefused wants a password that nobody has: `sudo -n` fails.
	SudoRefused Sudo = "refused"
)

// Host asks [New] for a host. Only Name is needed.
type Host struct {
	Name     string // its inventory name and its hostname: letters, digits and dashes
	User     string // who logs in: "root", which is the default, or another account, which is made
	Userland Userland
	Sudo     Sudo
	Jump     string // the host through which alone it is reached
}

// user returns who logs in.
func (h Host) user() string {
	if h.User == "" {
		return "root"
	}
	return h.User
}

// require skips t when the machine lacks a program that h needs.
func (h Host) require(t testing.TB) {
	t.Helper()
	var programs []string
	switch {
	case h.Userland.tiny():
		programs = append(programs, "busybox")
	case h.Userland == NoSS:
		programs = append(programs, "netstat", "route", "ifconfig")
	}
	if h.Sudo != SudoNone {
		programs = append(programs, "sudo")
	}
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			lacking(t, fmt.Errorf("lab: %s: %w", h.Name, err))
		}
	}
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
		if h.Sudo != SudoNone && h.Userland.tiny() {
			return fmt.Errorf("lab: %s: there is no sudo in a tiny root", h.Name)
		}
		seen[h.Name] = true
	}
	return nil
}

// The places of the last byte in the network; see the package comment.
const (
	gatewayPlace = 1
	nobodyPlace  = 3
	firstHost    = 10
	lastHost     = 99
	firstFar     = 100
	lastFar      = 253
	testPlace    = 254
)

// hubName is the hostname of the hub.
const hubName = "hub"

// subnet is the N of a fleet's networks.
type subnet byte

// addr is a place in 10.213.N.0/24.
func (n subnet) addr(place int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, 213, byte(n), byte(place)})
}

// inner is a place in 10.214.N.0/24, behind the jump hosts.
func (n subnet) inner(place int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, 214, byte(n), byte(place)})
}

// outside is an address that only the default route leads to.
func (n subnet) outside(place int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, 215, byte(n), byte(place)})
}

// addr6 is a place in fd00:213:N::/64. The digits are those of the IPv4
// address, though they are hexadecimal here: easier on the reader.
func (n subnet) addr6(place int) netip.Addr {
	return netip.MustParseAddr(fmt.Sprintf("fd00:213:%d::%d", n, place))
}
