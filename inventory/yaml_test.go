package inventory_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet/inventory"
)

// TestParseErrors pins the whole text of every error, place included.
func TestParseErrors(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	for _, tc := range []struct{ name, in, want string }{
		{"unknown key of a host", `
hosts:
  web1: {usr: bob}
`, `hosts.yaml:3:10: unknown key "usr" (did you mean "user"?)`},
		{"unknown key at the top", `
host: {web1: }
`, `hosts.yaml:2:1: unknown key "host" (did you mean "hosts"?)`},
		{"unknown key of defaults", `
defaults:
  prot: 22
hosts: {web1: }
`, `hosts.yaml:3:3: unknown key "prot" (did you mean "port"?)`},
		{"unknown key of a group", `
hosts: {web1: }
groups:
  web:
    time_out: 5s
`, `hosts.yaml:5:5: unknown key "time_out" (did you mean "timeout"?)`},
		{"unknown key unlike any", `
hosts:
  web1: {zzzzzzzz: 1}
`, `hosts.yaml:3:10: unknown key "zzzzzzzz"`},
		{"another tool's key", `
hosts:
  web1: {ansible_host: 10.0.0.1}
`, `hosts.yaml:3:10: unknown key "ansible_host" (did you mean "addr"?)`},
		{"secret", `
hosts:
  web1: {ssh_password: hunter2}
`, `hosts.yaml:3:10: unknown key "ssh_password": an inventory holds no secrets, only where they come from: password, passphrase, become_password`},
		{"a host's key in defaults", `
defaults: {addr: 10.0.0.1}
hosts: {web1: }
groups: {web: {groups: [x]}}
`, `hosts.yaml:2:12: key "addr" is for a host, not for defaults
hosts.yaml:4:16: key "groups" is for a host, not for group web`},
		{"hosts of a group", `
hosts: {web1: }
groups: {web: {hosts: {web1: }}}
`, `hosts.yaml:3:16: key "hosts" is not for group web: hosts name their groups, web1: {groups: [web]}`},

		{"duplicate key", `
hosts:
  web1:
    user: a
    user: b
`, `hosts.yaml:5:5: duplicate key "user" (first at line 4)`},
		{"duplicate section", `
hosts: {web1: }
hosts: {web2: }
`, `hosts.yaml:3:1: duplicate key "hosts" (first at line 2)`},
		{"duplicate host", `
hosts:
  web1:
  web1: {user: b}
`, `hosts.yaml:4:3: duplicate key "web1" (first at line 3)`},
		{"overlapping ranges", `
hosts:
  web[01-05]: {user: a}
  web[03-07]: {user: b}
  web07:
`, `hosts.yaml:4:3: duplicate host web[03-05] (first in "web[01-05]" at line 3)
hosts.yaml:5:3: duplicate host web07 (first in "web[03-07]" at line 4)`},
		{"range with a name twice", `
hosts:
  web[1-3,2]:
`, `hosts.yaml:3:3: host "web[1-3,2]" names web2 twice`},
		{"address in two spellings of brackets", `
hosts:
  "::1":
  "[::1]":
`, `hosts.yaml:4:3: duplicate host ::1 (first in "::1" at line 3)`},

		{"empty range", `
hosts:
  web[]:
`, `hosts.yaml:3:3: host "web[]": empty range ""`},
		{"half a range", `
hosts:
  web[1-]:
`, `hosts.yaml:3:3: host "web[1-]": empty range "1-"`},
		{"backward range", `
hosts:
  web[3-1]:
`, `hosts.yaml:3:3: host "web[3-1]": range 3-1 is empty`},
		{"mixed range", `
hosts:
  web[a-3]:
`, `hosts.yaml:3:3: host "web[a-3]": range a-3 is neither of numbers nor of letters`},
		{"unclosed range", `
hosts:
  web[1-3:
`, `hosts.yaml:3:3: host "web[1-3": [ without ]`},
		{"too many hosts", `
hosts:
  a[1-90000]:
  b[1-90000]:
  c[1-90000]:
  d[1-90000]:
`, `hosts.yaml:5:3: more than 200000 hosts`},
		{"bad host names", `
hosts:
  web 1:
  -web:
  "web1:2222":
  all:
  "a\e[31m":
  !x bob@web1:
`, `hosts.yaml:3:3: host "web 1" has ' ' where a name cannot
hosts.yaml:4:3: host "-web" has '-' where a name cannot
hosts.yaml:5:3: host "web1:2222" has a colon: a port goes under the key port
hosts.yaml:6:3: host "all" means every host and cannot name one
hosts.yaml:7:3: host "a\x1b[31m": [ without ]
hosts.yaml:8:3: host "bob@web1" has '@' where a name cannot`},
		{"empty names", `
hosts:
  "":
  ~:
  [a, b]: {}
`, `hosts.yaml:3:3: hosts: empty key
hosts.yaml:4:3: hosts: empty key
hosts.yaml:5:3: hosts: a list as a key (quote what begins with [ or {)`},

		{"bad values", `
defaults:
  user: "a b"
  port: 70000
  identity_file: [~bob/key, "", {a: b}]
  known_hosts: ""
  jump: web1:x
  become: yes
  platform: darvin
  transport: loca
  timeout: 60
hosts:
  web1: {port: ssh, timeout: -5s, platform: linus, jump: "a b", user: "", become: [sudo]}
`, `hosts.yaml:3:9: user "a b" has ' ' where a name cannot
hosts.yaml:4:9: port "70000" is not a number from 1 to 65535
hosts.yaml:5:19: identity_file: "~bob/key": only ~/ of the current user is expanded
hosts.yaml:5:29: identity_file: empty path
hosts.yaml:5:33: identity_file: expected a value, found a mapping
hosts.yaml:6:16: known_hosts: empty path
hosts.yaml:7:9: jump "web1:x": port "x" is not a number from 1 to 65535
hosts.yaml:8:11: become "yes" is not sudo, doas, su or none
hosts.yaml:9:13: platform "darvin" is not auto, linux, darwin, windows, freebsd, openbsd, netbsd, dragonfly, solaris, illumos, aix or android (did you mean "darwin"?)
hosts.yaml:10:14: transport "loca" is not ssh or local (did you mean "local"?)
hosts.yaml:11:12: timeout "60" is not a duration above 0 such as 30s or 2m (did you mean "60s"?)
hosts.yaml:13:16: port "ssh" is not a number from 1 to 65535
hosts.yaml:13:30: timeout "-5s" is not a duration above 0 such as 30s or 2m
hosts.yaml:13:45: platform "linus" is not auto, linux, darwin, windows, freebsd, openbsd, netbsd, dragonfly, solaris, illumos, aix or android (did you mean "linux"?)
hosts.yaml:13:58: jump host "a b" has ' ' where a name cannot
hosts.yaml:13:71: user is empty
hosts.yaml:13:83: become: expected a value, found a list`},
		{"no value", `
hosts:
  web1: {user: , jump: ~, port: }
`, `hosts.yaml:3:16: user has no value
hosts.yaml:3:24: jump has no value
hosts.yaml:3:33: port has no value`},
		{"no value in a block", `
hosts:
  web1:
    user:
    port: 22
    groups:
groups:
`, `hosts.yaml:4:10: user has no value
hosts.yaml:6:12: groups has no value`},
		{"no hosts in a block", `
defaults:
hosts:
groups:
`, `hosts.yaml:3:7: no hosts`},
		{"no mapping", `
defaults: [a]
groups: web
hosts:
  web1: 10.0.0.1
  web2: [x]
  web3: {vars: 3, params: [a]}
`, `hosts.yaml:2:11: defaults: expected a mapping, found a list
hosts.yaml:3:9: groups: expected a mapping, found "web"
hosts.yaml:5:9: host web1: expected a mapping, found "10.0.0.1" (did you mean {addr: 10.0.0.1}?)
hosts.yaml:6:9: host web2: expected a mapping, found a list
hosts.yaml:7:16: vars: expected a mapping, found "3"
hosts.yaml:7:27: params: expected a mapping, found a list`},
		{"a list at the top", `
- web1
`, `hosts.yaml:2:1: inventory: expected a mapping, found a list`},
		{"a list of hosts", `
hosts: [web1]
`, `hosts.yaml:2:8: hosts: expected a mapping, found a list`},
		{"empty file", ``, `hosts.yaml:1:1: no hosts: the file is empty`},
		{"comment", "# nothing\n", `hosts.yaml:1:1: no hosts: the file is empty`},
		{"no hosts", "defaults: {user: a}\n", `hosts.yaml:1:1: no hosts`},
		{"empty hosts", "defaults: {user: a}\nhosts: {}\n", `hosts.yaml:2:8: no hosts`},
		{"merge key", `
hosts:
  web1: &w {user: a}
  web2: {<<: *w}
`, `hosts.yaml:4:10: host web2: merge keys (<<) are not read: what hosts share goes under groups or defaults`},
		{"tag", `
hosts:
  web1: {user: !vault abc, vars: {x: !vault abc}}
`, `hosts.yaml:3:16: user: unknown tag !vault
hosts.yaml:3:38: unknown tag !vault`},

		{"groups of a host", `
hosts:
  web1: {groups: [web, "@x", web, all, ~]}
groups:
  all: {user: a}
  "a,b":
`, `hosts.yaml:3:24: group "@x" has '@' where a name cannot
hosts.yaml:3:30: group "web" is named twice
hosts.yaml:3:35: group "all" is every host, always: what holds for every host goes under defaults
hosts.yaml:3:40: groups has no value
hosts.yaml:5:3: group "all" is every host, always: what holds for every host goes under defaults
hosts.yaml:6:3: group "a,b" has ',' where a name cannot`},
		{"groups disagree", `
hosts:
  web[1-2]: {groups: [web, prod]}
  web3: {groups: [prod, web], port: 22, identity_file: x, vars: {role: x}, params: {a.b: 3}}
groups:
  web: {port: 2201, identity_file: [a, b], vars: {role: edge, same: [1, {a: 2}]}, params: {a.b: 1}}
  prod:
    port: 2202
    identity_file: a
    vars: {role: core, same: [1, {a: 2}]}
    params: {a.b: 2}
`, `hosts.yaml:3:28: host web[1-2]: groups "web" (line 6) and "prod" (line 10) disagree on var role: set it on the host
hosts.yaml:3:28: host web[1-2]: groups "web" (line 6) and "prod" (line 11) disagree on param a.b: set it on the host
hosts.yaml:3:28: host web[1-2]: groups "web" (line 6) and "prod" (line 8) disagree on port: set it on the host
hosts.yaml:3:28: host web[1-2]: groups "web" (line 6) and "prod" (line 9) disagree on identity_file: set it on the host`},
		{"params", `
hosts:
  web1: {params: {limit: 3, .x: 1, a.: 2, a.b: {c: 1}, c.d: }}
`, `hosts.yaml:3:19: param "limit" is not written as rule.param
hosts.yaml:3:29: param ".x" is not written as rule.param
hosts.yaml:3:36: param "a." is not written as rule.param
hosts.yaml:3:48: param "a.b": expected a value or a list of values
hosts.yaml:3:61: param "c.d": expected a value or a list of values`},
		{"vars", `
hosts:
  web1: {vars: {a: .inf, b: [.nan], c: {d: 1, d: 2}, e: !!int x}}
`, `hosts.yaml:3:20: .inf is not a finite number
hosts.yaml:3:30: .nan is not a finite number
hosts.yaml:3:47: duplicate key "d" (first at line 3)
hosts.yaml:3:57: "x" is not a value of type !!int`},
		{"vars without an end", `
hosts:
  web1: {vars: {a: &x [*x]}}
`, `hosts.yaml:3:20: values nest deeper than 32, or are more than 1000000 with aliases resolved`},

		{"addr", `
hosts:
  web[01-12]: {addr: 10.0.0.1}
  db[1-3]: {addr: "10.0.1.[1-2]"}
  one: {addr: "10.0.2.[1-2]"}
  two: {addr: "10.0.2.1:22"}
  three: {addr: bob@10.0.2.1}
  four: {addr: "10.0.2.[2-1]"}
  five: {addr: }
`, `hosts.yaml:3:22: addr "10.0.0.1" is 1 address for 12 hosts: write a range of as many
hosts.yaml:4:19: addr "10.0.1.[1-2]" is 2 addresses for 3 hosts: write a range of as many
hosts.yaml:5:15: addr "10.0.2.[1-2]" is 2 addresses for 1 host: write a range of as many
hosts.yaml:6:15: addr "10.0.2.1:22" has a colon: a port goes under the key port
hosts.yaml:7:17: addr "bob@10.0.2.1" has '@' where a name cannot
hosts.yaml:8:16: addr "10.0.2.[2-1]": range 2-1 is empty
hosts.yaml:9:16: addr has no value`},

		{"jump through itself", `
hosts:
  web1: {jump: web1}
  web2: {jump: bob@web2:22}
`, `hosts.yaml:3:16: host web1 jumps through itself
hosts.yaml:4:16: host web2 jumps through itself`},
		{"cycles", `
hosts:
  a: {jump: b}
  b: {jump: a}
  c: {jump: d}
  d: {jump: e}
  e: {jump: c}
  f: {jump: c}
`, `hosts.yaml:3:13: jump cycle: a, b, a
hosts.yaml:4:13: jump cycle: b, a, b
hosts.yaml:5:13: jump cycle: c, d, e, c
hosts.yaml:6:13: jump cycle: d, e, c, d
hosts.yaml:7:13: jump cycle: e, c, d, e`},
		{"local hosts and jumps", `
hosts:
  a: {transport: local, jump: b}
  b: {jump: c}
  c: {transport: local}
`, `hosts.yaml:3:31: jump: a host with transport local is not dialled
hosts.yaml:4:13: jump host c has transport local: there is nothing to jump through`},

		{"syntax: unclosed mapping", `
hosts:
  web1: {user: bob, port: 22
  web2: {}
`, `hosts.yaml:4:3: YAML: did not find expected ',' or '}' (close each {; within it, quote text that has brackets)`},
		{"syntax: indentation", `
hosts:
  web1: {}
 web2: {}
`, `hosts.yaml:4:2: YAML: did not find expected key`},
		{"syntax: tab", "hosts:\n\tweb1: {}\n",
			"hosts.yaml:2:2: YAML: found character that cannot start any token (indent with blanks, not tabs; quote text that begins with @, ` or %)"},
		{"syntax: first line", "hosts: web1: web2\n", `hosts.yaml:1:1: YAML: mapping values are not allowed in this context`},
		{"syntax: unclosed quote", "hosts:\n  web1:\n    user: \"bob\n  web2: {}\n", `hosts.yaml:3:5: YAML: found unexpected end of stream`},
		{"syntax: unclosed quote in the first line", "hosts: 'x\n", `hosts.yaml:1:1: YAML: found unexpected end of stream`},
		{"syntax: unknown anchor", "hosts:\n  web1: {user: *bob}\n", `hosts.yaml:2:3: YAML: unknown anchor 'bob' referenced`},
		{"syntax: control character", "hosts:\n  web1: x\x01y\n", `hosts.yaml:2:3: YAML: control characters are not allowed`},
		{"syntax: second document", "hosts: {a: }\n---\nhosts: {b: }\n", `hosts.yaml:3:1: a second YAML document: an inventory is one`},
		{"syntax: broken second document", "hosts: {a: }\n---\nhosts: {b: \n", `hosts.yaml:3:1: YAML: did not find expected node content`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inv, err := inventory.Parse("hosts.yaml", []byte(tc.in))
			if err == nil {
				t.Fatalf("no error; hosts %+v", inv.Hosts)
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("errors (-want +got):\n%s\nin full:\n%s", diff, err)
			}
			if inv != nil {
				t.Error("an inventory beside an error")
			}
		})
	}
}

func TestParseErrorsAreTyped(t *testing.T) {
	_, err := inventory.Parse("dir/hosts.yaml", []byte("hosts:\n  web1: {usr: a}\n"))
	want := &inventory.Error{File: "dir/hosts.yaml", Line: 2, Column: 10, Msg: `unknown key "usr" (did you mean "user"?)`}
	got, ok := errors.AsType[*inventory.Error](err)
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Error(diff)
	}
}

// A broken file tells its first 20 errors, in order, and how many more there are.
func TestParseErrorsAreBounded(t *testing.T) {
	var in, want strings.Builder
	in.WriteString("hosts:\n")
	for i := range 50 {
		fmt.Fprintf(&in, "  web%d: {port: 0}\n", i)
		if i < 20 {
			fmt.Fprintf(&want, "h:%d:%d: port \"0\" is not a number from 1 to 65535\n", i+2, 16+len(fmt.Sprint(i))-1)
		}
	}
	want.WriteString("h: and 30 more errors")
	_, err := inventory.Parse("h", []byte(in.String()))
	if diff := cmp.Diff(want.String(), fmt.Sprint(err)); diff != "" {
		t.Error(diff)
	}
}
