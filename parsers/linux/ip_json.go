package linux

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/jsontext"
)

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
	for _, v := range jsontext.List(value) {
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
