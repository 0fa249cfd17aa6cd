package reports

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// markdownReport writes the report as GitHub Flavored Markdown, for a ticket
// or a wiki: the summary, and a table each of findings and of hosts that are
// not completely known.
func markdownReport(w io.Writer, r *fleetnet.Report, _ Options) error {
	m := &markdown{w: bufio.NewWriter(w)}
	s := r.Summary
	m.text("**%s**: %d ok, %d partial, %d failed. Findings: %d critical, %d warning, %d info, %d unknown.",
		plural(s.Hosts, "host"), s.OK, s.Partial, s.Failed, s.Findings.Critical, s.Findings.Warning, s.Findings.Info, s.Findings.Unknown)
	if r.Run.Interrupted {
		m.text("The run was interrupted.")
	}
	if len(r.Findings) > 0 {
		m.row("Severity", "Rule", "Hosts", "Message", "Evidence")
		m.rule(5)
	}
	for _, f := range r.Findings {
		m.row(outcomeText(f), strings.TrimSpace(f.Rule+" "+f.Code), hostsText(f.Hosts), f.Message, firstEvidence(f))
	}
	m.hosts(r.Hosts)
	return m.w.Flush()
}

// outcomeText returns the severity of what failed, else the outcome.
func outcomeText(f fleetnet.Finding) string {
	if f.Outcome == fleetnet.Fail {
		return f.Severity.String()
	}
	return string(f.Outcome)
}

func firstEvidence(f fleetnet.Finding) string {
	for _, e := range f.Evidence {
		if e.Text != "" {
			return fmt.Sprintf("%s: %s line %d: %s", e.Host, commandOf(e), e.Line, strings.Join(strings.Fields(e.Text), " "))
		}
	}
	return ""
}

func (m *markdown) hosts(hosts []fleetnet.HostResult) {
	begun := false
	for _, h := range hosts {
		if h.Status == fleetnet.HostOK {
			continue
		}
		if !begun {
			m.text("")
			m.row("Host", "Status", "Why")
			m.rule(3)
			begun = true
		}
		m.row(h.Name, string(h.Status), whyIncomplete(h))
	}
}

// whyIncomplete returns the error, else the gaps.
func whyIncomplete(h fleetnet.HostResult) string {
	if h.Error != "" {
		return h.Error
	}
	var gaps []string
	for _, c := range h.Coverage {
		if c.Status != fleetnet.StatusComplete && worthSaying(c) {
			gaps = append(gaps, gapText(c))
		}
	}
	return strings.Join(gaps, "; ")
}

func markdownListing(w io.Writer, l *fleetnet.Listing, _ Options) error {
	m := &markdown{w: bufio.NewWriter(w)}
	cells := []string{fleetnet.HostKey}
	for _, f := range l.Columns {
		cells = append(cells, f.Name)
	}
	m.row(cells...)
	m.rule(len(cells))
	for _, r := range l.Rows {
		cells = append(cells[:0], r.Host)
		for _, f := range l.Columns {
			cells = append(cells, shown(r.Value(f)))
		}
		m.row(cells...)
	}
	return m.w.Flush()
}

func markdownCounts(w io.Writer, c *fleetnet.Counts, _ Options) error {
	m := &markdown{w: bufio.NewWriter(w)}
	cells := []string{"count"}
	for _, f := range c.Fields {
		cells = append(cells, f.Name)
	}
	m.row(cells...)
	m.rule(len(cells))
	for _, g := range c.Groups {
		cells = append(cells[:0], strconv.Itoa(g.N))
		for _, v := range g.Values {
			cells = append(cells, shown(v))
		}
		m.row(cells...)
	}
	return m.w.Flush()
}

func markdownComparison(w io.Writer, c *fleetnet.Comparison, _ Options) error {
	m := &markdown{w: bufio.NewWriter(w)}
	m.text("**%s**: %s", escapeMarkdown(c.Table), verdict(c))
	m.row("Hosts", "", "What")
	m.rule(3)
	for i, g := range c.Groups {
		if i == 0 {
			m.row(hostsText(g.Hosts), "", itemsText(c.Table, g.Items))
		}
		for _, d := range g.Diff {
			m.row(hostsText(g.Hosts), d.Sign, diffText(d))
		}
	}
	for _, n := range c.NotCompared {
		m.row(n.Host, "?", n.Reason)
	}
	for _, f := range c.SetAside {
		m.row(hostsText(f.Hosts), "?", f.Field+": "+f.Reason)
	}
	return m.w.Flush()
}

// markdown writes paragraphs and tables. The first error sticks.
type markdown struct{ w *bufio.Writer }

// text writes a paragraph of our own words.
func (m *markdown) text(format string, args ...any) {
	fmt.Fprintf(m.w, format+"\n", args...)
	if format != "" {
		fmt.Fprintln(m.w)
	}
}

func (m *markdown) row(cells ...string) {
	_, _ = m.w.WriteString("|")
	for _, c := range cells {
		_, _ = m.w.WriteString(" " + escapeMarkdown(c) + " |")
	}
	_, _ = m.w.WriteString("\n")
}

// rule writes the line under a table's heading.
func (m *markdown) rule(columns int) {
	_, _ = m.w.WriteString("|" + strings.Repeat(" --- |", columns) + "\n")
}

// escapeMarkdown returns text that is shown as it is: no markup, no HTML, no links.
func escapeMarkdown(text string) string {
	text = fleetnet.Printable(text)
	var b strings.Builder
	for _, r := range text {
		switch r {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '\\', '`', '*', '_', '[', ']', '|', '~', '>', '#', '!', '$', '@':
			b.WriteString(`\` + string(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
