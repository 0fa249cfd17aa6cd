// Package reports says what was found: a scan's report, a table of many hosts,
// a comparison of hosts, each in the formats of [Formats], one format per file.
//
// Everything that came from a host is written so that it can neither steer a
// terminal nor run as a formula; in JSON it is escaped and stays what it was.
package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// Options say how a report is written. The zero Options are right for a file.
type Options struct {
	Color   bool // with ANSI colors; only the format "table" has any
	Width   int  // columns to fit the format "table" into; 0 means no bound
	Verbose bool // everything: no list is cut short, and known gaps are listed
}

// format is one way to write each kind of report.
type format struct {
	name       string
	report     func(io.Writer, *fleetnet.Report, Options) error
	listing    func(io.Writer, *fleetnet.Listing, Options) error
	counts     func(io.Writer, *fleetnet.Counts, Options) error
	comparison func(io.Writer, *fleetnet.Comparison, Options) error
}

// formats are in the order in which they are named to the user.
var formats = []format{
	{"table", tableReport, tableListing, tableCounts, tableComparison},
	{"json", jsonReport, jsonListing, jsonCounts, jsonComparison},
	{"jsonl", jsonlReport, jsonlListing, jsonlCounts, jsonlComparison},
	{"csv", csvReport, csvListing, csvCounts, csvComparison},
	{"markdown", markdownReport, markdownListing, markdownCounts, markdownComparison},
}

// Formats returns the names of the formats. Each can write everything that
// this package writes.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// Check returns an error that names the known formats when format is not one.
func Check(format string) error {
	_, err := named(format)
	return err
}

func named(name string) (format, error) {
	i := slices.IndexFunc(formats, func(f format) bool { return f.name == name })
	if i < 0 {
		return format{}, fmt.Errorf("unknown format %q; it is one of %s", name, strings.Join(Formats(), ", "))
	}
	return formats[i], nil
}

// Write writes the report of a scan, which must be finished
// ([fleetnet.Report.Finish]).
func Write(w io.Writer, format string, r *fleetnet.Report, o Options) error {
	f, err := named(format)
	if err != nil {
		return err
	}
	return f.report(w, r, o)
}

// WriteListing writes rows of a table in the order of the listing. Gaps are
// not part of it: see [WriteGaps].
func WriteListing(w io.Writer, format string, l *fleetnet.Listing, o Options) error {
	f, err := named(format)
	if err != nil {
		return err
	}
	return f.listing(w, l, o)
}

// WriteCounts writes how many rows share the values of some fields.
func WriteCounts(w io.Writer, format string, c *fleetnet.Counts, o Options) error {
	f, err := named(format)
	if err != nil {
		return err
	}
	return f.counts(w, c, o)
}

// WriteComparison writes how hosts differ.
func WriteComparison(w io.Writer, format string, c *fleetnet.Comparison, o Options) error {
	f, err := named(format)
	if err != nil {
		return err
	}
	return f.comparison(w, c, o)
}
