package fleetnet

import (
	"slices"
	"strings"
	"time"
)

// HostStatus is how the scan of a host ended.
type HostStatus string

// The statuses of a host. Partial means that it was read, but not all of it.
const (
	HostOK      HostStatus = "ok"
	HostPartial HostStatus = "partial"
	HostFailed  HostStatus = "failed"
)

// HostResult is one host's line of a report.
type HostResult struct {
	Name       string     `json:"name"`
	OS         string     `json:"os,omitzero"`
	OSVersion  string     `json:"os_version,omitzero"`
	Kernel     string     `json:"kernel,omitzero"`
	Status     HostStatus `json:"status"`
	Error      string     `json:"error,omitzero"` // printable
	Hint       string     `json:"hint,omitzero"`  // what to do about Error
	Coverage   []Coverage `json:"coverage"`
	Notes      []string   `json:"notes,omitzero"` // "12 lines outside of any frame were dropped"
	DurationMS int64      `json:"duration_ms"`
}

// Run says what was run.
type Run struct {
	Version     string    `json:"version,omitzero"`
	StartedAt   time.Time `json:"started_at"`
	DurationMS  int64     `json:"duration_ms"`
	Interrupted bool      `json:"interrupted,omitzero"`
}

// Summary counts a report.
type Summary struct {
	Hosts    int           `json:"hosts"`
	OK       int           `json:"ok"`
	Partial  int           `json:"partial"`
	Failed   int           `json:"failed"`
	Findings FindingCounts `json:"findings"`
}

// FindingCounts counts findings by severity; unknown and waived ones are
// counted apart, whatever their severity.
type FindingCounts struct {
	Critical int `json:"critical"`
	Warning  int `json:"warning"`
	Info     int `json:"info"`
	Unknown  int `json:"unknown"`
	Waived   int `json:"waived,omitzero"`
}

// Report is the outcome of a scan.
type Report struct {
	SchemaVersion int          `json:"schema_version"`
	Run           Run          `json:"run"`
	Summary       Summary      `json:"summary"`
	Hosts         []HostResult `json:"hosts"`
	Findings      []Finding    `json:"findings"`
}

// Finish sorts the report into its one order and counts it. Hosts sort
// naturally (web2 before web10); findings by outcome, severity, rule, host, message.
func (r *Report) Finish() {
	r.SchemaVersion = SchemaVersion
	slices.SortStableFunc(r.Hosts, func(a, b HostResult) int { return NaturalCompare(a.Name, b.Name) })
	slices.SortStableFunc(r.Findings, compareFindings)
	r.Summary = Summary{Hosts: len(r.Hosts)}
	for _, h := range r.Hosts {
		switch h.Status {
		case HostOK:
			r.Summary.OK++
		case HostPartial:
			r.Summary.Partial++
		case HostFailed:
			r.Summary.Failed++
		}
	}
	for _, f := range r.Findings {
		r.Summary.Findings.add(f)
	}
}

func (c *FindingCounts) add(f Finding) {
	switch {
	case f.Outcome == Unknown:
		c.Unknown++
	case f.Outcome == Waived:
		c.Waived++
	case f.Severity == Critical:
		c.Critical++
	case f.Severity == Warning:
		c.Warning++
	case f.Severity == Info:
		c.Info++
	}
}

var outcomeOrder = []Outcome{Fail, Unknown, Waived}

func compareFindings(a, b Finding) int {
	if d := slices.Index(outcomeOrder, a.Outcome) - slices.Index(outcomeOrder, b.Outcome); d != 0 {
		return d
	}
	if d := int(b.Severity) - int(a.Severity); d != 0 {
		return d
	}
	if d := strings.Compare(a.Rule, b.Rule); d != 0 {
		return d
	}
	if d := slices.CompareFunc(a.Hosts, b.Hosts, NaturalCompare); d != 0 {
		return d
	}
	return strings.Compare(a.Message, b.Message)
}
