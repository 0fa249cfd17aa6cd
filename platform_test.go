package fleetnet_test

import (
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
)

func TestSystems(t *testing.T) {
	for word, want := range map[string]string{
		"linux": "linux", "Linux": "linux", "CentOS 6.10": "linux", "openwrt-23.05": "linux",
		"darwin": "darwin", "Darwin": "darwin", "macOS": "darwin", "macos-10.14.6": "darwin", "Mac OS X": "darwin", "OSX": "darwin",
		"windows": "windows", "Windows": "windows", "win10": "windows", "win32": "windows", "Windows 11": "windows", "windows-2008r2": "windows",
		"FreeBSD": "freebsd", "freebsd14": "freebsd", "OpenBSD 7.5": "openbsd", "DragonFlyBSD": "dragonfly", "dragonfly": "dragonfly",
		"bsd": "freebsd openbsd netbsd dragonfly", "solaris": "solaris", "Plan9": "plan9", "auto": "auto", "": "", "9front": "9front",
	} {
		if got := strings.Join(fleetnet.Systems(word), " "); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}
