// Package inventory says who to ask: it reads inventories, resolves each
// host's connection settings, and selects hosts.
package inventory

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Host is one host to scan, with everything needed to reach it. Hosts of one
// inventory share slices, maps and jump hosts: they are for reading.
//
// In JSON the timeout is text as time.ParseDuration reads it, and numbers of
// Vars and Params come back as int where they are whole. A Host holds no secrets.
type Host struct {
	Name          string         `json:"name"`                     // unique in the inventory
	Addr          string         `json:"addr"`                     // name or address to dial, without brackets; never empty
	Port          int            `json:"port"`                     // 22 unless set
	User          string         `json:"user,omitzero"`            // login; empty means the current user
	IdentityFiles []string       `json:"identity_files,omitzero"`  // private keys to offer; empty means the agent and the usual files of ~/.ssh, "none" no file
	Password      Secret         `json:"password,omitzero"`        // for logging in, with password or keyboard-interactive
	Passphrase    Secret         `json:"passphrase,omitzero"`      // of encrypted identity files; none means that one is asked for, where somebody can be asked
	KnownHosts    []string       `json:"known_hosts,omitzero"`     // known_hosts files of the user; empty means ~/.ssh/known_hosts and ~/.ssh/known_hosts2, "none" no file
	Jump          *Host          `json:"jump,omitzero"`            // bastion to go through, or nil; it may have a Jump itself
	Zone          string         `json:"zone,omitzero"`            // the site whose addresses Addr belongs to; two zones may use the same ones
	SSH           SSH            `json:"ssh,omitzero"`             // what OpenSSH's configuration says besides
	Become        string         `json:"become,omitzero"`          // "sudo", "doas" or "su", or empty for none
	BecomePass    Secret         `json:"become_password,omitzero"` // for Become
	Platform      string         `json:"platform"`                 // "auto", or a GOOS
	Transport     string         `json:"transport"`                // "ssh" or "local"
	Timeout       time.Duration  `json:"timeout,omitzero"`         // bound on everything done with the host; 0 means the runner's default
	Groups        []string       `json:"groups,omitzero"`          // sorted; every host is also in "all", which is not listed
	Vars          map[string]any `json:"vars,omitzero"`            // for rules and selection; nil when there are none
	Params        map[string]any `json:"params,omitzero"`          // "rule.param" to its value, already merged over groups; nil when there are none
}

// The values of Host.Transport.
const (
	TransportSSH   = "ssh"
	TransportLocal = "local"
)

// The values of Host.Become, and the one of Host.Platform that means something here.
const (
	BecomeSudo   = "sudo"
	BecomeDoas   = "doas"
	BecomeSu     = "su"
	PlatformAuto = "auto"
)

const defaultPort = 22

// setDefaults fills in what every host has and nobody has said.
func (h *Host) setDefaults() {
	h.Addr = cmp.Or(h.Addr, h.Name)
	h.Port = cmp.Or(h.Port, defaultPort)
	h.Platform = cmp.Or(h.Platform, PlatformAuto)
	h.Transport = cmp.Or(h.Transport, TransportSSH)
	if h.Zone != "" {
		// Another zone may have another machine, with another key, at this address.
		h.SSH.HostKeyAlias = cmp.Or(h.SSH.HostKeyAlias, h.Name)
	}
}

// plainHost is Host without its methods.
type plainHost Host

// MarshalJSON writes the host with its timeout as text, and without the values of
// variables whose names say that they are secrets, at any depth.
func (h Host) MarshalJSON() ([]byte, error) {
	out := struct {
		plainHost
		Timeout string `json:"timeout,omitzero"`
	}{plainHost: plainHost(h)}
	if vars, hid := hideSecrets(h.Vars); hid {
		out.Vars = vars.(map[string]any)
	}
	if h.Timeout != 0 {
		out.Timeout = h.Timeout.String()
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote. What is stored may come from
// elsewhere: a name that no inventory could have is refused.
func (h *Host) UnmarshalJSON(b []byte) error {
	in := struct {
		plainHost
		Timeout string `json:"timeout"`
	}{}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&in); err != nil {
		return err
	}
	if err := checkHost(in.Name); err != nil {
		return fmt.Errorf("host %w", err)
	}
	if in.Timeout != "" {
		t, err := time.ParseDuration(in.Timeout)
		if err != nil {
			return fmt.Errorf("timeout of host %q: %w", in.Name, err)
		}
		in.plainHost.Timeout = t
	}
	wholeNumbers(in.Vars)
	wholeNumbers(in.Params)
	*h = Host(in.plainHost)
	return nil
}

// wholeNumbers replaces the json.Numbers of m by ints, or float64s where they
// are not whole, so that a reloaded host is equal to the one that was stored.
func wholeNumbers(m map[string]any) {
	for k, v := range m {
		m[k] = wholeNumber(v)
	}
}

func wholeNumber(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	case map[string]any:
		wholeNumbers(v)
	case []any:
		for i := range v {
			v[i] = wholeNumber(v[i])
		}
	}
	return v
}

// secretNames are parts of the names of secrets, in lower case and without _ and -.
var secretNames = []string{"pass", "secret", "token", "privatekey", "credential", "apikey"}

// nameSeparators are what names of variables are put together with.
var nameSeparators = strings.NewReplacer("_", "", "-", "")

// isSecretName reports whether the name of a variable says that its value is
// secret. The path of a private key is not.
func isSecretName(name string) bool {
	plain := nameSeparators.Replace(strings.ToLower(name))
	for _, part := range secretNames {
		if strings.Contains(plain, part) && !(part == "privatekey" && strings.HasSuffix(plain, "file")) {
			return true
		}
	}
	return false
}

// hideSecrets returns v without the values of secrets, and whether it had any. v
// itself stays as it is.
func hideSecrets(v any) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		var out map[string]any
		for name, item := range v {
			shown, hid := any("(hidden)"), true
			if !isSecretName(name) {
				shown, hid = hideSecrets(item)
			}
			if hid && out == nil {
				out = maps.Clone(v)
			}
			if hid {
				out[name] = shown
			}
		}
		if out != nil {
			return out, true
		}
	case []any:
		var out []any
		for i, item := range v {
			shown, hid := hideSecrets(item)
			if hid && out == nil {
				out = slices.Clone(v)
			}
			if hid {
				out[i] = shown
			}
		}
		if out != nil {
			return out, true
		}
	}
	return v, false
}
