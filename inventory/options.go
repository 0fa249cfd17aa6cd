package inventory

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/fleetnet/fleetnet"
)

// ownKeys are the keywords of ssh_config(5) that have a key of hosts.yaml.
var ownKeys = map[string]string{
	"hostname": "addr", "port": "port", "user": "user", "identityfile": "identity_file",
	"userknownhostsfile": "known_hosts", "proxyjump": "jump",
}

// options reads ssh_options: keywords of ssh_config(5), in lower case, with their
// values. A list is the keyword once for each item.
func (f *file) options(n *yaml.Node) map[string]setting {
	out := map[string]setting{}
	for key, val := range f.mapping(n, "ssh_options") {
		name := strings.ToLower(key.Value)
		switch {
		case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789") != "":
			f.add(key, "ssh_options: %s is no keyword of ssh_config", fleetnet.Quote(key.Value))
			continue
		case ownKeys[name] != "":
			f.add(key, "ssh_options: %s goes under the key %s", key.Value, ownKeys[name])
			continue
		case name == "host" || name == "match" || name == "include":
			f.add(key, "ssh_options: %s is for ssh_config files: what is said here holds for the hosts it stands under", key.Value)
			continue
		case out[name].at != nil:
			f.add(key, "ssh_options: %s twice", key.Value)
			continue
		}
		if values := f.optionValues(key.Value, val); values != nil {
			out[name] = setting{at: val, value: values}
		}
	}
	return out
}

func (f *file) optionValues(key string, n *yaml.Node) []string {
	var out []string
	for _, item := range f.texts(n, "ssh_options: "+key) {
		switch {
		case strings.TrimSpace(item.Value) == "":
			f.add(item, "ssh_options: %s has no value", key)
		case fleetnet.Printable(item.Value) != item.Value || strings.ContainsAny(item.Value, "\n\r"):
			f.add(item, "ssh_options: %s: %s has a line break or a control character", key, fleetnet.Quote(item.Value))
		default:
			out = append(out, item.Value)
		}
	}
	return out
}

// sshOptions returns settings as options of ssh, in the order of their keywords.
func (f *file) sshOptions(settings map[string]resolved) []sshOption {
	var out []sshOption
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		s := settings[key]
		where := fmt.Sprintf("%s:%d", f.name, s.at.Line)
		values, _ := s.value.([]string)
		for _, v := range values {
			out = append(out, sshOption{key: key, value: v, where: where})
		}
	}
	return out
}

// route decides between a jump and a ProxyCommand, which exclude each other: that
// of the host beats that of a group, which beats that of defaults. It returns
// the jump, and takes the ProxyCommand out of options where the jump prevails.
func (f *file) route(jump resolved, options map[string]resolved) resolved {
	const key = "proxycommand"
	command, said := options[key]
	values, _ := command.value.([]string)
	switch {
	case !said || isNone(jump.value) || strings.EqualFold(strings.Join(values, " "), "none"):
		return jump
	case jump.from == command.from:
		f.add(command.at, "ssh_options: ProxyCommand and jump (line %d) exclude each other", jump.at.Line)
	case jump.from > command.from:
		delete(options, key)
	default:
		return resolved{setting: setting{at: command.at, value: []target{}}, from: command.from}
	}
	return jump
}
