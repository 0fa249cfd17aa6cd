package rules

import (
	"math"
	"slices"
	"strconv"

	"github.com/fleetnet/fleetnet"
)

// val is what an expression comes to. A number is an interval: lo equals hi
// when it is known exactly, and the bounds hold whatever is not known. A NaN
// is the number that is not there, such as the maximum of no rows; every
// comparison with it is false. The zero val is unknown.
type val struct {
	kind   valKind
	lo, hi float64
	text   string
	list   []string
	other  any
}

type valKind uint8

const (
	isUnknown valKind = iota
	isNumber
	isText
	isBool // lo is 1 or 0
	isList
	isOther // what only expr itself can work with
)

func number(n float64) val       { return val{kind: isNumber, lo: n, hi: n} }
func between(lo, hi float64) val { return val{kind: isNumber, lo: lo, hi: hi} }
func text(s string) val          { return val{kind: isText, text: s} }
func list(l []string) val        { return val{kind: isList, list: l} }
func other(v any) val            { return val{kind: isOther, other: v} }

func boolean(b bool) val {
	if b {
		return val{kind: isBool, lo: 1, hi: 1}
	}
	return val{kind: isBool}
}

func truthVal(t truth) val {
	if t == maybe {
		return val{}
	}
	return boolean(t == yes)
}

// valOf returns a field's value.
func valOf(v fleetnet.Value) val {
	switch v.Kind() {
	case fleetnet.KindInt:
		return number(float64(v.Int()))
	case fleetnet.KindString:
		return text(v.Text())
	case fleetnet.KindBool:
		return boolean(v.Int() != 0)
	case fleetnet.KindList:
		return list(v.List())
	}
	return valOfAny(v.Any())
}

// valOfAny returns what expr, YAML or an inventory gave.
func valOfAny(v any) val {
	switch v := v.(type) {
	case nil:
		return val{}
	case bool:
		return boolean(v)
	case string:
		return text(v)
	case int:
		return number(float64(v))
	case int64:
		return number(float64(v))
	case float64:
		return number(v)
	case []string:
		return list(v)
	}
	return other(v)
}

// exact reports whether v is known to the last digit.
func (v val) exact() bool {
	return v.kind != isUnknown && (v.kind != isNumber || v.lo == v.hi)
}

// none reports whether v is the number that is not there.
func (v val) none() bool { return v.kind == isNumber && math.IsNaN(v.lo) }

func (v val) truth() truth {
	if v.kind != isBool {
		return maybe
	}
	return truthOf(v.lo != 0)
}

// any returns an exact v as expr wants it: whole numbers as int.
func (v val) any() any {
	switch v.kind {
	case isNumber:
		if whole(v.lo) {
			return int(v.lo)
		}
		return v.lo
	case isText:
		return v.text
	case isBool:
		return v.lo != 0
	case isList:
		return v.list
	}
	return v.other
}

func whole(f float64) bool { return f == math.Trunc(f) && math.Abs(f) < 1<<53 }

// shown returns v for a message: an int, a rounded number, a string, or words
// that say what is not known.
func (v val) shown() any {
	switch {
	case v.kind == isUnknown || v.none():
		return "(unknown)"
	case v.exact() && v.kind == isNumber && !whole(v.lo):
		return rounded(v.lo)
	case v.exact():
		return v.any()
	case math.IsInf(v.lo, -1):
		return "(unknown)"
	}
	return "at least " + rounded(v.lo).String()
}

// rounded prints with at most two decimals.
type rounded float64

// String returns 83.33 for 83.3333, and 0.0012 for 0.00123.
func (r rounded) String() string {
	f := float64(r)
	if a := math.Abs(f); a != 0 && a < 0.1 {
		return strconv.FormatFloat(f, 'g', 2, 64)
	}
	return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64)
}

// equal compares two values; values of different kinds cannot be told apart.
func equal(a, b val) truth {
	if a.kind != b.kind {
		return maybe
	}
	switch a.kind {
	case isNumber:
		return equalNumbers(a, b)
	case isText:
		return truthOf(a.text == b.text)
	case isBool:
		return truthOf(a.lo == b.lo)
	case isList:
		return truthOf(slices.Equal(a.list, b.list))
	}
	return maybe
}

func equalNumbers(a, b val) truth {
	switch {
	case a.none() || b.none() || a.hi < b.lo || b.hi < a.lo:
		return no
	case a.exact() && b.exact():
		return yes
	}
	return maybe
}

// less reports a < b, or a <= b. Text compares as expr does, bytewise.
func less(a, b val, orEqual bool) truth {
	switch {
	case a.kind == isText && b.kind == isText:
		return truthOf(a.text < b.text || orEqual && a.text == b.text)
	case a.kind != isNumber || b.kind != isNumber:
		return maybe
	case a.none() || b.none():
		return no
	case a.hi < b.lo || orEqual && a.hi == b.lo:
		return yes
	case a.lo > b.hi || !orEqual && a.lo == b.hi:
		return no
	}
	return maybe
}
