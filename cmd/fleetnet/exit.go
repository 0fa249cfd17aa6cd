package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// The exit statuses. Programs rely on them.
const (
	exitOK          = 0
	exitFindings    = 1   // findings at or above --fail-on, or a difference
	exitUsage       = 2   // usage, inventory or rule error
	exitIncomplete  = 3   // a host unreached or something unknown, and nothing worse found
	exitNothing     = 4   // no host could be read
	exitInterrupted = 130 // the partial report is written
)

// exitStatus is an error that only carries a status: what it stands for has
// been reported already.
type exitStatus int

func (e exitStatus) Error() string { return "exit status " + strconv.Itoa(int(e)) }

// statusOf returns the exit status for what a command returned, and whether
// the error still has to be printed.
func statusOf(err error) (code int, report bool) {
	var status exitStatus
	switch {
	case err == nil:
		return exitOK, false
	case errors.As(err, &status):
		return int(status), false
	}
	return exitUsage, true
}

// verdict holds what turns a report into an exit status.
type verdict struct {
	failOn           fleetnet.Severity // 0: findings never fail
	allowUnreachable allowance
}

// status returns the exit status of a report.
func (v verdict) status(r *fleetnet.Report) error {
	s := r.Summary
	switch {
	case r.Run.Interrupted:
		return exitStatus(exitInterrupted)
	case s.Hosts > 0 && s.Failed == s.Hosts:
		return exitStatus(exitNothing)
	case v.failOn > 0 && failing(r, v.failOn):
		return exitStatus(exitFindings)
	case troubled(r) > v.allowUnreachable.of(s.Hosts) || s.Findings.Unknown > 0:
		return exitStatus(exitIncomplete)
	}
	return nil
}

// troubled counts the hosts that failed, or broke off before all was said.
func troubled(r *fleetnet.Report) int {
	n := 0
	for _, h := range r.Hosts {
		if h.Error != "" {
			n++
		}
	}
	return n
}

func failing(r *fleetnet.Report, at fleetnet.Severity) bool {
	for _, f := range r.Findings {
		if f.Outcome == fleetnet.Fail && f.Severity >= at {
			return true
		}
	}
	return false
}

// allowance is a number of hosts, or a share of them.
type allowance struct {
	n       int
	percent bool
}

func parseAllowance(s string) (allowance, error) {
	num, percent := strings.CutSuffix(s, "%")
	n, err := strconv.Atoi(num)
	if err != nil || n < 0 || percent && n > 100 {
		return allowance{}, fmt.Errorf("--allow-unreachable %q is neither a number of hosts nor a percentage", s)
	}
	return allowance{n, percent}, nil
}

// of returns how many of all hosts the allowance covers, rounded down.
func (a allowance) of(all int) int {
	if a.percent {
		return all * a.n / 100
	}
	return a.n
}

func parseFailOn(s string) (fleetnet.Severity, error) {
	if s == "never" {
		return 0, nil
	}
	var sev fleetnet.Severity
	if err := sev.UnmarshalText([]byte(s)); err != nil {
		return 0, fmt.Errorf("--fail-on %q is not info, warning, critical or never", s)
	}
	return sev, nil
}
