package reports

import (
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
)

var csvReportHeader = []string{"outcome", "severity", "rule", "code", "hosts", "title", "message", "count", "labels",
	"evidence_host", "evidence_command", "evidence_line", "evidence_text", "fix", "verify"}

// csvReport writes a row for each finding, with its first evidence, and one
// with the outcome "failed" for each host that could not be read: a sheet
// without rows would say that all is well.
func csvReport(w io.Writer, r *fleetnet.Report, _ Options) error {
	out := newSheet(w, csvReportHeader...)
	for _, f := range r.Findings {
		var e fleetnet.Evidence
		if len(f.Evidence) > 0 {
			e = f.Evidence[0]
		}
		out.row(string(f.Outcome), f.Severity.String(), f.Rule, f.Code, strings.Join(f.Hosts, " "), f.Title, f.Message,
			strconv.Itoa(f.Count), labelsText(f.Labels), e.Host, commandOf(e), lineText(e), e.Text, f.Fix, f.Verify)
	}
	for _, h := range r.Hosts {
		if h.Status == fleetnet.HostFailed {
			out.row("failed", "", "", "", h.Name, "the host could not be read", h.Error, "0", "", "", "", "", "", h.Hint, "")
		}
	}
	return out.close()
}

func lineText(e fleetnet.Evidence) string {
	if e.Line == 0 {
		return ""
	}
	return strconv.Itoa(e.Line)
}

// labelsText returns labels as name=value, in order of names.
func labelsText(labels map[string]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		out = append(out, k+"="+labels[k])
	}
	return strings.Join(out, " ")
}

func csvListing(w io.Writer, l *fleetnet.Listing, _ Options) error {
	header := []string{fleetnet.HostKey}
	for _, f := range l.Columns {
		header = append(header, f.Name)
	}
	out := newSheet(w, header...)
	for _, r := range l.Rows {
		out.begin(r.Host)
		for _, f := range l.Columns {
			out.value(r.Value(f))
		}
		out.end()
	}
	return out.close()
}

func csvCounts(w io.Writer, c *fleetnet.Counts, _ Options) error {
	header := []string{"count"}
	for _, f := range c.Fields {
		header = append(header, f.Name)
	}
	out := newSheet(w, header...)
	for _, g := range c.Groups {
		out.begin(strconv.Itoa(g.N))
		for _, v := range g.Values {
			out.value(v)
		}
		out.end()
	}
	return out.close()
}

// signWords are what a comparison's signs mean. A sheet would take the signs
// themselves for formulas.
var signWords = map[string]string{"+": "extra", "-": "lacks", "~": "differs"}

// csvComparison writes a row for each host and difference; a host that has
// what the first group has gets one row, and so does what was not compared.
func csvComparison(w io.Writer, c *fleetnet.Comparison, _ Options) error {
	out := newSheet(w, "host", "group", "result", "key", "text", "from", "to")
	for i, g := range c.Groups {
		for _, host := range g.Hosts {
			if i == 0 {
				out.row(host, "1", "same", "", "", "", "")
			}
			for _, d := range g.Diff {
				out.row(host, strconv.Itoa(i+1), signWords[d.Sign], d.Key, d.Text, d.From, d.To)
			}
		}
	}
	for _, f := range c.SetAside {
		for _, host := range f.Hosts {
			out.row(host, "", "not_compared", f.Field, f.Reason, "", "")
		}
	}
	for _, n := range c.NotCompared {
		out.row(n.Host, "", "not_compared", "", n.Reason, "", "")
	}
	return out.close()
}

// sheet writes CSV as RFC 4180 has it. The first error sticks.
type sheet struct {
	w     *csv.Writer
	cells []string
}

func newSheet(w io.Writer, header ...string) *sheet {
	s := &sheet{w: csv.NewWriter(w)}
	s.w.UseCRLF = true
	s.row(header...)
	return s
}

// row writes a whole row of text.
func (s *sheet) row(cells ...string) {
	s.cells = s.cells[:0]
	for _, c := range cells {
		s.cells = append(s.cells, cell(c))
	}
	s.end()
}

// begin starts a row with its first cell.
func (s *sheet) begin(first string) { s.cells = append(s.cells[:0], cell(first)) }

// value adds a cell: "?" for what is unknown. A number is no formula, even a
// negative one.
func (s *sheet) value(v fleetnet.Value) {
	switch v.Kind() {
	case fleetnet.KindUnknown:
		s.cells = append(s.cells, "?")
	case fleetnet.KindInt:
		s.cells = append(s.cells, v.String())
	default:
		s.cells = append(s.cells, cell(v.String()))
	}
}

func (s *sheet) end() { _ = s.w.Write(s.cells) }

func (s *sheet) close() error {
	s.w.Flush()
	return s.w.Error()
}

// cell returns text that no spreadsheet takes for a formula.
func cell(text string) string {
	text = fleetnet.Printable(text)
	if t := strings.TrimLeft(text, " "); t != "" && strings.ContainsRune("=+-@", rune(t[0])) {
		return "'" + text
	}
	return text
}
