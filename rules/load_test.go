package rules

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is said into testdata")

// faultyFiles returns the rule files with faults; NAME.want is what is said of NAME.yaml.
func faultyFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/faults/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	return files
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestFaults(t *testing.T) {
	for _, path := range faultyFiles(t) {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			err := Lint(name, read(t, path))
			var one *Error
			if !errors.As(err, &one) || one.File != name {
				t.Fatalf("not an *Error of the file: %v", err)
			}
			want := strings.TrimSuffix(path, ".yaml") + ".want"
			if *update {
				if err := os.WriteFile(want, []byte(err.Error()+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(read(t, want)), err.Error()+"\n"); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoadMergesFoldersOverTheBuiltinRules(t *testing.T) {
	folder := filepath.Dir(write(t, "own.yaml", `
rules:
  - {id: close-wait-leak, replace: true, severity: critical, title: mine, from: sockets, alert: count > 1}
  - {id: own, title: mine, from: routes, alert: count > 1}
`))
	set, err := Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	builtin := builtinSet(t)
	if got, want := len(set.Rules()), len(builtin.Rules())+1; got != want {
		t.Errorf("%d rules, want %d", got, want)
	}
	r, err := set.Rule("close-wait-leak")
	if err != nil || r.Title != "mine" || r.Severity != fleetnet.Critical {
		t.Errorf("not replaced: %+v, %v", r, err)
	}
	if _, err := set.Rule("FN102"); err != nil {
		t.Errorf("by its code: %v", err)
	}
	if _, err := set.Rule("own-"); err == nil || !strings.Contains(err.Error(), `did you mean "own"?`) {
		t.Errorf("no suggestion: %v", err)
	}
}

func TestLoadTellsOfAllFiles(t *testing.T) {
	a := write(t, "a.yaml", "rules: [{id: a, title: t, from: x, alert: count > 1}]")
	b := write(t, "b.yaml", "rulez: []")
	_, err := Load(a, b, filepath.Join(t.TempDir(), "gone.yaml"))
	for _, want := range []string{"a.yaml:1:33: from: unknown table", `b.yaml:1:1: rule file: unknown key "rulez"`, "gone.yaml: stat: no such file"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}

func TestSelect(t *testing.T) {
	set := builtinSet(t)
	only, err := set.Select([]string{"FN101", "no-default-route"}, []string{"FN301"})
	if err != nil || len(only.Rules()) != 1 || only.Rules()[0].ID != "close-wait-leak" {
		t.Errorf("%v, %v", only, err)
	}
	if _, err := set.Select(nil, []string{"close-wait"}); err == nil {
		t.Error("an unknown rule was skipped in silence")
	}
}

func FuzzLint(f *testing.F) {
	builtin, _ := filepath.Glob("builtin/*.yaml")
	for _, name := range append(builtin, faultyFiles(f)...) {
		f.Add(read(f, name))
	}
	f.Add([]byte("rules: [{id: a, title: t, from: sockets, alert: 'count(filter(rows, .recv_q > 1 and # != 3)) > 1 ? true : known(count)'}]"))
	f.Add([]byte("rules: &a [*a]\nwaivers: *a"))
	set := builtinSet(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		own := &Set{rules: slices.Clone(set.rules)}
		l := &loader{set: own}
		l.file("fuzz.yaml", data)
		judged, err := l.done()
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Error("an error without a word")
			}
			return
		}
		// What passes can be judged.
		judged.rules = slices.DeleteFunc(judged.rules, func(r *Rule) bool { return slices.Contains(set.rules, r) })
		judged.Evaluate(busyHost(12), Target{})
		judged.Evaluate(fleetnet.NewSnapshot("nothing"), Target{})
	})
}

// FuzzExpression asserts that whatever expr's parser takes is either refused
// or can be evaluated, as a where and as an alert.
func FuzzExpression(f *testing.F) {
	for _, r := range builtinSet(f).Rules() {
		for _, e := range []string{r.Where, r.Alert, r.Critical} {
			f.Add(e)
		}
	}
	for _, e := range []string{
		`count(rows, .recv_q > 1 and # != 3) > 1`, `any(filter(rows, .state == "x"), .local.port in [1, 2])`,
		`(sum(recv_q) - count) / 3 % 2 ** 2 > 1 ? distinct(process) > 1 : false`, `1 < count < 3`, `rows[0].recv_q > 1`,
		`setting("x") ?? "y" matches "^y"`, `not -setting("x")`, `[1, 2][1:] == {"a": 1}["a"]`, `known(process) ?? count`,
	} {
		f.Add(e)
	}
	table, _ := fleetnet.TableNamed("sockets")
	snap := busyHost(12)
	f.Fuzz(func(t *testing.T, source string) {
		if w, err := CompileWhere(table, source); err == nil {
			w.Match(table.Rows(snap), 3)
		}
		group := groupScope(table, []string{"process"})
		group.addHost([]Param{{"limit", 1}})
		e, err := compileCondition(source, group)
		if err != nil {
			return
		}
		r := &Rule{ID: "r", table: table, keys: []*column{columnOf(table, 12)}, alert: e, wide: true}
		r.judge(&hostView{snapshot: snap}, []val{number(1)})
	})
}
