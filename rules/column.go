package rules

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// column is a field of a table as rules read it: unknown also when it holds
// nothing because the host does not tell it, or a text that the tool cut.
type column struct {
	pos       int // the place of the field in its table
	field     fleetnet.Field
	mayBeCut  bool
	optional  bool           // may be unknown where it is looked at
	truncated fleetnet.Field // says whether the tool cut an endpoint
}

// columnOf returns the column of the field at pos.
func columnOf(t *fleetnet.Table, pos int) *column {
	c := &column{pos: pos, field: t.Fields[pos]}
	if f, ok := t.Field("truncated"); ok {
		end, _, _ := strings.Cut(c.field.Name, ".")
		c.mayBeCut = end == "local" || end == "peer"
		c.truncated = f
	}
	return c
}

// columnNamed returns the column of the named field.
func columnNamed(t *fleetnet.Table, name string) (*column, bool) {
	pos := slices.IndexFunc(t.Fields, func(f fleetnet.Field) bool { return f.Name == name })
	if pos < 0 {
		return nil, false
	}
	return columnOf(t, pos), true
}

// value returns the field of the frame's row.
func (c *column) value(f *frame) fleetnet.Value {
	if c.hidden(f) {
		return fleetnet.Value{}
	}
	return f.view.rows.Value(f.row, c.field)
}

// hidden reports whether what stands in the frame's row is not the value: it is
// nothing, where the host does not tell the field, or the tool cut it.
func (c *column) hidden(f *frame) bool {
	return f.view.dark != nil && f.view.dark[c.pos] != "" && c.empty(f.view.rows.Value(f.row, c.field)) ||
		c.mayBeCut && f.view.hasCut(c.truncated) && f.view.rows.Value(f.row, c.truncated).Int() != 0
}

func (c *column) val(f *frame) val { return valOf(c.value(f)) }

// empty reports whether a value is what stands there also when nothing is
// known: no text, no items, and no prefix that the gateway was found in.
func (c *column) empty(v fleetnet.Value) bool {
	switch v.Kind() {
	case fleetnet.KindList:
		return len(v.List()) == 0
	case fleetnet.KindString:
		return v.Text() == ""
	case fleetnet.KindBool:
		return v.Int() == 0 && c.field.Name == "gateway_on_link"
	}
	return false
}

// each calls see with the value of every given row.
func (c *column) each(f *frame, rows []int32, see func(fleetnet.Value)) {
	here := *f
	for _, r := range rows {
		here.row = int(r)
		see(c.value(&here))
	}
}

func fieldNames(t *fleetnet.Table) []string {
	out := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		out[i] = f.Name
	}
	return out
}
