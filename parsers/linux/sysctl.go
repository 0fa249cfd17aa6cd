package linux

import (
	"bytes"
	"errors"
	"strings"
	"unicode"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// Sysctl reads `sysctl -a` or `sysctl NAME …` (procps, BusyBox), and the same
// lines with file names as [legacyProbes] print them from /proc/sys:
//
//	net.ipv4.ip_local_port_range = 32768	60999
//	net/ipv4/ip_local_port_range = 32768	60999
//
// BusyBox prints a value of several lines as it is; such values exist only
// outside net and fs.
func Sysctl(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := sysctlReader{out: out, from: len(out.Settings)}
	for in.Next() {
		line := in.Text()
		if sysctlNoise(line) {
			in.Skip()
			continue
		}
		claim(in, r.line(line, in.Ref()))
	}
	r.derive()
	if named(in.Command()) {
		coverPart(out, "settings", "linux/sysctl", "only those whose names were given")
	}
}

// named reports whether the command is a sysctl of some settings.
func named(line string) bool {
	words, _ := command.Unwrap(strings.Fields(line))
	if len(words) == 0 || words[0] != "sysctl" {
		return false
	}
	return !command.Read(words[1:], "r").Has("aAX", "all", "system")
}

// sysctlNoise reports whether the line is a message: a key that may not be
// read or does not exist is simply not among the settings.
func sysctlNoise(line []byte) bool {
	for _, start := range []string{"sysctl: ", "error: ", "warning: ", "* Applying "} {
		if bytes.HasPrefix(line, []byte(start)) {
			return true
		}
	}
	return false
}

type sysctlReader struct {
	out  *fleetnet.Snapshot
	from int
	name string // the last name as it was printed
}

// line reads `name = value`, or what goes on with the value before it: procps
// repeats the name before each line of a value.
func (r *sysctlReader) line(line []byte, ref fleetnet.Ref) error {
	name, value, ok := bytes.Cut(line, []byte{'='})
	name = bytes.TrimSpace(name)
	if !ok || !isSettingName(name) {
		return r.goOn(line)
	}
	if string(name) == r.name {
		return r.goOn(value)
	}
	r.name = string(name)
	s := fleetnet.Setting{Name: settingName(r.name), Value: oneBlank(value), Ref: ref}
	if !r.has(s) {
		r.out.Settings = append(r.out.Settings, s)
	}
	return nil
}

// goOn takes a line that is a part of the value before it.
func (r *sysctlReader) goOn(line []byte) error {
	top := strings.FieldsFunc(r.name, func(ch rune) bool { return ch == '.' || ch == '/' })
	if len(top) == 0 || top[0] == "net" || top[0] == "fs" || len(r.out.Settings) == r.from {
		return errors.New("name = value expected")
	}
	last := &r.out.Settings[len(r.out.Settings)-1]
	last.Value = strings.TrimSpace(last.Value + " " + oneBlank(line))
	return nil
}

// has reports whether the setting was read already, under a name that is the
// same here: net.netfilter.nf_conntrack_max and net.nf_conntrack_max. Outputs
// are sorted by name, so that such names come close together.
func (r *sysctlReader) has(s fleetnet.Setting) bool {
	const near = 256
	all := r.out.Settings[r.from:]
	for _, have := range all[max(0, len(all)-near):] {
		if have.Name == s.Name && have.Value == s.Value {
			return true
		}
	}
	return false
}

// oneBlank returns the fields of a value with one blank between them.
func oneBlank(b []byte) string {
	if b = bytes.TrimSpace(b); bytes.IndexFunc(b, unicode.IsSpace) < 0 {
		return string(b)
	}
	return string(bytes.Join(bytes.Fields(b), []byte{' '}))
}

// isSettingName reports whether b could be the name of a setting.
func isSettingName(b []byte) bool {
	return bytes.ContainsAny(b, "./") && !bytes.ContainsAny(b, " \t:") && b[0] != '.' && b[0] != '/'
}

// settingName returns the model's name of a sysctl (see [fleetnet.Setting]).
// File names have / for . and . for /, which sysctl writes for a dot in the
// name of an interface.
func settingName(name string) string {
	if i := strings.IndexAny(name, "./"); name[i] == '/' {
		name = strings.NewReplacer("/", ".", ".", "/").Replace(name)
	}
	for _, p := range []string{"net.ipv4.netfilter.", "net.ipv4.", "net.core.", "net.netfilter.", "net."} {
		if rest, ok := strings.CutPrefix(name, p); ok && rest != "" {
			return rest
		}
	}
	return name
}

// derive adds the setting that all systems share, and the conntrack settings
// of kernels before 2.6.20 under the names they have had since.
func (r *sysctlReader) derive() {
	for _, s := range r.out.Settings[r.from:] {
		if s.Name == "ip_local_port_range" {
			first, last, ok := strings.Cut(s.Value, " ")
			_, ok1 := field.Uint([]byte(first), 16)
			_, ok2 := field.Uint([]byte(last), 16)
			if ok && ok1 && ok2 {
				s.Name, s.Value = fleetnet.SettingEphemeralPorts, first+"-"+last
				r.out.Settings = append(r.out.Settings, s)
			}
		}
		if rest, ok := strings.CutPrefix(s.Name, "ip_conntrack_"); ok && !r.named("nf_conntrack_"+rest) {
			s.Name = "nf_conntrack_" + rest
			r.out.Settings = append(r.out.Settings, s)
		}
	}
}

func (r *sysctlReader) named(name string) bool {
	for _, s := range r.out.Settings[r.from:] {
		if s.Name == name {
			return true
		}
	}
	return false
}
