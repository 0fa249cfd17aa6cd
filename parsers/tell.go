package parsers

import (
	"fmt"
	"slices"

	"github.com/fleetnet/fleetnet"
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
	// Elided says that dots stand for lines that were left out of the text.
	Elided bool
	// Text has the output at the lines where it stood, and blank ones for the rest.
	Text []byte
}

// Passed is a command in a text whose output is not read; without a command it is
// the text below a fence, and with the line 0 that above the first prompt.
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
	if p.Command == "" {
		return fmt.Sprintf("the text below line %d is passed over: %s", p.Line, p.Why)
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
		s.text, s.elided = withoutElisions(s.text)
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
