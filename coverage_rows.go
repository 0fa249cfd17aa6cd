package fleetnet

import (
	"maps"
	"slices"
	"strings"
)

// Selection is rows of a table: those whose fields each have one of the values
// that stand behind the field's name. A field that is not named may have any.
type Selection map[string][]string

// holds reports whether each row of asked is certainly one of the selection.
func (sel Selection) holds(asked Selection) bool {
	for field, values := range sel {
		if asked[field] == nil || slices.ContainsFunc(asked[field], func(v string) bool { return !slices.Contains(values, v) }) {
			return false
		}
	}
	return true
}

func (sel Selection) equal(other Selection) bool {
	return maps.EqualFunc(sel, other, slices.Equal[[]string])
}

// union returns the rows of either selection, when these are a selection: the
// two differ in the values of one field alone.
func (sel Selection) union(other Selection) (Selection, bool) {
	if len(sel) != len(other) {
		return nil, false
	}
	both, differ := maps.Clone(sel), 0
	for field, values := range other {
		if sel[field] == nil {
			return nil, false
		}
		if slices.Equal(sel[field], values) {
			continue
		}
		all := slices.Sorted(slices.Values(slices.Concat(sel[field], values)))
		both[field], differ = slices.Compact(all), differ+1
	}
	return both, differ == 1
}

// Join returns what two outputs of one table leave out together, each of which
// is complete but for the rows that its entry is of. It fails when either entry
// is of another kind, or when no single entry says it.
func (c Coverage) Join(other Coverage) (Coverage, bool) {
	if c.Table != other.Table || c.Status != StatusPartial || other.Status != StatusPartial || c.Family != other.Family ||
		c.Fields != nil || other.Fields != nil || c.Except == nil || other.Except == nil {
		return Coverage{}, false
	}
	both, ok := c.Except.union(other.Except)
	if !ok {
		return Coverage{}, false
	}
	c.Except = both
	c.Reason = bothReasons(c.Reason, other.Reason)
	return c, true
}

// bothReasons says what both say, and what both end with once: `only tcp and only
// udp; with -l, only sockets that wait for peers`.
func bothReasons(a, b string) string {
	first, end, _ := strings.Cut(a, "; ")
	second, sameEnd, _ := strings.Cut(b, "; ")
	switch {
	case a == b:
		return a
	case end != sameEnd:
		return a + ", and " + b
	case end == "":
		return a + " and " + b
	}
	return first + " and " + second + "; " + end
}

// question asks about rows of a table: those of a selection, all when it is nil.
type question struct {
	table string
	asked Selection
}

// concerns reports whether the entry says anything of the rows asked for.
func (c *Coverage) concerns(q question) bool {
	return c.Except == nil || !c.Except.holds(q.rows())
}

// aboutTable are the rows that a table is about when nothing else is said: a
// question about sockets that names no protocol is not about raw ones.
var aboutTable = map[string]Selection{
	"sockets":   {"proto": {"tcp", "udp"}},
	"listeners": {"proto": {"tcp", "udp"}, "state": {string(StateListen), string(StateUnconn)}},
}

// streamStates are the states that only connections of TCP have, of what the
// table is about when no protocol is named.
var streamStates = []State{StateListen, StateSynSent, StateSynRecv, StateFinWait1, StateFinWait2, StateCloseWait, StateClosing, StateLastAck, StateTimeWait}

// rows returns what the question is about.
func (q question) rows() Selection {
	out := Selection{}
	maps.Copy(out, aboutTable[q.table])
	maps.Copy(out, q.asked)
	if states := out["state"]; q.asked["proto"] == nil && out["proto"] != nil && states != nil &&
		!slices.ContainsFunc(states, func(s string) bool { return !slices.Contains(streamStates, State(s)) }) {
		out["proto"] = []string{"tcp"}
	}
	return out
}

// KnownAbout is [Table.Known] for some of the table's rows.
func (t *Table) KnownAbout(s *Snapshot, asked Selection, fields ...string) Coverage {
	q := question{t.Name, asked}
	worst := s.knownAbout(q, t.Sources[0], fields...)
	for _, src := range t.Sources[1:] {
		if c := s.knownAbout(q, src, fields...); c.Status.Worse(worst.Status) {
			worst = c
		}
	}
	return worst
}

// Dark returns the worst entry that names the field, whatever else is known of
// the rows; a complete one when none does.
func (t *Table) Dark(s *Snapshot, field string) Coverage {
	worst := Coverage{Table: t.Sources[0], Status: StatusComplete}
	for _, c := range s.Coverage {
		if slices.Contains(t.Sources, c.Table) && c.Fields != nil && touches(c.Fields, []string{field}) && c.Status.Worse(worst.Status) {
			worst = c
		}
	}
	return worst
}

// knownAbout is [Snapshot.Known] for the rows asked for. Rows of one family are
// known when that is.
func (s *Snapshot) knownAbout(q question, table string, fields ...string) Coverage {
	if proto := s.unasked(q, table); proto != "" {
		return Coverage{Table: table, Status: StatusSkipped, Reason: "sockets of " + proto + " were not asked for"}
	}
	if of := q.asked["family"]; len(of) == 1 {
		return s.knownOf(q, of[0], table, fields...)
	}
	worst := s.knownOf(q, "", table, fields...)
	if worst.Status != StatusComplete {
		return worst
	}
	for _, f := range families {
		if c := s.knownOf(q, f, table, fields...); c.Status != StatusComplete {
			return Coverage{Table: table, Status: StatusPartial, Family: f, Reason: "of " + f + " nothing was collected"}
		}
	}
	return worst
}

// knownOf returns the worst entry that touches the rows asked for, of the
// family, and the fields.
func (s *Snapshot) knownOf(q question, family, table string, fields ...string) Coverage {
	worst, found := Coverage{Table: table, Status: StatusSkipped, Reason: "not collected"}, false
	for _, c := range s.Coverage {
		if c.Table != table || c.Fields != nil && !touches(c.Fields, fields) || family != "" && c.Family != "" && c.Family != family || !c.concerns(q) {
			continue
		}
		if !found || c.Status.Worse(worst.Status) {
			worst, found = c, true
		}
	}
	return worst
}

// askedFor are the protocols of which complete sockets tell all there are. Of
// another one they do when a command was asked for it, and so has shown some.
var askedFor = [...]string{"tcp", "udp", "raw", "icmp", "udplite"}

// unasked returns a protocol that the question names and no command was asked for,
// "" when there is none.
func (s *Snapshot) unasked(q question, table string) string {
	if table != "sockets" {
		return ""
	}
	for _, proto := range q.asked["proto"] {
		if !slices.Contains(askedFor[:], proto) && !slices.ContainsFunc(s.Sockets, func(k Socket) bool { return k.Proto == proto }) {
			return proto
		}
	}
	return ""
}
