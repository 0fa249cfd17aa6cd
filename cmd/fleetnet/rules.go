package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers"
	"github.com/fleetnet/fleetnet/rules"
)

func (a *app) rulesCommand() *cli.Command {
	extra := func() cli.Flag { return texts("rules", "`FILE` or folder with more rules or waivers", "r") }
	return &cli.Command{
		Name:  "rules",
		Usage: "list, explain and check rules",
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "list the rules", Flags: []cli.Flag{extra()}, Action: a.rulesList},
			{Name: "explain", Usage: "tell all about a rule", ArgsUsage: "ID", Flags: []cli.Flag{extra()}, Action: a.rulesExplain},
			{Name: "lint", Usage: "check rule files", ArgsUsage: "FILE…", Action: a.rulesLint},
			{Name: "test", Usage: "run cases against the rules", ArgsUsage: "FILE…", Flags: []cli.Flag{extra()}, Action: a.rulesTest},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return fmt.Errorf("rules has no command %q; it has list, explain, lint and test", c.Args().First())
			}
			return cli.ShowSubcommandHelp(c)
		},
	}
}

func (a *app) rulesList(c *cli.Context) error {
	if _, err := arguments(c, 0, 0, ""); err != nil {
		return err
	}
	set, err := rules.Load(c.StringSlice("rules")...)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CODE\tRULE\tSEVERITY\tFROM\tTITLE")
	for _, r := range set.Rules() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", orDash(r.Code), r.ID, r.Severity, r.From, r.Title)
	}
	return w.Flush()
}

func (a *app) rulesExplain(c *cli.Context) error {
	args, err := arguments(c, 1, 1, "the ID of one rule")
	if err != nil {
		return err
	}
	set, err := rules.Load(c.StringSlice("rules")...)
	if err != nil {
		return err
	}
	r, err := set.Rule(args[0])
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s %s (%s): %s\n\n", r.ID, r.Code, r.Severity, r.Title)
	a.paragraph("why", r.Why)
	a.paragraph("fix", r.Fix.String())
	a.paragraph("verify", r.Verify.String())
	a.paragraph("systems", cmp.Or(strings.Join(r.Platforms, ", "), "all"))
	a.paragraph("looks at", looksAt(r))
	a.paragraph("alert when", r.Alert)
	a.paragraph("critical when", r.Critical)
	for _, p := range r.Params {
		a.paragraph("parameter", fmt.Sprintf("%s = %v   (--param %s.%s=…)", p.Name, p.Default, r.ID, p.Name))
	}
	a.paragraph("defined in", r.Place)
	return nil
}

// paragraph prints a labelled text, unless it is empty.
func (a *app) paragraph(label, text string) {
	if text = strings.TrimSpace(text); text != "" {
		fmt.Fprintf(a.stdout, "%-14s %s\n", label+":", strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", 15)))
	}
}

func looksAt(r rules.Rule) string {
	var parts []string
	for _, m := range r.Match {
		parts = append(parts, m.Field+" = "+strings.Join(m.Values, " or "))
	}
	if r.Where != "" {
		parts = append(parts, strings.TrimSpace(r.Where))
	}
	s := r.From
	if len(parts) > 0 {
		s += " where " + strings.Join(parts, " and ")
	}
	if len(r.GroupBy) > 0 {
		s += ", by " + strings.Join(r.GroupBy, ", ")
	}
	return s
}

// rulesLint checks files and says of each that it is fine, or what is not.
func (a *app) rulesLint(c *cli.Context) error {
	files, err := arguments(c, 1, 1000, "at least one FILE")
	if err != nil {
		return err
	}
	var all []error
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err == nil {
			err = rules.Lint(name, data)
		}
		if err == nil {
			fmt.Fprintf(a.stdout, "%s: ok\n", name)
			continue
		}
		all = append(all, err)
	}
	if len(all) > 0 {
		return fmt.Errorf("rules:\n%w", errors.Join(all...))
	}
	return nil
}

// rulesTest runs cases and says of each that it passed, or what was not as
// expected; a case that fails is a finding.
func (a *app) rulesTest(c *cli.Context) error {
	files, err := arguments(c, 1, 1000, "at least one FILE")
	if err != nil {
		return err
	}
	set, err := rules.Load(c.StringSlice("rules")...)
	if err != nil {
		return err
	}
	results, err := set.RunTests(readOutput, files...)
	if err != nil {
		return err
	}
	failed := 0
	for _, r := range results {
		if len(r.Problems) == 0 {
			fmt.Fprintf(a.stdout, "ok    %s:%d: %s\n", r.File, r.Line, r.Name)
			continue
		}
		failed++
		fmt.Fprintf(a.stdout, "FAIL  %s:%d: %s\n", r.File, r.Line, r.Name)
		for _, p := range r.Problems {
			fmt.Fprintf(a.stdout, "      %s\n", p)
		}
	}
	fmt.Fprintf(a.stdout, "%d passed, %d failed\n", len(results)-failed, failed)
	if failed > 0 {
		return exitStatus(exitFindings)
	}
	return nil
}

// readOutput reads the output of a command for a case.
func readOutput(platform, command string, text []byte, into *fleetnet.Snapshot) error {
	probe, err := parsers.Find(platform, command)
	if err != nil {
		return err
	}
	into.ReadBytes(probe, text)
	return nil
}
