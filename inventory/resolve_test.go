package inventory_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet/inventory"
)

// parse returns the inventory of text in /etc/fleet/hosts.yaml.
func parse(t *testing.T, text string) *inventory.Inventory {
	t.Helper()
	inv, err := inventory.Parse("/etc/fleet/hosts.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

// host returns one host of an inventory.
func host(t *testing.T, inv *inventory.Inventory, name string) inventory.Host {
	t.Helper()
	h, ok := inv.Host(name)
	if !ok {
		t.Fatalf("no host %s", name)
	}
	return h
}

const example = `
defaults: {user: ops, port: 22, identity_file: ~/.ssh/id_ed25519, known_hosts: ~/.ssh/known_hosts, jump: bastion1,
           become: sudo, platform: auto, transport: ssh, timeout: 60s}
hosts:
  web[01-12].example.com: {groups: [web, prod]}
  db1: {addr: 10.0.0.21, user: postgres, groups: [db], vars: {rack: r7}, params: {close-wait-leak.limit: 500}}
  here: {transport: local}
groups:
  web: {jump: bastion2, vars: {role: edge}, params: {time-wait-ports.percent: 90}}
`

func TestParse(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	inv := parse(t, example)
	var names []string
	for _, h := range inv.Hosts {
		names = append(names, h.Name)
	}
	want := "db1 here web01.example.com web02.example.com web03.example.com web04.example.com web05.example.com web06.example.com " +
		"web07.example.com web08.example.com web09.example.com web10.example.com web11.example.com web12.example.com"
	if diff := cmp.Diff(want, strings.Join(names, " ")); diff != "" {
		t.Error(diff)
	}
	bastion := func(name string) *inventory.Host {
		return &inventory.Host{Name: name, Addr: name, Port: 22, User: "ops", IdentityFiles: []string{"/home/me/.ssh/id_ed25519"},
			KnownHosts: []string{"/home/me/.ssh/known_hosts"}, Platform: "auto", Transport: "ssh", Timeout: time.Minute}
	}
	for _, want := range []inventory.Host{
		{Name: "web07.example.com", Addr: "web07.example.com", Port: 22, User: "ops", IdentityFiles: []string{"/home/me/.ssh/id_ed25519"},
			KnownHosts: []string{"/home/me/.ssh/known_hosts"}, Jump: bastion("bastion2"), Become: "sudo", Platform: "auto", Transport: "ssh", Timeout: time.Minute,
			Groups: []string{"prod", "web"}, Vars: map[string]any{"role": "edge"}, Params: map[string]any{"time-wait-ports.percent": 90}},
		{Name: "db1", Addr: "10.0.0.21", Port: 22, User: "postgres", IdentityFiles: []string{"/home/me/.ssh/id_ed25519"},
			KnownHosts: []string{"/home/me/.ssh/known_hosts"}, Jump: bastion("bastion1"), Become: "sudo", Platform: "auto", Transport: "ssh", Timeout: time.Minute,
			Groups: []string{"db"}, Vars: map[string]any{"rack": "r7"}, Params: map[string]any{"close-wait-leak.limit": 500}},
		{Name: "here", Addr: "here", Port: 22, User: "ops", IdentityFiles: []string{"/home/me/.ssh/id_ed25519"},
			KnownHosts: []string{"/home/me/.ssh/known_hosts"}, Become: "sudo", Platform: "auto", Transport: "local", Timeout: time.Minute},
	} {
		if diff := cmp.Diff(want, host(t, inv, want.Name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.Name, diff)
		}
	}
}

func TestParseSilent(t *testing.T) {
	want := []inventory.Host{
		{Name: "10.0.0.1", Addr: "10.0.0.1", Port: 22, Platform: "auto", Transport: "ssh"},
		{Name: "::1", Addr: "::1", Port: 22, Platform: "auto", Transport: "ssh"},
		{Name: "fe80::1%eth0", Addr: "fe80::1%eth0", Port: 22, Platform: "auto", Transport: "ssh"},
		{Name: "web1", Addr: "web1", Port: 22, Platform: "auto", Transport: "ssh"},
		{Name: "web2", Addr: "fd00::2", Port: 22, Platform: "auto", Transport: "ssh"},
	}
	got := parse(t, "hosts:\n  web1:\n  web2: {addr: \"[fd00::2]\"}\n  10.0.0.1: {}\n  \"[::1]\":\n  fe80::1%eth0:\n").Hosts
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPrecedence(t *testing.T) {
	inv := parse(t, `
groups:
  web: {user: g, port: 2200, become: none, vars: {a: g, b: g}, params: {r.x: 2, r.y: 2}}
  same: {user: g, vars: {b: g, n: {deep: [1, 2.5, true, null, 2027-03-01]}}}
  empty:
hosts:
  plain:
  one: {groups: [web, same, undeclared]}
  all-of-it: {groups: [same, web], user: h, port: 22, become: sudo, vars: {a: h}, params: {r.x: 3}}
  agree: {groups: [clash1, clash2], user: h, vars: {v: h}}
  clean: {identity_file: []}
defaults: {user: d, port: 22, become: sudo, identity_file: [/k/a, k/b], vars: {a: d, c: d}, params: {r.x: 1, r.z: 1}}
`)
	type row struct {
		User   string
		Port   int
		Become string
		Vars   map[string]any
		Params map[string]any
	}
	deep := map[string]any{"deep": []any{1, 2.5, true, nil, "2027-03-01"}}
	for name, want := range map[string]row{
		"plain":     {"d", 22, "sudo", map[string]any{"a": "d", "c": "d"}, map[string]any{"r.x": 1, "r.z": 1}},
		"one":       {"g", 2200, "", map[string]any{"a": "g", "b": "g", "c": "d", "n": deep}, map[string]any{"r.x": 2, "r.y": 2, "r.z": 1}},
		"all-of-it": {"h", 22, "sudo", map[string]any{"a": "h", "b": "g", "c": "d", "n": deep}, map[string]any{"r.x": 3, "r.y": 2, "r.z": 1}},
	} {
		h := host(t, inv, name)
		if diff := cmp.Diff(want, row{h.User, h.Port, h.Become, h.Vars, h.Params}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff([]string{"/k/a", "/etc/fleet/k/b"}, host(t, inv, "plain").IdentityFiles); diff != "" {
		t.Error(diff)
	}
	if got := host(t, inv, "clean").IdentityFiles; len(got) != 0 {
		t.Errorf("an empty list does not clear the identity files: %q", got)
	}
}

// A host that speaks for itself settles what its groups disagree on.
func TestHostSettlesGroups(t *testing.T) {
	inv := parse(t, `
groups: {a: {user: a, vars: {v: a}, params: {r.p: 1}}, b: {user: b, vars: {v: b}, params: {r.p: 2}}}
hosts: {x: {groups: [a, b], user: x, vars: {v: x}, params: {r.p: 3}}}
`)
	h := host(t, inv, "x")
	if h.User != "x" || h.Vars["v"] != "x" || h.Params["r.p"] != 3 {
		t.Errorf("%+v", h)
	}
}

func TestPaths(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	for in, want := range map[string]string{
		"~/.ssh/kh": "/home/me/.ssh/kh",
		"kh":        "/etc/fleet/kh",
		"../kh":     "/etc/kh",
		"/a//kh":    "/a/kh",
		"$HOME/kh":  "/etc/fleet/$HOME/kh",
	} {
		if got := host(t, parse(t, "hosts: {a: {known_hosts: "+in+"}}"), "a").KnownHosts; len(got) != 1 || got[0] != want {
			t.Errorf("known_hosts %s is %s, want %s", in, got, want)
		}
	}
	inv, err := inventory.Parse("hosts.yaml", []byte("hosts: {a: {known_hosts: kh}}"))
	if err != nil || inv.Hosts[0].KnownHosts[0] != "kh" {
		t.Errorf("beside the working folder: %+v, %v", inv, err)
	}
}

func TestAddrPairs(t *testing.T) {
	inv := parse(t, "hosts:\n  web[09-11]: {addr: \"10.0.0.[1-2,7]\"}\n  one: {addr: \"db[1-1].example.com\"}\n")
	got := map[string]string{}
	for _, h := range inv.Hosts {
		got[h.Name] = h.Addr
	}
	want := map[string]string{"web09": "10.0.0.1", "web10": "10.0.0.2", "web11": "10.0.0.7", "one": "db1.example.com"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	a := write("a/hosts.yaml", "defaults: {user: a, identity_file: key}\nhosts: {web1: , bastion: {port: 2222}}\ngroups: {db: }\n")
	b := write("b/hosts.yaml", "defaults: {jump: bastion, identity_file: key}\nhosts: {web2: {groups: [web]}}\n")
	broken := write("c.yaml", "hosts: {web1: , web3: {usr: x}}\n")

	inv, err := (inventory.Reader{}).Load(t.Context(), a, b)
	if err != nil {
		t.Fatal(err)
	}
	hop := inventory.Host{Name: "bastion", Addr: "bastion", Port: 2222, User: "a", IdentityFiles: []string{dir + "/a/key"}, Platform: "auto", Transport: "ssh"}
	want := []inventory.Host{
		hop,
		{Name: "web1", Addr: "web1", Port: 22, User: "a", IdentityFiles: []string{dir + "/a/key"}, Platform: "auto", Transport: "ssh"},
		{Name: "web2", Addr: "web2", Port: 22, IdentityFiles: []string{dir + "/b/key"}, Jump: &hop, Platform: "auto", Transport: "ssh", Groups: []string{"web"}},
	}
	if diff := cmp.Diff(want, inv.Hosts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]inventory.Group{{Name: "db", Hosts: []string{}}, {Name: "web", Hosts: []string{"web2"}}}, inv.Groups()); diff != "" {
		t.Error(diff)
	}

	_, err = (inventory.Reader{}).Load(t.Context(), a, broken, filepath.Join(dir, "none.yaml"))
	wantErr := "open " + dir + "/none.yaml: no such file or directory\n" +
		broken + ":1:9: duplicate host web1 (first in " + a + ":2)\n" +
		broken + `:1:24: unknown key "usr" (did you mean "user"?)`
	if err == nil || err.Error() != wantErr {
		t.Errorf("got  %v\nwant %s", err, wantErr)
	}
	if _, err := (inventory.Reader{}).Load(t.Context()); err == nil {
		t.Error("no files, no error")
	}
}
