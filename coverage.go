package fleetnet

import "slices"

// Status says how much of a table is known on a host.
type Status string

// The statuses, from best to worst.
const (
	StatusComplete    Status = "complete"
	StatusUnsupported Status = "unsupported" // the host has no tool that tells it
	StatusSkipped     Status = "skipped"     // not asked for
	StatusPartial     Status = "partial"     // some of it could not be read, or a bound was hit
	StatusDenied      Status = "denied"      // the login may not read it
	StatusTimedOut    Status = "timed_out"
	StatusFailed      Status = "failed"
)

var statusOrder = []Status{StatusComplete, StatusUnsupported, StatusSkipped, StatusPartial, StatusDenied, StatusTimedOut, StatusFailed}

// Worse reports whether s tells of less knowledge than t.
func (s Status) Worse(t Status) bool {
	return slices.Index(statusOrder, s) > slices.Index(statusOrder, t)
}

// Coverage is how completely one table of one host was read, and why not.
type Coverage struct {
	Table  string `json:"table"`
	Status Status `json:"status"`
	// Fields narrows the entry: only these fields of the table are not known,
	// everything else about it is. Nil means the whole table, its rows included.
	Fields []string `json:"fields,omitzero"`
	// Family narrows the entry to the rows of one family, inet or inet6, as
	// `ip -6 route` tells no others. Empty means all.
	Family string `json:"family,omitzero"`
	// Except narrows it to the other rows: `ss -tan` tells of none but those
	// whose proto is tcp.
	Except Selection `json:"except,omitzero"`
	Probe  string    `json:"probe,omitzero"`
	Reason string    `json:"reason,omitzero"` // safe to print
}

// Cover adds a coverage entry; an equal one is not added twice.
func (s *Snapshot) Cover(c Coverage) {
	for _, have := range s.Coverage {
		if have.Table == c.Table && have.Status == c.Status && have.Probe == c.Probe && have.Family == c.Family &&
			have.Reason == c.Reason && slices.Equal(have.Fields, c.Fields) && have.Except.equal(c.Except) {
			return
		}
	}
	s.Coverage = append(s.Coverage, c)
}

// families are those that an entry can be of.
var families = [...]string{"inet", "inet6"}

// Known returns how completely the rows of a table and the named fields of
// them are known: the worst entry that touches them. A table that nothing was
// said of is [StatusSkipped], and one of which only one family was told is
// [StatusPartial]. For a derived table, name its sources.
func (s *Snapshot) Known(table string, fields ...string) Coverage {
	return s.knownAbout(question{table: table}, table, fields...)
}

// KnownOf is [Snapshot.Known] for the rows of one family, inet or inet6.
func (s *Snapshot) KnownOf(family, table string, fields ...string) Coverage {
	return s.knownOf(question{table: table}, family, table, fields...)
}

// touches reports whether one of the fields asked for is, or lies within, one
// of those that an entry names: tcp_info covers tcp_info.rtt_us.
func touches(named, asked []string) bool {
	for _, a := range asked {
		for _, n := range named {
			if a == n || len(a) > len(n) && a[:len(n)] == n && a[len(n)] == '.' {
				return true
			}
		}
	}
	return false
}
