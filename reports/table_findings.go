package reports

import (
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
)

var severityStyles = map[fleetnet.Severity]style{fleetnet.Critical: red, fleetnet.Warning: yellow, fleetnet.Info: blue}

// block is the findings of one rule and severity.
type block struct {
	head *fleetnet.Finding
	entryList
}

// blocks folds the findings of an outcome, which come most severe first.
func (t *reportTable) blocks(outcome fleetnet.Outcome) []*block {
	type key struct {
		rule, title string
		severity    fleetnet.Severity
	}
	var list []*block
	index := map[key]*block{}
	for i := range t.report.Findings {
		f := &t.report.Findings[i]
		if f.Outcome != outcome {
			continue
		}
		k := key{f.Rule, f.Title, f.Severity}
		b := index[k]
		if b == nil {
			b = &block{head: f}
			index[k], list = b, append(list, b)
		}
		e := b.add(labelsText(f.Labels), t.shapeOf(f), f.Hosts...)
		e.findings, e.count = append(e.findings, f), max(e.count, f.Count)
	}
	for _, b := range list {
		byWeight(b.list)
	}
	return list
}

// shapeOf returns what a finding says without what differs between hosts.
// Everything, when it is asked for, leaves the numbers as they are.
func (t *reportTable) shapeOf(f *fleetnet.Finding) shape {
	host := ""
	if len(f.Hosts) == 1 {
		host = fleetnet.Printable(f.Hosts[0])
	}
	message := fleetnet.Printable(f.Message)
	if t.verbose {
		return textShape(message, host)
	}
	return measureShape(message, host)
}

// findings writes what is wrong, or that nothing is.
func (t *reportTable) findings() {
	blocks := t.blocks(fleetnet.Fail)
	if len(blocks) == 0 {
		t.nothingFound()
		return
	}
	for _, b := range blocks {
		word := strings.ToUpper(b.head.Severity.String())
		t.heading(severityStyles[b.head.Severity], word, fleetnet.Printable(strings.TrimSpace(b.head.Rule+" "+b.head.Code)), fleetnet.Printable(b.head.Title))
		t.entries(b.list, t.evidence)
		t.advice("fix", b, func(f *fleetnet.Finding) string { return f.Fix })
		t.advice("verify", b, func(f *fleetnet.Finding) string { return f.Verify })
		t.newline()
	}
}

// nothingFound says that nothing was found, and no more than that is known.
func (t *reportTable) nothingFound() {
	s := t.report.Summary
	switch {
	case s.Hosts == s.Failed: // also none at all
		return
	case s.Failed > 0 || s.Partial > 0 || s.Findings.Unknown > 0:
		t.print(plain, "no findings in what could be read")
	default:
		t.print(green, "no findings")
	}
	t.newline()
	t.newline()
}

// evidence writes the raw lines that prove an entry: all, or those of the first
// row, which are its own and, of other commands, the lines joined to it.
func (t *reportTable) evidence(e *entry) {
	several := distinct(e.hosts) > 1
	for _, f := range e.findings {
		probes := map[string]bool{}
		for _, ev := range f.Evidence {
			if ev.Text == "" || !t.verbose && probes[ev.Probe] {
				continue
			}
			probes[ev.Probe] = true
			t.proof(ev, several)
		}
		if len(probes) > 0 && !t.verbose {
			return
		}
	}
}

// proof writes one raw line and where it stands.
func (t *reportTable) proof(ev fleetnet.Evidence, withHost bool) {
	const indent = 4
	where := cut(fleetnet.Printable(commandOf(ev)), 32) + " line " + strconv.Itoa(ev.Line)
	if withHost {
		where = fleetnet.Printable(ev.Host) + ": " + where
	}
	most := 2
	if t.verbose {
		most = 0
	}
	t.blanks(indent)
	t.flow(indent+2, dim, where+": "+fleetnet.Printable(ev.Text), most)
}

// commandOf returns what printed the line: the command, else the probe.
func commandOf(ev fleetnet.Evidence) string {
	if ev.Command != "" {
		return ev.Command
	}
	return ev.Probe
}

// waived writes the findings that somebody has waived, when everything is asked for.
func (t *reportTable) waived() {
	blocks := t.blocks(fleetnet.Waived)
	if !t.verbose || len(blocks) == 0 {
		return
	}
	for _, b := range blocks {
		t.heading(dim, "WAIVED", fleetnet.Printable(b.head.Rule), fleetnet.Printable(b.head.Title))
		t.entries(b.list, nil)
		t.newline()
	}
}
