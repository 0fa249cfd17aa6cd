package reports

import (
	"errors"
	"io"

	"github.com/fleetnet/fleetnet"
)

var errTODO = errors.New("not written yet")

func tableReport(io.Writer, *fleetnet.Report, Options) error            { return errTODO }
func tableListing(io.Writer, *fleetnet.Listing, Options) error          { return errTODO }
func tableCounts(io.Writer, *fleetnet.Counts, Options) error            { return errTODO }
func tableComparison(io.Writer, *fleetnet.Comparison, Options) error    { return errTODO }
func jsonReport(io.Writer, *fleetnet.Report, Options) error             { return errTODO }
func jsonListing(io.Writer, *fleetnet.Listing, Options) error           { return errTODO }
func jsonCounts(io.Writer, *fleetnet.Counts, Options) error             { return errTODO }
func jsonComparison(io.Writer, *fleetnet.Comparison, Options) error     { return errTODO }
func jsonlReport(io.Writer, *fleetnet.Report, Options) error            { return errTODO }
func jsonlListing(io.Writer, *fleetnet.Listing, Options) error          { return errTODO }
func jsonlCounts(io.Writer, *fleetnet.Counts, Options) error            { return errTODO }
func jsonlComparison(io.Writer, *fleetnet.Comparison, Options) error    { return errTODO }
func csvReport(io.Writer, *fleetnet.Report, Options) error              { return errTODO }
func csvListing(io.Writer, *fleetnet.Listing, Options) error            { return errTODO }
func csvCounts(io.Writer, *fleetnet.Counts, Options) error              { return errTODO }
func csvComparison(io.Writer, *fleetnet.Comparison, Options) error      { return errTODO }
func markdownReport(io.Writer, *fleetnet.Report, Options) error         { return errTODO }
func markdownListing(io.Writer, *fleetnet.Listing, Options) error       { return errTODO }
func markdownCounts(io.Writer, *fleetnet.Counts, Options) error         { return errTODO }
func markdownComparison(io.Writer, *fleetnet.Comparison, Options) error { return errTODO }

// WriteGaps writes, for people, what is not known of a listing's rows, folded over hosts.
func WriteGaps(w io.Writer, gaps []fleetnet.Gap, o Options) error { return errTODO }
