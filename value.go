package fleetnet

import (
	"cmp"
	"net/netip"
	"strconv"
	"strings"
)

// Kind is the type of a field's value. The zero Kind is an unknown value.
type Kind uint8

// The kinds of values.
const (
	KindUnknown Kind = iota
	KindString
	KindInt
	KindBool
	KindList // of strings
)

// String returns the kind's name as rules and documentation use it.
func (k Kind) String() string {
	return [...]string{"unknown", "string", "int", "bool", "list"}[k]
}

// Value is the value of one field of one row. The zero Value is unknown.
type Value struct {
	kind Kind
	num  int64
	text string
	list *[]string // a pointer keeps the many values without one small
}

// StringValue returns s as a value.
func StringValue(s string) Value { return Value{kind: KindString, text: s} }

// IntValue returns n as a value.
func IntValue(n int64) Value { return Value{kind: KindInt, num: n} }

// BoolValue returns b as a value.
func BoolValue(b bool) Value {
	v := Value{kind: KindBool}
	if b {
		v.num = 1
	}
	return v
}

// ListValue returns a list as a value.
func ListValue(l []string) Value { return Value{kind: KindList, list: &l} }

// Kind returns the value's kind.
func (v Value) Kind() Kind { return v.kind }

// Known reports whether there is a value.
func (v Value) Known() bool { return v.kind != KindUnknown }

// Int returns the number of an int or a bool, else 0.
func (v Value) Int() int64 { return v.num }

// Text returns the string of a string, else "".
func (v Value) Text() string {
	if v.kind != KindString {
		return ""
	}
	return v.text
}

// List returns the strings of a list, else nil.
func (v Value) List() []string {
	if v.list == nil {
		return nil
	}
	return *v.list
}

// Any returns the value as string, int, bool or []string; nil when unknown.
func (v Value) Any() any {
	switch v.kind {
	case KindString:
		return v.text
	case KindInt:
		return int(v.num)
	case KindBool:
		return v.num != 0
	case KindList:
		return v.List()
	}
	return nil
}

// String returns the value as a table shows it: "" when unknown. It may hold
// remote text as it came (see [Printable]).
func (v Value) String() string {
	switch v.kind {
	case KindString:
		return v.text
	case KindInt:
		return strconv.FormatInt(v.num, 10)
	case KindBool:
		return strconv.FormatBool(v.num != 0)
	case KindList:
		return strings.Join(v.List(), ",")
	}
	return ""
}

// Compare orders values: unknown first, then by kind, numbers by size, text naturally.
func (v Value) Compare(w Value) int {
	if v.kind != w.kind {
		return int(v.kind) - int(w.kind)
	}
	switch v.kind {
	case KindInt, KindBool:
		return cmp.Compare(v.num, w.num)
	}
	return NaturalCompare(v.String(), w.String())
}

// The constructors below turn model fields into values; what is unknown or
// absent becomes the unknown Value.

func textOrUnknown[T ~string](s T) Value {
	if s == "" {
		return Value{}
	}
	return StringValue(string(s))
}

func optInt[T int | int64 | uint32 | uint64](o Opt[T]) Value {
	if !o.OK {
		return Value{}
	}
	return IntValue(int64(o.V))
}

func optString(o Opt[string]) Value {
	if !o.OK {
		return Value{}
	}
	return StringValue(o.V)
}

func optBool(o Opt[bool]) Value {
	if !o.OK {
		return Value{}
	}
	return BoolValue(o.V)
}

func addrValue(a netip.Addr) Value {
	if !a.IsValid() {
		return Value{}
	}
	return StringValue(a.String())
}

func prefixValue(p netip.Prefix) Value {
	if !p.IsValid() {
		return Value{}
	}
	return StringValue(p.String())
}
