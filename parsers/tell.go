package parsers

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
)

// Asked is what is known of a text beforehand; empty is not known.
type Asked struct {
	Platforms []string // each a GOOS
	Command   string
}

// Told is what a text turned out to be.
type Told struct {
	Platform string
	Readings []Reading
	Passed   []Passed
}

// Reading is the output of one command in a text.
type Reading struct {
	Probe fleetnet.Probe
	// Typed says that the command is known; else it is one that prints alike,
	// and which rows the real one left out is not known.
	Typed bool
	// Line is where the command stands, 0 when it does not.
	Line int
	// Text has the output at the lines where it stood, and blank ones for the rest.
	Text []byte
}

// Passed is a command in a text whose output is not read; with the line 0 it is
// the text above the first prompt.
type Passed struct {
	Line    int
	Command string
	Why     string
}

// String names what is passed over, and why.
func (p Passed) String() string {
	if p.Line == 0 {
		return "the text above the first prompt is passed over: " + p.Why
	}
	return fmt.Sprintf("line %d: %s is passed over: %s", p.Line, fleetnet.Quote(p.Command), p.Why)
}

// Tell tells what printed a text, which must be UTF-8: by the commands behind
// prompts in it, and by its shape. It never settles for the likeliest: a text
// that may be of several systems or commands is refused with an [*UnclearError].
// Several commands of one session become several readings, in their order.
func Tell(text []byte, asked Asked) (Told, error) {
	for _, p := range asked.Platforms {
		if !slices.Contains(platforms(), p) {
			return Told{}, notRead(p)
		}
	}
	text = Unpaste(text)
	if asked.Command != "" {
		return tellSections([]section{{typed: asked.Command, text: text}}, text, asked)
	}
	parts := sections(text, true)
	told, err := tellSections(parts, text, asked)
	if err != nil && slices.ContainsFunc(parts, func(s section) bool { return s.weak }) {
		if again, err := tellSections(sections(text, false), text, asked); err == nil {
			return again, nil
		}
	}
	return told, err
}

func tellSections(parts []section, text []byte, asked Asked) (Told, error) {
	t := teller{asked: asked}
	for _, s := range parts {
		if err := t.add(s, len(parts) == 1); err != nil {
			return Told{}, err
		}
	}
	return t.told(text)
}

// platforms returns every system of which something is read.
func platforms() []string {
	var all []string
	for _, d := range dialects() {
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
		if probe, err := Find(system, command); err == nil {
			all = append(all, Candidate{Platform: system, Command: probe.Command, probe: probe})
		}
	}
	return all
}

// teller collects what the sections of a text may be.
type teller struct {
	asked  Asked
	parts  []part
	mute   []part // what does not tell the system, though the others may: a name
	passed []Passed
	places []string // where the commands ran; "" where a prompt names no host
	// elsewhere says that one ran not where it was typed.
	elsewhere bool
}

// part is a section and what it may be.
type part struct {
	section
	may []Candidate
}

func (t *teller) systems(s section) []string {
	switch {
	case t.asked.Platforms != nil:
		return t.asked.Platforms
	case s.windows:
		return []string{"windows"}
	case s.host != "":
		return unixes()
	}
	return platforms()
}

// unixes returns the systems that have no prompt of their own.
func unixes() []string {
	return slices.DeleteFunc(platforms(), func(p string) bool { return p == "windows" })
}

func (t *teller) add(s section, alone bool) error {
	if s.typed == "" {
		return t.addShape(s, alone)
	}
	may := findOn(t.systems(s), s.typed)
	if s.host != "" && !s.windows && t.asked.Platforms == nil {
		may = orWindows(may, s)
	}
	switch {
	case len(may) == 0 && t.asked.Command != "":
		if len(t.asked.Platforms) == 1 {
			_, err := Find(t.asked.Platforms[0], s.typed)
			return err
		}
		return fmt.Errorf("the output of %q is not read on any platform", s.typed)
	case len(may) == 0 && len(bytes.TrimSpace(s.text)) == 0: // cd, exit, sudo -i
	case len(may) == 0:
		t.pass(s, "its output is not read")
	case len(bytes.TrimSpace(s.text)) == 0 && t.asked.Command == "":
		t.pass(s, "it printed nothing")
	default:
		shaped := byShape(may, s.text)
		if len(shaped) > 0 && (len(may) > 1 || onlyHost(may[0])) {
			may = shaped
		} else if t.asked.Command == "" && (len(may) > 1 || onlyHost(may[0]) && !s.windows) {
			if !slices.ContainsFunc(may, func(c Candidate) bool { return !onlyHost(c) }) {
				t.mute = append(t.mute, part{s, may})
				return nil
			}
			t.pass(s, likeNothing)
			return nil
		}
		if t.asked.Command == "" && !slices.ContainsFunc(may, func(c Candidate) bool { return !c.strange(s.text) }) {
			t.pass(s, likeNothing)
			return nil
		}
		if s.weak && !slices.ContainsFunc(may, func(c Candidate) bool { return c.try(s.text, 1) == nil }) {
			return &UnclearError{Why: fmt.Sprintf("line %d may be a command, but what follows is not the output of %q", s.line, fleetnet.Printable(s.typed))}
		}
		t.seenOn(s)
		t.parts = append(t.parts, part{s, may})
	}
	return nil
}

// likeNothing is why the output of a command is passed over that has none of its forms.
const likeNothing = "what it printed is like nothing that is read"

// orWindows returns what a command may be that was typed at a prompt of another
// system: that of Windows when nothing else can read the output and it has the
// shape, as behind ssh, or a program of Windows in its Linux.
func orWindows(may []Candidate, s section) []Candidate {
	there := byShape(findOn([]string{"windows"}, s.typed), s.text)
	if len(there) == 0 || len(byShape(may, s.text)) > 0 {
		return may
	}
	return there
}

// seenOn notes where the command of a section ran: on the host of its prompt, or
// elsewhere, as `ssh db1 ss -tan` did.
func (t *teller) seenOn(s section) {
	_, where := command.Unwrap(strings.Fields(s.typed))
	t.elsewhere = t.elsewhere || where != "" || s.remote
	if place := cmp.Or(where, s.host); !slices.Contains(t.places, place) {
		t.places = append(t.places, place)
	}
}

// onePlace fails when the commands did not all run in one place. A prompt that
// names no host is of the one that the others name.
func (t *teller) onePlace() error {
	named := slices.DeleteFunc(slices.Clone(t.places), func(p string) bool { return p == "" })
	if len(named) < 2 && !(t.elsewhere && len(t.places) > 1) {
		return nil
	}
	return &UnclearError{Why: "its commands ran in several places (" + fleetnet.Printable(strings.Join(named, ", ")) + "), and a result is of one"}
}

// onlyHost reports whether the output tells of no network, but who the host is.
// Of a line like that any system may have printed, its command proves nothing.
func onlyHost(c Candidate) bool {
	return !slices.ContainsFunc(c.probe.Tables, func(table string) bool { return table != "host" })
}

func (t *teller) pass(s section, why string) {
	t.passed = append(t.passed, Passed{s.line, s.typed, why})
}

// addShape adds a section whose command is not shown. One above the first prompt
// that is like nothing known is what the host said at the login.
func (t *teller) addShape(s section, alone bool) error {
	systems := t.systems(s)
	may := slices.DeleteFunc(candidates(newSample(s.text)), func(c Candidate) bool { return !slices.Contains(systems, c.Platform) })
	var left []Candidate
	var failed error // of the first candidate
	for _, c := range may {
		if err := c.try(s.text, c.oneIn()); err != nil {
			failed = cmp.Or(failed, err)
			continue
		}
		left = append(left, c)
	}
	switch {
	case len(left) > 0:
		t.parts = append(t.parts, part{s, left})
	case !alone:
		t.pass(s, "it is like nothing that is read")
	case failed != nil:
		return failed
	}
	return nil
}

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

// told decides on the system that all parts may be of, and on each one's command.
func (t *teller) told(text []byte) (Told, error) {
	if len(t.parts) == 0 {
		for _, p := range t.mute {
			t.pass(p.section, likeNothing)
		}
		return Told{}, &UnclearError{Why: t.nothing(text)}
	}
	if err := t.onePlace(); err != nil {
		return Told{}, err
	}
	common := t.common()
	if len(common) == 0 {
		return Told{}, &UnclearError{Why: "its parts are of different systems"}
	}
	out := Told{Platform: common[0]}
	for _, p := range t.parts {
		may := slices.DeleteFunc(slices.Clone(p.may), func(c Candidate) bool { return !slices.Contains(common, c.Platform) })
		c := may[0]
		if len(may) > 1 || c.doubt != "" {
			return Told{}, &UnclearError{Candidates: may, Why: c.doubt}
		}
		out.Readings = append(out.Readings, p.reading(c))
	}
	for _, p := range t.mute {
		if c, ok := t.unmuted(p, out.Platform); ok {
			out.Readings = append(out.Readings, p.reading(c))
		} else {
			t.pass(p.section, likeNothing)
		}
	}
	slices.SortStableFunc(out.Readings, func(a, b Reading) int { return a.Line - b.Line })
	slices.SortStableFunc(t.passed, func(a, b Passed) int { return a.Line - b.Line })
	out.Passed = t.passed
	return out, nil
}

func (p part) reading(c Candidate) Reading {
	return Reading{Probe: c.probe, Typed: p.typed != "", Line: p.line, Text: p.text}
}

// unmuted returns what a part is that does not tell the system, when that is
// known: a command of it that can read all of the text, typed where the others were.
func (t *teller) unmuted(p part, system string) (Candidate, bool) {
	_, where := command.Unwrap(strings.Fields(p.typed))
	i := slices.IndexFunc(p.may, func(c Candidate) bool { return c.Platform == system && c.try(p.text, maxTrial) == nil })
	if i < 0 || where != "" || p.remote || t.elsewhere || p.host != "" && !slices.Contains(t.places, p.host) {
		return Candidate{}, false
	}
	return p.may[i], true
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
		why = append(why, p.String())
	}
	return strings.Join(why, "; ")
}
