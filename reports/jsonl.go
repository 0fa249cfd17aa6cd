package reports

import (
	"bytes"
	"io"

	"github.com/fleetnet/fleetnet"
)

// The lines of a report: the object of the format "json", told apart by type.
type (
	runLine struct {
		Type          string `json:"type"`
		SchemaVersion int    `json:"schema_version"`
		fleetnet.Run
	}
	hostLine struct {
		Type string `json:"type"`
		fleetnet.HostResult
	}
	findingLine struct {
		Type string `json:"type"`
		fleetnet.Finding
	}
	summaryLine struct {
		Type string `json:"type"`
		fleetnet.Summary
	}
	groupLine struct {
		Type  string `json:"type"`
		Table string `json:"table"`
		fleetnet.CompareGroup
	}
	fieldLine struct {
		Type  string `json:"type"`
		Table string `json:"table"`
		fleetnet.FieldAside
	}
	notComparedLine struct {
		Type  string `json:"type"`
		Table string `json:"table"`
		fleetnet.NotCompared
	}
)

// jsonlReport writes the run, each host, each finding and the summary, an
// object a line.
func jsonlReport(w io.Writer, r *fleetnet.Report, _ Options) error {
	lines := []any{runLine{"run", r.SchemaVersion, r.Run}}
	for _, h := range r.Hosts {
		lines = append(lines, hostLine{"host", hostWithLists(h)})
	}
	for _, f := range r.Findings {
		lines = append(lines, findingLine{"finding", findingWithLists(f)})
	}
	return jsonLines(w, append(lines, summaryLine{"summary", r.Summary}))
}

func jsonlListing(w io.Writer, l *fleetnet.Listing, _ Options) error {
	return objectLines(w, len(l.Rows), func(b *bytes.Buffer, n int) error { return listingObject(b, l, n) })
}

func jsonlCounts(w io.Writer, c *fleetnet.Counts, _ Options) error {
	return objectLines(w, len(c.Groups), func(b *bytes.Buffer, n int) error { return countObject(b, c, n) })
}

// jsonlComparison writes each group, and each field and host that was not compared.
func jsonlComparison(w io.Writer, c *fleetnet.Comparison, _ Options) error {
	var lines []any
	for _, g := range c.Groups {
		lines = append(lines, groupLine{"group", c.Table, g})
	}
	for _, f := range c.SetAside {
		lines = append(lines, fieldLine{"set_aside", c.Table, f})
	}
	for _, n := range c.NotCompared {
		lines = append(lines, notComparedLine{"not_compared", c.Table, n})
	}
	return jsonLines(w, lines)
}

func jsonLines(w io.Writer, lines []any) error {
	return objectLines(w, len(lines), func(b *bytes.Buffer, n int) error { return encode(b, lines[n]) })
}
