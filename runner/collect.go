package runner

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// collector turns the sections of an answer into a snapshot, in their order
// and as they come.
type collector struct {
	host    inventory.Host
	plan    *plan
	maxRows int
	asked   string    // whose script ran, a platform; empty for that of all with a POSIX shell
	takenAt time.Time // set before the first section is collected

	n        int // sections collected
	snap     *fleetnet.Snapshot
	uname    string
	sys      systemPlan
	slots    []slotState
	uid      string
	withheld string // why the host's become method is not used
	refusal  *becomeRefusal
	became   bool // a command ran through the become method
	reads    int
	notes    []string
}

// slotState is what came of a slot so far.
type slotState struct {
	answered bool
	failed   []*section // attempts with a status other than 0, those that were refused as root left out
	open     *section   // an attempt that did not end
}

// collect takes the sections that both streams have ended.
func (c *collector) collect(a *answer) {
	for sec := a.next(c.n); sec != nil; sec = a.next(c.n) {
		c.n++
		c.section(sec)
	}
}

// finish takes what is left after the streams have ended, and covers what is missing.
func (c *collector) finish(a *answer, end ending) {
	for _, sec := range a.sections[c.n:] {
		c.section(sec)
	}
	c.n = len(a.sections)
	if c.snap == nil {
		return
	}
	for i := range c.slots {
		c.settle(i, a, end)
	}
	c.cover(c.sys.lacks, fleetnet.StatusUnsupported, "", "no command of its system tells it")
	c.privileged()
}

func (c *collector) section(sec *section) {
	switch sec.Probe {
	case "platform":
		c.platform(sec)
	case "user":
		c.user(sec)
	default:
		c.attempt(sec)
	}
}

func (c *collector) platform(sec *section) {
	if c.uname != "" || !sec.Complete {
		return
	}
	c.uname = strings.TrimSpace(sec.Text.Line(1))
	sys, ok := c.plan.systems[c.uname]
	if !ok || c.asked != sys.os && (c.asked != "" || sys.os == windows) {
		return
	}
	c.sys, c.slots = sys, make([]slotState, len(sys.slots))
	c.snap = fleetnet.NewSnapshot(c.host.Name)
	c.snap.Host.TakenAt, c.snap.Host.OS = c.takenAt, sys.os
}

// user takes what tells who we are: a number on POSIX systems, root or user from
// PowerShell, and from cmd the groups of the user. Of these the levels of integrity
// "high" (S-1-16-12288) and "system" (S-1-16-16384) are those that administrators
// have, unless their rights are filtered.
func (c *collector) user(sec *section) {
	groups := sec.Text.Bytes()
	switch {
	case !bytes.Contains(groups, []byte("S-1-")):
		c.uid = strings.TrimSpace(sec.Text.Line(1))
	case bytes.Contains(groups, []byte("S-1-16-12288")), bytes.Contains(groups, []byte("S-1-16-16384")):
		c.uid = "root"
	default:
		c.uid = "user"
	}
}

// attempt takes the section of a probe: the first of a slot that succeeds is read.
func (c *collector) attempt(sec *section) {
	at, ok := c.sys.place[sec.Probe]
	if !ok || c.slots[at.slot].answered {
		return
	}
	slot, probe := &c.slots[at.slot], c.sys.slots[at.slot][at.alternative]
	c.watchBecome(slot, sec)
	if sec.User == "-" {
		sec.User = c.uid
	}
	switch {
	case !sec.Complete:
		slot.open = sec
	case sec.Status != 0, probe.Shell == fleetnet.ShellCmd && sec.blank(): // its programs print a heading at least
		slot.failed = append(slot.failed, sec)
	default:
		slot.answered = true
		slot.failed = nil
		c.read(probe, sec)
		c.coverLeft(c.sys.slots[at.slot], probe)
	}
}

// watchBecome notices a refusal: the script then runs the same probe as the user.
func (c *collector) watchBecome(slot *slotState, sec *section) {
	if sec.User != "user" || len(slot.failed) == 0 {
		return
	}
	last := slot.failed[len(slot.failed)-1]
	if last.Probe == sec.Probe && slices.Contains(becomeMethods(), last.User) {
		c.refusal = newBecomeRefusal(last)
		slot.failed = slot.failed[:len(slot.failed)-1]
	}
}

// read reads a section into the snapshot and reports whether it held a row. A
// reader that panics has a fault of ours in it, which must not cost the other hosts.
func (c *collector) read(p fleetnet.Probe, sec *section) (rows bool) {
	defer func() {
		if fault := recover(); fault != nil {
			c.cover(p.Tables, fleetnet.StatusFailed, p.Name, fmt.Sprintf("internal error in the reader: %v", fault))
		}
	}()
	c.reads++
	acct := c.snap.Read(p, sec.Text, c.maxRows)
	switch {
	case sec.User == "user":
		c.snap.CoverUnprivileged(p, c.unprivileged())
	case slices.Contains(becomeMethods(), sec.User):
		c.became = true
	}
	if said := becomeSaid(sec.User, sec.Stderr); said != "" && sec.Status == 0 {
		// ss without a mount of cgroup2 says so once for each socket.
		said = strings.Join(slices.Compact(strings.Split(said, "\n")), "\n")
		c.notes = append(c.notes, fmt.Sprintf("%s said %s", p.Name, fleetnet.Quote(said)))
	}
	return acct.Rows > 0
}

// unprivileged says why commands did not run as root.
func (c *collector) unprivileged() string {
	switch {
	case c.refusal != nil:
		return c.refusal.String()
	case c.withheld != "":
		return c.withheld
	case c.sys.os == windows:
		return "not an administrator"
	case c.host.Become == "":
		return "not root; set become: sudo"
	}
	return "not root"
}

// privileged tells whether the commands ran as root or as an administrator,
// when that is known.
func (c *collector) privileged() {
	_, err := strconv.Atoi(c.uid)
	if err == nil || c.uid == "root" || c.uid == "user" || c.became {
		c.snap.Host.Privileged = fleetnet.Some(c.uid == "0" || c.uid == "root" || c.became)
	}
}

func (c *collector) cover(tables []string, status fleetnet.Status, probe, reason string) {
	for _, t := range tables {
		c.snap.Cover(fleetnet.Coverage{Table: t, Status: status, Probe: probe, Reason: reason})
	}
}
