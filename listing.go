package fleetnet

import (
	"fmt"
	"slices"
	"strings"
)

// HostKey is the column of a listing that names the host. Every table has it,
// and it can be sorted and counted by like a field.
const HostKey = "host"

// Listing is rows of one table from many hosts. The rows stay in the
// snapshots, so a listing of a million rows costs little beside them.
type Listing struct {
	Table   *Table
	Columns []Field // to print after the host
	Chosen  bool    // the columns were asked for, so that machine formats have just these
	Rows    []ListingRow
	// Gaps says where the table or a printed column is not completely known, in
	// the order of adding: no row there is no proof that there is none.
	Gaps []Gap
}

// ListingRow is one row of a host's table.
type ListingRow struct {
	Host string
	from *listed
	n    int
}

// listed is one host's table.
type listed struct {
	rows    Rows
	unknown []bool // by field: coverage says that it is not known here
}

// Gap is a part of a host's table that is not known.
type Gap struct {
	Host string `json:"host"`
	Coverage
}

// Value returns a field of the row, or the host for the field [HostKey]. It is
// the unknown Value only where the host's coverage says so; an empty text
// stands for what the row does not have: no master, no process.
func (r ListingRow) Value(f Field) Value {
	if f.index == hostIndex {
		return StringValue(r.Host)
	}
	v := r.from.rows.Value(r.n, f)
	if !v.Known() && !r.from.unknown[f.index] {
		return StringValue("")
	}
	return v
}

// Record returns a pointer to the row, for encoding/json.
func (r ListingRow) Record() any { return r.from.rows.Record(r.n) }

// hostIndex marks the field that is no field of a row but its host.
const hostIndex = -1

var hostField = Field{Name: HostKey, Kind: KindString, Doc: "the host, by the inventory's name", Shown: true, index: hostIndex}

// NewListing returns an empty listing of t. The columns are names of fields;
// none means those that are shown by default.
func NewListing(t *Table, columns []string) (*Listing, error) {
	l := &Listing{Table: t, Chosen: len(columns) > 0}
	for _, f := range t.Fields {
		if !l.Chosen && f.Shown {
			l.Columns = append(l.Columns, f)
		}
	}
	for _, name := range columns {
		f, err := t.key(name)
		if err != nil {
			return nil, err
		}
		if f.index != hostIndex { // always printed, and first
			l.Columns = append(l.Columns, f)
		}
	}
	return l, nil
}

// key returns the field of that name, the host included.
func (t *Table) key(name string) (Field, error) {
	if name == HostKey {
		return hostField, nil
	}
	if f, ok := t.Field(name); ok {
		return f, nil
	}
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		names[i] = f.Name
	}
	return Field{}, fmt.Errorf("table %s has no field %q; it has %s, %s", t.Name, name, HostKey, strings.Join(names, ", "))
}

// Add appends the rows of s that keep accepts (nil: all of them), and the gaps
// in what is known of them.
func (l *Listing) Add(s *Snapshot, keep func(rows Rows, row int) bool) {
	from := &listed{l.Table.Rows(s), l.Table.unknownFields(s)}
	for n := range from.rows.Len() {
		if keep == nil || keep(from.rows, n) {
			l.Rows = append(l.Rows, ListingRow{s.Host.Name, from, n})
		}
	}
	for _, src := range l.Table.Sources {
		l.addGaps(s, src)
	}
}

// unknownFields returns, by field, whether s does not know it of the rows it has.
func (t *Table) unknownFields(s *Snapshot) []bool {
	out := make([]bool, len(t.Fields))
	for _, c := range s.Coverage {
		if c.Fields == nil || c.Status == StatusComplete || !slices.Contains(t.Sources, c.Table) {
			continue
		}
		for i, f := range t.Fields {
			out[i] = out[i] || touches(c.Fields, []string{f.Name})
		}
	}
	return out
}

// addGaps adds what is not known of one source of the table: any gap in its
// rows, and those in fields that are printed. That a tool never tells a field
// is worth saying only to who asked for it.
func (l *Listing) addGaps(s *Snapshot, source string) {
	rows := false // what is not known of the rows is said
	for _, c := range s.Coverage {
		if c.Table != source {
			continue
		}
		matters := c.Fields == nil || l.prints(c.Fields) && (l.Chosen || c.Status != StatusUnsupported)
		if c.Status != StatusComplete && matters && c.concerns(question{table: l.Table.Name}) {
			l.Gaps = append(l.Gaps, Gap{s.Host.Name, c})
			rows = rows || c.Fields == nil
		}
	}
	if c := s.Known(source); c.Status != StatusComplete && !rows {
		l.Gaps = append(l.Gaps, Gap{s.Host.Name, c})
	}
}

// prints reports whether a column is one of the fields, or lies within one.
func (l *Listing) prints(fields []string) bool {
	return slices.ContainsFunc(l.Columns, func(f Field) bool { return touches(fields, []string{f.Name}) })
}

// Sort orders the rows by the keys, the first counting most. A key is a field
// or `host`; a dash before it reverses it. Rows that agree in all keys keep
// their hosts in natural order and, on one host, the tool's order.
func (l *Listing) Sort(keys ...string) error {
	fields := make([]Field, len(keys))
	for i, k := range keys {
		f, err := l.Table.key(strings.TrimPrefix(k, "-"))
		if err != nil {
			return err
		}
		fields[i] = f
	}
	type keyed struct {
		row    ListingRow
		values []Value
	}
	rows := make([]keyed, len(l.Rows))
	for i, r := range l.Rows {
		rows[i] = keyed{r, r.values(fields)}
	}
	slices.SortStableFunc(rows, func(a, b keyed) int {
		for i, k := range keys {
			d := a.values[i].Compare(b.values[i])
			if strings.HasPrefix(k, "-") {
				d = -d
			}
			if d != 0 {
				return d
			}
		}
		return NaturalCompare(a.row.Host, b.row.Host)
	})
	for i, r := range rows {
		l.Rows[i] = r.row
	}
	return nil
}

// Counts is how many rows of a listing share the values of some fields.
type Counts struct {
	Table  *Table
	Fields []Field
	Groups []Count // the most frequent first, then by value
	Total  int
	Gaps   []Gap // what is not known of the rows counted
}

// Count is one combination of values. Values stand in the order of the fields.
type Count struct {
	Values []Value
	N      int
}

// CountBy counts the rows over all hosts by the named fields; `host` is one.
func (l *Listing) CountBy(names ...string) (*Counts, error) {
	c := &Counts{Table: l.Table, Total: len(l.Rows), Gaps: l.Gaps}
	for _, name := range names {
		f, err := l.Table.key(name)
		if err != nil {
			return nil, err
		}
		c.Fields = append(c.Fields, f)
	}
	c.count(l.Rows)
	slices.SortFunc(c.Groups, compareCounts)
	return c, nil
}

func (c *Counts) count(rows []ListingRow) {
	index := map[string]int{}
	var key []byte
	for _, r := range rows {
		key = key[:0]
		for _, f := range c.Fields {
			v := r.Value(f)
			key = append(key, byte(v.kind)) // an unknown is not an empty text
			key = append(append(key, v.String()...), 0)
		}
		i, ok := index[string(key)]
		if !ok {
			i = len(c.Groups)
			index[string(key)] = i
			c.Groups = append(c.Groups, Count{Values: r.values(c.Fields)})
		}
		c.Groups[i].N++
	}
}

func (r ListingRow) values(fields []Field) []Value {
	out := make([]Value, len(fields))
	for i, f := range fields {
		out[i] = r.Value(f)
	}
	return out
}

func compareCounts(a, b Count) int {
	if a.N != b.N {
		return b.N - a.N
	}
	return slices.CompareFunc(a.Values, b.Values, Value.Compare)
}
