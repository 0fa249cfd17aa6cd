package inventory_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/fleetnet/fleetnet/inventory"
)

var update = flag.Bool("update", false, "rewrite what testdata/ansible expects")

// ansibleCase is a file below testdata/ansible: sources, a line each, after what the case
// is about; the files that they read; in "ansible" what ansible-inventory says of
// them, or "refused"; and in "fleetnet" what becomes of them here.
type ansibleCase struct {
	path    string
	archive *txtar.Archive
	dir     string
	Sources []string
}

// Answer is what ansible-inventory says.
type answer struct {
	Code   int
	Stdout string
	Stderr string
}

// TestAnsible reads what ansible-inventory reads, and expects the same hosts, groups and
// variables. Where ansible-inventory is installed it is asked again.
func TestAnsible(t *testing.T) {
	cases := ansibleCases(t)
	if len(cases) < 25 {
		t.Fatalf("%d cases below testdata/ansible", len(cases))
	}
	live := listAnsible(t, cases)
	for i, c := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(c.path), ".txtar"), func(t *testing.T) {
			if live != nil {
				said := live[i].text(t)
				if *update {
					c.set("ansible", said)
				} else if diff := cmp.Diff(c.get("ansible"), said); diff != "" {
					t.Errorf("ansible-inventory has changed its mind (-recorded +now):\n%s", diff)
				}
			}
			c.check(t)
		})
	}
}

func ansibleCases(t *testing.T) []*ansibleCase {
	files, err := filepath.Glob("testdata/ansible/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var out []*ansibleCase
	for _, path := range files {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		path, _ = filepath.Abs(path)
		c := &ansibleCase{path: path, archive: a, dir: t.TempDir()}
		for line := range strings.Lines(string(a.Comment)) {
			if source, ok := strings.CutPrefix(strings.TrimSpace(line), "-i "); ok {
				c.Sources = append(c.Sources, source)
			}
		}
		for _, f := range a.Files {
			writeCase(t, filepath.Join(c.dir, f.Name), f.Data)
		}
		out = append(out, c)
	}
	return out
}

// writeCase writes a file, which can be executed when it begins with #!.
func writeCase(t *testing.T, path string, data []byte) {
	mode := os.FileMode(0o600)
	if bytes.HasPrefix(data, []byte("#!")) {
		mode = 0o700
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, mode); err != nil {
		t.Fatal(err)
	}
}

func (c *ansibleCase) get(name string) string {
	for _, f := range c.archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func (c *ansibleCase) set(name, text string) {
	for i, f := range c.archive.Files {
		if f.Name == name {
			c.archive.Files[i].Data = []byte(text)
			return
		}
	}
	c.archive.Files = append(c.archive.Files, txtar.File{Name: name, Data: []byte(text)})
}

func (c *ansibleCase) check(t *testing.T) {
	t.Chdir(c.dir)
	view, inv, lines, err := inventory.ReadAnsible(t.Context(), c.Sources...)
	lines = strings.ReplaceAll(lines, c.dir, "$WORK")
	ours := "refused\n"
	if err == nil {
		ours = indented(t, view)
	}
	if diff := cmp.Diff(c.get("ansible"), ours); diff != "" && !strings.Contains(string(c.archive.Comment), "differs:") {
		t.Errorf("hosts, groups and variables (-Ansible +fleetnet):\n%s\n%v", diff, err)
	}
	if said := lines + indented(t, inv); strings.Contains(said, "hunter") {
		t.Errorf("a secret is told:\n%s", said)
	}
	if *update {
		c.set("fleetnet", lines)
		if err := os.WriteFile(c.path, txtar.Format(c.archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(c.get("fleetnet"), lines); diff != "" {
		t.Errorf("what becomes of it (-want +got):\n%s", diff)
	}
}

func indented(t *testing.T, v any) string {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

// listAnsible returns what ansible-inventory says of each case, nil where it is
// missing. One process answers for all: starting Python takes longer than the answers.
func listAnsible(t *testing.T, cases []*ansibleCase) []answer {
	path, err := exec.LookPath("ansible-inventory")
	if err != nil {
		if os.Getenv("FLEETNET_CI") == "1" || *update {
			t.Fatal("ansible-inventory is missing (Debian package ansible-core)")
		}
		t.Log("ansible-inventory is missing: only what it once said is compared")
		return nil
	}
	script, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(script), "\n")
	python := strings.Fields(strings.TrimPrefix(first, "#!"))
	driver, _ := filepath.Abs("testdata/ansible/ask.py")
	cmd := exec.CommandContext(t.Context(), python[0], append(slices.Clone(python[1:]), driver)...)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "ANSIBLE_CONFIG="+emptyConfig(t), "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=true",
		"ANSIBLE_INVENTORY_ENABLED=advanced_host_list,script,auto,yaml,ini", "ANSIBLE_NOCOLOR=1", "PYTHONDONTWRITEBYTECODE=1")
	var in []map[string]any
	for _, c := range cases {
		in = append(in, map[string]any{"dir": c.dir, "sources": c.Sources})
	}
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, cmd.Stderr = bytes.NewReader(text), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers []answer
	if err := json.Unmarshal(out, &answers); err != nil || len(answers) != len(cases) {
		t.Fatalf("%d answers, %v: %s", len(answers), err, out)
	}
	return answers
}

// text writes an answer as c.check writes ours.
func (a answer) text(t *testing.T) string {
	if a.Code != 0 {
		return "refused\n"
	}
	var groups map[string]struct {
		Hosts, Children []string
		Hostvars        map[string]map[string]any
	}
	if err := json.Unmarshal([]byte(a.Stdout), &groups); err != nil {
		t.Fatalf("%v in %s%s", err, a.Stdout, a.Stderr)
	}
	view := inventory.AnsibleView{Hosts: map[string]map[string]any{}, Groups: map[string][]string{}}
	for name := range groups {
		hosts := map[string]bool{}
		var add func(name string)
		add = func(name string) {
			for _, h := range groups[name].Hosts {
				hosts[h] = true
			}
			for _, child := range groups[name].Children {
				add(child)
			}
		}
		add(name)
		for h := range hosts {
			if view.Hosts[h] = plainVars(groups["_meta"].Hostvars[h]); name != "all" {
				view.Groups[name] = append(view.Groups[name], h)
			}
		}
		slices.Sort(view.Groups[name])
	}
	return indented(t, view)
}

// plainVars returns variables without passwords for logging in, and without what is
// encrypted.
func plainVars(vars map[string]any) map[string]any {
	for _, name := range []string{"ansible_password", "ansible_ssh_pass", "ansible_ssh_password", "ansible_become_password", "ansible_become_pass", "ansible_sudo_pass", "ansible_su_pass"} {
		delete(vars, name)
	}
	for name, v := range vars {
		if v, ok := plainVar(v); ok {
			vars[name] = v
		} else {
			delete(vars, name)
		}
	}
	if len(vars) == 0 {
		return nil
	}
	return vars
}

func plainVar(v any) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		if v["__ansible_vault"] != nil {
			return nil, false
		}
		if s, ok := v["__ansible_unsafe"]; ok {
			return s, true
		}
		for name, item := range v {
			if item, ok := plainVar(item); ok {
				v[name] = item
			} else {
				delete(v, name)
			}
		}
	case []any:
		for i := range v {
			v[i], _ = plainVar(v[i])
		}
	}
	return v, true
}

// emptyConfig returns a configuration of Ansible that says nothing.
func emptyConfig(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "ansible.cfg")
	writeCase(t, path, nil)
	return path
}
