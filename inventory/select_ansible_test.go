package inventory_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet"
)

// An inventory in both formats. Host names do not look like places in groups,
// which is where the two differ on purpose.
const (
	bothAnsible = `
lone1
"::5"

[front]
front-c.example.com
front-a.example.com
front-b.example.com

[web]
web01
web02
web03
web10
web11

[db]
db-master
db-a
db-b

[edge.north]
10.0.0.1
10.0.0.2
fd00::1
fd00::2

[prod]
web01
web02
web10
db-master
front-a.example.com

[empty]
`
	bothOurs = `
hosts:
  lone1:
  "::5":
  front-c.example.com: {groups: [front]}
  front-a.example.com: {groups: [front, prod]}
  front-b.example.com: {groups: [front]}
  web01: {groups: [web, prod]}
  web02: {groups: [web, prod]}
  web03: {groups: [web]}
  web10: {groups: [web, prod]}
  web11: {groups: [web]}
  db-master: {groups: [db, prod]}
  db-a: {groups: [db]}
  db-b: {groups: [db]}
  10.0.0.1: {groups: [edge.north]}
  10.0.0.2: {groups: [edge.north]}
  fd00::1: {groups: [edge.north]}
  fd00::2: {groups: [edge.north]}
groups: {empty: }
`
)

// askAnsible makes Ansible select: one limit to a line of stdin, one list of
// hosts to a line of stdout. Each is what "ansible LIMIT --list-hosts" lists, or
// with a file of patterns "ansible all --limit LIMIT --list-hosts".
const askAnsible = `
import json, sys
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
m = InventoryManager(loader=DataLoader(), sources=[sys.argv[1]])
for line in sys.stdin:
    limit = json.loads(line)
    try:
        m.subset(limit if "@" in limit else None)
        print(json.dumps([str(h) for h in m.list_hosts("all" if "@" in limit else limit)]))
    except Exception as e:
        print(json.dumps(str(e)))
`

// ansiblePython returns the interpreter that Ansible runs in.
func ansiblePython(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("ansible")
	if err != nil && os.Getenv("FLEETNET_CI") != "1" {
		t.Skip("ansible is not installed")
	}
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	first, _ := bufio.NewReader(f).ReadString('\n')
	fields := strings.Fields(strings.TrimPrefix(first, "#!"))
	if len(fields) == 0 {
		t.Fatalf("%s begins with %q", path, first)
	}
	return fields[len(fields)-1]
}

// ansibleSelects returns what Ansible selects for each limit, a []string or an error's text.
func ansibleSelects(t *testing.T, limits []string) []any {
	t.Helper()
	python := ansiblePython(t)
	hosts := filepath.Join(t.TempDir(), "hosts")
	if err := os.WriteFile(hosts, []byte(strings.ReplaceAll(bothAnsible, `"`, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	var in bytes.Buffer
	for _, limit := range limits {
		if err := json.NewEncoder(&in).Encode(limit); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), python, "-c", askAnsible, hosts)
	cmd.Stdin = &in
	out, err := cmd.Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("%v: %s", err, failed.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	var selected []any
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		if list, ok := v.([]any); ok {
			names := []string{}
			for _, name := range list {
				names = append(names, name.(string))
			}
			v = names
		}
		selected = append(selected, v)
	}
	if len(selected) != len(limits) {
		t.Fatalf("Ansible answered %d of %d limits", len(selected), len(limits))
	}
	return selected
}

// TestSelectAsAnsible compares limits with what Ansible makes of them, which is
// the same list of hosts, or none where ours is an error.
func TestSelectAsAnsible(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"list":    "web01\nweb02\n",
		"mixed":   "web\n!web01\n&prod\n",
		"without": "!web01\n!db\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	limits := []string{
		"all", "*", "web", "web01", "web01,web02", "web:db", "web,db", " web , db ", "web:&prod", "web:!web02", "web:&prod:!web02", "web,&prod,!web02",
		"!web:all", "!web", "!web:!db", "&prod", "&prod:&web", "&prod,!web", "all:!prod", "!prod:web:db", "web:web01:web", "db:!db-*",
		"web*", "web0*", "web?1", "w*,d*", "*.example.com", "front*", "*-a*", "f*:&prod", "10.0.0.*", "1?.*", "pr?d", "*b*", "d?", "edge.*", "e*",
		"web*:!web1*", "*:!*.example.com", "!w*:!d*",
		"~web", "~web0[12]", "~web(01|1\\d)$", "~(web|db)", "~.*example", "~db-[a-b]:web01", "~^web0", "~eb", "!~web", "all:!~.*\\.", "&~p,web", "~w.b..$,&~.*1",
		"~[wd]", "~web\\d{2}$:!~web\\d1",
		"web[0]", "web[2]", "web[-1]", "web[-5]", "web[0:0]", "web[0:2]", "web[1:]", "web[4:]", "web[0]:web[-1]", "web[0],db[0]", "!web[0]:web",
		"db[0]", "db[-1]", "db[1:2]", "front[0]", "front[-1]", "front[0:1]", "front[1:]:&prod", "all[0]", "all[-1]", "all[1:2]", "db-*[-1]", "edge.north[0]", "edge.north[2:]",
		"ungrouped", "ungrouped[0]", "!ungrouped", "all:!ungrouped", "ungrouped,web", "lone1", "lone*",
		"web[5]", "web[-6]", "db[3]", "web[7:8]", "empty", "empty[0]", "empty,web", "nosuch", "nosuch*", "~nosuch", "web:!web", "web:&db", "nosuch[0]",
		"10.0.0.1", "10.0.0.1:web", "10.0.0.1,10.0.0.2", "fd00::1", "fd00::1,fd00::2", "::5", "::5,web", "all,!::5", "fd00::1,&edge.north", "web,!fd00::1",
		"localhost", "127.0.0.1", "all:!localhost", "web,localhost", "!localhost",
		"@list", "@./list", "@list,&prod", "@list,db", "@list,!web01", "@mixed", "@mixed:db-a", "@without", "web,@without", "db,@list,!db-a",
	}
	inv := parse(t, bothOurs)
	for i, theirs := range ansibleSelects(t, limits) {
		hosts, err := inv.Select(limits[i])
		want, _ := theirs.([]string)
		got := []string{}
		for _, h := range hosts {
			got = append(got, h.Name)
		}
		if slices.Equal(want, []string{"127.0.0.1"}) {
			want = []string{"localhost"} // the name under which this machine is reported
		}
		want = slices.Clone(want)
		slices.SortFunc(want, fleetnet.NaturalCompare)
		slices.SortFunc(got, fleetnet.NaturalCompare)
		if diff := cmp.Diff(strings.Join(want, " "), strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-Ansible +got): %v\n%s", limits[i], err, diff)
		}
		if (err == nil) != (len(want) > 0) {
			t.Errorf("%s: Ansible says %v, error %v", limits[i], theirs, err)
		}
	}
}

// TestSelectUnlikeAnsible pins where limits differ from Ansible's on purpose:
// docs/inventory.md says each.
func TestSelectUnlikeAnsible(t *testing.T) {
	inv := parse(t, bothOurs)
	limits := map[string]string{ // to what they select
		"web[01]":             "web01",      // a range of hosts, not a place
		"web[10:11]":          "web[10-11]", // the same
		"web[0-1]":            "",           // bounds with a dash are a range
		"web[01-03]":          "web[01-03]", // the same
		"a*":                  "",           // no pattern means the group all
		"ungr*":               "",           // nor ungrouped
		"web,nosuch":          "",           // what matches nothing is an error
		"web:[fd00::1]":       "fd00::1,web[01-03,10-11]",
		"~web(?:01|02){1,2}$": "web[01-02]",                              // separators within brackets of an expression are none
		"~we(?:b|c)01":        "web01",                                   // the same
		"web[1:99]":           "web[10-11]",                              // names of hosts
		"w*[0]":               "web10",                                   // the same
		"front*[1:]":          "front-a.example.com,front-b.example.com", // without the hosts that the pattern means too
		"prod[0]":             "front-a.example.com",                     // the inventory names it first, though not the group
	}
	expressions := []string{}
	for limit := range limits {
		expressions = append(expressions, limit)
	}
	slices.Sort(expressions)
	for i, theirs := range ansibleSelects(t, expressions) {
		limit := expressions[i]
		hosts, err := inv.Select(limit)
		if got := folded(hosts); got != limits[limit] || (err == nil) != (got != "") {
			t.Errorf("%s selects %q, want %q: %v", limit, got, limits[limit], err)
		}
		if names, ok := theirs.([]string); ok && fleetnet.Fold(names) == limits[limit] {
			t.Errorf("%s: Ansible agrees", limit)
		}
	}
}
