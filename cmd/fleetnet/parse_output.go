package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/reports"
)

// parsedOutput is how parse writes what it read.
type parsedOutput struct {
	a       *app
	c       *cli.Context
	to      []sink
	table   *fleetnet.Table // nil: everything, or the first table that has rows
	listing bool
}

// parsedOutput checks the flags before the text is read. A table, a format other
// than JSON, or a choice of rows asks for a listing.
func (a *app) parsedOutput(c *cli.Context) (*parsedOutput, error) {
	p := &parsedOutput{a: a, c: c}
	var err error
	if p.to, err = sinks(c, parseFormats()); err != nil {
		return nil, err
	}
	for _, flag := range []string{"table", "where", "columns", "sort", "count-by"} {
		p.listing = p.listing || c.String(flag) != ""
	}
	if p.listing && !c.IsSet("format") {
		p.to = []sink{{format: "table"}}
	}
	p.listing = p.listing || slices.ContainsFunc(p.to, func(s sink) bool { return s.format != "json" })
	if name := c.String("table"); name != "" {
		var ok bool
		if p.table, ok = fleetnet.TableNamed(name); !ok {
			return nil, oneOf("table", name, tableNames())
		}
		_, err = newSelection(c, p.table)
	}
	return p, err
}

// write writes the snapshot, or the listing that the flags ask for.
func (p *parsedOutput) write(snap *fleetnet.Snapshot) error {
	if !p.listing {
		return p.a.writeSnapshot(p.to, snap)
	}
	table := p.table
	if table == nil {
		if table = firstTable(snap); table == nil {
			return fmt.Errorf("no table has a row: say --table, or -f json for all that was read")
		}
	}
	list, err := newSelection(p.c, table)
	if err != nil {
		return err
	}
	list.add(snap)
	if err := p.a.writeListing(p.c, p.to, list.Listing); err != nil {
		return err
	}
	if list.undecided > 0 {
		p.a.hint(p.c, "%d rows are left out: they do not tell what --where asks for", list.undecided)
	}
	if p.c.Bool("quiet") {
		return nil
	}
	return reports.WriteGaps(p.a.stderr, list.Gaps, reports.Options{Verbose: p.c.Bool("verbose")})
}

// firstTable returns the first stored table that has rows.
func firstTable(snap *fleetnet.Snapshot) *fleetnet.Table {
	for _, t := range fleetnet.Tables() {
		if slices.Equal(t.Sources, []string{t.Name}) && t.Name != "host" && t.Rows(snap).Len() > 0 {
			return t
		}
	}
	return nil
}

// writeSnapshot writes everything as JSON.
func (a *app) writeSnapshot(to []sink, snap *fleetnet.Snapshot) error {
	for _, s := range to {
		render := func(w io.Writer) error {
			enc := json.NewEncoder(w)
			enc.SetIndent("", "  ")
			enc.SetEscapeHTML(false)
			return enc.Encode(snap)
		}
		var err error
		if s.file == "" {
			err = render(a.stdout)
		} else {
			err = replaceFile(s.file, render)
		}
		if err != nil {
			return fmt.Errorf("write snapshot: %w", err)
		}
	}
	return nil
}
