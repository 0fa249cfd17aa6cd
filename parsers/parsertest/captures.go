// Package parsertest tests readers with captures: txtar files below testdata
// that hold what a command printed and what is to be read from it.
//
//	command    the command, as it was typed
//	output     what it printed
//	want.json  the tables read from it, a row a line, and their coverage
//	account    what became of the lines
//
// It is for tests alone.
package parsertest

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
)

var update = flag.Bool("update", false, "rewrite want.json and account of testdata/**/*.txtar")

// Capture is a capture below testdata.
type Capture struct {
	File            string // below testdata, with slashes: ss/6.1-tan.txtar
	Command, Output string
	archive         *archive
}

// Load returns all captures of the package under test. Those of a package
// for several systems lie in a folder for each; only those of the dialects' are
// returned.
func Load(t testing.TB, dialects []fleetnet.Dialect) []Capture {
	t.Helper()
	var all []Capture
	err := filepath.WalkDir("testdata", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".txtar") || ofOther(name, dialects) {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		a := parseArchive(string(text))
		all = append(all, Capture{
			File: strings.TrimPrefix(filepath.ToSlash(name), "testdata/"), archive: a,
			Command: strings.TrimSpace(a.file("command").data), Output: a.file("output").data,
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no captures below testdata")
	}
	return all
}

// ofOther reports whether a capture lies in the folder of a system that no
// dialect is of.
func ofOther(name string, dialects []fleetnet.Dialect) bool {
	folder := strings.Split(filepath.ToSlash(name), "/")[1]
	return slices.Contains([]string{"freebsd", "openbsd", "netbsd", "dragonfly"}, folder) &&
		!slices.ContainsFunc(dialects, func(d fleetnet.Dialect) bool { return d.OS == folder })
}

// Captures reads every capture through the dialect that its command stands for
// and compares the tables with those wanted. The flag -update rewrites them.
func Captures(t *testing.T, dialects []fleetnet.Dialect) {
	for _, c := range Load(t, dialects) {
		t.Run(strings.TrimSuffix(c.File, ".txtar"), func(t *testing.T) {
			c.check(t, dialects)
		})
	}
}

func (c Capture) check(t *testing.T, dialects []fleetnet.Dialect) {
	d, ok := Find(dialects, c.Command)
	if !ok {
		t.Fatalf("no dialect reads the output of %q", c.Command)
	}
	s, acct := Read(d, c.Command, []byte(c.Output))
	got := map[string]string{"want.json": Tables(t, s), "account": account(acct)}
	if *update {
		for name, text := range got {
			c.archive.file(name).data = text
		}
		if err := os.WriteFile(filepath.Join("testdata", filepath.FromSlash(c.File)), []byte(c.archive.format()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if d := difference(c.archive.file(name).data, got[name]); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}

// difference shows the lines that only one of two texts has.
func difference(want, got string) string {
	if want == got {
		return ""
	}
	var b strings.Builder
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		switch {
		case i < len(w) && i < len(g) && w[i] == g[i]:
			continue
		case i < len(w):
			fmt.Fprintf(&b, "%d - %s\n", i+1, w[i])
		}
		if i < len(g) {
			fmt.Fprintf(&b, "%d + %s\n", i+1, g[i])
		}
	}
	return b.String()
}

// Find returns the dialect of a command as parsers.Find does.
func Find(dialects []fleetnet.Dialect, command string) (fleetnet.Dialect, bool) {
	words := strings.Fields(command)
	for len(words) > 0 && (words[0] == "sudo" || strings.Contains(words[0], "=")) {
		words = words[1:]
	}
	if len(words) == 0 {
		return fleetnet.Dialect{}, false
	}
	for _, d := range dialects {
		if d.Program == path.Base(words[0]) && (d.Accepts == nil || d.Accepts(words[1:])) {
			return d, true
		}
	}
	return fleetnet.Dialect{}, false
}

// Read reads what a command printed into a snapshot without a name.
func Read(d fleetnet.Dialect, command string, output []byte) (*fleetnet.Snapshot, fleetnet.Account) {
	s := fleetnet.NewSnapshot("")
	s.Host.OS = d.OS
	acct := s.ReadBytes(d.Probe(command), output)
	return s, acct
}

// Tables returns the snapshot as JSON with one line for each row.
func Tables(t testing.TB, s *fleetnet.Snapshot) string {
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var byName map[string]json.RawMessage
	if err := json.Unmarshal(text, &byName); err != nil {
		t.Fatal(err)
	}
	delete(byName, "schema_version")
	if s.Host == (fleetnet.Host{OS: s.Host.OS, Ref: s.Host.Ref}) {
		delete(byName, "host")
	}
	var b strings.Builder
	b.WriteString("{")
	for i, name := range slices.Sorted(maps.Keys(byName)) {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n%q: %s", name, rowsOf(byName[name]))
	}
	b.WriteString("\n}\n")
	return b.String()
}

// rowsOf breaks a list into one line for each element; what is no list stays.
func rowsOf(text json.RawMessage) string {
	var rows []json.RawMessage
	if json.Unmarshal(text, &rows) != nil || len(rows) == 0 {
		return string(text)
	}
	lines := make([][]byte, len(rows))
	for i, r := range rows {
		lines[i] = append([]byte("  "), r...)
	}
	return "[\n" + string(bytes.Join(lines, []byte(",\n"))) + "\n]"
}

// account writes an account as "lines 5 rows 4 skips 1 errors 0", and the errors.
func account(a fleetnet.Account) string {
	var b strings.Builder
	fmt.Fprintf(&b, "lines %d rows %d skips %d errors %d\n", a.Lines, a.Rows, a.Skips, a.Errors)
	for _, e := range a.First {
		fmt.Fprintln(&b, e)
	}
	return b.String()
}
