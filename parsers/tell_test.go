package parsers_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet/parsers"
)

// recorded is a capture of a package below this one.
type recorded struct{ file, platform, command, output string }

func captures(t testing.TB) []recorded {
	t.Helper()
	var all []recorded
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".txtar") {
			return err
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files := files(string(raw))
		dirs := strings.Split(filepath.ToSlash(name), "/")
		platform := dirs[0]
		if platform == "bsd" {
			platform = dirs[2]
		}
		all = append(all, recorded{name, platform, strings.TrimSpace(files["command"]), files["output"]})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 400 {
		t.Fatalf("only %d captures found", len(all))
	}
	return all
}

// files returns the files of a txtar archive.
func files(text string) map[string]string {
	out, name := map[string]string{}, ""
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "-- "); ok {
			if n, closed := strings.CutSuffix(strings.TrimSpace(rest), " --"); closed {
				name = n
				continue
			}
		}
		out[name] += line
	}
	return out
}

// TestTellCaptures tells every capture by its shape alone: right, or refused
// with the right system among the candidates when there are any.
func TestTellCaptures(t *testing.T) {
	least := map[string]int{"linux": 248, "darwin": 51, "freebsd": 23, "openbsd": 15, "netbsd": 9, "dragonfly": 2, "windows": 90}
	told, all := map[string]int{}, map[string]int{}
	for _, c := range captures(t) {
		all[c.platform]++
		got, err := parsers.Tell([]byte(c.output), parsers.Asked{})
		var unclear *parsers.UnclearError
		switch {
		case errors.As(err, &unclear):
			if len(unclear.Candidates) > 0 && !slices.ContainsFunc(unclear.Candidates, func(m parsers.Candidate) bool { return m.Platform == c.platform }) {
				t.Errorf("%s: %v", c.file, err)
			}
			t.Logf("%s (%s): %v", c.file, c.command, err)
		case err != nil:
			t.Errorf("%s: %v", c.file, err)
		case got.Platform != c.platform:
			t.Errorf("%s: told to be of %s: %q", c.file, got.Platform, got.Readings[0].Probe.Command)
		case len(got.Readings) != 1:
			t.Errorf("%s: %d readings of %q", c.file, len(got.Readings), c.command)
		default:
			want, err := parsers.Find(c.platform, c.command)
			if err != nil {
				t.Fatal(err)
			}
			if r := got.Readings[0]; !slices.Equal(want.Tables, r.Probe.Tables) {
				t.Errorf("%s: told %q for %q", c.file, r.Probe.Command, c.command)
			}
			told[c.platform]++
		}
	}
	for _, p := range slices.Sorted(maps.Keys(least)) {
		t.Logf("%s: %d of %d told", p, told[p], all[p])
		if told[p] < least[p] {
			t.Errorf("%s: only %d of %d told", p, told[p], all[p])
		}
	}
}

// TestTellTyped tells every capture by its command behind prompts: what a user
// typed is read as that, on the right system or not at all.
func TestTellTyped(t *testing.T) {
	prompts := map[string][]string{
		"linux":   {"[root@web1 ~]# ", "ops@web1:~$ sudo ", "\x1b[01;32mops@web1\x1b[00m:\x1b[01;34m~\x1b[00m$ "},
		"darwin":  {"mac1:~ ops$ ", "ops@mac1 ~ % "},
		"windows": {`C:\Users\ops>`, `PS C:\> `, `ops@WEB1 C:\Users\ops>`},
		"freebsd": {"root@fw1:~ # "}, "openbsd": {"gw$ "}, "netbsd": {"$ "}, "dragonfly": {"root@df1:~ # "},
	}
	told := 0
	for i, c := range captures(t) {
		if strings.TrimSpace(c.output) == "" {
			continue
		}
		all := prompts[c.platform]
		for _, prompt := range all[i%len(all):][:1] {
			got, err := parsers.Tell([]byte(prompt+c.command+"\n"+c.output), parsers.Asked{})
			var unclear *parsers.UnclearError
			switch {
			case errors.As(err, &unclear):
				if len(unclear.Candidates) > 0 && !slices.ContainsFunc(unclear.Candidates, func(m parsers.Candidate) bool { return m.Platform == c.platform }) {
					t.Errorf("%s behind %q: %v", c.file, prompt, err)
				}
			case err != nil:
				t.Errorf("%s behind %q: %v", c.file, prompt, err)
			case got.Platform != c.platform:
				t.Errorf("%s behind %q: told to be of %s", c.file, prompt, got.Platform)
			default:
				want, _ := parsers.Find(c.platform, c.command)
				if r := got.Readings[0]; r.Probe.Name != want.Name || !r.Typed || !strings.HasSuffix("sudo "+c.command, r.Probe.Command) {
					t.Errorf("%s behind %q: told %q (%s)", c.file, prompt, r.Probe.Command, r.Probe.Name)
				}
				told++
			}
		}
	}
	if least := 450; told < least {
		t.Errorf("only %d told, want %d", told, least)
	} else {
		t.Logf("%d told", told)
	}
}
