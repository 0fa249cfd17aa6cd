package inventory_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet/inventory"
)

// logins writes hosts as user@addr/port.
func logins(hosts []inventory.Host) string {
	var out []string
	for _, h := range hosts {
		out = append(out, fmt.Sprintf("%s@%s/%d", h.User, h.Addr, h.Port))
	}
	return strings.Join(out, " ")
}

func TestFromNames(t *testing.T) {
	for list, want := range map[string]string{
		"web1,user@web2:2222,[::1]:22,web[03-05]": "@::1/22 @web1/22 user@web2/2222 @web03/22 @web04/22 @web05/22",
		"web1 , web2":                          "@web1/22 @web2/22",
		"ops@web[1,3]:2200":                    "ops@web1/2200 ops@web3/2200",
		"web[1:2]":                             "@web1/22 @web2/22",
		"::1,[fd00::1],a@[fd00::2]:7":          "@::1/22 @fd00::1/22 a@fd00::2/7",
		"fe80::1%eth0,[fe80::2%eth0]:8":        "@fe80::1%eth0/22 @fe80::2%eth0/8",
		"10.0.0.1:2200":                        "@10.0.0.1/2200",
		"joe@example.com@web1":                 "joe@example.com@web1/22",
		`DOM\joe@web1`:                         `DOM\joe@web1/22`,
		"r[1-2]n[1-2].example.com:1":           "@r1n1.example.com/1 @r1n2.example.com/1 @r2n1.example.com/1 @r2n2.example.com/1",
		"web[1,2].a,web[1,2].b,x":              "@web1.a/22 @web1.b/22 @web2.a/22 @web2.b/22 @x/22",
		"ssh://web1,ssh://me@web2:22/":         "@web1/22 me@web2/22",
		"ssh://a%40b@[::1]:7,ssh://[::2]":      "a@b@::1/7 @::2/22",
		"SSH://c@web[1-2]:7":                   "c@web1/7 c@web2/7",
		"xn--bcher-kva.example,bücher.example": "@bücher.example/22 @xn--bcher-kva.example/22",
	} {
		inv, err := (inventory.Reader{}).FromNames(t.Context(), list)
		if err != nil {
			t.Errorf("FromNames(%s): %v", list, err)
		} else if diff := cmp.Diff(want, logins(inv.Hosts)); diff != "" {
			t.Errorf("FromNames(%s) (-want +got):\n%s", list, diff)
		}
	}
}

func TestFromNamesErrors(t *testing.T) {
	for list, want := range map[string]string{
		"":                                 `hosts "": empty name`,
		"web1,":                            `hosts "web1,": empty name`,
		"web1,,web2":                       `hosts "web1,,web2": empty name`,
		"web1,web1":                        `host "web1": web1 is named twice`,
		"web[1-3],a@web2":                  `host "a@web2": web2 is named twice`,
		"web1:0":                           `host "web1:0": port "0" is not a number from 1 to 65535`,
		"web1:ssh":                         `host "web1:ssh": port "ssh" is not a number from 1 to 65535`,
		"web1:":                            `host "web1:": port "" is not a number from 1 to 65535`,
		"@web1":                            `host "@web1": user is empty`,
		"a b@web1":                         `host "a b@web1": user "a b" has ' ' where a name cannot`,
		"a@":                               `host "a@": no host name`,
		":22":                              `host ":22": no host name`,
		"web 1":                            `host "web 1" has ' ' where a name cannot`,
		"-oProxyCommand":                   `host "-oProxyCommand" has '-' where a name cannot`,
		"all":                              `host "all" means every host and cannot name one`,
		"web*":                             `host "web*" has '*' where a name cannot`,
		"web[3-1]":                         `host "web[3-1]": range 3-1 is empty`,
		"web[1-3":                          `host "web[1-3": [ without ]`,
		"ssh://web1/x":                     `host "ssh://web1/x": a path after the host`,
		"ssh://":                           `host "ssh://": no host name`,
		"ssh://me@":                        `host "ssh://me@": no host name`,
		"ssh://::1":                        `host "ssh://::1": an IPv6 address of a URL stands in brackets`,
		"ssh://%zz@web1":                   `host "ssh://%zz@web1": user "%zz": invalid URL escape "%zz"`,
		"ssh://me:hunter2@web1":            "a password in an ssh:// URL: it does not belong there",
		"ssh://me%3ahunter2@web1":          "a password in an ssh:// URL: it does not belong there",
		"web1:22:33":                       `host "web1:22" has a colon: a port goes under the key port`,
		"a[1-90000],b[1-90000],c[1-90000]": `host "c[1-90000]": more than 200000 hosts`,
	} {
		inv, err := (inventory.Reader{}).FromNames(t.Context(), list)
		if err == nil {
			t.Errorf("FromNames(%s) = %s, want an error", list, logins(inv.Hosts))
		} else if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("FromNames(%s) (-want +got):\n%s", list, diff)
		}
	}
}

// load returns the inventory of text in a file, or of what names picks of it.
func load(t *testing.T, names, text string) (*inventory.Inventory, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hosts.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return inventory.Reader{Names: names}.Load(t.Context(), path)
}

func TestNames(t *testing.T) {
	const text = `
defaults: {user: ops, port: 2200}
hosts: {"web[1-5]": {groups: [web], jump: gw}, db1: {addr: 10.0.0.1}, gw: {user: gate}}
`
	for list, want := range map[string]string{
		"db1,web2":                "ops@10.0.0.1/2200 ops@web2/2200",
		"me@db1:1,web[1-2]:3":     "me@10.0.0.1/1 ops@web1/3 ops@web2/3",
		"ssh://me@db1:1,ssh://gw": "me@10.0.0.1/1 gate@gw/2200",
	} {
		got, err := load(t, list, text)
		if err != nil {
			t.Errorf("-H %s: %v", list, err)
		} else if diff := cmp.Diff(want, logins(got.Hosts)); diff != "" {
			t.Errorf("-H %s (-want +got):\n%s", list, diff)
		}
	}
	inv, err := load(t, "web[1-3],root@gw:1", text)
	if err != nil {
		t.Fatal(err)
	}
	if j := host(t, inv, "web1").Jump; logins([]inventory.Host{*j}) != "gate@gw/2200" {
		t.Errorf("the login that is picked for gw is not that for jumping through it: %+v", *j)
	}
	if got, err := inv.Select("@web,!web1"); err != nil || folded(got) != "web[2-3]" {
		t.Errorf("limit within picked hosts: %s, %v", folded(got), err)
	}
}

func TestNamesErrors(t *testing.T) {
	const text = "hosts: {\"web[1-5]\": , db1: }\n"
	for list, want := range map[string]string{
		"wbe1,db1,zzzzzz": "host \"wbe1\" is not in the inventory (did you mean \"web1\"?)\nhost \"zzzzzz\" is not in the inventory",
		"db1,":            `hosts "db1,": empty name`,
		"web[5-6]":        `host "web6" is not in the inventory (did you mean "web1"?)`,
	} {
		if _, err := load(t, list, text); err == nil || err.Error() != want {
			t.Errorf("-H %s\ngot  %v\nwant %s", list, err, want)
		}
	}
	_, err := load(t, "n[1-90000]", text)
	if n := strings.Count(fmt.Sprint(err), "\n"); n != 20 || !strings.HasSuffix(err.Error(), "and 89980 more hosts are not in the inventory") {
		t.Errorf("%d lines: %v", n, err)
	}
}

func TestOf(t *testing.T) {
	hosts := parse(t, fleet).Hosts
	some := []inventory.Host{hosts[len(hosts)-1], hosts[0]}
	got, err := inventory.Of(some).Select("@web,::1")
	if err != nil || folded(got) != folded(some) {
		t.Errorf("%s, %v", folded(got), err)
	}
	if some[0].Name != hosts[len(hosts)-1].Name {
		t.Error("the caller's hosts were sorted")
	}
}

func TestLocalhost(t *testing.T) {
	inv := inventory.Localhost()
	if len(inv.Hosts) != 1 || inv.Hosts[0].Name == "" || inv.Hosts[0].Transport != inventory.TransportLocal || inv.Hosts[0].Addr == "" {
		t.Errorf("%+v", inv.Hosts)
	}
	if got, err := inv.Select("all"); err != nil || len(got) != 1 {
		t.Errorf("%v, %v", got, err)
	}
}
