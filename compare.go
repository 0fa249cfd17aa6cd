package fleetnet

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// CompareOptions says what [Compare] looks at.
type CompareOptions struct {
	// All sets nothing aside: neither what differs between any two hosts by
	// nature (own addresses, connected prefixes, gauges) nor how a row came to be.
	All bool
	// Ignore are globs (*, ?, [abc]) over keys ("10.20.*", "docker0",
	// "conf.*") and fields ("metric", "mtu"): what matches is set aside.
	Ignore []string
}

// Comparison is how one table differs between hosts.
type Comparison struct {
	SchemaVersion int    `json:"schema_version"`
	Table         string `json:"table"`
	// Equal is true when every host was compared and all agree in everything
	// but SetAside.
	Equal bool `json:"equal"`
	// Groups are hosts that have the same, the largest group first; on a tie
	// the one whose first host comes first. The first is what the others are
	// compared with.
	Groups      []CompareGroup `json:"groups"`
	NotCompared []NotCompared  `json:"not_compared"`
	// SetAside are fields that were not compared on some hosts, which do not
	// know them. Such a host is with the hosts that have all else like it.
	SetAside []FieldAside `json:"set_aside"`
}

// CompareGroup is hosts that agree.
type CompareGroup struct {
	Hosts []string   `json:"hosts"` // in natural order
	Size  int        `json:"size"`  // number of hosts
	Items int        `json:"items"` // number of rows compared on each
	Diff  []DiffLine `json:"diff"`  // against the first group; empty in that
}

// DiffLine is one difference from the first group.
type DiffLine struct {
	Sign string `json:"sign"`          // "+" has in addition, "-" lacks, "~" has otherwise
	Key  string `json:"key"`           // what it is about: a destination, an interface, a setting
	Text string `json:"text,omitzero"` // of + and -: what else the row says
	From string `json:"from,omitzero"` // of ~: what the first group has
	To   string `json:"to,omitzero"`   // of ~: what these hosts have
}

// NotCompared is a host that was not compared, because what it has is not
// completely known.
type NotCompared struct {
	Host   string `json:"host"`
	Reason string `json:"reason"`
}

// FieldAside is a field that hosts do not know, and why.
type FieldAside struct {
	Field  string   `json:"field"`
	Hosts  []string `json:"hosts"`
	Reason string   `json:"reason"`
}

// comparers are the tables that can be compared.
var comparers = []comparer{routeComparer, policyRuleComparer, interfaceComparer, listenerComparer, settingComparer}

// Comparable returns the names of the tables that can be compared.
func Comparable() []string {
	out := make([]string, len(comparers))
	for i, c := range comparers {
		out[i] = c.table
	}
	return out
}

// Compare groups hosts by what they have in a table: rows that mean the same
// are equal, whatever their order and the command they were read with.
func Compare(table string, snaps []*Snapshot, o CompareOptions) (*Comparison, error) {
	i := slices.IndexFunc(comparers, func(c comparer) bool { return c.table == table })
	if i < 0 {
		return nil, fmt.Errorf("table %q cannot be compared; these can: %s", table, strings.Join(Comparable(), ", "))
	}
	for _, glob := range o.Ignore {
		if _, err := path.Match(glob, ""); err != nil {
			return nil, fmt.Errorf("ignore %q: %w", glob, err)
		}
	}
	return comparers[i].compare(snaps, o), nil
}
