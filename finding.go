package fleetnet

import (
	"fmt"
	"slices"
	"strings"
)

// Severity is how bad a finding is. The zero Severity is none of them.
type Severity int

// The severities, in order.
const (
	Info Severity = iota + 1
	Warning
	Critical
)

var severityNames = []string{"none", "info", "warning", "critical"}

// String returns the severity's name.
func (s Severity) String() string {
	if s < 0 || int(s) >= len(severityNames) {
		return fmt.Sprintf("Severity(%d)", int(s))
	}
	return severityNames[s]
}

// MarshalText writes the name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name: info, warning or critical.
func (s *Severity) UnmarshalText(b []byte) error {
	i := slices.Index(severityNames, strings.ToLower(string(b)))
	if i < int(Info) {
		return fmt.Errorf("severity %q is not info, warning or critical", b)
	}
	*s = Severity(i)
	return nil
}

// Outcome is what a rule came to. What is as it should be yields no finding.
type Outcome string

// The outcomes that are reported.
const (
	Fail    Outcome = "fail"
	Unknown Outcome = "unknown" // what the rule needs is not known, and what is known does not prove it
	Waived  Outcome = "waived"
)

// Finding is what one rule says of one group of rows: one host's, or one of
// a rule's groups on it.
type Finding struct {
	Rule     string            `json:"rule"`
	Code     string            `json:"code,omitzero"`
	Severity Severity          `json:"severity"`
	Outcome  Outcome           `json:"outcome"`
	Hosts    []string          `json:"hosts"`
	Title    string            `json:"title"`
	Message  string            `json:"message"` // printable; for unknown, the reason
	Labels   map[string]string `json:"labels,omitzero"`
	Count    int               `json:"count"`
	Evidence []Evidence        `json:"evidence"`
	Fix      string            `json:"fix,omitzero"`
	Verify   string            `json:"verify,omitzero"`
}
