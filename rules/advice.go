package rules

import (
	"slices"
	"strings"
)

// Advice is a text for people: one for all systems, or one each. No system
// occurs twice. The empty Advice says nothing.
type Advice []SystemText

// SystemText is what is said on some systems.
type SystemText struct {
	// Systems are those that it is for (a GOOS each); none means all that no
	// other text is for.
	Systems []string `json:"systems,omitzero"`
	Text    string   `json:"text"`
}

// On returns what is said on a system (a GOOS, or "" when it is not known),
// or "" when nothing is.
func (a Advice) On(system string) string {
	rest := ""
	for _, t := range a {
		switch {
		case slices.Contains(t.Systems, system):
			return t.Text
		case t.Systems == nil:
			rest = t.Text
		}
	}
	return rest
}

// String says all, each text on a line of its own behind its systems.
func (a Advice) String() string {
	if len(a) == 1 && a[0].Systems == nil {
		return a[0].Text
	}
	lines := make([]string, len(a))
	for i, t := range a {
		names := "others"
		if t.Systems != nil {
			names = strings.Join(t.Systems, ", ")
		}
		lines[i] = names + ": " + t.Text
	}
	return strings.Join(lines, "\n")
}
