package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// failures writes the hosts that could not be read, and those whose reading
// broke off, folded over what went wrong.
func (t *reportTable) failures() {
	t.broken(fleetnet.HostFailed, red, "FAILED", "%s could not be read")
	t.broken(fleetnet.HostPartial, yellow, "PARTIAL", "the reading of %s broke off")
}

func (t *reportTable) broken(status fleetnet.HostStatus, s style, word, heading string) {
	var l entryList
	n := 0
	for _, h := range t.report.Hosts {
		if h.Status != status || h.Error == "" && status == fleetnet.HostPartial {
			continue
		}
		n++
		text := fleetnet.Printable(h.Error)
		if text == "" {
			text = "why is not known"
		}
		hint := fleetnet.Printable(h.Hint)
		e := l.add(withoutName(hint, h.Name), t.errorShape(text, h.Name), h.Name)
		e.findings = append(e.findings, &fleetnet.Finding{Fix: hint})
	}
	if n == 0 {
		return
	}
	byWeight(l.list)
	t.heading(s, word, "", fmt.Sprintf(heading, plural(n, "host")))
	t.entries(l.list, t.hint)
	t.newline()
}

func (t *reportTable) errorShape(text, host string) shape {
	if t.verbose {
		return textShape(text, host)
	}
	return errorShape(text, host)
}

// hint writes what to do about an error.
func (t *reportTable) hint(e *entry) {
	t.labeled(4, "hint", e.findings[0].Fix)
}

// gaps writes what is not known and why: tables and fields that could not be
// read, and the rules that could not be decided. Of hosts that failed
// everything is unknown; that has been said.
func (t *reportTable) gaps() {
	failed := map[string]bool{}
	var l entryList
	for _, h := range t.report.Hosts {
		failed[h.Name] = h.Status == fleetnet.HostFailed
		for _, c := range h.Coverage {
			if c.Status != fleetnet.StatusComplete && (t.verbose || !failed[h.Name] && worthSaying(c)) {
				l.add("", t.errorShape(gapText(c), ""), h.Name)
			}
		}
	}
	list := append(l.list, t.undecided(failed)...)
	byWeight(list)
	if len(list) == 0 {
		return
	}
	t.heading(magenta, "UNKNOWN", "", "what could not be read or decided, and why")
	t.entries(list, nil)
	t.newline()
}

// worthSaying reports whether a gap is one of this host: that a tool never
// tells a field is the same everywhere.
func worthSaying(c fleetnet.Coverage) bool {
	return c.Status != fleetnet.StatusUnsupported || c.Fields == nil
}

// gapText says what is not known, and why.
func gapText(c fleetnet.Coverage) string {
	text := c.Table
	if len(c.Fields) > 0 {
		text += " (" + strings.Join(c.Fields, ", ") + ")"
	}
	text += " " + strings.ReplaceAll(string(c.Status), "_", " ")
	if c.Reason != "" {
		text += ": " + c.Reason
	}
	return fleetnet.Printable(text)
}

// undecided returns the rules that could not be decided, those with the same
// hosts and the same reason as one.
func (t *reportTable) undecided(failed map[string]bool) []*entry {
	var byRule entryList
	for i := range t.report.Findings {
		f := &t.report.Findings[i]
		if f.Outcome != fleetnet.Unknown || !t.verbose && !slices.ContainsFunc(f.Hosts, func(h string) bool { return !failed[h] }) {
			continue
		}
		host := ""
		if len(f.Hosts) == 1 {
			host = f.Hosts[0]
		}
		e := byRule.add(f.Rule, t.errorShape(fleetnet.Printable(f.Message), host), f.Hosts...)
		e.findings = append(e.findings, f)
	}
	var merged entryList
	rules := map[*entry][]string{}
	for _, e := range byRule.list {
		text := shape{key: e.text(), parts: []string{e.text()}}
		m := merged.add(fleetnet.Fold(e.hosts), text)
		m.hosts = e.hosts
		rules[m] = append(rules[m], fleetnet.Printable(e.findings[0].Rule))
	}
	for m, names := range rules {
		m.shapes[0].parts[0] = plural(len(names), "rule") + " not decided (" + t.some(names) + "): " + m.shapes[0].parts[0]
	}
	return merged.list
}

// some returns the names, or the first few.
func (t *reportTable) some(names []string) string {
	if t.verbose || len(names) <= shortList {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:shortList-1], ", ") + ", …"
}

// notes writes what was noted of hosts, when everything is asked for.
func (t *reportTable) notes() {
	var l entryList
	for _, h := range t.report.Hosts {
		for _, n := range h.Notes {
			l.add("", textShape(fleetnet.Printable(n), h.Name), h.Name)
		}
	}
	if !t.verbose || len(l.list) == 0 {
		return
	}
	t.heading(dim, "NOTES", "", "what was noted of hosts")
	t.entries(l.list, nil)
	t.newline()
}

// WriteGaps writes, for people, what is not known of the rows of a listing,
// folded over hosts; nothing when all is known.
func WriteGaps(w io.Writer, gaps []fleetnet.Gap, o Options) error {
	p := newPage(w, o)
	t := reportTable{page: p, report: &fleetnet.Report{}, verbose: o.Verbose}
	var l entryList
	for _, g := range gaps {
		l.add("", t.errorShape(gapText(g.Coverage), ""), g.Host)
	}
	if len(l.list) > 0 {
		t.heading(magenta, "UNKNOWN", "", "what could not be read, and why")
		t.entries(l.list, nil)
	}
	return p.close()
}
