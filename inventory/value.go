package inventory

import (
	"math"
	"strings"

	"gopkg.in/yaml.v3"
)

// Bounds on free values: YAML aliases can describe more than fits in memory.
const (
	maxDepth  = 32
	maxValues = 1_000_000
)

// vars reads the variables of a section: any names, any values that JSON has.
func (f *file) vars(n *yaml.Node) map[string]setting {
	out := map[string]setting{}
	for key, val := range f.mapping(n, "vars") {
		if v, ok := f.value(val, 0); ok {
			out[key.Value] = setting{at: val, value: v}
		}
	}
	return out
}

// params reads overridden parameters of rules: rule.param to a value or a list.
func (f *file) params(n *yaml.Node) map[string]setting {
	out := map[string]setting{}
	for key, val := range f.mapping(n, "params") {
		rule, param, ok := strings.Cut(key.Value, ".")
		switch {
		case !ok || rule == "" || param == "":
			f.add(key, "param %q is not written as rule.param", key.Value)
			continue
		case val.Kind == yaml.MappingNode || isNull(val):
			f.add(val, "param %q: expected a value or a list of values", key.Value)
			continue
		}
		if v, ok := f.value(val, 0); ok {
			out[key.Value] = setting{at: val, value: v}
		}
	}
	return out
}

// value returns n as string, int, float64, bool, nil, []any or map[string]any.
func (f *file) value(n *yaml.Node, depth int) (any, bool) {
	n = deref(n)
	f.values++
	if depth > maxDepth || f.values > maxValues {
		f.add(n, "values nest deeper than %d, or are more than %d with aliases resolved", maxDepth, maxValues)
		return nil, false
	}
	switch n.Kind {
	case yaml.MappingNode:
		return f.mapValue(n, depth)
	case yaml.SequenceNode:
		return f.listValue(n, depth)
	}
	return f.scalarValue(n)
}

func (f *file) mapValue(n *yaml.Node, depth int) (any, bool) {
	out := map[string]any{}
	for key, val := range f.mapping(n, "value") {
		v, ok := f.value(val, depth+1)
		if !ok {
			return nil, false
		}
		out[key.Value] = v
	}
	return out, true
}

func (f *file) listValue(n *yaml.Node, depth int) (any, bool) {
	out := make([]any, 0, len(n.Content))
	for _, item := range n.Content {
		v, ok := f.value(item, depth+1)
		if !ok {
			return nil, false
		}
		out = append(out, v)
	}
	return out, true
}

// scalarValue returns a scalar; a date stays text, for JSON has none.
func (f *file) scalarValue(n *yaml.Node) (any, bool) {
	switch tag := n.ShortTag(); tag {
	case "!!str", "!!timestamp":
		return n.Value, true
	case "!!int", "!!float", "!!bool", "!!null":
		var v any
		if err := n.Decode(&v); err != nil {
			f.add(n, "%q is not a value of type %s", n.Value, tag)
			return nil, false
		}
		return f.finite(n, v)
	default:
		f.add(n, "unknown tag %s", n.Tag)
		return nil, false
	}
}

// finite returns v in the types that a stored host comes back in.
func (f *file) finite(n *yaml.Node, v any) (any, bool) {
	switch x := v.(type) {
	case float64:
		if math.IsInf(x, 0) || math.IsNaN(x) {
			f.add(n, "%s is not a finite number", n.Value)
			return nil, false
		}
		if x == math.Trunc(x) && x >= -1<<63 && x < 1<<63 {
			return int(x), true
		}
	case int64:
		return int(x), true
	case uint64:
		return float64(x), true
	}
	return v, true
}
