package reports_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/reports"
)

// hostile is text that clears the screen, reverses the line, ends it, sets a
// title, runs as a formula and closes a tag.
const hostile = "=evil\x1b[2J\u202egnp\r\nOK: no findings\x00\x07\u009b31m\u200b\u2028</script><b>|`x`\xff\t日本"

// hostileReport has the text in every place that a host or a rule can reach.
func hostileReport() *fleetnet.Report {
	r := &fleetnet.Report{Hosts: []fleetnet.HostResult{
		{Name: hostile, OS: hostile, OSVersion: hostile, Kernel: hostile, Status: fleetnet.HostFailed, Error: hostile, Hint: hostile},
		{Name: "b" + hostile, Status: fleetnet.HostPartial, Error: hostile, Notes: []string{hostile},
			Coverage: []fleetnet.Coverage{{Table: hostile, Status: fleetnet.StatusPartial, Fields: []string{hostile}, Probe: hostile, Reason: hostile}}},
	}}
	for _, outcome := range []fleetnet.Outcome{fleetnet.Fail, fleetnet.Unknown, fleetnet.Waived} {
		r.Findings = append(r.Findings, fleetnet.Finding{
			Rule: hostile, Code: hostile, Severity: fleetnet.Critical, Outcome: outcome, Hosts: []string{"b" + hostile, hostile},
			Title: hostile, Message: hostile, Labels: map[string]string{hostile: hostile}, Fix: hostile, Verify: hostile,
			Evidence: []fleetnet.Evidence{{Host: hostile, Probe: hostile, Command: hostile, Line: 1, Text: hostile}},
		})
	}
	r.Finish()
	return r
}

func hostileSnapshots() []*fleetnet.Snapshot {
	a, b := fleetnet.NewSnapshot(hostile), fleetnet.NewSnapshot("b"+hostile)
	for _, s := range []*fleetnet.Snapshot{a, b} {
		for _, t := range []string{"sockets", "interfaces"} {
			s.Cover(fleetnet.Coverage{Table: t, Status: fleetnet.StatusComplete})
		}
		s.Sockets = []fleetnet.Socket{{Proto: "tcp", State: fleetnet.StateListen, Zone: hostile,
			Local: fleetnet.Endpoint{Name: hostile}, Processes: []fleetnet.Process{{Name: hostile, PID: 1}}}}
	}
	b.Sockets[0].Processes[0].Name += "2"
	b.Sockets = append(b.Sockets, fleetnet.Socket{Proto: hostile, State: fleetnet.StateListen, Local: fleetnet.Endpoint{Addr: netip.MustParseAddr("::1")}})
	c := fleetnet.NewSnapshot("c" + hostile)
	c.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusFailed, Reason: hostile})
	return []*fleetnet.Snapshot{a, b, c}
}

// hostileOutputs are all things that can be written, made of hostile text.
func hostileOutputs(t *testing.T) map[string]func(w io.Writer, format string, o reports.Options) error {
	t.Helper()
	table, _ := fleetnet.TableNamed("listeners")
	columns, err := fleetnet.NewListing(table, []string{"proto", "local", "zone", "processes"})
	if err != nil {
		t.Fatal(err)
	}
	rows, _ := fleetnet.NewListing(table, nil)
	for _, s := range hostileSnapshots() {
		rows.Add(s, nil)
		columns.Add(s, nil)
	}
	counts, err := rows.CountBy("host", "process")
	if err != nil {
		t.Fatal(err)
	}
	comparison, err := fleetnet.Compare("listeners", hostileSnapshots(), fleetnet.CompareOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]func(w io.Writer, format string, o reports.Options) error{
		"report": func(w io.Writer, f string, o reports.Options) error { return reports.Write(w, f, hostileReport(), o) },
		"rows":   func(w io.Writer, f string, o reports.Options) error { return reports.WriteListing(w, f, rows, o) },
		"columns": func(w io.Writer, f string, o reports.Options) error {
			return reports.WriteListing(w, f, columns, o)
		},
		"counts": func(w io.Writer, f string, o reports.Options) error { return reports.WriteCounts(w, f, counts, o) },
		"comparison": func(w io.Writer, f string, o reports.Options) error {
			return reports.WriteComparison(w, f, comparison, o)
		},
		"gaps": func(w io.Writer, _ string, o reports.Options) error { return reports.WriteGaps(w, rows.Gaps, o) },
	}
}

func TestNothingRemoteIsRaw(t *testing.T) {
	for what, write := range hostileOutputs(t) {
		for _, format := range reports.Formats() {
			for _, o := range []reports.Options{{}, {Width: 40}, {Verbose: true}, {Verbose: true, Width: 80}} {
				var b bytes.Buffer
				if err := write(&b, format, o); err != nil {
					t.Fatalf("%s as %s: %v", what, format, err)
				}
				if !strings.Contains(b.String(), "evil") {
					t.Errorf("%s as %s does not hold the text at all:\n%s", what, format, b.String())
				}
				checkClean(t, what+" as "+format, b.String())
			}
		}
	}
}

// checkClean fails on a character that could steer a terminal, and on a line
// that remote text has begun.
func checkClean(t *testing.T, what, out string) {
	t.Helper()
	for i, r := range strings.ReplaceAll(out, "\r\n", "\n") {
		if r != '\n' && (!unicode.IsPrint(r) || r == unicode.ReplacementChar && !strings.Contains(what, "json")) {
			t.Errorf("%s: %q at byte %d", what, r, i)
			return
		}
	}
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "OK: no findings") {
			t.Errorf("%s: remote text has begun a line", what)
		}
	}
}

// TestColorIsOurs: in color too, nothing but our own sequences reaches the page.
func TestColorIsOurs(t *testing.T) {
	for what, write := range hostileOutputs(t) {
		var b bytes.Buffer
		if err := write(&b, "table", reports.Options{Color: true, Verbose: true}); err != nil {
			t.Fatal(err)
		}
		out := b.String()
		for _, s := range []string{"0", "1", "2", "32", "1;31", "1;33", "1;35", "1;36"} {
			out = strings.ReplaceAll(out, "\x1b["+s+"m", "")
		}
		checkClean(t, what, out)
	}
}

// TestJSONKeepsText: escaped text reads back as what it was.
func TestJSONKeepsText(t *testing.T) {
	want := strings.ToValidUTF8(hostile, "\ufffd")
	var b bytes.Buffer
	if err := reports.Write(&b, "json", hostileReport(), reports.Options{}); err != nil {
		t.Fatal(err)
	}
	var r fleetnet.Report
	if err := json.Unmarshal(b.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if got := r.Findings[0].Message; got != want {
		t.Errorf("message %q, want %q", got, want)
	}
	if strings.Contains(b.String(), `\u003c`) || !strings.Contains(b.String(), "</script>") {
		t.Error("JSON is escaped for HTML")
	}
}

// TestJSONIsTheReport: the report written piece by piece is the whole of it.
func TestJSONIsTheReport(t *testing.T) {
	for _, r := range []*fleetnet.Report{sampleReport(), hostileReport(), wellReport()} {
		var b bytes.Buffer
		if err := reports.Write(&b, "json", r, reports.Options{}); err != nil {
			t.Fatal(err)
		}
		whole, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		whole = bytes.ReplaceAll(whole, []byte("null"), []byte("[]")) // no text of these holds the word
		var got, want map[string]any
		if err := errors.Join(json.Unmarshal(b.Bytes(), &got), json.Unmarshal(whole, &want)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestJSONLists(t *testing.T) {
	for _, format := range []string{"json", "jsonl"} {
		var b bytes.Buffer
		r := &fleetnet.Report{Hosts: []fleetnet.HostResult{{Name: "a"}}, Findings: []fleetnet.Finding{{Rule: "r", Severity: fleetnet.Info}}}
		if err := reports.Write(&b, format, r, reports.Options{}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "null") {
			t.Errorf("%s writes null for a list:\n%s", format, b.String())
		}
		if r.Hosts[0].Coverage != nil {
			t.Error("the report was changed")
		}
	}
}

func TestJSONLinesAreObjects(t *testing.T) {
	var b bytes.Buffer
	if err := reports.Write(&b, "jsonl", sampleReport(), reports.Options{}); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for line := range strings.Lines(b.String()) {
		var v struct {
			Type string `json:"type"`
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		count[v.Type]++
	}
	r := sampleReport()
	if count["run"] != 1 || count["summary"] != 1 || count["host"] != len(r.Hosts) || count["finding"] != len(r.Findings) || len(count) != 4 {
		t.Errorf("lines by type: %v", count)
	}
}

// TestCSV: every row has the heading's cells, and none is a formula.
func TestCSV(t *testing.T) {
	for what, write := range hostileOutputs(t) {
		if what == "gaps" {
			continue
		}
		var b bytes.Buffer
		if err := write(&b, "csv", reports.Options{}); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll() // checks the number of cells
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if len(rows) < 2 {
			t.Errorf("%s: no rows", what)
		}
		for _, row := range rows {
			for _, cell := range row {
				if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
					t.Errorf("%s: cell %q is a formula", what, cell)
				}
			}
		}
	}
}

func TestCSVGuard(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "  =1": "'  =1",
		"a=b": "a=b", "": "", `say "no", twice`: `"say ""no"", twice"`, "\t=1": "' =1", "ＡＢ": "ＡＢ",
	} {
		r := &fleetnet.Report{Findings: []fleetnet.Finding{{Rule: "r", Severity: fleetnet.Info, Outcome: fleetnet.Fail, Message: text}}}
		var b bytes.Buffer
		if err := reports.Write(&b, "csv", r, reports.Options{}); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); !strings.Contains(got, "\r\nfail,info,r,,,,"+want+",0,") {
			t.Errorf("message %q: got %q, want %q", text, got, want)
		}
	}
}

// TestCSVNegativeNumber: a number is no formula.
func TestCSVNegativeNumber(t *testing.T) {
	s := fleetnet.NewSnapshot("a")
	s.Counters = []fleetnet.Counter{{Name: "Tcp.MaxConn", Value: -1}}
	table, _ := fleetnet.TableNamed("counters")
	l, err := fleetnet.NewListing(table, nil)
	if err != nil {
		t.Fatal(err)
	}
	l.Add(s, nil)
	var b bytes.Buffer
	if err := reports.WriteListing(&b, "csv", l, reports.Options{}); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), "host,name,value\r\na,Tcp.MaxConn,-1\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
