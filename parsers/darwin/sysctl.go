package darwin

import (
	"bytes"
	"errors"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// sysctlCommand asks for the settings of the network and a few of the kernel.
// sysctl fails when one name is unknown; what it printed counts.
const sysctlCommand = `v=$(sysctl net.inet net.inet6 net.link.generic.system kern.ipc.somaxconn kern.ipc.maxsockbuf kern.ipc.nmbclusters ` +
	`kern.maxfiles kern.maxfilesperproc kern.num_files 2>/dev/null); [ -n "$v" ] && echo "$v"`

// Sysctl reads `sysctl -a` and `sysctl net.inet`, of which it takes what
// concerns the network:
//
//	net.inet.ip.portrange.first: 49152
//	net.inet.tcp.msl = 15000
//	kern.ipc.somaxconn: 128
//
// The names lose the prefixes net.inet. and kern.ipc.; those under net.inet6. and
// the others keep theirs. A value of several lines exists only outside net.
func Sysctl(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	var r sysctlReader
	for in.Next() {
		line := in.Text()
		name, value, ok := cutSetting(line)
		switch {
		case bytes.HasPrefix(line, []byte("sysctl: ")), bytes.HasPrefix(line, []byte("second level name ")), bytes.HasPrefix(line, []byte("top level name ")),
			bytes.HasPrefix(line, []byte("third level name ")):
			in.Skip()
		case !ok && r.last != "" && !strings.HasPrefix(r.last, "net."):
			in.Skip() // the value before goes on
		case !ok:
			in.Fail(errors.New("name and value expected"))
		default:
			r.last = name
			if short, wanted := settingName(name); wanted {
				r.add(out, fleetnet.Setting{Name: short, Value: value, Ref: in.Ref()})
				in.Row()
			} else {
				in.Skip()
			}
		}
	}
}

type sysctlReader struct {
	last        string
	first, top  string // the range of ephemeral ports
	ephemeralAt bool
}

// add adds a setting, and the one that all systems share once both of its ends
// are known.
func (r *sysctlReader) add(out *fleetnet.Snapshot, s fleetnet.Setting) {
	out.Settings = append(out.Settings, s)
	_, number := field.Uint([]byte(s.Value), 16)
	switch {
	case !number:
		return
	case s.Name == "ip.portrange.first":
		r.first = s.Value
	case s.Name == "ip.portrange.last":
		r.top = s.Value
	default:
		return
	}
	if r.first == "" || r.top == "" || r.ephemeralAt {
		return
	}
	r.ephemeralAt = true
	s.Name, s.Value = fleetnet.SettingEphemeralPorts, r.first+"-"+r.top
	out.Settings = append(out.Settings, s)
}

// cutSetting cuts `name: value` or, with -e, `name=value`.
func cutSetting(line []byte) (name, value string, ok bool) {
	i := bytes.IndexAny(line, ":=")
	if i <= 0 || line[0] == ' ' || line[0] == '\t' {
		return "", "", false
	}
	key := string(bytes.TrimRight(line[:i], " "))
	if strings.ContainsAny(key, " \t") || !strings.Contains(key, ".") {
		return "", "", false
	}
	return key, string(bytes.Join(bytes.Fields(line[i+1:]), []byte{' '})), true
}

// settingName returns the model's name of a setting, and whether it concerns
// the network. Statistics and lists that sysctl shows as text are none.
func settingName(name string) (string, bool) {
	for _, p := range []string{"net.inet.", "kern.ipc."} {
		if rest, ok := strings.CutPrefix(name, p); ok && rest != "" {
			return rest, true
		}
	}
	switch name {
	case "kern.maxfiles", "kern.maxfilesperproc", "kern.num_files":
		return name, true
	}
	return strings.CutPrefix(name, "net.")
}
