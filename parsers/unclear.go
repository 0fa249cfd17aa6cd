package parsers

import (
	"fmt"
	"slices"
	"strings"
)

// UnclearError says why a text cannot be read without being told what printed it.
type UnclearError struct {
	// Candidates are what it may be. Empty when it is like nothing that is read.
	Candidates []Candidate
	// Why is what is in the way, besides that there are several candidates.
	Why string
}

// Error names the candidates, and the flag that decides between them.
func (e *UnclearError) Error() string {
	if len(e.Candidates) == 0 {
		return "what printed it cannot be told: " + e.Why
	}
	var could []string
	for _, command := range e.commands() {
		could = append(could, fmt.Sprintf("%q of %s", command, either(e.platformsOf(command))))
	}
	say := "--command"
	if len(e.platformsOf("")) > 1 {
		if say = "--platform"; len(could) > 1 {
			say = "--platform and --command"
		}
	}
	why := ""
	if e.Why != "" {
		why = " (" + e.Why + ")"
	}
	return "it could be " + either(could) + why + ": say " + say
}

func (e *UnclearError) commands() []string {
	var all []string
	for _, c := range e.Candidates {
		if !slices.Contains(all, c.Command) {
			all = append(all, c.Command)
		}
	}
	return all
}

// platformsOf returns the platforms of the candidates with that command, or of all.
func (e *UnclearError) platformsOf(command string) []string {
	var all []string
	for _, c := range e.Candidates {
		if (command == "" || c.Command == command) && !slices.Contains(all, c.Platform) {
			all = append(all, c.Platform)
		}
	}
	return all
}

// either joins words as a sentence does: a, b or c.
func either(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
