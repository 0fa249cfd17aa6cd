package inventory_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet/inventory"
)

// A host of a zone has its key under its name, as its address may be another's
// elsewhere. A jump host that is not in the inventory has no name but its address.
func TestZone(t *testing.T) {
	inv := parse(t, `
defaults: {zone: hq}
groups:
  north: {zone: north, jump: gw-north}
hosts:
  n1: {groups: [north], addr: 10.0.0.1}
  n2: {groups: [north], addr: 10.0.0.2, zone: none}
  gw-north: {addr: 192.0.2.1}
  s1: {addr: 10.0.0.1, jump: "me@192.0.2.9"}
`)
	for name, want := range map[string]string{"n1": "north n1", "n2": "none n2", "gw-north": "hq gw-north", "s1": "hq s1"} {
		h := host(t, inv, name)
		if got := h.Zone + " " + h.SSH.HostKeyAlias; got != want {
			t.Errorf("%s has zone and name for its key %q, want %q", name, got, want)
		}
	}
	if j := host(t, inv, "n1").Jump; j.SSH.HostKeyAlias != "gw-north" {
		t.Errorf("a jump host of the inventory: %+v", *j)
	}
	if j := host(t, inv, "s1").Jump; j.Zone != "" || j.SSH.HostKeyAlias != "" {
		t.Errorf("a stranger: %+v", *j)
	}
	if h := host(t, parse(t, "hosts: {a: {addr: 10.0.0.1}}"), "a"); h.SSH.HostKeyAlias != "" {
		t.Errorf("without a zone: %+v", h)
	}
	if len(inv.Notes) != 0 {
		t.Errorf("notes %+v", inv.Notes)
	}
}

// notes writes what an inventory notes, the minor things apart.
func notes(inv *inventory.Inventory) string {
	var out []string
	for _, n := range inv.Notes {
		if !n.Minor {
			out = append(out, n.Where+": "+n.Text)
		}
	}
	return strings.Join(out, "\n")
}

func TestSharedAddresses(t *testing.T) {
	inv := parse(t, `
groups: {z: {zone: z}}
hosts:
  a1: {addr: 10.0.0.1}
  a2: {addr: 10.0.0.1}
  a3: {addr: 10.0.0.1, port: 2222}
  a4: {addr: 10.0.0.1, jump: gw}
  a5: {addr: 10.0.0.1, jump: gw2}
  a6: {addr: 10.0.0.1, groups: [z]}
  b1: {addr: B.example.com, jump: gw}
  b2: {addr: b.example.com, jump: me@gw}
  b3: {addr: b.example.com, jump: gw}
  b4: {addr: b.example.com, jump: gw}
  here1: {transport: local, addr: localhost}
  here2: {transport: local, addr: localhost}
`)
	want := `/etc/fleet/hosts.yaml:5: a2 has the address of a1 (/etc/fleet/hosts.yaml:4): 10.0.0.1 port 22
/etc/fleet/hosts.yaml:11: b2 has the address of b1 (/etc/fleet/hosts.yaml:10): b.example.com port 22; so have 2 more`
	if diff := cmp.Diff(want, notes(inv)); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestSharedAddressesAreBounded(t *testing.T) {
	var text strings.Builder
	text.WriteString("hosts:\n")
	for i := range 50 {
		fmt.Fprintf(&text, "  a%d: {addr: 10.0.0.%d}\n  b%d: {addr: 10.0.0.%d}\n", i, i, i, i)
	}
	inv := parse(t, text.String())
	if n := len(inv.Notes); n != 4 || !strings.HasPrefix(inv.Notes[3].Text, "47 more addresses") {
		t.Errorf("%d notes: %+v", n, inv.Notes)
	}
}
