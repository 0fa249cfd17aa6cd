package reports_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/reports"
)

// tabled returns the report as the format "table" says it.
func tabled(t *testing.T, r *fleetnet.Report, o reports.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := reports.Write(&b, "table", r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestFolding: what is said of several hosts alike is said once, and what
// differs is never lost in it.
func TestFolding(t *testing.T) {
	type said struct {
		host, message string
		labels        map[string]string
	}
	for _, tt := range []struct {
		name string
		said []said
		want string
	}{
		{"the same", []said{{"web1", "no default route", nil}, {"web2", "no default route", nil}}, "web[1-2] (2)  no default route"},
		{"the host's name", []said{{"web1", "web1 has none", nil}, {"web2", "web2 has none", nil}}, "web[1-2] (2)  the host has none"},
		{"the host's name in front", []said{{"web1", "web1: none", nil}, {"web2", "web2: none", nil}}, "web[1-2] (2)  none"},
		{"a name within a name", []said{{"web1", "web12 is down", nil}, {"web2", "web12 is down", nil}}, "web[1-2] (2)  web12 is down"},
		{"measures", []said{{"web1", "holds 1200 sockets (3.5%)", nil}, {"web2", "holds 970 sockets (12%)", nil}}, "web[1-2] (2)  holds 970..1200 sockets (3.5..12%)"},
		{"units", []said{{"web1", "rtt 20ms", nil}, {"web2", "rtt 9ms", nil}}, "web[1-2] (2)  rtt 9..20ms"},
		{"one host twice", []said{{"web1", "holds 5 sockets", nil}, {"web1", "holds 7 sockets", nil}}, "web1  holds 5..7 sockets"},
		{"labels are no measures", []said{{"web1", "8080 is full", map[string]string{"p": "8080"}}, {"web2", "9090 is full", map[string]string{"p": "9090"}}},
			"web1  8080 is full|web2  9090 is full"},
		{"other labels", []said{{"web1", "5 sockets", map[string]string{"p": "a"}}, {"web2", "6 sockets", map[string]string{"p": "b"}}}, "web1  5 sockets|web2  6 sockets"},
		{"ports are names", []said{{"web1", "port 80 is full", nil}, {"web2", "port 81 is full", nil}}, "web1  port 80 is full|web2  port 81 is full"},
		{"addresses are names", []said{{"web1", "via 10.0.0.1", nil}, {"web2", "via 10.0.0.2", nil}}, "web1  via 10.0.0.1|web2  via 10.0.0.2"},
		{"prefixes are names", []said{{"web1", "to 10.0.0.0/16", nil}, {"web2", "to 10.0.0.0/24", nil}}, "web1  to 10.0.0.0/16|web2  to 10.0.0.0/24"},
		{"numbers in names", []said{{"web1", "eth0 is down", nil}, {"web2", "eth1 is down", nil}}, "web1  eth0 is down|web2  eth1 is down"},
		{"dates", []said{{"web1", "until 2026-01-02", nil}, {"web2", "until 2027-01-02", nil}}, "web1  until 2026-01-02|web2  until 2027-01-02"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &fleetnet.Report{}
			for _, s := range tt.said {
				r.Findings = append(r.Findings, fleetnet.Finding{Rule: "r", Title: "T", Severity: fleetnet.Warning, Outcome: fleetnet.Fail,
					Hosts: []string{s.host}, Message: s.message, Labels: s.labels})
			}
			r.Finish()
			lines := strings.Split(tabled(t, r, reports.Options{}), "\n")
			var got []string
			for _, l := range lines[1:] {
				if l == "" {
					break
				}
				got = append(got, strings.TrimSpace(l))
			}
			if diff := cmp.Diff(strings.Split(tt.want, "|"), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestFailuresFold: errors of the network are alike though each names an
// address and a port of its own.
func TestFailuresFold(t *testing.T) {
	r := &fleetnet.Report{}
	for n := 1; n <= 3; n++ {
		r.Hosts = append(r.Hosts, fleetnet.HostResult{Name: fmt.Sprintf("n%d", n), Status: fleetnet.HostFailed,
			Error: fmt.Sprintf("n%d: read 192.0.2.1:%d->[2001:db8::%d]:22: reset", n, 40000+n, n), Hint: fmt.Sprintf("ssh n%d", n)})
	}
	r.Finish()
	want := "FAILED    3 hosts could not be read\n  n[1-3] (3)  read 192.0.2.1:40001..40003->…:22: reset\n    hint: ssh n1\n"
	if got := tabled(t, r, reports.Options{}); !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := tabled(t, r, reports.Options{Verbose: true}); !strings.Contains(got, "n2  read 192.0.2.1:40002->[2001:db8::2]:22: reset") {
		t.Errorf("verbose does not say each:\n%s", got)
	}
}

// TestNoFindings: that nothing was found is said of what is known only.
func TestNoFindings(t *testing.T) {
	part := wellReport()
	part.Hosts[0].Status = fleetnet.HostPartial
	part.Finish()
	unsure := wellReport()
	unsure.Findings = []fleetnet.Finding{{Rule: "r", Outcome: fleetnet.Unknown, Severity: fleetnet.Info, Hosts: []string{"web1"}, Message: "why"}}
	unsure.Finish()
	for _, tt := range []struct {
		name   string
		report *fleetnet.Report
		want   string
	}{
		{"all well", wellReport(), "no findings\n"},
		{"partial", part, "no findings in what could be read\n"},
		{"undecided", unsure, "no findings in what could be read\n"},
		{"dead", deadReport(), "FAILED "},
		{"empty", &fleetnet.Report{}, "0 hosts: 0 ok"},
	} {
		got := tabled(t, tt.report, reports.Options{})
		if !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: begins\n%s\nwant %q", tt.name, got, tt.want)
		}
		if tt.name == "dead" && strings.Contains(got, "no findings") {
			t.Errorf("%s: says that nothing was found:\n%s", tt.name, got)
		}
	}
}

// TestWidth: no line is wider than the page, wide characters counted as two.
func TestWidth(t *testing.T) {
	r := sampleReport()
	for i := range r.Findings {
		r.Findings[i].Message += " 日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語 " + strings.Repeat("x", 200)
	}
	for i := range r.Hosts {
		r.Hosts[i].Error = strings.ReplaceAll(r.Hosts[i].Error, "dial", strings.Repeat("界", 90))
	}
	for _, width := range []int{60, 80, 120, 200} {
		for _, verbose := range []bool{false, true} {
			for line := range strings.Lines(tabled(t, r, reports.Options{Width: width, Verbose: verbose})) {
				if n := twoForWide(line) - 1; n > width {
					t.Errorf("%d columns in a page of %d: %s", n, width, line)
				}
			}
		}
	}
}

// twoForWide counts columns of text whose only wide characters are ideographs.
func twoForWide(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x3000 {
			n++
		}
	}
	return n
}

// TestAlignment: what follows a wide cell stands under its heading.
func TestAlignment(t *testing.T) {
	var b bytes.Buffer
	if err := reports.WriteListing(&b, "table", sampleListing("sockets", []string{"process", "pid"}, nil), reports.Options{}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	at := strings.Index(lines[0], "PID")
	for _, l := range lines[1:] {
		fields := strings.Fields(l)
		pid := fields[len(fields)-1]
		if got := twoForWide(l[:strings.LastIndex(l, pid)]); got != at {
			t.Errorf("pid of %q begins at column %d, want %d", l, got, at)
		}
	}
}

func TestEmptyListing(t *testing.T) {
	table, _ := fleetnet.TableNamed("settings")
	l, err := fleetnet.NewListing(table, nil)
	if err != nil {
		t.Fatal(err)
	}
	for format, want := range map[string]string{
		"table": "HOST  NAME  VALUE\n", "json": "[]\n", "jsonl": "", "csv": "host,name,value\r\n",
		"markdown": "| host | name | value |\n| --- | --- | --- |\n",
	} {
		var b bytes.Buffer
		if err := reports.WriteListing(&b, format, l, reports.Options{}); err != nil || b.String() != want {
			t.Errorf("%s: %q, %v; want %q", format, b.String(), err, want)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	const want = `unknown format "xml"; it is one of table, json, jsonl, csv, markdown`
	for _, err := range []error{
		reports.Write(io.Discard, "xml", wellReport(), reports.Options{}),
		reports.WriteListing(io.Discard, "xml", nil, reports.Options{}),
		reports.WriteCounts(io.Discard, "xml", nil, reports.Options{}),
		reports.WriteComparison(io.Discard, "xml", nil, reports.Options{}),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// full is a device without room.
type full struct{}

var errFull = errors.New("no space left on device")

func (full) Write([]byte) (int, error) { return 0, errFull }

// TestWriteFails: every format says when it could not be written.
func TestWriteFails(t *testing.T) {
	for _, format := range reports.Formats() {
		for what, err := range map[string]error{
			"report":     reports.Write(full{}, format, sampleReport(), reports.Options{}),
			"listing":    reports.WriteListing(full{}, format, sampleListing("sockets", nil, nil), reports.Options{}),
			"counts":     reports.WriteCounts(full{}, format, sampleCounts(), reports.Options{}),
			"comparison": reports.WriteComparison(full{}, format, sampleComparison(), reports.Options{}),
		} {
			if !errors.Is(err, errFull) {
				t.Errorf("%s as %s: %v, want %v", what, format, err, errFull)
			}
		}
	}
}

// TestLongDiff: a list of differences is cut short and says so.
func TestLongDiff(t *testing.T) {
	c := &fleetnet.Comparison{Table: "settings", Groups: []fleetnet.CompareGroup{{Hosts: []string{"a"}, Size: 1, Items: 1}, {Hosts: []string{"b"}, Size: 1}}}
	for n := range 50 {
		c.Groups[1].Diff = append(c.Groups[1].Diff, fleetnet.DiffLine{Sign: "+", Key: fmt.Sprintf("k%d", n), Text: "= 1"})
	}
	for verbose, want := range map[bool]string{false: "… and 30 more (-v shows all)\n", true: "+ k49 = 1\n"} {
		var b bytes.Buffer
		if err := reports.WriteComparison(&b, "table", c, reports.Options{Verbose: verbose}); err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(b.String(), want) || !strings.HasPrefix(b.String(), "settings: no two of 2 hosts agree\n") {
			t.Errorf("verbose %v: %s", verbose, b.String())
		}
	}
}

func BenchmarkListingTable(b *testing.B) {
	l := sampleListing("sockets", nil, nil)
	for len(l.Rows) < 100_000 {
		l.Rows = append(l.Rows, l.Rows...)
	}
	for _, format := range []string{"table", "json", "csv"} {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				if err := reports.WriteListing(io.Discard, format, l, reports.Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(l.Rows)), "ns/row")
		})
	}
}

// TestAdviceBySystem: what is to be done is said once, and for which systems
// when it is not the same on all.
func TestAdviceBySystem(t *testing.T) {
	const ss, netstat = "ss -tnp state close-wait", "netstat -an | grep CLOSE_WAIT"
	for _, tt := range []struct {
		name   string
		verify map[string]string // by the host's system, as which it is named
		want   []string
	}{
		{"one system", map[string]string{"linux": ss}, []string{"verify: " + ss}},
		{"one text", map[string]string{"linux": ss, "darwin": ss}, []string{"verify: " + ss}},
		{"none", map[string]string{"linux": "", "darwin": ""}, nil},
		{"several", map[string]string{"linux": ss, "openbsd": netstat, "darwin": netstat},
			[]string{"verify on darwin, openbsd: " + netstat, "verify on linux: " + ss}},
		{"one without", map[string]string{"linux": ss, "plan9": ""}, []string{"verify on linux: " + ss}},
		{"a host that has not said its system", map[string]string{"linux": ss, "": netstat}, []string{"verify: " + netstat, "verify on linux: " + ss}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &fleetnet.Report{}
			for system, verify := range tt.verify {
				name := "host-" + system
				r.Hosts = append(r.Hosts, fleetnet.HostResult{Name: name, OS: system, Status: fleetnet.HostOK})
				r.Findings = append(r.Findings, fleetnet.Finding{Rule: "r", Title: "T", Severity: fleetnet.Warning, Outcome: fleetnet.Fail,
					Hosts: []string{name}, Message: "a leak", Fix: "Close them.", Verify: verify})
			}
			r.Finish()
			_, after, _ := strings.Cut(tabled(t, r, reports.Options{}), "fix: Close them.\n")
			advice, _, _ := strings.Cut(after, "\n\n")
			var got []string
			for line := range strings.SplitSeq(advice, "\n") {
				if strings.HasPrefix(line, "  verify") {
					got = append(got, strings.TrimSpace(line))
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s\n%s", diff, after)
			}
		})
	}
}
