// Package jsontext reads the JSON that tools print, line by line and object by
// object, so that each row knows its line and one broken object does not hide
// the others.
package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"sort"

	"github.com/fleetnet/fleetnet"
)

var errTruncated = errors.New("the document ends too soon")

// Read reads the document that begins on the current line, up to the line on
// which its brackets are closed; ip 4.15 has blank ones in it. It hands out the
// objects of each array in the document, and each that stands alone, with the
// line where they begin. Each line is a row; what could not be read fails the last.
func Read(in *fleetnet.Lines, element func(object []byte, ref fleetnet.Ref) error) {
	var d document
	for {
		d.add(in.Text(), in.Ref())
		if d.depth <= 0 || !in.More() {
			break
		}
		in.Row()
		if !in.Next() {
			break
		}
	}
	if err := d.elements(element); err != nil {
		in.Fail(err)
	}
	in.Row()
}

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

// elements hands out the objects. One that is broken, as ip 4.18 prints a route of
// several next hops, does not hide the others.
func (d *document) elements(element func([]byte, fleetnet.Ref) error) error {
	var first error
	keep := func(err error) {
		if first == nil {
			first = err
		}
	}
	for at := 0; at < len(d.text); at++ {
		switch d.text[at] {
		case '[', ']', ',', ' ', '\t', '\n':
		case '{':
			end := objectEnd(d.text, at)
			if end < 0 {
				keep(errTruncated)
				return first
			}
			keep(readElement(d.text[at:end], d.ref(at), element))
			at = end - 1
		default:
			keep(fmt.Errorf("not JSON: %s", fleetnet.Quote(d.text[at:])))
			return first
		}
	}
	if d.depth > 0 {
		keep(errTruncated)
	}
	return first
}

func readElement(object []byte, ref fleetnet.Ref, element func([]byte, fleetnet.Ref) error) error {
	if !json.Valid(object) {
		return fmt.Errorf("not JSON: %s", fleetnet.Quote(object))
	}
	if err := element(object, ref); err != nil {
		return fmt.Errorf("%w in %s", err, fleetnet.Quote(object))
	}
	return nil
}

// objectEnd returns the offset after the object that begins at an offset, or -1.
func objectEnd(text []byte, at int) int {
	depth, quoted := 0, false
	for i := at; i < len(text); i++ {
		switch ch := text[i]; {
		case quoted && ch == '\\':
			i++
		case ch == '"':
			quoted = !quoted
		case quoted:
		case ch == '{':
			depth++
		case ch == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// Members yields the members of an object in order, the repeated ones too: ip
// before 6.12 prints a route's `dst` and then its encapsulation's.
func Members(object []byte) iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		dec := json.NewDecoder(bytes.NewReader(object))
		if t, err := dec.Token(); err != nil || t != json.Delim('{') {
			return
		}
		for dec.More() {
			t, err := dec.Token()
			key, ok := t.(string)
			var value json.RawMessage
			if err != nil || !ok || dec.Decode(&value) != nil || !yield(key, value) {
				return
			}
		}
	}
}

// List returns the elements of an array, or nil.
func List(value json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	_ = json.Unmarshal(value, &list)
	return list
}
