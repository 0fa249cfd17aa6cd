package main

import (
	"fmt"
	"io"
	"slices"
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
		Flags: flags(rowFlags(), []cli.Flag{
			boolean("fields", "list the table's fields and end"),
		}, whoFlags(), howFlags(), loginFlags(), sayFlags(reports.ListingFormats())),
		Action: a.show,
	}
}

// rowFlags choose the rows of a table, and how they are listed.
func rowFlags() []cli.Flag {
	return []cli.Flag{
		text("where", "only rows for which `EXPR` holds: 'recv_q > 10240 and state == \"ESTAB\"'", "", "w"),
		text("columns", "`FIELDS` to show, with commas between", ""),
		text("sort", "`FIELDS` to sort by, with commas between; -FIELD descending", ""),
		text("count-by", "count rows by `FIELDS` instead of listing them", ""),
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
	list, err := newSelection(c, table)
	if err != nil {
		return err
	}
	src, err := a.open(c)
	if err != nil {
		return err
	}
	if err := a.list(c, src, list); err != nil {
		return err
	}
	if err := a.writeListing(c, to, list.Listing); err != nil {
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

// selection is the listing that the flags describe, and which rows belong in it.
type selection struct {
	*fleetnet.Listing
	filter    *rules.Filter // nil: every row
	undecided int           // rows of which the filter cannot tell
}

// newSelection checks the flags before any host is asked.
func newSelection(c *cli.Context, t *fleetnet.Table) (*selection, error) {
	list, err := fleetnet.NewListing(t, words(c.String("columns")))
	if err != nil {
		return nil, fmt.Errorf("--columns: %w", err)
	}
	if err := list.Sort(words(c.String("sort"))...); err != nil {
		return nil, fmt.Errorf("--sort: %w", err)
	}
	if _, err := list.CountBy(words(c.String("count-by"))...); err != nil {
		return nil, fmt.Errorf("--count-by: %w", err)
	}
	s := &selection{Listing: list}
	if c.String("where") != "" {
		if s.filter, err = rules.CompileWhere(t, c.String("where")); err != nil {
			return nil, fmt.Errorf("--where: %w", err)
		}
	}
	return s, nil
}

// add adds the rows of a host that are to be listed.
func (s *selection) add(snap *fleetnet.Snapshot) {
	if s.filter == nil {
		s.Add(snap, nil)
		return
	}
	withheld := fieldsWithheld(snap, s.Table)
	s.Add(snap, func(rows fleetnet.Rows, row int) bool {
		match, known := s.filter.Match(rows, row)
		if !known && withheld {
			s.undecided++
		}
		return match && known
	})
}

// fieldsWithheld reports whether a host kept fields of the table to itself. A
// row elsewhere that lacks a field, a TIME_WAIT socket its process, has none.
func fieldsWithheld(snap *fleetnet.Snapshot, t *fleetnet.Table) bool {
	return slices.ContainsFunc(snap.Coverage, func(c fleetnet.Coverage) bool {
		return c.Fields != nil && c.Status.Worse(fleetnet.StatusComplete) && slices.Contains(t.Sources, c.Table)
	})
}

// list adds the rows of every host that could be read.
func (a *app) list(c *cli.Context, src *source, list *selection) error {
	for res := range a.collect(c, src) {
		src.tally(res)
		if res.Snapshot != nil {
			res.Snapshot.Forget()
			list.add(res.Snapshot)
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
func (a *app) listed(c *cli.Context, src *source, list *selection) error {
	a.sayFailures(c, src)
	if list.undecided > 0 {
		a.hint(c, "%d rows are left out: they do not tell what --where asks for", list.undecided)
	}
	if !c.Bool("quiet") {
		if err := reports.WriteGaps(a.stderr, list.Gaps, reports.Options{Verbose: c.Bool("verbose")}); err != nil {
			return err
		}
	}
	rowsMissing := slices.ContainsFunc(list.Gaps, func(g fleetnet.Gap) bool { return g.Fields == nil })
	switch {
	case src.interrupted(c.Context):
		return exitStatus(exitInterrupted)
	case len(src.failed) > 0 && src.read == 0:
		return exitStatus(exitNothing)
	case rowsMissing || list.undecided > 0 || len(src.failed) > 0:
		return exitStatus(exitIncomplete)
	}
	return nil
}
