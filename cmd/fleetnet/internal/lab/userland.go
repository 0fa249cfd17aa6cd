package lab

import "strings"

// Userland is which programs a session on the host finds: one of these, or a
// root file system ([Root]).
type Userland string

const (
	// Full is this machine's programs.
	Full Userland = ""
	// NoSS is this machine's programs without iproute2: no ss, no ip; net-tools are there.
	NoSS Userland = "noss"
	// BusyBox is a root of nothing but BusyBox, with all its applets.
	BusyBox Userland = "busybox"
	// Toybox is a root of nothing but toybox, with all its commands, and the
	// machine's sh, as toybox has none.
	Toybox Userland = "toybox"
	// ShCat is a root with a sh and a cat, and nothing else.
	ShCat Userland = "shcat"
)

// Root is the userland of a root file system, in a folder as debootstrap(8)
// makes it: "/srv/roots/bullseye". Nothing is written there. The path is
// absolute, and not below /run.
func Root(dir string) Userland { return Userland(dir) }

// root returns the folder of a [Root], or "".
func (u Userland) root() string {
	if strings.HasPrefix(string(u), "/") {
		return string(u)
	}
	return ""
}

// inner reports whether sessions are in a root of their own, with sshd outside.
func (u Userland) inner() bool { return u.root() != "" || u == BusyBox || u == Toybox || u == ShCat }

// shell is the login shell of accounts.
func (u Userland) shell() string {
	switch u {
	case BusyBox:
		return "/bin/ash"
	case Toybox, ShCat:
		return "/bin/sh"
	}
	return "/bin/bash"
}

// programs are those of the machine that the userland is made of, or must have.
func (u Userland) programs() []string {
	switch u {
	case NoSS:
		return []string{"netstat", "route", "ifconfig"}
	case BusyBox:
		return []string{"busybox"}
	case Toybox:
		return []string{"toybox", "sh"}
	case ShCat:
		return []string{"sh", "cat"}
	}
	return nil
}
