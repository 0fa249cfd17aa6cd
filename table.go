package fleetnet

import (
	"encoding/binary"
	"slices"
)

// Field describes one field of a table, under its JSON name; a field of a
// nested object is joined with a dot: local.port.
type Field struct {
	Name string
	Kind Kind
	Doc  string
	// Shown says that `show` prints it when no columns are asked for.
	Shown bool
	index int
}

// Table describes a table of the model, stored or derived, and reads its rows.
// Rules, show and the tabular formats all work through it.
type Table struct {
	Name   string
	Doc    string
	Fields []Field
	// Sources are the stored tables whose coverage bounds this one's.
	Sources []string
	open    func(*Snapshot) Rows
}

// Rows reads the rows of a table of one snapshot by number, from 0.
type Rows interface {
	Len() int
	// Value returns a field of a row; unknown when it is.
	Value(row int, f Field) Value
	// Refs returns the lines that tell the row and the given fields of it: its
	// own line first, then those of the rows that are joined to it.
	Refs(row int, fields ...Field) []Ref
	// AppendKey appends to b what is equal for two rows of the table if, and
	// only if, the value of the field is; one zero byte when it is unknown, and
	// a first byte that is not zero otherwise. It may be cheaper than Value.
	AppendKey(b []byte, row int, f Field) []byte
	// Record returns a pointer to the row, for encoding/json.
	Record(row int) any
}

// Rows returns the rows of the table in s, in the order of the tool's output.
func (t *Table) Rows(s *Snapshot) Rows { return t.open(s) }

// Field returns the named field.
func (t *Table) Field(name string) (Field, bool) {
	for _, f := range t.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Known returns how completely the table's rows and the named fields are
// known: the worst of its sources'.
func (t *Table) Known(s *Snapshot, fields ...string) Coverage {
	return t.KnownAbout(s, nil, fields...)
}

// Tables returns every table, in the order of the documentation.
func Tables() []*Table { return allTables }

// TableNamed returns the named table.
func TableNamed(name string) (*Table, bool) {
	for _, t := range allTables {
		if t.Name == name {
			return t, true
		}
	}
	return nil, false
}

// column is a field of rows of type T and how to read it.
type column[T any] struct {
	Field
	get    func(*T) Value
	joined func(*T) Ref            // the line of a joined row that tells it
	key    func([]byte, *T) []byte // see Rows.AppendKey; nil: made of the value
}

func col[T any](name string, kind Kind, doc string, get func(*T) Value) column[T] {
	return column[T]{Field: Field{Name: name, Kind: kind, Doc: doc}, get: get}
}

// shown is col for a column that `show` prints by default.
func shown[T any](name string, kind Kind, doc string, get func(*T) Value) column[T] {
	c := col(name, kind, doc, get)
	c.Shown = true
	return c
}

// from says which line of a joined row tells the column.
func (c column[T]) from(ref func(*T) Ref) column[T] {
	c.joined = ref
	return c
}

// keyed gives the column a key that is cheaper than its value.
func (c column[T]) keyed(key func([]byte, *T) []byte) column[T] {
	c.key = key
	return c
}

type rowsOf[T any] struct {
	items   []T
	columns []column[T]
	ref     func(*T) Ref
}

// tableOf builds the table whose rows are the elements of all(s).
func tableOf[T any](name, doc string, sources []string, all func(*Snapshot) []T, ref func(*T) Ref, columns []column[T]) *Table {
	t := &Table{Name: name, Doc: doc, Sources: sources}
	for i := range columns {
		columns[i].index = i
		t.Fields = append(t.Fields, columns[i].Field)
	}
	t.open = func(s *Snapshot) Rows { return &rowsOf[T]{all(s), columns, ref} }
	return t
}

func (r *rowsOf[T]) Len() int                     { return len(r.items) }
func (r *rowsOf[T]) Value(row int, f Field) Value { return r.columns[f.index].get(&r.items[row]) }
func (r *rowsOf[T]) Record(row int) any           { return &r.items[row] }

func (r *rowsOf[T]) Refs(row int, fields ...Field) []Ref {
	out := []Ref{r.ref(&r.items[row])}
	for _, f := range fields {
		if from := r.columns[f.index].joined; from != nil {
			if ref := from(&r.items[row]); ref != (Ref{}) && !slices.Contains(out, ref) {
				out = append(out, ref)
			}
		}
	}
	return out
}

func (r *rowsOf[T]) AppendKey(b []byte, row int, f Field) []byte {
	c := &r.columns[f.index]
	if c.key != nil {
		return c.key(b, &r.items[row])
	}
	return appendValue(b, c.get(&r.items[row]))
}

// appendValue is the key of a value.
func appendValue(b []byte, v Value) []byte {
	b = append(b, byte(v.kind))
	switch v.kind {
	case KindUnknown:
		return b
	case KindInt, KindBool:
		return binary.BigEndian.AppendUint64(b, uint64(v.num))
	case KindList:
		b = binary.BigEndian.AppendUint32(b, uint32(len(v.List())))
		for _, s := range v.List() {
			b = appendText(b, s)
		}
		return b
	}
	return appendText(b, v.text)
}

func appendText(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}
