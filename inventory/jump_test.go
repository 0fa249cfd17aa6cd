package inventory_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet/inventory"
)

// through writes how a host is reached, "" when directly.
func through(h inventory.Host) string {
	if h.Jump == nil {
		return ""
	}
	j := *h.Jump
	out := j.Addr
	if j.User != "" {
		out = j.User + "@" + out
	}
	if j.Port != 22 {
		out += " port " + string(rune('0'+j.Port/1000)) + "xxx"
	}
	if j.Jump != nil {
		out = through(j) + ", " + out
	}
	return out
}

func TestJump(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		want     map[string]string
	}{
		{"the inventory's host with its own settings", `
hosts:
  a: {jump: b}
  b: {addr: 10.0.0.1, user: bob, port: 2222, become: sudo}
`, map[string]string{"a": "bob@10.0.0.1 port 2xxx", "b": ""}},
		{"its user and port replaced", `
hosts:
  a: {jump: "eve@b:3333"}
  b: {addr: 10.0.0.1, user: bob, port: 2222}
  c: {jump: b}
`, map[string]string{"a": "eve@10.0.0.1 port 3xxx", "c": "bob@10.0.0.1 port 2xxx"}},
		{"a stranger with the defaults", `
defaults: {user: ops, port: 2222, become: sudo, platform: linux}
hosts:
  a: {jump: gw.example.com}
  b: {jump: "me@gw.example.com:4444"}
  c: {jump: "[::1]:5555"}
  d: {jump: "::1"}
`, map[string]string{"a": "ops@gw.example.com port 2xxx", "b": "me@gw.example.com port 4xxx", "c": "ops@::1 port 5xxx", "d": "ops@::1 port 2xxx"}},
		{"turned off", `
defaults: {jump: gw}
groups: {g: {jump: gw2}, off: {jump: none}}
hosts:
  a: {jump: none}
  b: {jump: "", groups: [g]}
  c: {groups: [g]}
  d:
  e: {groups: [off]}
  f: {transport: local}
`, map[string]string{"a": "", "b": "", "c": "gw2", "d": "gw", "e": "", "f": ""}},
		{"the default jump host is dialled directly", `
defaults: {jump: b}
hosts: {a: , b: }
`, map[string]string{"a": "b", "b": ""}},
		{"so is a group's", `
groups: {g: {jump: b}}
hosts: {a: {groups: [g]}, b: {groups: [g]}}
`, map[string]string{"a": "b", "b": ""}},
		{"so is any jump host, whatever the default is", `
defaults: {jump: b1}
groups: {g: {jump: b2}}
hosts: {a: {groups: [g]}, b1: , b2: , c: }
`, map[string]string{"a": "b2", "b1": "", "b2": "", "c": "b1"}},
		{"several levels", `
hosts:
  w1: {groups: [web]}
  b1: {jump: b2}
  b2: {jump: gw.example.com}
  c: {jump: "b2,eve@d:2000"}
  d: {user: bob, jump: [x, y]}
  e: {jump: d}
groups:
  web: {jump: b1}
`, map[string]string{"w1": "gw.example.com, b2, b1", "b1": "gw.example.com, b2", "b2": "gw.example.com",
			"c": "gw.example.com, b2, eve@d port 2xxx", "e": "x, y, bob@d", "d": "x, y"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inv := parse(t, tc.in)
			for name, want := range tc.want {
				if got := through(host(t, inv, name)); got != want {
					t.Errorf("%s goes through %q, want %q", name, got, want)
				}
			}
		})
	}
}

// A stranger takes from the defaults only what serves to log in.
func TestJumpStranger(t *testing.T) {
	inv := parse(t, `
defaults: {user: ops, become: sudo, platform: linux, jump: gw, known_hosts: kh, timeout: 5s, vars: {a: 1}}
hosts: {a: }
`)
	j := host(t, inv, "a").Jump
	if j.User != "ops" || strings.Join(j.KnownHosts, " ") != "/etc/fleet/kh" || j.Timeout == 0 || j.Become != "" || j.Platform != "auto" || j.Vars != nil {
		t.Errorf("%+v", *j)
	}
}

// Hosts that jump through the same one share it, so that a large inventory is small.
func TestJumpIsShared(t *testing.T) {
	inv := parse(t, "defaults: {jump: gw}\nhosts: {\"w[1-3]\": }\n")
	if inv.Hosts[0].Jump != inv.Hosts[2].Jump {
		t.Error("two copies of one jump host")
	}
}

// So do the hops before it, and what is picked or renamed on the way is its own.
func TestJumpChainIsShared(t *testing.T) {
	inv := parse(t, `
groups: {site: {jump: "gw,b1"}}
hosts:
  w[1-3]: {groups: [site]}
  x: {jump: b2}
  y: {jump: b2}
  z: {jump: me@b2}
  b1:
  b2: {jump: b1}
`)
	jump := func(name string) *inventory.Host { return host(t, inv, name).Jump }
	switch {
	case jump("w1") != jump("w3") || jump("w1").Jump != jump("w2").Jump:
		t.Error("two copies of one chain")
	case jump("x") != jump("y") || jump("x") == jump("z"):
		t.Error("b2 is shared by those who go through it as it is, and by no other")
	case jump("x").Jump != jump("z").Jump:
		t.Error("two copies of b1")
	case jump("w1").Jump == nil || jump("b2").Jump != nil:
		t.Error("b1 behind gw and b1 dialled directly are one")
	}
}

// Strangers between hosts of the inventory hide no circle, and are none.
func TestJumpStrangersAndCircles(t *testing.T) {
	for in, want := range map[string]string{
		"hosts: {a: {jump: \"x,b\"}, b: {jump: \"y,a\"}}":     "h:1:19: jump cycle: a, b, a\nh:1:37: jump cycle: b, a, b",
		"hosts: {a: {jump: \"x,b\"}, b: {jump: \"a,y\"}}":     "h:1:19: jump cycle: a, b, a\nh:1:37: jump cycle: b, a, b",
		"hosts: {a: {jump: \"b,x\"}, b: {jump: a}}":           "h:1:19: jump cycle: a, b, a\nh:1:37: jump cycle: b, a, b",
		"hosts: {a: {jump: [x, a, y]}}":                       "h:1:19: host a jumps through itself",
		"hosts: {a: {jump: x}, b: {jump: \"x,a,z,me@a:22\"}}": "",
		"hosts: {a: {jump: [x, x]}}":                          "",
	} {
		_, err := inventory.Parse("h", []byte(in))
		if got := errorText(err); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", in, got, want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Eight jumps may lead to a host, in whichever order the hosts are read.
func TestJumpsAreBounded(t *testing.T) {
	chain := func(format string, hosts int) string {
		text := "hosts:\n"
		for i := range hosts - 1 {
			text += "  " + fmt.Sprintf(format, i) + ": {jump: " + fmt.Sprintf(format, i+1) + "}\n"
		}
		return text + "  " + fmt.Sprintf(format, hosts-1) + ":\n"
	}
	backwards := func(text string) string {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		slices.Reverse(lines[1:])
		return strings.Join(lines, "\n")
	}
	for name, tc := range map[string]struct {
		in, want string
	}{
		"eight":                {chain("h%d", 9), ""},
		"nine":                 {chain("h%d", 10), "h:2: host h0: more than 8 jumps, or a jump that leads back to itself"},
		"nine, the last first": {backwards(chain("h%d", 10)), "h:11: host h0: more than 8 jumps, or a jump that leads back to itself"},
		"eight in one list":    {"hosts: {h0: {jump: [a, b, c, d, e, f, g, h]}}", ""},
		"nine in one list":     {"hosts: {h0: {jump: [a, b, c, d, e, f, g, h, i]}}", "h:1: host h0: more than 8 jumps, or a jump that leads back to itself"},
		"a list behind others": {"hosts: {h0: {jump: \"a,b,c,d,e,h1\"}, h1: {jump: \"1,2,3,4,5,6\"}}", ""},
	} {
		inv, err := inventory.Parse("h", []byte(tc.in))
		if got := errorText(err); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
		if err == nil && strings.Count(through(host(t, inv, "h0")), ",") != 7 && !strings.Contains(name, "behind") {
			t.Errorf("%s: %s", name, through(host(t, inv, "h0")))
		}
	}
}
