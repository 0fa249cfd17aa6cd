package inventory_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet/inventory"
)

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSelectFile(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	writeFiles(t, home, map[string]string{"mine": "gw\n"})
	t.Chdir(t.TempDir())
	writeFiles(t, ".", map[string]string{
		"late":     "\ufeff# of tonight\r\n\r\nweb01  # disk\r\n  web[02-03] \r\n",
		"prod":     "gw\n",
		"without":  "!web01\n!db\n",
		"terms":    "web,&prod:!web[03-12]\n@db",
		"lists/x":  "gw",
		"nothing":  "# nobody\n\n",
		"mistaken": "gw\n\nwbe01\n",
		"nested":   "gw\n@late\n",
		"slash":    "a/b\n",
	})
	inv := parse(t, fleet)
	for expr, want := range map[string]string{
		"@late":              "web[01-03]",
		"@./late":            "web[01-03]",
		"@late:!web02":       "web[01,03]",
		"web,&@late":         "web[01-03]",
		"web,!@late":         "web[04-12,90-91]",
		"@prod":              "db[1-2],web[01-12]", // the group
		"@./prod":            "gw",
		"@~/mine":            "gw",
		"@" + home + "/mine": "gw",
		"@lists/x,@late":     "gw,web[01-03]",
		"@without":           "::1,gw,web[02-12,90-91]",
		"web,@without":       "web[02-12,90-91]", // as if the lines stood in the limit
		"web,&@without":      "web[02-12,90-91]",
		"web01,!@without":    "web01",              // what the lines select together is all but web01 and db
		"@terms":             "db[1-2],web[01-02]", // &prod holds for all its terms
		"all,&@terms":        "db[1-2],web[01-02]",
	} {
		got, err := inv.Select(expr)
		if err != nil {
			t.Errorf("Select(%s): %v", expr, err)
		} else if diff := cmp.Diff(want, folded(got)); diff != "" {
			t.Errorf("Select(%s) (-want +got):\n%s", expr, diff)
		}
	}
	for expr, want := range map[string]string{
		"@nothing":  `limit "@nothing": file of patterns nothing: no pattern in it`,
		"!@nothing": `limit "!@nothing": file of patterns nothing: no pattern in it`,
		"@mistaken": `limit "@mistaken": mistaken:3: "wbe01" matches no host or group (did you mean "web01"?)`,
		"@nested":   `limit "@nested": nested:2: "@late" in a file of patterns: it cannot name another one`,
		"@slash":    `limit "@slash": slash:1: "a/b" has a slash where a name cannot`,
		"@lists":    `limit "@lists": "@lists" matches no group and no file`,
		"@./lists":  `limit "@./lists": file of patterns ./lists: it is not a file`,
		"@~/none":   `limit "@~/none": file of patterns: stat ` + home + `/none: no such file or directory`,
		"@lat":      `limit "@lat": "@lat" matches no group and no file`,
	} {
		got, err := inv.Select(expr)
		if err == nil {
			t.Errorf("Select(%s) = %s, want an error", expr, folded(got))
		} else if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("Select(%s) (-want +got):\n%s", expr, diff)
		}
	}
}

func TestSelectFailed(t *testing.T) {
	inv := parse(t, fleet)
	failed := func(names ...string) func() ([]string, error) {
		return func() ([]string, error) { return names, nil }
	}
	for _, tc := range []struct {
		expr   string
		failed func() ([]string, error)
		want   string // hosts, or an error
	}{
		{"failed", failed("web02", "gw", "gone"), "gw,web02"},
		{"failed:&web", failed("web02", "gw"), "web02"},
		{"web[01-03],!failed", failed("web02", "gw"), "web[01,03]"},
		{"db1:failed", failed("::1"), "::1,db1"},
		{"failed", failed(), `limit "failed": failed: the last run had no failed host`},
		{"failed", failed("gone"), `limit "failed": failed: the last run had 1 failed host, none of them in the inventory`},
		{"!failed", failed("gone", "too"), `limit "!failed": failed: the last run had 2 failed hosts, none of them in the inventory`},
		{"failed", nil, `limit "failed": failed: no last run is known`},
		{"failed", func() ([]string, error) { return nil, errors.New("no last run is known") }, `limit "failed": failed: no last run is known`},
		{"gw", func() ([]string, error) { panic("asked for nothing") }, "gw"},
	} {
		got, err := inventory.Limit{Expr: tc.expr, Failed: tc.failed}.Select(inv)
		said := folded(got)
		if err != nil {
			said = err.Error()
		}
		if diff := cmp.Diff(tc.want, said); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.expr, diff)
		}
	}
	inv = parse(t, "hosts: {failed: , a: {groups: [ungrouped]}, b: , localhost: {addr: 10.0.0.1}}")
	never := func() ([]string, error) { return nil, errors.New("a host is called so") }
	for expr, want := range map[string]string{"failed": "failed", "localhost": "localhost", "ungrouped": "a", "!localhost": "a,b,failed"} {
		got, err := inventory.Limit{Expr: expr, Failed: never}.Select(inv)
		if err != nil || folded(got) != want {
			t.Errorf("%s selects %s, want %s: %v", expr, folded(got), want, err)
		}
	}
	if h, _ := inv.Select("localhost"); len(h) != 1 || h[0].Transport != inventory.TransportSSH {
		t.Errorf("not the inventory's localhost: %+v", h)
	}
}

func TestSelectLocalhost(t *testing.T) {
	inv := parse(t, fleet)
	got, err := inv.Select("gw,localhost,127.0.0.1")
	if err != nil || len(got) != 2 || got[1].Name != "localhost" || got[1].Transport != inventory.TransportLocal || got[1].Port == 0 {
		t.Errorf("%+v, %v", got, err)
	}
	// Nothing but what it has can be read of a recording.
	if got, err := inventory.Of(inv.Hosts).Select("localhost"); err == nil {
		t.Errorf("a recording has %s", folded(got))
	}
	if got, err := parse(t, "hosts: {localhost: }").Select("127.0.0.1"); err == nil {
		t.Errorf("two names of one machine: %s", folded(got))
	}
}

// ungrouped is also the group that Ansible's inventories have.
func TestSelectUngrouped(t *testing.T) {
	inv := parse(t, "hosts: {a: , b: {groups: [g]}, c: }")
	for expr, want := range map[string]string{"ungrouped": "a,c", "@ungrouped": "a,c", "!ungrouped": "b", "ungrouped[1]": "c", "g,&ungrouped": ""} {
		got, err := inv.Select(expr)
		if folded(got) != want || (err == nil) != (want != "") {
			t.Errorf("%s selects %s, want %s: %v", expr, folded(got), want, err)
		}
	}
}
