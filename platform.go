package fleetnet

import (
	"slices"
	"strings"
)

// systemNames are the words for systems, beside the names that Go's GOOS has for
// them; "bsd" is any of four.
var systemNames = []struct {
	systems []string
	words   string
}{
	{[]string{"linux"}, "linux gnu/linux busybox toybox alpine openwrt android debian ubuntu raspbian rhel redhat centos fedora rocky almalinux suse arch"},
	{[]string{"darwin"}, "darwin macos osx mac macosx"},
	{[]string{"windows"}, "windows win win32 mswin microsoft"},
	{[]string{"freebsd"}, "freebsd pfsense opnsense"},
	{[]string{"openbsd"}, "openbsd"},
	{[]string{"netbsd"}, "netbsd"},
	{[]string{"dragonfly"}, "dragonfly dragonflybsd"},
	{[]string{"freebsd", "openbsd", "netbsd", "dragonfly"}, "bsd"},
}

// Systems returns the systems that a word of people means, in the spelling of
// Go's GOOS: "macOS 14.2" is darwin, "win10" is windows, "bsd" is any of four.
// Letters may be large, and a version may follow. A word that is not known is
// itself, in small letters.
func Systems(word string) []string {
	whole := strings.ToLower(strings.TrimSpace(word))
	name := whole
	if i := strings.IndexAny(name, "0123456789"); i > 0 && name != "win32" {
		name = strings.TrimRight(name[:i], " -_/v.")
	}
	name = strings.NewReplacer(" ", "", "-", "").Replace(name)
	for _, s := range systemNames {
		if slices.Contains(strings.Fields(s.words), name) {
			return s.systems
		}
	}
	return []string{whole}
}
