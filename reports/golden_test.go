package reports_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fleetnet/fleetnet/reports"
)

var update = flag.Bool("update", false, "write the golden files again")

// golden is one output that is kept in testdata.
type golden struct {
	file  string
	write func(w io.Writer) error
}

func goldens() []golden {
	report := func(file, format string, o reports.Options) golden {
		return golden{file, func(w io.Writer) error { return reports.Write(w, format, sampleReport(), o) }}
	}
	out := []golden{
		report("report-80.txt", "table", reports.Options{Width: 80}),
		report("report-120.txt", "table", reports.Options{Width: 120}),
		report("report-200.txt", "table", reports.Options{Width: 200}),
		report("report-verbose.txt", "table", reports.Options{Width: 100, Verbose: true}),
		report("report-color.txt", "table", reports.Options{Width: 100, Color: true}),
		report("report.txt", "table", reports.Options{}),
		{"well.txt", func(w io.Writer) error { return reports.Write(w, "table", wellReport(), reports.Options{}) }},
		{"dead.txt", func(w io.Writer) error { return reports.Write(w, "table", deadReport(), reports.Options{}) }},
		{"listing-narrow.txt", func(w io.Writer) error {
			return reports.WriteListing(w, "table", sampleListing("sockets", nil, nil), reports.Options{Width: 60})
		}},
		{"listing-columns.json", func(w io.Writer) error {
			return reports.WriteListing(w, "json", sampleListing("sockets", []string{"local.port", "process"}, []string{"-local.port"}), reports.Options{})
		}},
		{"gaps.txt", func(w io.Writer) error {
			return reports.WriteGaps(w, sampleListing("sockets", nil, nil).Gaps, reports.Options{})
		}},
	}
	for format, ext := range map[string]string{"table": "txt", "json": "json", "jsonl": "jsonl", "csv": "csv", "markdown": "md"} {
		if format != "table" {
			out = append(out, report("report."+ext, format, reports.Options{}))
		}
		out = append(out,
			golden{"listing." + ext, func(w io.Writer) error {
				return reports.WriteListing(w, format, sampleListing("sockets", nil, nil), reports.Options{})
			}},
			golden{"counts." + ext, func(w io.Writer) error { return reports.WriteCounts(w, format, sampleCounts(), reports.Options{}) }},
			golden{"comparison." + ext, func(w io.Writer) error {
				return reports.WriteComparison(w, format, sampleComparison(), reports.Options{})
			}})
	}
	return out
}

func TestGolden(t *testing.T) {
	var files []string
	for _, g := range goldens() {
		files = append(files, g.file)
		t.Run(g.file, func(t *testing.T) {
			var b, again bytes.Buffer
			if err := g.write(&b); err != nil {
				t.Fatal(err)
			}
			if err := g.write(&again); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
				t.Errorf("the same input gave other bytes (%v)", err)
			}
			compareGolden(t, filepath.Join("testdata", g.file), b.Bytes())
		})
	}
	onlyGoldens(t, files)
}

func compareGolden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look, then run go test -update\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

// onlyGoldens fails on a golden file that no test writes any more.
func onlyGoldens(t *testing.T, files []string) {
	t.Helper()
	have, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range have {
		if !slices.Contains(files, filepath.Base(path)) {
			t.Errorf("%s: no test writes this golden file", path)
		}
	}
}
