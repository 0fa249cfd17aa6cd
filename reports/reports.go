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

// formats are in the order in which they are named to the user. A function
// that is nil is not part of a format.
var formats = []format{
	{"table", tableReport, tableListing, tableCounts, tableComparison},
	{"json", jsonReport, jsonListing, jsonCounts, jsonComparison},
	{"jsonl", jsonlReport, jsonlListing, jsonlCounts, jsonlComparison},
	{"csv", csvReport, csvListing, csvCounts, csvComparison},
	{"markdown", markdownReport, markdownListing, markdownCounts, markdownComparison},
}

// Formats returns the names of the formats that [Write] knows.
func Formats() []string {
	return names(func(f format) bool { return f.report != nil })
}

// ListingFormats returns the names of the formats that [WriteListing] and
// [WriteCounts] know.
func ListingFormats() []string {
	return names(func(f format) bool { return f.listing != nil && f.counts != nil })
}

// ComparisonFormats returns the names of the formats that [WriteComparison] knows.
func ComparisonFormats() []string {
	return names(func(f format) bool { return f.comparison != nil })
}

func names(has func(format) bool) []string {
	var out []string
	for _, f := range formats {
		if has(f) {
			out = append(out, f.name)
		}
	}
	return out
}

// named returns the format of that name, which must be one of the known.
func named(name string, known []string) (format, error) {
	if !slices.Contains(known, name) {
		return format{}, fmt.Errorf("unknown format %q; it is one of %s", name, strings.Join(known, ", "))
	}
	i := slices.IndexFunc(formats, func(f format) bool { return f.name == name })
	return formats[i], nil
}

// Write writes the report of a scan, which must be finished
// ([fleetnet.Report.Finish]).
func Write(w io.Writer, format string, r *fleetnet.Report, o Options) error {
	f, err := named(format, Formats())
	if err != nil {
		return err
	}
	return f.report(w, r, o)
}

// WriteListing writes rows of a table in the order of the listing. Gaps are
// not part of it: see [WriteGaps].
func WriteListing(w io.Writer, format string, l *fleetnet.Listing, o Options) error {
	f, err := named(format, ListingFormats())
	if err != nil {
		return err
	}
	return f.listing(w, l, o)
}

// WriteCounts writes how many rows share the values of some fields.
func WriteCounts(w io.Writer, format string, c *fleetnet.Counts, o Options) error {
	f, err := named(format, ListingFormats())
	if err != nil {
		return err
	}
	return f.counts(w, c, o)
}

// WriteComparison writes how hosts differ.
func WriteComparison(w io.Writer, format string, c *fleetnet.Comparison, o Options) error {
	f, err := named(format, ComparisonFormats())
	if err != nil {
		return err
	}
	return f.comparison(w, c, o)
}
