package inventory_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet/inventory"
)

// sourceFiles writes files into a folder that becomes the current one. Those whose text begins
// with #! can be executed.
func sourceFiles(t *testing.T, files map[string]string) {
	dir := t.TempDir()
	for name, text := range files {
		writeCase(t, filepath.Join(dir, name), []byte(text))
	}
	t.Chdir(dir)
}

// addrs writes hosts as name=addr:port.
func addrs(inv *inventory.Inventory) string {
	var out []string
	for _, h := range inv.Hosts {
		out = append(out, h.Name+"="+h.Addr)
	}
	return strings.Join(out, " ")
}

func TestLoadShapes(t *testing.T) {
	for _, tc := range []struct {
		name, file, text string
		want             string // hosts, or the error
	}{
		{"ours", "hosts.yaml", "hosts: {web1: {addr: 10.0.0.1}}", "web1=10.0.0.1"},
		{"ours by another name", "fleet", "defaults: {user: a}\nhosts: {web1: }", "web1=web1"},
		{"ours in JSON", "hosts.json", `{"hosts": {"web1": {"addr": "10.0.0.1"}}}`, "web1=10.0.0.1"},
		{"ours with a host called hosts", "hosts.yaml", "hosts: {hosts: , web: }", "hosts=hosts web=web"},
		{"Ansible's in a file called hosts.yaml", "hosts.yaml", "all: {hosts: {web1: {ansible_host: 10.0.0.1}}}", "web1=10.0.0.1"},
		{"Ansible's with a group called hosts", "x.yml", "hosts: {hosts: {web1: }}", "web1=web1"},
		{"INI in a file called .yml", "x.yml", "[web]\nweb1 ansible_host=10.0.0.1", "web1=10.0.0.1"},
		{"INI with a byte order mark", "hosts", "\ufeffweb1", "web1=web1"},
		{"INI whose first line is JSON too", "hosts", "[1]\nweb1", "web1=web1"},
		{"list in JSON", "hosts", `["web1", "web2"]`, "web1=web1 web2=web2"},
		{"flow YAML", "hosts", "{all: {hosts: {web1: }}}", "web1=web1"},

		{"ours, broken", "hosts.yaml", "hosts: {web1: {usr: a}}", `hosts.yaml:1:16: unknown key "usr" (did you mean "user"?)`},
		{"ours, with a key too many", "hosts.yaml", "hosts: {web1: }\nhots: {web2: }", `hosts.yaml:2:1: unknown key "hots" (did you mean "hosts"?)`},
		{"ours, without hosts", "hosts.yaml", "defaults: {vars: {a: 1}}", `hosts.yaml:1:1: no hosts`},
		{"ours, with a syntax error", "hosts.yaml", "hosts:\n  web1: {}\n web2: {}\n", `hosts.yaml:3:2: YAML: did not find expected key`},
		{"ours, empty", "hosts.yaml", "# nothing\n", `hosts.yaml:1:1: no hosts: the file is empty`},
		{"misspelt", "hosts.yaml", "hots: {web1: }", `hosts.yaml:1:1: neither an inventory of fleetnet, with defaults, hosts and groups at its top, nor one of Ansible, with groups such as all that have hosts, children or vars: "hots" is none of these (did you mean "hosts"?)`},
		{"JSON, broken", "hosts.json", "{\"all\":\n  {\"hosts\": [}\n", `hosts.json:2:13: JSON: invalid character '}' looking for beginning of value`},
		{"JSON, two values", "hosts.json", "{}\n{}", `hosts.json:2:2: JSON: more than one value`},
		{"Ansible's YAML, broken", "x.yml", "all:\n  hosts: {a\n", `x.yml:2:3: YAML: did not find expected ',' or '}' (close each {; within it, quote text that has brackets)`},
		{"two documents", "x.yml", "all: {hosts: {a: }}\n---\nall: {hosts: {b: }}\n", `x.yml:3:1: a second YAML document: an inventory is one`},
		{"a program without #!", "x.py", "import json", `x.py:1:8: expected name=value after host "import"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			sourceFiles(t, map[string]string{tc.file: tc.text})
			inv, err := (inventory.Reader{}).Load(t.Context(), tc.file)
			got := ""
			if err == nil {
				got = addrs(inv)
			} else {
				got = err.Error()
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLoadMixed(t *testing.T) {
	sourceFiles(t, map[string]string{
		"ours.yaml": "hosts: {web1: {jump: gw}, db1: {jump: gw}}\n",
		"theirs":    "[jumps]\ngw ansible_host=192.0.2.1 ansible_port=2222 ansible_user=j\n",
		"clash":     "[web]\nweb0\nweb1\n",
		"dir/a":     "x1\n",
		"dir/b.yml": "hosts: {x2: {addr: 10.0.0.2}}\n",
	})
	inv, err := (inventory.Reader{Stdin: strings.NewReader(`{"g": ["s1"]}`)}).Load(t.Context(), "ours.yaml", "theirs", "dir", "-", "l1,")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("db1=db1 gw=192.0.2.1 l1=l1 s1=s1 web1=web1 x1=x1 x2=10.0.0.2", addrs(inv)); diff != "" {
		t.Error(diff)
	}
	if h := host(t, inv, "web1"); through(h) != "j@192.0.2.1 port 2xxx" || h.Jump != host(t, inv, "db1").Jump {
		t.Errorf("web1 goes through %q", through(h))
	}
	for limit, want := range map[string]string{"jumps": "gw", "ungrouped": "l1,x1", "!ungrouped": "db1,gw,s1,web1,x2"} {
		if got, err := inv.Select(limit); folded(got) != want {
			t.Errorf("limit %s: %s, %v; want %s", limit, folded(got), err, want)
		}
	}
	_, err = (inventory.Reader{}).Load(t.Context(), "clash", "ours.yaml")
	if want := "ours.yaml:1:9: duplicate host web1 (first in clash:3)"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	_, err = (inventory.Reader{}).Load(t.Context(), "ours.yaml", "ours.yaml")
	if err == nil || !strings.Contains(err.Error(), "duplicate host web1 (first in ours.yaml:1)") {
		t.Errorf("one file twice: %v", err)
	}
}

func TestLoadStdin(t *testing.T) {
	for text, want := range map[string]string{
		"web1\nweb2 ansible_host=10.0.0.2\n": "web1=web1 web2=10.0.0.2",
		"hosts: {a: {addr: b}}\n":            "a=b",
		"all: {hosts: {a: }}\n":              "a=a",
		`{"_meta": {"hostvars": {"a": {"ansible_host": "b"}}}, "all": {"hosts": ["a"]}}`: "a=b",
		"hosts: {a: {usr: b}}\n": `standard input:1:13: unknown key "usr" (did you mean "user"?)`,
		"a b\n":                  `standard input:1:3: expected name=value after host "a"`,
		"":                       "standard input:1:1: no hosts: the file is empty",
	} {
		inv, err := (inventory.Reader{Stdin: strings.NewReader(text)}).Load(t.Context(), "-")
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = addrs(inv)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", text, diff)
		}
	}
	if _, err := (inventory.Reader{}).Load(t.Context(), "-"); err == nil || !strings.Contains(err.Error(), "no standard input") {
		t.Errorf("no standard input: %v", err)
	}
	if _, err := (inventory.Reader{Stdin: strings.NewReader("a")}).Load(t.Context(), "-", "-"); err == nil || !strings.Contains(err.Error(), "only once") {
		t.Errorf("standard input twice: %v", err)
	}
}

// A text file may be marked as a program, as all files of some file systems are.
func TestLoadExecutableText(t *testing.T) {
	sourceFiles(t, map[string]string{"hosts": "[web]\nweb1\n", "script": "#!/bin/sh\necho '{\"g\": [\"s1\"]}'\n"})
	if err := os.Chmod("hosts", 0o755); err != nil {
		t.Fatal(err)
	}
	inv, err := (inventory.Reader{}).Load(t.Context(), "hosts")
	if err != nil || addrs(inv) != "web1=web1" {
		t.Errorf("%v", err)
	}
	if err := os.Chmod("script", 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (inventory.Reader{}).Load(t.Context(), "script"); err == nil || !strings.Contains(err.Error(), "chmod +x script") {
		t.Errorf("a script without its bit: %v", err)
	}
}

// A program that hangs ends with the context, and what it starts does not hold the
// reader up.
func TestLoadProgramHangs(t *testing.T) {
	sourceFiles(t, map[string]string{"hangs": "#!/bin/sh\nsleep 60 &\nsleep 60\n"})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := (inventory.Reader{}).Load(ctx, "hangs")
	if err == nil || !strings.Contains(err.Error(), "run hangs --list: context deadline exceeded") {
		t.Errorf("%v", err)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
}

// No shell sees the name of a program.
func TestLoadProgramWithoutShell(t *testing.T) {
	const name = "a; touch pwned"
	sourceFiles(t, map[string]string{name: "#!/bin/sh\necho '{\"g\": [\"s1\"], \"_meta\": {\"hostvars\": {}}}'\n"})
	inv, err := (inventory.Reader{}).Load(t.Context(), name)
	if err != nil || addrs(inv) != "s1=s1" {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat("pwned"); err == nil {
		t.Error("a shell has read the name of the program")
	}
}

// Every host is asked for once, a few at the same time, when there is no _meta.
func TestLoadProgramHosts(t *testing.T) {
	sourceFiles(t, map[string]string{"inv": "#!/bin/sh\nif test $1 = --list; then echo '{\"g\": [\"h1\",\"h2\",\"h3\",\"h4\",\"h5\",\"h6\",\"h7\",\"h8\",\"h9\",\"h10\"]}'; else echo $2 >> asked; echo \"{\\\"ansible_host\\\": \\\"at-$2\\\"}\"; fi\n"})
	inv, err := (inventory.Reader{}).Load(t.Context(), "inv")
	if err != nil {
		t.Fatal(err)
	}
	if got := addrs(inv); !strings.Contains(got, "h1=at-h1 ") || !strings.Contains(got, "h10=at-h10") {
		t.Error(got)
	}
	if asked, _ := os.ReadFile("asked"); strings.Count(string(asked), "\n") != 10 {
		t.Errorf("asked for %q", asked)
	}
}

// What looks like a secret by its name stays out of recordings, at any depth.
func TestHostJSONHidesSecrets(t *testing.T) {
	h := inventory.Host{Name: "a", Vars: map[string]any{
		"db_password": "hunter2", "API-KEY": "hunter2", "apiKey": []any{"hunter2"}, "vault_token": 7,
		"ansible_ssh_private_key_file": "/k", "private_key": "hunter2", "rack": "r7",
		"deep": map[string]any{"list": []any{map[string]any{"Secret": "hunter2", "x": 1}, 5}},
	}}
	text, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"name":"a","addr":"","port":0,"platform":"","transport":"","vars":{"API-KEY":"(hidden)","ansible_ssh_private_key_file":"/k",` +
		`"apiKey":"(hidden)","db_password":"(hidden)","deep":{"list":[{"Secret":"(hidden)","x":1},5]},"private_key":"(hidden)","rack":"r7","vault_token":"(hidden)"}}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Error(diff)
	}
	if h.Vars["db_password"] != "hunter2" || h.Vars["deep"].(map[string]any)["list"].([]any)[0].(map[string]any)["Secret"] != "hunter2" {
		t.Error("the host itself has changed")
	}
}

// FuzzAnsible checks that no text breaks the readers of Ansible's formats, and that what
// they pass keeps the promises of Host.
func FuzzAnsible(f *testing.F) {
	for _, text := range []string{
		"web[01:03]:22 a=1 b=\"{'x': [1, None]}\" # c\n[g:children]\nweb\n[web]\nh\n[web:vars]\nansible_host={{ inventory_hostname }}\n",
		"all: {hosts: {a: &x {b: [*x], <<: *x}}, children: {g: {children: {g: }}}}\n",
		"a: &a [b,b]\nall: {vars: {x: &b [*a,*a]}, hosts: {h: {v: *b, ansible_port: 1:30, ansible_become: on}}}\n",
		`{"g": {"hosts": ["a"], "vars": {"n": 1e400, "ansible_ssh_common_args": "-o A=b -J x"}}, "_meta": {"hostvars": {"a": {"x": {"__ansible_vault": "y"}}}}}`,
		"x ansible_ssh_args='-oA=b -4p22 -F x' ansible_password=\"{{ lookup('env','X') }}\" ansible_user='{{ a.b }}'\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return
		}
		inv, err := (inventory.Reader{Stdin: strings.NewReader(text)}).Load(t.Context(), "-")
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
			h.Password, h.BecomePass = inventory.Secret{}, inventory.Secret{} // they do not come back
			checkPromises(t, inv, h)
		}
	})
}

// BenchmarkAnsible reads 10,000 hosts in 100 groups, with variables of groups in
// files and of hosts in lines.
func BenchmarkAnsible(b *testing.B) {
	dir := b.TempDir()
	var hosts strings.Builder
	for g := range 100 {
		n := string(rune('a'+g/26)) + string(rune('a'+g%26))
		hosts.WriteString("[" + n + "]\n")
		for i := range 100 {
			hosts.WriteString(n + "-" + strings.Repeat("0", 3-len(itoa(i))) + itoa(i) + " ansible_host=10.0." + itoa(g) + "." + itoa(i) + " rack='r " + itoa(i) + "' n=" + itoa(i) + "\n")
		}
		path := filepath.Join(dir, "group_vars", n+".yml")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.Repeat("# filler\n", 10)+"ansible_user: ops\nrole: "+n+"\nlist: [1, 2, 3]\nmap: {a: 1, b: {c: 2}}\n"), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "hosts"), []byte(hosts.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		inv, err := (inventory.Reader{}).Load(b.Context(), dir)
		if err != nil || len(inv.Hosts) != 10_000 {
			b.Fatal(err)
		}
	}
}

func itoa(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}
