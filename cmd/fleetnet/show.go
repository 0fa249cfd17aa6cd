package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/reports"
	"github.com/fleetnet/fleetnet/rules"
)

func (a *app) showCommand() *cli.Command {
	return &cli.Command{
		Name:        "show",
		Usage:       "list a table of all hosts: sockets, listeners, routes …",
		ArgsUsage:   "TABLE",
		Description: "Tables: " + strings.Join(tableNames(), ", ") + ".\nExit status: 0, or 3 when the table is not completely known, 4 when of no host.",
		Flags: flags([]cli.Flag{
			text("where", "only rows for which `EXPR` holds: 'recv_q > 10240 and state == \"ESTAB\"'", "", "w"),
			text("columns", "`FIELDS` to show, with commas between", ""),
			text("sort", "`FIELDS` to sort by, with commas between; -FIELD descending", ""),
			text("count-by", "count rows by `FIELDS` instead of listing them", ""),
			boolean("fields", "list the table's fields and end"),
		}, whoFlags(), howFlags(), sayFlags(reports.ListingFormats())),
		Action: a.show,
	}
}

func tableNames() []string {
	var out []string
	for _, t := range fleetnet.Tables() {
		out = append(out, t.Name)
	}
	return out
}

func (a *app) show(c *cli.Context) error {
	args, err := arguments(c, 1, 1, "one TABLE: "+strings.Join(tableNames(), ", "))
	if err != nil {
		return err
	}
	table, ok := fleetnet.TableNamed(args[0])
	if !ok {
		return oneOf("table", args[0], tableNames())
	}
	if c.Bool("fields") {
		return a.showFields(table)
	}
	to, err := sinks(c, reports.ListingFormats())
	if err != nil {
		return err
	}
	list, keep, err := listing(c, table)
	if err != nil {
		return err
	}
	src, err := a.open(c)
	if err != nil {
		return err
	}
	if err := a.list(c, src, list, keep); err != nil {
		return err
	}
	if err := a.writeListing(c, to, list); err != nil {
		return err
	}
	return a.listed(c, src, list)
}

// showFields prints what can stand in --where, --columns and --sort.
func (a *app) showFields(t *fleetnet.Table) error {
	for _, f := range t.Fields {
		fmt.Fprintf(a.stdout, "%-28s %-7s %s\n", f.Name, f.Kind, f.Doc)
	}
	return nil
}

// words splits the value of a flag at commas.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// listing makes the empty listing that the flags describe, and checks them
// before any host is asked.
func listing(c *cli.Context, t *fleetnet.Table) (*fleetnet.Listing, func(fleetnet.Rows, int) bool, error) {
	list, err := fleetnet.NewListing(t, words(c.String("columns")))
	if err != nil {
		return nil, nil, fmt.Errorf("--columns: %w", err)
	}
	if err := list.Sort(words(c.String("sort"))...); err != nil {
		return nil, nil, fmt.Errorf("--sort: %w", err)
	}
	if _, err := list.CountBy(words(c.String("count-by"))...); err != nil {
		return nil, nil, fmt.Errorf("--count-by: %w", err)
	}
	if c.String("where") == "" {
		return list, nil, nil
	}
	filter, err := rules.CompileWhere(t, c.String("where"))
	if err != nil {
		return nil, nil, fmt.Errorf("--where: %w", err)
	}
	keep := func(rows fleetnet.Rows, row int) bool {
		yes, known := filter.Match(rows, row)
		return yes && known
	}
	return list, keep, nil
}

// list adds the rows of every host that could be read.
func (a *app) list(c *cli.Context, src *source, list *fleetnet.Listing, keep func(fleetnet.Rows, int) bool) error {
	for res := range a.collect(c, src) {
		src.tally(res)
		if res.Snapshot != nil {
			res.Snapshot.Forget()
			list.Add(res.Snapshot, keep)
		}
	}
	return src.close(c.Context)
}

func (a *app) writeListing(c *cli.Context, to []sink, list *fleetnet.Listing) error {
	if err := list.Sort(words(c.String("sort"))...); err != nil {
		return err
	}
	by := words(c.String("count-by"))
	if len(by) == 0 {
		return a.write(c, to, func(w io.Writer, format string, o reports.Options) error {
			return reports.WriteListing(w, format, list, o)
		})
	}
	counts, err := list.CountBy(by...)
	if err != nil {
		return err
	}
	return a.write(c, to, func(w io.Writer, format string, o reports.Options) error {
		return reports.WriteCounts(w, format, counts, o)
	})
}

// listed says on stderr what the listing lacks, and turns it into a status.
func (a *app) listed(c *cli.Context, src *source, list *fleetnet.Listing) error {
	a.sayFailures(c, src)
	incomplete := false
	for _, g := range list.Gaps {
		if g.Fields == nil {
			incomplete = true
		}
		a.hint(c, "%s: %s is %s: %s", g.Host, gapName(g), g.Status, g.Reason)
	}
	switch {
	case src.interrupted(c.Context):
		return exitStatus(exitInterrupted)
	case len(src.failed) > 0 && src.read == 0:
		return exitStatus(exitNothing)
	case incomplete || len(src.failed) > 0:
		return exitStatus(exitIncomplete)
	}
	return nil
}

func gapName(g fleetnet.Gap) string {
	if g.Fields == nil {
		return g.Table
	}
	return g.Table + " (" + strings.Join(g.Fields, ", ") + ")"
}
