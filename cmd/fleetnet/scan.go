package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/reports"
	"github.com/fleetnet/fleetnet/rules"
	"github.com/fleetnet/fleetnet/runner"
)

func (a *app) scanCommand() *cli.Command {
	return &cli.Command{
		Name:  "scan",
		Usage: "collect from hosts, judge with rules, and report",
		Description: "Exit status: 0 nothing found, 1 findings at or above --fail-on, 2 usage, inventory or\n" +
			"rule error, 3 a host was not reached or something is unknown, 4 no host could be read,\n" +
			"130 interrupted (what is known is reported).",
		Flags:  flags(whoFlags(), howFlags(), loginFlags(), ruleFlags(), sayFlags(reports.Formats())),
		Action: a.scan,
	}
}

// ruleFlags say what is judged, and what of it fails.
func ruleFlags() []cli.Flag {
	return []cli.Flag{
		texts("rules", "`FILE` or folder with more rules or waivers", "r"),
		texts("param", "set a rule's parameter: `RULE.PARAM=VALUE`"),
		text("fail-on", "exit 1 from this `SEVERITY` on: info, warning, critical, never", "warning"),
		text("allow-unreachable", "exit 0 although `N` or N% of the hosts failed", "0"),
	}
}

func (a *app) scan(c *cli.Context) error {
	if _, err := arguments(c, 0, 0, ""); err != nil {
		return err
	}
	v, err := verdictOf(c)
	if err != nil {
		return err
	}
	to, err := sinks(c, reports.Formats())
	if err != nil {
		return err
	}
	set, err := ruleSet(c)
	if err != nil {
		return err
	}
	src, err := a.open(c)
	if err != nil {
		return err
	}
	if err := src.checkParams(set); err != nil {
		return err
	}
	report, err := a.judge(c, src, set)
	if err != nil {
		return err
	}
	if err := a.write(c, to, func(w io.Writer, format string, o reports.Options) error {
		return reports.Write(w, format, report, o)
	}); err != nil {
		return err
	}
	return v.status(report)
}

func verdictOf(c *cli.Context) (verdict, error) {
	failOn, err := parseFailOn(c.String("fail-on"))
	if err != nil {
		return verdict{}, err
	}
	allow, err := parseAllowance(c.String("allow-unreachable"))
	return verdict{failOn, allow}, err
}

// ruleSet loads the built-in rules, those given, and the parameters.
func ruleSet(c *cli.Context) (*rules.Set, error) {
	set, err := rules.Load(c.StringSlice("rules")...)
	if err != nil {
		return nil, err
	}
	return set.WithParams(c.StringSlice("param"))
}

// judge judges each host as it arrives, and drops its raw text then.
func (a *app) judge(c *cli.Context, src *source, set *rules.Set) (*fleetnet.Report, error) {
	report := &fleetnet.Report{Hosts: []fleetnet.HostResult{}, Findings: []fleetnet.Finding{}}
	var names []string
	for res := range a.collect(c, src) {
		names = append(names, res.Host.Name)
		report.Hosts = append(report.Hosts, hostResult(res))
		if res.Snapshot != nil {
			report.Findings = append(report.Findings, set.Evaluate(res.Snapshot, target(res))...)
		}
	}
	if err := src.close(c.Context); err != nil {
		return nil, err
	}
	report.Run = src.run(c.Context)
	report.Findings = set.Waive(report.Findings, names, report.Run.StartedAt)
	report.Finish()
	return report, nil
}

// checkParams checks the parameters that the inventory sets.
func (s *source) checkParams(set *rules.Set) error {
	for _, h := range s.hosts {
		if err := set.CheckParams(h.Params); err != nil {
			return fmt.Errorf("inventory: params of %s: %w", h.Name, err)
		}
	}
	return nil
}

func target(res runner.Result) rules.Target {
	return rules.Target{Groups: res.Host.Groups, Vars: res.Host.Vars, Params: res.Host.Params}
}

// hostResult is the host's line of the report.
func hostResult(res runner.Result) fleetnet.HostResult {
	h := fleetnet.HostResult{
		Name: res.Host.Name, Status: fleetnet.HostOK, Notes: res.Notes,
		Coverage: []fleetnet.Coverage{}, DurationMS: res.Duration.Milliseconds(),
	}
	var failure *runner.HostError
	if errors.As(res.Err, &failure) {
		h.Hint = failure.Hint
	}
	if res.Err != nil {
		h.Status, h.Error = fleetnet.HostFailed, fleetnet.Printable(res.Err.Error())
	}
	if snap := res.Snapshot; snap != nil {
		h.OS, h.OSVersion, h.Kernel = snap.Host.OS, snap.Host.OSVersion, snap.Host.Kernel
		h.Coverage = snap.Coverage
		if res.Err != nil || !whole(snap.Coverage) {
			h.Status = fleetnet.HostPartial
		}
	}
	return h
}

// whole reports whether everything that the host's tools tell was read. That a
// tool does not tell some field is not the host's fault.
func whole(coverage []fleetnet.Coverage) bool {
	if len(coverage) == 0 {
		return false
	}
	for _, c := range coverage {
		if c.Status != fleetnet.StatusComplete && c.Status != fleetnet.StatusUnsupported {
			return false
		}
	}
	return true
}
