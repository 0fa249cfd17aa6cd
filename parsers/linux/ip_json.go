package linux

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/netip"
	"sort"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

var errTruncated = errors.New("the document ends too soon")

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

// readDocument reads the document that begins on the current line, up to the
// line on which its brackets are closed; ip 4.15 has blank ones in it. Each line
// is a row; what could not be read fails the last.
func readDocument(in *fleetnet.Lines, element ipElement) {
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

// elements hands out the objects of each array in the document, and each that
// stands alone. One that is broken, as ip 4.18 prints a route of several next
// hops, does not hide the others.
func (d *document) elements(element ipElement) error {
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

func readElement(text []byte, ref fleetnet.Ref, element ipElement) error {
	if !json.Valid(text) {
		return fmt.Errorf("not JSON: %s", fleetnet.Quote(text))
	}
	if err := element(text, ref); err != nil {
		return fmt.Errorf("%w in %s", err, fleetnet.Quote(text))
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

// jsonMembers yields the members of an object in order, the repeated ones too:
// ip before 6.12 prints a route's `dst` and then its encapsulation's.
func jsonMembers(object []byte) iter.Seq2[string, json.RawMessage] {
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

// jsonList returns the elements of an array, or nil.
func jsonList(value json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	_ = json.Unmarshal(value, &list)
	return list
}

// jsonFields reads the values of an object's members. Like a cursor's, its
// first failure sticks, and a value that cannot be read stays unknown.
type jsonFields struct {
	out  *fleetnet.Snapshot
	err  error
	pair bool // the device is one of a pair
}

// text returns a scalar as text: a string without its quotes, null as "".
func (f *jsonFields) text(value json.RawMessage) []byte {
	switch {
	case len(value) > 0 && value[0] == '"':
		var s string
		_ = json.Unmarshal(value, &s)
		return []byte(s)
	case bytes.Equal(value, []byte("null")):
		return nil
	case len(value) > 0 && (value[0] == '[' || value[0] == '{'):
		f.fail(value, "a text")
		return nil
	}
	return value
}

func (f *jsonFields) fail(value []byte, what string) {
	if f.err == nil {
		f.err = fmt.Errorf("%s is not %s", fleetnet.Quote(value), what)
	}
}

// word returns a scalar as an interned string.
func (f *jsonFields) word(value json.RawMessage) string { return f.out.Intern(f.text(value)) }

// words returns an array of scalars as strings.
func (f *jsonFields) words(value json.RawMessage) []string {
	var out []string
	for _, v := range jsonList(value) {
		out = append(out, f.word(v))
	}
	return out
}

// uint returns a number of at most the given bits, unknown when it is not one.
func (f *jsonFields) uint(value json.RawMessage, bits int) fleetnet.Opt[uint64] {
	n, ok := field.Uint(f.text(value), bits)
	if !ok {
		f.fail(value, "a number")
	}
	return fleetnet.Opt[uint64]{V: n, OK: ok}
}

// int returns a number that is not negative, unknown when it is not one.
func (f *jsonFields) int(value json.RawMessage) fleetnet.Opt[int] {
	n := f.uint(value, 32)
	return fleetnet.Opt[int]{V: int(n.V), OK: n.OK}
}

func (f *jsonFields) addr(value json.RawMessage) netip.Addr {
	a, _, ok := field.Addr(f.text(value))
	if !ok {
		f.fail(value, "an address")
	}
	return a
}
