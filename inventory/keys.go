package inventory

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/fleetnet/fleetnet"
)

// connectionKey is a key that says how to reach a host. Its reader returns the
// value, or nil with the problem noted.
type connectionKey struct {
	name string
	read func(f *file, n *yaml.Node) any
}

// connectionKeys are the keys that defaults, groups and hosts all have.
var connectionKeys = []connectionKey{
	{"user", readUser},
	{"port", readPort},
	{"identity_file", readIdentityFiles},
	{"password", readSecret("password")},
	{"passphrase", readSecret("passphrase")},
	{"known_hosts", readKnownHosts},
	{"jump", readJump},
	{"zone", readZone},
	{"become", readBecome},
	{"become_password", readSecret("become_password")},
	{"platform", readPlatform},
	{"transport", readTransport},
	{"timeout", readTimeout},
}

// hostKeys are the keys that only a host has.
var hostKeys = []string{"addr", "groups"}

// sharedKeys returns the keys that defaults, groups and hosts all have.
func sharedKeys() []string {
	var out []string
	for _, k := range connectionKeys {
		out = append(out, k.name)
	}
	return append(out, "ssh_options", "vars", "params")
}

func readUser(f *file, n *yaml.Node) any {
	s, ok := f.text(n, "user")
	if !ok {
		return nil
	}
	if err := checkUser(s); err != nil {
		f.add(n, "%v", err)
		return nil
	}
	return s
}

func readPort(f *file, n *yaml.Node) any {
	s, ok := f.text(n, "port")
	if !ok {
		return nil
	}
	port, ok := parsePort(s)
	if !ok {
		f.add(n, "port %q is not a number from 1 to 65535", s)
		return nil
	}
	return port
}

func readIdentityFiles(f *file, n *yaml.Node) any {
	paths := []string{}
	for _, item := range f.texts(n, "identity_file") {
		if p, ok := f.path(item, "identity_file"); ok {
			paths = append(paths, p)
		}
	}
	return paths
}

func readKnownHosts(f *file, n *yaml.Node) any {
	var paths []string
	for _, item := range f.texts(n, "known_hosts") {
		if p, ok := f.path(item, "known_hosts"); ok {
			paths = append(paths, p)
		}
	}
	return paths
}

// readSecret returns the reader of a key that says where a secret comes from.
func readSecret(key string) func(f *file, n *yaml.Node) any {
	return func(f *file, n *yaml.Node) any {
		s, ok := f.text(n, key)
		if !ok {
			return nil
		}
		secret, err := ParseSecret(s)
		if err != nil {
			f.add(n, "%s: %v", key, err) // without the text, which may be the secret
			return nil
		}
		return secret
	}
}

func readZone(f *file, n *yaml.Node) any {
	s, ok := f.text(n, "zone")
	if !ok {
		return nil
	}
	if err := checkGroup(s); err != nil {
		f.add(n, "zone %v", err)
		return nil
	}
	return s
}

// path reads a path: ~ is the home folder, and a relative path starts from the
// folder of the inventory file.
func (f *file) path(n *yaml.Node, what string) (string, bool) {
	s, ok := f.text(n, what)
	if !ok {
		return "", false
	}
	p, err := expandPath(f.dir, s)
	if err != nil {
		f.add(n, "%s: %v", what, err)
	}
	return p, err == nil
}

func expandPath(dir, s string) (string, error) {
	switch {
	case s == "":
		return "", errors.New("empty path")
	case s == "~" || strings.HasPrefix(s, "~/"):
		home, err := os.UserHomeDir()
		return filepath.Join(home, s[1:]), err
	case s[0] == '~':
		return "", fmt.Errorf("%q: only ~/ of the current user is expanded", s)
	case filepath.IsAbs(s):
		return filepath.Clean(s), nil
	}
	return filepath.Join(dir, s), nil
}

// readJump returns the chain of hosts to go through, []target, the first of
// them dialled directly. An empty one turns a jump off.
func readJump(f *file, n *yaml.Node) any {
	chain := []target{}
	for _, item := range f.texts(n, "jump") {
		if item.Value == "" || item.Value == "none" {
			continue
		}
		for hop := range strings.SplitSeq(item.Value, ",") {
			t, err := parseTarget(strings.TrimSpace(hop))
			if errors.Is(err, errPassword) {
				f.add(item, "jump: %v", err) // without the text
				return nil
			}
			if err != nil {
				f.add(item, "jump %q: %v", item.Value, err)
				return nil
			}
			if err := checkHost(t.host); err != nil {
				f.add(item, "jump host %v", err)
				return nil
			}
			chain = append(chain, t)
		}
	}
	return chain
}

func readBecome(f *file, n *yaml.Node) any {
	v := f.choice(n, "become", BecomeSudo, BecomeDoas, BecomeSu, "none")
	if v == "none" {
		return ""
	}
	return v
}

func readTransport(f *file, n *yaml.Node) any {
	return f.choice(n, "transport", TransportSSH, TransportLocal)
}

func readPlatform(f *file, n *yaml.Node) any {
	if systems := fleetnet.Systems(n.Value); len(systems) == 1 { // macOS is darwin
		n.Value = systems[0]
	}
	return f.choice(n, "platform", PlatformAuto, "linux", "darwin", "windows",
		"freebsd", "openbsd", "netbsd", "dragonfly", "solaris", "illumos", "aix", "android")
}

// choice reads one of several words; it returns nil for any other.
func (f *file) choice(n *yaml.Node, what string, words ...string) any {
	s, ok := f.text(n, what)
	if !ok {
		return nil
	}
	for _, w := range words {
		if s == w {
			return s
		}
	}
	list := strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
	f.add(n, "%s %q is not %s%s", what, s, list, fleetnet.DidYouMean(s, words))
	return nil
}

func readTimeout(f *file, n *yaml.Node) any {
	s, ok := f.text(n, "timeout")
	if !ok {
		return nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		hint := ""
		if seconds, err := time.ParseDuration(s + "s"); err == nil && seconds > 0 {
			hint = fmt.Sprintf(" (did you mean %q?)", s+"s")
		}
		f.add(n, "timeout %q is not a duration above 0 such as 30s or 2m%s", s, hint)
		return nil
	}
	return d
}
