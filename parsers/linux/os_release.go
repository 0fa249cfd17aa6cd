package linux

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
)

// releaseFiles accepts files of /etc that name the release: os-release, lsb-release,
// openwrt_release, redhat-release, and `*release` for all there are.
func releaseFiles(args []string) bool {
	files := command.Read(args, "").Operands
	return len(files) > 0 && !slices.ContainsFunc(files, func(f string) bool {
		folder, name := path.Split(f)
		return folder != "/etc/" && folder != "/usr/lib/" || !strings.HasSuffix(strings.TrimSuffix(name, "*"), "release")
	})
}

// OSRelease reads the files that name the release, os-release(5) and what was
// there before it, one or several:
//
//	PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
//	DISTRIB_DESCRIPTION='OpenWrt 22.03.2 r19803-9a599fee93'
//	CentOS release 6.10 (Final)
func OSRelease(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	var r hostReader
	told := fleetnet.Host{}
	for in.Next() {
		line := strings.TrimSpace(string(in.Text()))
		key, value, ok := strings.Cut(line, "=")
		switch {
		case isFileHeading(in.Text()), strings.HasPrefix(line, "#"):
			in.Skip()
			continue
		case ok && isReleaseKey(key):
			if !slices.Contains(releaseKeys, key) {
				in.Skip()
				continue
			}
			key = "os." + key
		case strings.Contains(line, " release "):
			key, value = "release", line
		default:
			in.Fail(errors.New("KEY=value, or the name of a release, expected"))
			continue
		}
		err := r.set(&told, key, strings.TrimSpace(value))
		if err == nil && out.Host.Ref == (fleetnet.Ref{}) {
			out.Host.Ref = in.Ref()
		}
		claim(in, err)
	}
	r.finish(&told)
	keep(&out.Host.OSVersion, told.OSVersion)
}

// releaseKeys are those that name the release.
var releaseKeys = []string{"PRETTY_NAME", "NAME", "VERSION", "DISTRIB_DESCRIPTION"}

// isReleaseKey reports whether the text is a variable of os-release.
func isReleaseKey(s string) bool {
	return s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}
