package fleetnet_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/fleetnet/fleetnet"

// edges is every import of ours that a package may have. A package that is not
// listed may import none of ours.
var edges = map[string][]string{
	"":                   {},
	"inventory":          {""},
	"runner":             {"", "inventory"},
	"parsers/field":      {""},
	"parsers/services":   {"parsers/field"},
	"parsers/command":    {""},
	"parsers/jsontext":   {""},
	"parsers/sockets":    {"", "parsers/field", "parsers/services"},
	"parsers/linux":      {"", "parsers/field", "parsers/jsontext", "parsers/services", "parsers/command", "parsers/sockets"},
	"parsers/bsdnet":     {"", "parsers/field", "parsers/services", "parsers/command", "parsers/sockets"},
	"parsers/parsertest": {""},
	"parsers/darwin":     {"", "parsers/field", "parsers/command", "parsers/sockets", "parsers/bsdnet"},
	"parsers/bsd":        {"", "parsers/field", "parsers/services", "parsers/command", "parsers/sockets", "parsers/bsdnet"},
	"parsers/charset":    {},
	"parsers/windows":    {"", "parsers/field", "parsers/jsontext", "parsers/services", "parsers/command", "parsers/sockets", "parsers/charset"},
	"parsers":            {"", "parsers/command", "parsers/sockets", "parsers/linux", "parsers/darwin", "parsers/bsd", "parsers/windows"},
	"rules":              {""},
	"reports":            {""},
	"cmd/fleetnet":       {"", "inventory", "runner", "runner/sshtest", "parsers", "parsers/charset", "rules", "reports"},
}

// doors says which packages may import a third party's module.
var doors = map[string][]string{
	"golang.org/x/crypto":       {"runner", "runner/sshtest", "cmd/fleetnet/internal/lab"},
	"golang.org/x/sys":          {"runner", "cmd/fleetnet/internal/lab"},
	"golang.org/x/term":         {"cmd/fleetnet"},
	"gopkg.in/yaml.v3":          {"inventory", "rules"},
	"github.com/expr-lang/expr": {"rules"},
	"github.com/urfave/cli/v2":  {"cmd/fleetnet"},
	"golang.org/x/text":         {"reports", "parsers/charset"},
}

func TestImports(t *testing.T) {
	for pkg, imports := range packages(t) {
		for _, imp := range imports {
			if rest, ours := strings.CutPrefix(imp, module); ours {
				if to := strings.TrimPrefix(rest, "/"); !slices.Contains(edges[pkg], to) && !strings.HasPrefix(to, pkg+"/internal/") {
					t.Errorf("%q imports %q: that edge is not in the design", pkg, to)
				}
				continue
			}
			if strings.Contains(strings.Split(imp, "/")[0], ".") && !throughDoor(pkg, imp) {
				t.Errorf("%q imports %q: another package is its door", pkg, imp)
			}
		}
	}
}

func throughDoor(pkg, imp string) bool {
	for mod, who := range doors {
		if strings.HasPrefix(imp, mod) && slices.Contains(who, pkg) {
			return true
		}
	}
	return false
}

// packages returns the imports of each package of the module, tests left out.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string][]string{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all[strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")] = p.Imports
	}
	if len(all) < 7 {
		t.Fatalf("only %d packages listed", len(all))
	}
	return all
}
