package fleetnet

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
	// Ref returns the line that the row was read from.
	Ref(row int) Ref
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
	worst := s.Known(t.Sources[0], fields...)
	for _, src := range t.Sources[1:] {
		if c := s.Known(src, fields...); c.Status.Worse(worst.Status) {
			worst = c
		}
	}
	return worst
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
	get func(*T) Value
}

func col[T any](name string, kind Kind, doc string, get func(*T) Value) column[T] {
	return column[T]{Field{Name: name, Kind: kind, Doc: doc}, get}
}

// shown is col for a column that `show` prints by default.
func shown[T any](name string, kind Kind, doc string, get func(*T) Value) column[T] {
	return column[T]{Field{Name: name, Kind: kind, Doc: doc, Shown: true}, get}
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

type rowsOf[T any] struct {
	items   []T
	columns []column[T]
	ref     func(*T) Ref
}

func (r *rowsOf[T]) Len() int                     { return len(r.items) }
func (r *rowsOf[T]) Value(row int, f Field) Value { return r.columns[f.index].get(&r.items[row]) }
func (r *rowsOf[T]) Ref(row int) Ref              { return r.ref(&r.items[row]) }
func (r *rowsOf[T]) Record(row int) any           { return &r.items[row] }
