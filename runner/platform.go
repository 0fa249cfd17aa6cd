package runner

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// system is a platform: its name, a GOOS, and the word by which a host tells
// that it is one.
type system struct{ os, uname string }

const windows = "windows"

// systems is in the order in which a script names them. The words are those of
// uname -s, and of the variable OS on Windows.
func systems() []system {
	return []system{
		{"linux", "Linux"}, {"darwin", "Darwin"}, {"freebsd", "FreeBSD"}, {"openbsd", "OpenBSD"}, {"netbsd", "NetBSD"},
		{"dragonfly", "DragonFly"},
		{windows, "Windows_NT"},
	}
}

// task is what is run on a host: a command, and what it is fed.
type task struct {
	command string
	input   []byte
}

// saysWindows reports whether an SSH server says that it runs on Windows:
// SSH-2.0-OpenSSH_for_Windows_9.5.
func saysWindows(banner string) bool { return strings.Contains(banner, "for_Windows") }

// banners are the words in the banners of SSH servers that only one platform's
// has. The comment, after a blank, is that of who built it.
func banners() []struct{ word, os string } {
	return []struct{ word, os string }{
		{"for_Windows", windows}, {" Debian", "linux"}, {" Ubuntu", "linux"}, {" Raspbian", "linux"},
		{" FreeBSD", "freebsd"}, {" NetBSD", "netbsd"}, {" DragonFly", "dragonfly"},
	}
}

// platformOf returns the platform whose script a host gets: what the inventory
// says, else what the server's banner tells. Empty means that the script is to
// tell, which is then that of all platforms with a POSIX shell.
func platformOf(h inventory.Host, banner string) string {
	if h.Platform != "" && h.Platform != inventory.PlatformAuto {
		return h.Platform
	}
	for _, b := range banners() {
		if strings.Contains(banner, b.word) {
			return b.os
		}
	}
	return ""
}

// platformHere is [platformOf] for this machine.
func platformHere(h inventory.Host) string {
	if runtime.GOOS == windows {
		return platformOf(h, "for_Windows")
	}
	return platformOf(h, "")
}

// supported names the platforms that there is something to run on.
func (p *plan) supported() []string {
	var names []string
	for _, sys := range systems() {
		if _, ok := p.systems[sys.uname]; ok {
			names = append(names, sys.os)
		}
	}
	return names
}

// supports reports whether there is something to run on a platform. The one
// that a script is to tell is.
func (p *plan) supports(os string) bool { return os == "" || slices.Contains(p.supported(), os) }

// unsupported is the error of a host whose system cannot be asked.
func (c *collector) unsupported() *HostError {
	switch {
	case c.snap != nil:
		return nil
	case c.uname == "":
		return &HostError{c.host.Name, OpPlatform, errors.New("the host does not tell its system: uname -s failed"), ""}
	case c.asked != "" && platformOf(c.host, "") == "":
		return &HostError{c.host.Name, OpPlatform, fmt.Errorf("the SSH server's banner is that of %s, the host says %s", c.asked, fleetnet.Quote(c.uname)), "set the host's platform"}
	case c.asked != "" && c.uname != c.plan.uname(c.asked):
		return &HostError{c.host.Name, OpPlatform, fmt.Errorf("the inventory says platform: %s, the host says %s", c.asked, fleetnet.Quote(c.uname)), "correct the host's platform, or leave it out"}
	}
	return c.plan.notSupported(c.host.Name, c.uname)
}

// uname returns the word by which a host tells that it is of a platform.
func (p *plan) uname(os string) string {
	for uname, sys := range p.systems {
		if sys.os == os {
			return uname
		}
	}
	return ""
}

func (p *plan) notSupported(host, system string) *HostError {
	hint := "leave it out; what can be asked is " + strings.Join(p.supported(), ", ")
	for _, of := range []string{"CYGWIN", "MINGW", "MSYS", "Windows"} { // as in CYGWIN_NT-10.0-19045
		if strings.HasPrefix(system, of) {
			hint = "it is Windows: platform: windows asks it, if cmd or PowerShell is its sshd's DefaultShell"
		}
	}
	return &HostError{host, OpPlatform, fmt.Errorf("%s is not supported", fleetnet.Quote(system)), hint}
}

// program returns the program of a command.
func program(command string) string {
	name, _, _ := strings.Cut(command, " ")
	return name
}
