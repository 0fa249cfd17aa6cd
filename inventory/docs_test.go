package inventory_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet/inventory"
)

// TestDocs checks that the example of the manual is an inventory, and that what the
// manual says of it holds.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile("../docs/inventory.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(text), "```yaml\n")
	example, rest, _ := strings.Cut(example, "```\n")
	inv := parse(t, example)
	for name, want := range map[string]string{
		"web07.example.com": "ops@192.0.2.11 port 2xxx",
		"node2":             "ops@192.0.2.10 port 2xxx",
		"bastion1":          "",
		"bastion2":          "",
		"lab1":              "",
		"here":              "",
	} {
		if got := through(host(t, inv, name)); got != want {
			t.Errorf("%s goes through %q, want %q", name, got, want)
		}
	}
	if got := host(t, inv, "node2").Addr; got != "10.0.3.12" {
		t.Errorf("node2 has the address %s", got)
	}
	for _, limit := range []string{"web,db,&prod", "@k8s,!node1", "web:!db1:&prod", "!web[03-05].example.com"} {
		if _, err := inv.Select(limit); !strings.Contains(rest, "-l "+limit) && !strings.Contains(rest, "-l '"+limit+"'") || err != nil {
			t.Errorf("limit %s of the manual: %v", limit, err)
		}
	}
}

// TestDocsKeys checks that the tables of the manual have the keys there are,
// no more and no less.
func TestDocsKeys(t *testing.T) {
	text, err := os.ReadFile("../docs/inventory.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tables, _ := strings.Cut(string(text), "## Keys\n")
	tables, _, _ = strings.Cut(tables, "## Names\n")
	var got []string
	for line := range strings.Lines(tables) {
		if key, ok := strings.CutPrefix(line, "| `"); ok {
			key, _, _ = strings.Cut(key, "`")
			got = append(got, key)
		}
	}
	if diff := cmp.Diff(inventory.Keys(), got); diff != "" {
		t.Errorf("keys (-read +documented):\n%s", diff)
	}
}
