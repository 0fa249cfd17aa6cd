package runner

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// settle covers the tables of a slot that no alternative answered.
func (c *collector) settle(i int, a *answer, end ending) {
	slot := &c.slots[i]
	switch {
	case slot.answered:
	case slot.open != nil:
		c.readOpen(i, end)
	case c.readFailed(i):
	case len(slot.failed) > 0:
		c.coverFailed(i)
	case a.done:
		c.cover(tablesOf(c.sys.slots[i]), fleetnet.StatusUnsupported, "", c.whyNone(i, a.skips))
	default:
		c.cover(tablesOf(c.sys.slots[i]), end.Status, "", end.Reason)
	}
}

// readOpen reads what came of a section before its stream ended.
func (c *collector) readOpen(i int, end ending) {
	sec := c.slots[i].open
	if sec.Text.Len() > 0 {
		c.read(c.probe(sec), sec)
	}
	c.cover(tablesOf(c.sys.slots[i]), end.Status, sec.Probe, end.Reason)
}

// readFailed reads the best attempt that failed and yet printed rows.
func (c *collector) readFailed(i int) bool {
	for _, sec := range c.slots[i].failed {
		if sec.blank() {
			continue
		}
		probe, status := c.probe(sec), fleetnet.StatusPartial
		if !c.read(probe, sec) {
			status = fleetnet.StatusFailed
		}
		c.cover(probe.Tables, status, probe.Name, whyFailed(sec))
		c.coverLeft(c.sys.slots[i], probe)
		return true
	}
	return false
}

// coverFailed covers a slot whose every attempt failed without a row.
func (c *collector) coverFailed(i int) {
	failed := c.slots[i].failed
	status, reason := fleetnet.StatusFailed, whyFailed(failed[0])
	for _, sec := range failed[1:] {
		reason += fmt.Sprintf("; %s: %s", sec.Probe, whyFailed(sec))
	}
	switch {
	case slices.ContainsFunc(failed, denied):
		status = fleetnet.StatusDenied
	case !slices.ContainsFunc(failed, func(sec *section) bool { return sec.Status != cmdNotFound }):
		status = fleetnet.StatusUnsupported
	}
	c.cover(tablesOf(c.sys.slots[i]), status, failed[0].Probe, reason)
}

// coverLeft covers the tables that the slot's other probes fill and the one
// that answered does not.
func (c *collector) coverLeft(slot []fleetnet.Probe, answered fleetnet.Probe) {
	if len(slot) == 1 {
		return
	}
	for _, t := range tablesOf(slot) {
		if !slices.Contains(answered.Tables, t) {
			c.cover([]string{t}, fleetnet.StatusUnsupported, answered.Name, "not told by "+answered.Name)
		}
	}
}

// whyNone says why no alternative of a slot was tried.
func (c *collector) whyNone(i int, skips []skip) string {
	var missing, conditions []string
	for _, p := range c.sys.slots[i] {
		if slices.Contains(skips, skip{p.Name, "if"}) {
			conditions = append(conditions, fmt.Sprintf("%s was not run: %s does not hold", p.Name, fleetnet.Quote(p.If)))
			continue
		}
		missing = append(missing, strings.Join(p.Needs, " with "))
	}
	missing = slices.DeleteFunc(missing, func(s string) bool { return s == "" })
	slices.Sort(missing)
	missing = slices.Compact(missing)
	switch len(missing) {
	case 0:
	case 1:
		conditions = append(conditions, missing[0]+" is not there")
	default:
		conditions = append(conditions, "none of "+strings.Join(missing, ", ")+" is there")
	}
	if conditions == nil {
		return "no way to ask was there"
	}
	return strings.Join(conditions, "; ")
}

func (c *collector) probe(sec *section) fleetnet.Probe {
	at := c.sys.place[sec.Probe]
	return c.sys.slots[at.slot][at.alternative]
}

// cmdNotFound is the status of cmd when a program is not there.
const cmdNotFound = 9009

// whyFailed reads `exit status 1: "Cannot open netlink socket"`.
func whyFailed(sec *section) string {
	why := exitText(sec.Status)
	if sec.Status == 0 {
		why = "it printed nothing"
	}
	if len(bytes.TrimSpace(sec.Stderr)) > 0 {
		why += ": " + quoteStderr(sec)
	}
	return why
}

// exitText names a shell's exit status. POSIX has 128 plus the number for a
// command that a signal ended.
func exitText(status int) string {
	if status > 128 && status <= 128+64 {
		return fmt.Sprintf("exit status %d (signal %d)", status, status-128)
	}
	return fmt.Sprintf("exit status %d", status)
}

func quoteStderr(sec *section) string { return fleetnet.Quote(bytes.TrimSpace(sec.Stderr)) }

// denied reports whether a command says that it lacked the right to answer.
func denied(sec *section) bool {
	said := bytes.ToLower(sec.Stderr)
	return sec.User == "user" &&
		(bytes.Contains(said, []byte("permission denied")) || bytes.HasPrefix(said, []byte("permissiondenied:")) || bytes.Contains(said, []byte("not permitted")) || bytes.Contains(said, []byte("must be root")))
}
