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
	return Reading{Probe: c.probe, Typed: p.typed != "", Line: p.line, Elided: p.elided, Text: p.text}
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
