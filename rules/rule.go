package rules

import (
	"github.com/fleetnet/fleetnet"
)

// Rule is a checked rule. Its exported fields are what its file says.
type Rule struct {
	ID       string            `json:"id"`
	Code     string            `json:"code,omitzero"`
	Severity fleetnet.Severity `json:"severity"`
	Title    string            `json:"title"`
	Why      string            `json:"why,omitzero"`
	Fix      Advice            `json:"fix,omitzero"`
	Verify   Advice            `json:"verify,omitzero"`
	From     string            `json:"from"`
	Match    []Match           `json:"match,omitzero"`
	Where    string            `json:"where,omitzero"`
	GroupBy  []string          `json:"group_by,omitzero"`
	// Platforms are the systems (a GOOS each) on which the rule's facts
	// exist; none means all.
	Platforms []string `json:"platforms,omitzero"`
	Params    []Param  `json:"params,omitzero"`
	Let       []Let    `json:"let,omitzero"`
	Alert     string   `json:"alert"`
	Critical  string   `json:"critical,omitzero"`
	Message   string   `json:"message"`
	// Place is where the rule stands: "sockets.yaml:3".
	Place string `json:"place"`

	line     int
	replace  bool
	table    *fleetnet.Table
	terms    []term
	about    fleetnet.Selection // the rows that its match can take
	where    *expression
	keys     []*column
	lets     []*expression
	alert    *expression
	critical *expression
	message  *message
	asked    []fleetnet.Field // what it judges rows by
	// wide is set when an expression looks at all rows of a group.
	wide bool
}

// Match is a field that must have one of some values.
type Match struct {
	Field  string   `json:"field"`
	Values []string `json:"values"`
}

// Param is a number, string, bool or list that a rule uses and a run may override.
type Param struct {
	Name string `json:"name"`
	// Default is an int, float64, string, bool or []string.
	Default any `json:"default"`
}

// Let is a value that a rule computes over a group, for its alert and message.
type Let struct {
	Name string `json:"name"`
	Expr string `json:"expr"`
}
