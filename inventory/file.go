package inventory

import (
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/fleetnet/fleetnet"
)

// file is one hosts.yaml, read but not resolved.
type file struct {
	problems
	dir      string // what relative paths start from
	defaults section
	groups   map[string]section
	entries  []*entry
	taken    map[string]*entry // who named a host first
	named    int               // host names expanded so far, bounded by maxHosts
	values   int               // free values read so far, bounded by maxValues
}

// section is what defaults, a group or a host says.
type section struct {
	settings map[string]setting // connection keys
	vars     map[string]setting
	params   map[string]setting
	options  map[string]setting // of ssh, by keywords in lower case
}

// setting is the value of one key at one place.
type setting struct {
	at    *yaml.Node // the value
	value any
}

// readFile reads the text of an inventory file. What is wrong is in the
// file's problems; what is right is kept.
func readFile(name string, data []byte) *file {
	f := &file{
		problems: problems{name: name},
		dir:      filepath.Dir(name),
		groups:   map[string]section{},
		taken:    map[string]*entry{},
	}
	root := f.document(data)
	if root == nil {
		return f
	}
	hosts := root
	for key, val := range f.mapping(root, "inventory") {
		switch key.Value {
		case "defaults":
			f.defaults = f.section(val, "defaults")
		case "groups":
			f.readGroups(val)
		case "hosts":
			hosts = val
			f.readHosts(val)
		default:
			f.unknownKey(key, []string{"defaults", "hosts", "groups"})
		}
	}
	if f.named == 0 && f.list == nil {
		f.add(hosts, "no hosts")
	}
	return f
}

func (f *file) readGroups(n *yaml.Node) {
	for key, val := range f.mapping(n, "groups") {
		if err := checkGroup(key.Value); err != nil {
			f.add(key, "group %v", err)
		}
		f.groups[key.Value] = f.section(val, "group "+key.Value)
	}
}

// section reads defaults or a group, which is called what.
func (f *file) section(n *yaml.Node, what string) section {
	var s section
	for key, val := range f.mapping(n, what) {
		switch {
		case f.shared(&s, key, val):
		case slices.Contains(hostKeys, key.Value):
			f.add(key, "key %q is for a host, not for %s", key.Value, what)
		case key.Value == "hosts" || key.Value == "children":
			f.add(key, "key %q is not for %s: hosts name their groups, web1: {groups: [web]}", key.Value, what)
		default:
			f.unknownKey(key, sharedKeys())
		}
	}
	return s
}

// shared reads a key that defaults, groups and hosts all have into s, and
// reports whether it is one.
func (f *file) shared(s *section, key, val *yaml.Node) bool {
	switch key.Value {
	case "vars":
		s.vars = f.vars(val)
		return true
	case "params":
		s.params = f.params(val)
		return true
	case "ssh_options":
		s.options = f.options(val)
		return true
	}
	for _, k := range connectionKeys {
		if k.name != key.Value {
			continue
		}
		if v := k.read(f, val); v != nil {
			if s.settings == nil {
				s.settings = map[string]setting{}
			}
			s.settings[k.name] = setting{at: val, value: v}
		}
		return true
	}
	return false
}

// secretWords are parts of keys that ask for a secret.
var secretWords = []string{"pass", "secret", "token"}

// otherNames are what other tools and habits call a key.
var otherNames = map[string]string{
	"address": "addr", "ip": "addr", "host": "addr", "hostname": "addr", "ansible_host": "addr",
	"login": "user", "username": "user", "ansible_user": "user", "ansible_port": "port",
	"bastion": "jump", "proxy": "jump", "proxyjump": "jump", "proxy_jump": "jump",
	"key": "identity_file", "ssh_key": "identity_file", "private_key": "identity_file", "identity": "identity_file",
	"sudo": "become", "os": "platform", "connection": "transport", "tags": "groups", "options": "ssh_options", "ssh_config": "ssh_options", "site": "zone", "variables": "vars",
}

// unknownKey notes a key that is none of known.
func (f *file) unknownKey(key *yaml.Node, known []string) {
	name := strings.ToLower(key.Value)
	for _, word := range secretWords {
		if strings.Contains(name, word) {
			f.add(key, "unknown key %q: an inventory holds no secrets, only where they come from: password, passphrase, become_password", key.Value)
			return
		}
	}
	hint := fleetnet.DidYouMean(key.Value, known)
	if other := otherNames[name]; slices.Contains(known, other) {
		hint = fleetnet.DidYouMean(other, []string{other})
	}
	f.add(key, "unknown key %q%s", key.Value, hint)
}
