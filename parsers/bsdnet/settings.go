package bsdnet

import (
	"bytes"
	"errors"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Settings reads `sysctl -a` and `sysctl net.inet`, of which it takes what
// concerns the network:
//
//	net.inet.ip.portrange.first: 49152
//	net.inet.tcp.msl = 15000
//	net.inet.ip.portfirst=1024
//	kern.ipc.somaxconn: 128
//
// The names lose the prefixes net.inet. and kern.ipc.; those under net.inet6. and
// the others keep theirs. A value of several lines exists only outside net.
func Settings(in *fleetnet.Lines, out *fleetnet.Snapshot) { settings(in, out, nil) }

// SettingsOfHost is [Settings], and tells who the host is where `sysctl -a` does.
func SettingsOfHost(in *fleetnet.Lines, out *fleetnet.Snapshot, form HostForm) {
	settings(in, out, &hostReader{form: form})
}

func settings(in *fleetnet.Lines, out *fleetnet.Snapshot, host *hostReader) {
	r := settingsReader{ends: map[string]string{}}
	for in.Next() {
		line := in.Text()
		name, value, ok := cutSetting(line)
		switch {
		case bytes.HasPrefix(line, []byte("sysctl: ")), bytes.HasPrefix(line, []byte("second level name ")), bytes.HasPrefix(line, []byte("top level name ")),
			bytes.HasPrefix(line, []byte("third level name ")):
			in.Skip()
		case !ok && r.last != "" && (r.empty || !strings.HasPrefix(r.last, "net.")):
			in.Skip() // the value before goes on, or is a table
		case !ok:
			in.Fail(errors.New("name and value expected"))
		default:
			r.last, r.empty = name, value == ""
			if short, wanted := settingName(name); wanted {
				r.add(out, fleetnet.Setting{Name: short, Value: value, Ref: in.Ref()})
				in.Row()
			} else if host != nil && ofHost[name] && host.line(&out.Host, line) == nil {
				out.Host.Ref = in.Ref()
				in.Row()
			} else {
				in.Skip()
			}
		}
	}
}

// ofHost are the settings that tell who the host is.
var ofHost = map[string]bool{
	"kern.ostype": true, "kern.osrelease": true, "kern.hostname": true, "hw.machine": true, "kern.bootsessionuuid": true,
	"kern.osproductversion": true, "kern.osversion": true, // macOS
}

type settingsReader struct {
	last      string
	empty     bool              // the value of last was
	ends      map[string]string // of ranges of ports
	ephemeral bool
}

// portRanges are the settings of the first and the last ephemeral port: of
// macOS, FreeBSD and DragonFly, of OpenBSD, and of NetBSD.
var portRanges = [][2]string{
	{"ip.portrange.first", "ip.portrange.last"}, {"ip.portfirst", "ip.portlast"}, {"ip.anonportmin", "ip.anonportmax"},
}

// add adds a setting, and the one that all systems share once both of its ends
// are known.
func (r *settingsReader) add(out *fleetnet.Snapshot, s fleetnet.Setting) {
	out.Settings = append(out.Settings, s)
	if _, number := field.Uint([]byte(s.Value), 16); !number || r.ephemeral {
		return
	}
	for _, ports := range portRanges {
		if s.Name != ports[0] && s.Name != ports[1] {
			continue
		}
		r.ends[s.Name] = s.Value
		first, last := r.ends[ports[0]], r.ends[ports[1]]
		if first != "" && last != "" {
			r.ephemeral = true
			s.Name, s.Value = fleetnet.SettingEphemeralPorts, first+"-"+last
			out.Settings = append(out.Settings, s)
		}
		return
	}
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
	case "kern.maxfiles", "kern.maxfilesperproc", "kern.num_files", "kern.openfiles", "kern.nfiles":
		return name, true
	case "kern.somaxconn", "kern.sominconn", "kern.maxclusters", "kern.sbmax":
		return strings.TrimPrefix(name, "kern."), true
	}
	return strings.CutPrefix(name, "net.")
}
