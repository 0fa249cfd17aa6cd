package main

import (
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/reports"
)

func (a *app) compareCommand() *cli.Command {
	return &cli.Command{
		Name:      "compare",
		Usage:     "group hosts by what they have, and show how the outliers differ",
		ArgsUsage: "TABLE",
		Description: "Tables: " + strings.Join(fleetnet.Comparable(), ", ") + ".\n" +
			"Exit status: 0 all agree, 1 a difference, 3 some could not be compared, 4 none could.",
		Flags: flags([]cli.Flag{
			boolean("all", "set nothing aside: own addresses, connected prefixes, gauges"),
			texts("ignore", "set aside what matches `GLOB`: a key (10.20.*, docker0) or a field (metric)"),
		}, whoFlags(), howFlags(), loginFlags(), sayFlags(reports.ComparisonFormats())),
		Action: a.compare,
	}
}

func (a *app) compare(c *cli.Context) error {
	args, err := arguments(c, 1, 1, "one TABLE: "+strings.Join(fleetnet.Comparable(), ", "))
	if err != nil {
		return err
	}
	if err := oneOf("table", args[0], fleetnet.Comparable()); err != nil {
		return err
	}
	to, err := sinks(c, reports.ComparisonFormats())
	if err != nil {
		return err
	}
	src, err := a.open(c)
	if err != nil {
		return err
	}
	var snaps []*fleetnet.Snapshot
	for res := range a.collect(c, src) {
		src.tally(res)
		if res.Snapshot != nil {
			res.Snapshot.Forget()
			snaps = append(snaps, res.Snapshot)
		}
	}
	if err := src.close(c.Context); err != nil {
		return err
	}
	cmp, err := fleetnet.Compare(args[0], snaps, fleetnet.CompareOptions{All: c.Bool("all"), Ignore: c.StringSlice("ignore")})
	if err != nil {
		return err
	}
	if err := a.write(c, to, func(w io.Writer, format string, o reports.Options) error {
		return reports.WriteComparison(w, format, cmp, o)
	}); err != nil {
		return err
	}
	a.sayFailures(c, src)
	return compared(c, src, cmp)
}

// compared turns a comparison into a status.
func compared(c *cli.Context, src *source, cmp *fleetnet.Comparison) error {
	switch {
	case src.interrupted(c.Context):
		return exitStatus(exitInterrupted)
	case len(cmp.Groups) == 0:
		return exitStatus(exitNothing)
	case len(cmp.Groups) > 1:
		return exitStatus(exitFindings)
	case len(cmp.NotCompared) > 0 || len(src.failed) > 0:
		return exitStatus(exitIncomplete)
	}
	return nil
}
