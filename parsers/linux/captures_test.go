package linux_test

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

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/linux"
)

var update = flag.Bool("update", false, "rewrite want.json and account of testdata/**/*.txtar")

// TestCaptures reads every capture of testdata through the dialect that its
// command stands for. A capture is a txtar file with these files:
//
//	command    the command, as it was typed
//	output     what it printed
//	want.json  the tables read from it, a row a line, and their coverage
//	account    what became of the lines
func TestCaptures(t *testing.T) {
	files := captures(t)
	if len(files) == 0 {
		t.Fatal("no captures below testdata")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(file, ".txtar"), func(t *testing.T) { checkCapture(t, filepath.Join("testdata", file)) })
	}
}

// captures returns the names of all captures, below testdata.
func captures(t testing.TB) []string {
	var files []string
	err := filepath.WalkDir("testdata", func(name string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(name, ".txtar") {
			rel, _ := filepath.Rel("testdata", name)
			files = append(files, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func checkCapture(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := parseArchive(string(text))
	command := strings.TrimSpace(a.file("command").data)
	d, ok := dialectOf(command)
	if !ok {
		t.Fatalf("no dialect reads the output of %q", command)
	}
	s, acct := readCapture(d, command, []byte(a.file("output").data))
	got := map[string]string{"want.json": tables(t, s), "account": account(acct)}
	if *update {
		for name, text := range got {
			a.file(name).data = text
		}
		if err := os.WriteFile(file, []byte(a.format()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if diff := cmp.Diff(a.file(name).data, got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// archive is a txtar file: a comment, and files below lines `-- name --`.
type archive struct {
	comment string
	files   []*archived
}

type archived struct{ name, data string }

func parseArchive(text string) *archive {
	a := &archive{}
	into := &a.comment
	for line := range strings.Lines(text) {
		name, isMark := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-- ")
		name, closed := strings.CutSuffix(name, " --")
		if isMark && closed {
			a.files = append(a.files, &archived{name: name})
			into = &a.files[len(a.files)-1].data
			continue
		}
		*into += line
	}
	return a
}

// file returns the named file, and adds it when it is not there.
func (a *archive) file(name string) *archived {
	for _, f := range a.files {
		if f.name == name {
			return f
		}
	}
	a.files = append(a.files, &archived{name: name})
	return a.files[len(a.files)-1]
}

func (a *archive) format() string {
	var b strings.Builder
	b.WriteString(a.comment)
	for _, f := range a.files {
		fmt.Fprintf(&b, "-- %s --\n%s", f.name, f.data)
	}
	return b.String()
}

func readCapture(d fleetnet.Dialect, command string, output []byte) (*fleetnet.Snapshot, fleetnet.Account) {
	s := fleetnet.NewSnapshot("")
	s.Host.OS = d.OS
	acct := s.ReadBytes(d.Probe(command), output)
	return s, acct
}

// dialectOf finds the dialect of a command as parsers.Find does.
func dialectOf(command string) (fleetnet.Dialect, bool) {
	words := strings.Fields(command)
	for len(words) > 0 && (words[0] == "sudo" || strings.Contains(words[0], "=")) {
		words = words[1:]
	}
	if len(words) == 0 {
		return fleetnet.Dialect{}, false
	}
	for _, d := range linux.Dialects() {
		if d.Program == path.Base(words[0]) && (d.Accepts == nil || d.Accepts(words[1:])) {
			return d, true
		}
	}
	return fleetnet.Dialect{}, false
}

// tables returns the snapshot as JSON with one line for each row.
func tables(t testing.TB, s *fleetnet.Snapshot) string {
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var byName map[string]json.RawMessage
	if err := json.Unmarshal(text, &byName); err != nil {
		t.Fatal(err)
	}
	delete(byName, "schema_version")
	if s.Host == (fleetnet.Host{OS: s.Host.OS}) {
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

// skipOrFail skips a test that this machine cannot run; in CI it has to.
func skipOrFail(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("FLEETNET_CI") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}
