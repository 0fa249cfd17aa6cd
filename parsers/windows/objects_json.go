package windows

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"sort"

	"github.com/fleetnet/fleetnet"
)

// document is the text of one JSON document and where its lines begin.
type document struct {
	text   []byte
	starts []int
	refs   []fleetnet.Ref
	depth  int
	quoted bool
}

// add appends a line and follows its brackets.
func (d *document) add(line []byte, ref fleetnet.Ref) {
	d.starts, d.refs = append(d.starts, len(d.text)), append(d.refs, ref)
	d.text = append(append(d.text, line...), '\n')
	for i := 0; i < len(line); i++ {
		switch ch := line[i]; {
		case d.quoted && ch == '\\':
			i++
		case ch == '"':
			d.quoted = !d.quoted
		case d.quoted:
		case ch == '[' || ch == '{':
			d.depth++
		case ch == ']' || ch == '}':
			d.depth--
		}
	}
}

// ref returns the reference to the line at an offset of the text.
func (d *document) ref(offset int) fleetnet.Ref {
	return d.refs[max(sort.SearchInts(d.starts, offset+1)-1, 0)]
}

// json reads the document that begins on the current line, up to the line on
// which its brackets are closed. Each line of it is a row; what could not be
// read fails the last.
func (r *objectReader) json() {
	var d document
	for {
		d.add(r.in.Text(), r.in.Ref())
		if d.depth <= 0 {
			break
		}
		if len(r.in.Peek()) == 0 && r.in.Left() == 0 {
			break
		}
		r.in.Row()
		if !r.in.Next() {
			break
		}
	}
	r.form = noForm
	if err := r.elements(&d); err != nil {
		r.in.Fail(err)
	}
	r.in.Row()
}

// elements hands out the objects of a document: those of an array, an object
// alone, or those that PowerShell 5 wraps as {"value": […], "Count": 3}.
func (r *objectReader) elements(d *document) error {
	dec := json.NewDecoder(bytes.NewReader(d.text))
	dec.UseNumber()
	var k *keys
	var first error
	for depth := 0; ; {
		at := int(dec.InputOffset())
		if depth > 0 && !dec.More() {
			if _, err := dec.Token(); err != nil {
				return cmp.Or(first, errors.New("the document ends too soon"))
			}
			if depth--; depth == 0 {
				return first
			}
			continue
		}
		rest := bytes.TrimLeft(d.text[at:], ", \t\n")
		if len(rest) > 0 && rest[0] == '[' {
			if _, err := dec.Token(); err != nil {
				return cmp.Or(first, errors.New("not JSON"))
			}
			depth++
			continue
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return cmp.Or(first, errors.New("not JSON, or it ends too soon"))
		}
		var err error
		if k, err = r.element(raw, k, d.ref(len(d.text)-len(rest))); first == nil {
			first = err
		}
		if depth == 0 {
			return first
		}
	}
}

// element hands out one object. The keys of the one before are used again when
// they are the same.
func (r *objectReader) element(raw json.RawMessage, k *keys, ref fleetnet.Ref) (*keys, error) {
	names, values, list, err := members(raw)
	if err != nil {
		return k, err
	}
	if list != nil {
		for _, v := range list {
			var failed error
			if k, failed = r.element(v, k, ref); err == nil {
				err = failed
			}
		}
		return k, err
	}
	if k == nil || !slices.Equal(k.names, names) {
		k = newKeys(names)
	}
	o := &object{keys: k, values: values, ref: ref}
	err = r.row(o)
	if o.cut {
		r.cut++
	}
	return k, err
}

// members returns the names and the scalar values of an object; lists and objects
// in it are left empty. The list that an object wraps is returned instead.
func members(raw json.RawMessage) (names, values []string, list []json.RawMessage, err error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, nil, nil, errNoObject
	}
	for dec.More() {
		t, err := dec.Token()
		name, ok := t.(string)
		var value json.RawMessage
		if err != nil || !ok || dec.Decode(&value) != nil {
			return nil, nil, nil, errNoObject
		}
		if name == "value" && value[0] == '[' && json.Unmarshal(value, &list) == nil {
			return nil, nil, list, nil
		}
		names, values = append(names, name), append(values, scalar(value))
	}
	return names, values, nil, nil
}

// scalar returns a string without its quotes, a number or a truth as it is, and
// nothing of null and of what holds others.
func scalar(value json.RawMessage) string {
	switch value[0] {
	case '"':
		var s string
		_ = json.Unmarshal(value, &s)
		return s
	case '[', '{', 'n':
		return ""
	}
	return string(value)
}
