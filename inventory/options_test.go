package inventory_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet/inventory"
)

func TestOptions(t *testing.T) {
	own, jumps, err := inventory.Options("h", `defaults:
  ssh_options: {Ciphers: +aes128-cbc, ServerAliveInterval: 30, IdentitiesOnly: true}
groups:
  old:
    ssh_options:
      KexAlgorithms: "+diffie-hellman-group1-sha1"
      ciphers: 3des-cbc
  same: {ssh_options: {CIPHERS: 3des-cbc}}
hosts:
  plain:
  a: {groups: [old, same]}
  b:
    groups: [old]
    jump: gw
    ssh_options:
      Ciphers: aes256-ctr
      CertificateFile: [/k/a-cert.pub, /k/b-cert.pub]
      ProxyCommand: "none"
`)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"plain": {"ciphers=+aes128-cbc at h:2", "identitiesonly=true at h:2", "serveraliveinterval=30 at h:2"},
		"a":     {"ciphers=3des-cbc at h:8", "identitiesonly=true at h:2", "kexalgorithms=+diffie-hellman-group1-sha1 at h:6", "serveraliveinterval=30 at h:2"},
		"b": {"certificatefile=/k/a-cert.pub at h:17", "certificatefile=/k/b-cert.pub at h:17", "ciphers=aes256-ctr at h:16", "identitiesonly=true at h:2",
			"kexalgorithms=+diffie-hellman-group1-sha1 at h:6", "proxycommand=none at h:18", "serveraliveinterval=30 at h:2"},
	}
	if diff := cmp.Diff(want, own); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string][]string{"b": want["plain"]}, jumps); diff != "" {
		t.Errorf("options of jump hosts (-want +got):\n%s", diff)
	}
}

// What is nearer to the host decides between a jump and a ProxyCommand.
func TestOptionsOrJump(t *testing.T) {
	const text = `
defaults: {jump: gw}
groups:
  proxied: {ssh_options: {ProxyCommand: nc %h %p}}
hosts:
  a:
  b: {groups: [proxied]}
  c: {groups: [proxied], jump: gw2}
  d: {groups: [proxied], jump: none}
`
	own, jumps, err := inventory.Options("h", text)
	if err != nil {
		t.Fatal(err)
	}
	const command = "proxycommand=nc %h %p at h:4"
	if diff := cmp.Diff(map[string][]string{"a": nil, "b": {command}, "c": nil, "d": {command}}, own); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string][]string{"a": nil, "c": nil}, jumps); diff != "" {
		t.Errorf("jumps (-want +got):\n%s", diff)
	}
}

func TestOptionsErrors(t *testing.T) {
	_, _, err := inventory.Options("h", `
defaults:
  ssh_options: {HostName: x, Port: 1, user: x, IdentityFile: x, UserKnownHostsFile: x, ProxyJump: x}
groups:
  a: {ssh_options: {Ciphers: x}}
  b: {ssh_options: {ciphers: y}}
hosts:
  w1: {ssh_options: [Ciphers]}
  w2: {ssh_options: {"a b": x, Match: all, Tag: , Ciphers: "", MACs: {a: b}, LocalCommand: "a\nb", tag: x, TAG: y}}
  w3: {groups: [a, b]}
  w4: {jump: gw, ssh_options: {ProxyCommand: nc}}
  w5: {options: {}}
  w6: {ssh_options: {ciphers: [x, ~]}}
`)
	want := `h:3:17: ssh_options: HostName goes under the key addr
h:3:30: ssh_options: Port goes under the key port
h:3:39: ssh_options: user goes under the key user
h:3:48: ssh_options: IdentityFile goes under the key identity_file
h:3:65: ssh_options: UserKnownHostsFile goes under the key known_hosts
h:3:88: ssh_options: ProxyJump goes under the key jump
h:8:21: ssh_options: expected a mapping, found a list
h:9:22: ssh_options: "a b" is no keyword of ssh_config
h:9:32: ssh_options: Match is for ssh_config files: what is said here holds for the hosts it stands under
h:9:49: ssh_options: Tag has no value
h:9:60: ssh_options: Ciphers has no value
h:9:70: ssh_options: MACs: expected a value, found a mapping
h:9:92: ssh_options: LocalCommand: "a\nb" has a line break or a control character
h:9:108: ssh_options: TAG twice
h:10:20: host w3: groups "a" (line 5) and "b" (line 6) disagree on ssh_options ciphers: set it on the host
h:11:46: ssh_options: ProxyCommand and jump (line 11) exclude each other
h:12:8: unknown key "options" (did you mean "ssh_options"?)
h:13:35: ssh_options: ciphers has no value`
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}
