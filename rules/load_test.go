package rules

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
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
		err := Lint("fuzz.yaml", data)
		if err != nil && strings.TrimSpace(err.Error()) == "" {
			t.Error("an error without a word")
		}
		// What passes can be judged.
		r := &reader{file: "fuzz.yaml"}
		own := *set
		own.rules, own.waivers = nil, nil
		own.add(r, r.decode(data))
		if len(r.errs) == 0 {
			own.Evaluate(busyHost(12), Target{})
			own.Evaluate(fleetnet.NewSnapshot("nothing"), Target{})
		}
	})
}
