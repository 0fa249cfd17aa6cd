package inventory_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet/inventory"
)

// FuzzParse checks that no text breaks the reader, and that what it passes
// keeps the promises of Host.
func FuzzParse(f *testing.F) {
	f.Add(example)
	f.Add(fleet)
	f.Add("hosts:\n  web1: {vars: {a: &x [*x]}}\n")
	f.Add("a: &a [b,b]\nb: &b [*a,*a]\nhosts: {x: {vars: {v: *b}}}\n")
	f.Add("hosts:\n  a: {jump: b}\n  b: {jump: a}\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return
		}
		inv, err := inventory.Parse("h", []byte(text))
		if (inv == nil) == (err == nil) {
			t.Fatalf("inventory %v, error %v", inv, err)
		}
		if err != nil {
			return
		}
		if len(inv.Hosts) == 0 {
			t.Fatal("no hosts and no error")
		}
		for _, h := range inv.Hosts[:min(len(inv.Hosts), 3)] {
			checkPromises(t, inv, h)
		}
	})
}

func checkPromises(t *testing.T, inv *inventory.Inventory, h inventory.Host) {
	if h.Name == "" || h.Addr == "" || h.Port < 1 || h.Port > 65535 || h.Platform == "" || h.Transport == "" || h.Timeout < 0 {
		t.Errorf("%+v", h)
	}
	if h.Jump != nil && (h.Jump.Name == h.Name || h.Jump.Transport != inventory.TransportSSH) {
		t.Errorf("jump %+v of %+v", *h.Jump, h)
	}
	if _, err := inv.Select(h.Name); err != nil {
		t.Errorf("%s cannot be selected: %v", h.Name, err)
	}
	text, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	var back inventory.Host
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if diff := cmp.Diff(string(text), string(again)); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// FuzzSelect checks that limits and host lists are refused or mean something.
func FuzzSelect(f *testing.F) {
	for _, s := range []string{"web*,&prod,!web[03-05]", "@rack[1-2]", "a@b:1,[::1]:22", "web[", "*[1-9]*", "!&,",
		"web:!web07:&prod", "web[0:2]:db[-1]", "~web(?:1|2){1,2}:gw", "@./none,@x", "ungrouped:failed:!localhost", "ssh://a@b:1,ssh://[::1]"} {
		f.Add(s)
	}
	inv, err := inventory.Parse("h", []byte(fleet))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 200 || strings.Contains(s, "/dev") || strings.Contains(s, "/proc") { // pipes, as @/dev/stdin
			return
		}
		if hosts, err := inv.Select(s); (len(hosts) == 0) == (err == nil) {
			t.Errorf("Select(%q) = %d hosts, %v", s, len(hosts), err)
		}
		got, err := (inventory.Reader{}).FromNames(t.Context(), s)
		if err == nil && len(got.Hosts) == 0 {
			t.Errorf("FromNames(%q) names nothing", s)
		}
	})
}
