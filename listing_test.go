package fleetnet_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet"
)

// listed returns a listing of sockets of two hosts; db1 was not read as root.
func listed(t *testing.T, columns ...string) *fleetnet.Listing {
	t.Helper()
	table, _ := fleetnet.TableNamed("sockets")
	l, err := fleetnet.NewListing(table, columns)
	if err != nil {
		t.Fatal(err)
	}
	web := listening("web10", "10.0.0.1/24", "tcp 0.0.0.0:443 nginx", "tcp 0.0.0.0:80 nginx", "udp 0.0.0.0:53 named", "tcp 10.0.0.1:9")
	web2 := listening("web2", "10.0.0.2/24", "tcp 0.0.0.0:80 nginx")
	db := listening("db1", "10.0.0.3/24", "tcp 0.0.0.0:80")
	db.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusDenied, Fields: []string{"processes", "process"}, Reason: "not root"})
	db.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusUnsupported, Fields: []string{"uid"}, Reason: "never told"})
	for _, s := range []*fleetnet.Snapshot{web, web2, db} {
		l.Add(s, func(rows fleetnet.Rows, n int) bool { return rows.Record(n).(*fleetnet.Socket).Local.Port != 9999 })
	}
	return l
}

// rowsOf writes rows as "host port process", unknown as "?".
func rowsOf(l *fleetnet.Listing) string {
	var out []string
	for _, r := range l.Rows {
		line := r.Host
		for _, f := range l.Columns {
			v := r.Value(f)
			line += " " + map[bool]string{true: fmt.Sprintf("%q", v.String()), false: "?"}[v.Known()]
		}
		out = append(out, line)
	}
	return strings.Join(out, "; ")
}

func TestListingSort(t *testing.T) {
	for _, tt := range []struct{ keys, want string }{
		{"", `db1 "80" ?; web2 "80" "nginx"; web10 "443" "nginx"; web10 "80" "nginx"; web10 "53" "named"; web10 "9" ""`},
		{"local.port", `web10 "9" ""; web10 "53" "named"; db1 "80" ?; web2 "80" "nginx"; web10 "80" "nginx"; web10 "443" "nginx"`},
		{"-local.port host", `web10 "443" "nginx"; db1 "80" ?; web2 "80" "nginx"; web10 "80" "nginx"; web10 "53" "named"; web10 "9" ""`},
		{"process -host local.port", `db1 "80" ?; web10 "9" ""; web10 "53" "named"; web10 "80" "nginx"; web10 "443" "nginx"; web2 "80" "nginx"`},
	} {
		l := listed(t, "local.port", "process")
		if err := l.Sort(strings.Fields(tt.keys)...); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, rowsOf(l)); diff != "" {
			t.Errorf("sorted by %q: %s", tt.keys, diff)
		}
	}
}

func TestListingKeep(t *testing.T) {
	table, _ := fleetnet.TableNamed("sockets")
	port, _ := table.Field("local.port")
	l, err := fleetnet.NewListing(table, []string{"host", "local.port"})
	if err != nil {
		t.Fatal(err)
	}
	l.Add(listening("a", "10.0.0.1/24", "tcp 0.0.0.0:443", "tcp 0.0.0.0:80"), func(rows fleetnet.Rows, n int) bool { return rows.Value(n, port).Int() == 80 })
	if got, want := rowsOf(l), `a "80"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, ok := l.Rows[0].Record().(*fleetnet.Socket); !ok {
		t.Errorf("record is a %T", l.Rows[0].Record())
	}
}

// TestListingGaps: a listing without rows says whether that proves anything.
func TestListingGaps(t *testing.T) {
	gaps := func(l *fleetnet.Listing) string {
		b, err := json.Marshal(l.Gaps)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	denied := `{"host":"db1","table":"sockets","status":"denied","fields":["processes","process"],"reason":"not root"}`
	for columns, want := range map[string]string{
		"":           "[" + denied + "]",
		"process":    "[" + denied + "]",
		"local.port": "null",
		"uid":        `[{"host":"db1","table":"sockets","status":"unsupported","fields":["uid"],"reason":"never told"}]`,
	} {
		if got := gaps(listed(t, strings.Fields(columns)...)); got != want {
			t.Errorf("columns %q: got %s, want %s", columns, got, want)
		}
	}
	l := listed(t, "local.port")
	l.Add(fleetnet.NewSnapshot("dead"), nil)
	if got, want := gaps(l), `[{"host":"dead","table":"sockets","status":"skipped","reason":"not collected"}]`; got != want {
		t.Errorf("a host that was not read: got %s, want %s", got, want)
	}
}

func TestCountBy(t *testing.T) {
	for _, tt := range []struct{ by, want string }{
		{"process", `3 "nginx"; 1 ?; 1 ""; 1 "named"`},
		{"host", `4 "web10"; 1 "db1"; 1 "web2"`},
		{"local.port proto", `3 "80" "tcp"; 1 "9" "tcp"; 1 "53" "udp"; 1 "443" "tcp"`},
		{"", `6`},
	} {
		c, err := listed(t).CountBy(strings.Fields(tt.by)...)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, g := range c.Groups {
			line := fmt.Sprint(g.N)
			for _, v := range g.Values {
				line += " " + map[bool]string{true: fmt.Sprintf("%q", v.String()), false: "?"}[v.Known()]
			}
			out = append(out, line)
		}
		if diff := cmp.Diff(tt.want, strings.Join(out, "; ")); diff != "" {
			t.Errorf("by %q: %s", tt.by, diff)
		}
		if c.Total != 6 {
			t.Errorf("by %q: total %d", tt.by, c.Total)
		}
	}
}

func TestListingErrors(t *testing.T) {
	table, _ := fleetnet.TableNamed("settings")
	const want = `table settings has no field "nmae"; it has host, name, value`
	l, err := fleetnet.NewListing(table, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, columns := fleetnet.NewListing(table, []string{"nmae"})
	_, count := l.CountBy("nmae")
	for what, err := range map[string]error{"NewListing": columns, "Sort": l.Sort("-nmae"), "CountBy": count} {
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
	}
}
