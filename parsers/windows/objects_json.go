package windows

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/jsontext"
)

// json reads the document that begins on the current line: an array of objects,
// one alone, or those that PowerShell 5 wraps as {"value": […], "Count": 3}.
func (r *objectReader) json() {
	r.form = noForm
	var k *keys
	jsontext.Read(r.in, func(text []byte, ref fleetnet.Ref) (err error) {
		k, err = r.element(text, k, ref)
		return err
	})
}

// element hands out one object, or those that it wraps. The keys of the one before
// are used again when they are the same.
func (r *objectReader) element(text []byte, k *keys, ref fleetnet.Ref) (*keys, error) {
	names, values, wrapped := members(text)
	var all []error
	for _, v := range wrapped {
		var err error
		k, err = r.element(v, k, ref)
		all = append(all, err)
	}
	switch {
	case wrapped != nil:
		return k, errors.Join(all...)
	case len(names) == 0:
		return k, errNoObject
	case k == nil || !slices.Equal(k.names, names):
		k = newKeys(names)
	}
	return k, r.give(&object{keys: k, values: values, ref: ref})
}

// members returns the names and the scalar values of an object; lists and objects
// in it are left empty. The list that an object wraps is returned instead.
func members(text []byte) (names, values []string, wrapped []json.RawMessage) {
	for name, value := range jsontext.Members(text) {
		if name == "value" && value[0] == '[' {
			return nil, nil, append([]json.RawMessage{}, jsontext.List(value)...)
		}
		names, values = append(names, name), append(values, scalar(value))
	}
	return names, values, nil
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
