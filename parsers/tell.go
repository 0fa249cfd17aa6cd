package parsers

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// Asked is what is known of a text beforehand; empty is not known.
type Asked struct {
	Platform string // a GOOS
	Command  string
}

// Told is what a text turned out to be.
type Told struct {
	Platform string
	Readings []Reading
	Passed   []Passed
}

// Reading is the output of one command in a text.
type Reading struct {
	Dialect fleetnet.Dialect
	Command string
	// Typed says that the command is known; else it is one that prints alike,
	// and which rows the real one left out is not known.
	Typed bool
	// Line is where the command stands, 0 when it does not.
	Line int
	// Text has the output at the lines where it stood, and blank ones for the rest.
	Text []byte
}

// Passed is a command in a text whose output is not read.
type Passed struct {
	Line    int
	Command string
	Why     string
}

// Tell tells what printed a text, which must be UTF-8: by the commands behind
// prompts in it, and by its shape. It never settles for the likeliest: a text
// that may be of several systems or commands is refused with an [*UnclearError].
// Several commands of one session become several readings, in their order.
func Tell(text []byte, asked Asked) (Told, error) {
	if asked.Platform != "" && !slices.Contains(platforms(), asked.Platform) {
		return Told{}, fmt.Errorf("platform %q is not one of: %s", asked.Platform, strings.Join(platforms(), ", "))
	}
	parts := []section{{typed: asked.Command, text: text}}
	if asked.Command == "" {
		parts = sections(text)
	}
	t := teller{asked: asked}
	for _, s := range parts {
		if err := t.add(s); err != nil {
			return Told{}, err
		}
	}
	return t.told(text)
}

// platforms returns every system of which something is read.
func platforms() []string {
	var all []string
	for _, d := range Dialects() {
		if !slices.Contains(all, d.OS) {
			all = append(all, d.OS)
		}
	}
	return all
}

// findOn returns a candidate for each of the systems that have the command.
func findOn(systems []string, command string) []Candidate {
	var all []Candidate
	for _, system := range systems {
		if d, err := Find(system, command); err == nil {
			all = append(all, Candidate{Platform: system, Command: command, dialect: d})
		}
	}
	return all
}

// teller collects what the sections of a text may be.
type teller struct {
	asked  Asked
	parts  []part
	passed []Passed
	hosts  []string
}

// part is a section and what it may be.
type part struct {
	section
	may []Candidate
}

func (t *teller) systems(s section) []string {
	switch {
	case t.asked.Platform != "":
		return []string{t.asked.Platform}
	case s.windows:
		return []string{"windows"}
	}
	return platforms()
}

func (t *teller) add(s section) error {
	if s.typed == "" {
		return t.addShape(s)
	}
	may := findOn(t.systems(s), s.typed)
	switch {
	case len(may) == 0 && t.asked.Command != "":
		_, err := Find(t.systems(s)[0], s.typed)
		if t.asked.Platform == "" {
			err = fmt.Errorf("the output of %q is not read on any platform", s.typed)
		}
		return err
	case len(may) == 0:
		t.pass(s, "its output is not read")
	case len(bytes.TrimSpace(s.text)) == 0 && t.asked.Command == "":
		t.pass(s, "it printed nothing")
	default:
		if len(may) > 1 {
			may = byShape(may, s.text)
		}
		if s.host != "" && !slices.Contains(t.hosts, s.host) {
			t.hosts = append(t.hosts, s.host)
		}
		t.parts = append(t.parts, part{s, may})
	}
	return nil
}

func (t *teller) pass(s section, why string) {
	t.passed = append(t.passed, Passed{s.line, s.typed, why})
}

// addShape adds a section whose command is not shown. One above the first prompt
// that is like nothing known is what the host said at the login.
func (t *teller) addShape(s section) error {
	systems := t.systems(s)
	may := slices.DeleteFunc(candidates(newSample(s.text)), func(c Candidate) bool { return !slices.Contains(systems, c.Platform) })
	var left []Candidate
	var worst error
	for _, c := range may {
		if err := c.try(s.text); err != nil {
			worst = err
			continue
		}
		left = append(left, c)
	}
	if len(left) == 0 && worst != nil {
		return worst
	}
	if len(left) > 0 {
		t.parts = append(t.parts, part{s, left})
	}
	return nil
}

// byShape keeps the candidates of one command that its output can be of: those
// whose shape it has, else those that can read it where the others cannot.
func byShape(may []Candidate, text []byte) []Candidate {
	var shaped, read []Candidate
	like := candidates(newSample(text))
	for _, m := range may {
		if slices.ContainsFunc(like, func(c Candidate) bool {
			return c.Platform == m.Platform && slices.Equal(c.dialect.Tables, m.dialect.Tables)
		}) {
			shaped = append(shaped, m)
		}
		if m.try(text) == nil {
			read = append(read, m)
		}
	}
	switch {
	case len(shaped) > 0:
		return shaped
	case len(read) > 0:
		return read
	}
	return may
}

// A text is tried with its beginning, cut at a line.
const maxTrial = 1 << 20

// oneIn is how many rows there must be for each line that cannot be read.
const oneIn = 10

// try reads the beginning of the text as the candidate's and says why it cannot be
// that: it has no row, or too many lines could not be read.
func (c Candidate) try(text []byte) error {
	if trimmed := bytes.TrimSpace(text); len(text) > maxTrial && len(trimmed) > 0 && trimmed[0] != '[' && trimmed[0] != '{' {
		text = text[:bytes.LastIndexByte(text[:maxTrial], '\n')+1]
	}
	snap := fleetnet.NewSnapshot("")
	snap.Host.OS = c.Platform
	acct := snap.ReadBytes(c.dialect.Probe(c.Command), text)
	switch {
	case acct.Errors*oneIn > acct.Rows:
		return &UnclearError{Why: fmt.Sprintf("it looks like %q of %s, but %d of %d lines could not be read, the first: %v",
			c.Command, c.Platform, acct.Errors, acct.Rows+acct.Errors, acct.First[0])}
	case acct.Rows == 0:
		return &UnclearError{Why: fmt.Sprintf("it looks like %q of %s, but has no row", c.Command, c.Platform)}
	}
	return nil
}

// told decides on the system that all parts may be of, and on each one's command.
func (t *teller) told(text []byte) (Told, error) {
	if len(t.parts) == 0 {
		return Told{}, &UnclearError{Why: t.nothing(text)}
	}
	if len(t.hosts) > 1 {
		return Told{}, &UnclearError{Why: "its prompts are of several hosts (" + strings.Join(t.hosts, ", ") + "), and a result is of one"}
	}
	common := t.common()
	if len(common) == 0 {
		return Told{}, &UnclearError{Why: "its parts are of different systems"}
	}
	out := Told{Platform: common[0], Passed: t.passed}
	for _, p := range t.parts {
		may := slices.DeleteFunc(slices.Clone(p.may), func(c Candidate) bool { return !slices.Contains(common, c.Platform) })
		c := may[0]
		if len(may) > 1 || c.doubt != "" {
			return Told{}, &UnclearError{Candidates: may, Why: c.doubt}
		}
		out.Readings = append(out.Readings, Reading{Dialect: c.dialect, Command: c.Command, Typed: p.typed != "", Line: p.line, Text: p.text})
	}
	return out, nil
}

// common returns the systems that every part may be of.
func (t *teller) common() []string {
	return slices.DeleteFunc(platforms(), func(system string) bool {
		return slices.ContainsFunc(t.parts, func(p part) bool {
			return !slices.ContainsFunc(p.may, func(c Candidate) bool { return c.Platform == system })
		})
	})
}

// nothing says why there is nothing to read.
func (t *teller) nothing(text []byte) string {
	if len(t.passed) == 0 {
		return looksLike(text)
	}
	var why []string
	for _, p := range t.passed[:min(len(t.passed), 3)] {
		why = append(why, fmt.Sprintf("line %d: %q: %s", p.Line, fleetnet.Printable(p.Command), p.Why))
	}
	return strings.Join(why, "; ")
}
