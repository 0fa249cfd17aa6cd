package main

import (
	"testing"

	"github.com/fleetnet/fleetnet"
)

func TestExitStatus(t *testing.T) {
	ok := fleetnet.HostResult{Name: "web1", Status: fleetnet.HostOK}
	broke := fleetnet.HostResult{Name: "web2", Status: fleetnet.HostPartial, Error: "read: the connection was lost"}
	denied := fleetnet.HostResult{Name: "web3", Status: fleetnet.HostPartial}
	down := fleetnet.HostResult{Name: "web4", Status: fleetnet.HostFailed, Error: "dial: refused"}
	finding := func(sev fleetnet.Severity, out fleetnet.Outcome) []fleetnet.Finding {
		return []fleetnet.Finding{{Severity: sev, Outcome: out, Hosts: []string{"web1"}}}
	}
	for name, tc := range map[string]struct {
		report fleetnet.Report
		failOn string
		allow  string
		want   int
	}{
		"all well":                      {report: fleetnet.Report{Hosts: []fleetnet.HostResult{ok}}, want: exitOK},
		"no root is no failure":         {report: fleetnet.Report{Hosts: []fleetnet.HostResult{denied}}, want: exitOK},
		"one down":                      {report: fleetnet.Report{Hosts: []fleetnet.HostResult{ok, down}}, want: exitIncomplete},
		"one down, allowed":             {report: fleetnet.Report{Hosts: []fleetnet.HostResult{ok, down}}, allow: "1", want: exitOK},
		"half down, allowed":            {report: fleetnet.Report{Hosts: []fleetnet.HostResult{ok, down}}, allow: "50%", want: exitOK},
		"one broke off":                 {report: fleetnet.Report{Hosts: []fleetnet.HostResult{ok, broke}}, want: exitIncomplete},
		"all down":                      {report: fleetnet.Report{Hosts: []fleetnet.HostResult{down}}, allow: "100%", want: exitNothing},
		"a warning":                     {report: fleetnet.Report{Hosts: []fleetnet.HostResult{ok, down}, Findings: finding(fleetnet.Warning, fleetnet.Fail)}, want: exitFindings},
		"a warning, critical asked for": {report: fleetnet.Report{Hosts: []fleetnet.HostResult{ok}, Findings: finding(fleetnet.Warning, fleetnet.Fail)}, failOn: "critical", want: exitOK},
		"an info":                       {report: fleetnet.Report{Hosts: []fleetnet.HostResult{ok}, Findings: finding(fleetnet.Info, fleetnet.Fail)}, want: exitOK},
		"never":                         {report: fleetnet.Report{Hosts: []fleetnet.HostResult{ok}, Findings: finding(fleetnet.Critical, fleetnet.Fail)}, failOn: "never", want: exitOK},
		"unknown":                       {report: fleetnet.Report{Hosts: []fleetnet.HostResult{ok}, Findings: finding(fleetnet.Warning, fleetnet.Unknown)}, want: exitIncomplete},
		"waived":                        {report: fleetnet.Report{Hosts: []fleetnet.HostResult{ok}, Findings: finding(fleetnet.Critical, fleetnet.Waived)}, want: exitOK},
		"interrupted":                   {report: fleetnet.Report{Run: fleetnet.Run{Interrupted: true}, Hosts: []fleetnet.HostResult{down}}, want: exitInterrupted},
	} {
		t.Run(name, func(t *testing.T) {
			failOn, err := parseFailOn(orElse(tc.failOn, "warning"))
			if err != nil {
				t.Fatal(err)
			}
			allow, err := parseAllowance(orElse(tc.allow, "0"))
			if err != nil {
				t.Fatal(err)
			}
			tc.report.Finish()
			if code, _ := statusOf(verdict{failOn, allow}.status(&tc.report)); code != tc.want {
				t.Errorf("exit status %d, want %d", code, tc.want)
			}
		})
	}
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
