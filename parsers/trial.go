package parsers

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/fleetnet/fleetnet"
)

// byShape keeps the candidates of one command that its output can be of: those
// whose shape it has, else those that can read it, unless it tells of the host
// alone. None is left when there are none.
func byShape(may []Candidate, text []byte) []Candidate {
	var shaped, read []Candidate
	like := candidates(newSample(text))
	for _, m := range may {
		if m.try(text, 1) == nil && slices.ContainsFunc(like, func(c Candidate) bool {
			return c.Platform == m.Platform && slices.Equal(c.probe.Tables, m.probe.Tables)
		}) {
			shaped = append(shaped, m)
		}
		if !onlyHost(m) && m.try(text, oneIn) == nil {
			read = append(read, m)
		}
	}
	if len(shaped) > 0 {
		return shaped
	}
	return read
}

// A text is tried with its beginning, cut at a line.
const maxTrial = 1 << 20

// How many rows there must be for each line that cannot be read, where the shape
// alone tells the command, and where a heading does.
const (
	oneIn       = 10
	oneInHeaded = 2
)

func (c Candidate) oneIn() int {
	if c.headed {
		return oneInHeaded
	}
	return oneIn
}

// try reads the beginning of the text as the candidate's and says why it cannot be
// that: it has no row, or fewer than so many for each line that cannot be read.
func (c Candidate) try(text []byte, rows int) error {
	acct := c.trial(text)
	switch {
	case acct.Errors*rows > acct.Rows:
		return &UnclearError{Why: fmt.Sprintf("it looks like %q of %s, but %d of %d lines could not be read, the first: %v",
			c.Command, c.Platform, acct.Errors, acct.Rows+acct.Errors, acct.First[0])}
	case acct.Rows == 0:
		return &UnclearError{Why: fmt.Sprintf("it looks like %q of %s, but has no row", c.Command, c.Platform)}
	}
	return nil
}

// trial reads the beginning of the text as the candidate's.
func (c Candidate) trial(text []byte) fleetnet.Account {
	if trimmed := bytes.TrimSpace(text); len(text) > maxTrial && len(trimmed) > 0 && trimmed[0] != '[' && trimmed[0] != '{' {
		text = text[:bytes.LastIndexByte(text[:maxTrial], '\n')+1]
	}
	snap := fleetnet.NewSnapshot("")
	snap.Host.OS = c.Platform
	return snap.ReadBytes(c.probe, text)
}

// strange reports whether not one line can be read: another program of the same
// name has printed the text.
func (c Candidate) strange(text []byte) bool {
	return len(text) < maxTrial && c.trial(text).Errors == Reading{Text: text}.Lines()
}
