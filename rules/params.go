package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
	"gopkg.in/yaml.v3"
)

// readParams reads the params of a rule with their defaults.
func (r *reader) readParams(rule *Rule, n *yaml.Node) {
	if n == nil {
		return
	}
	r.pairs(n, "params", func(k, v *yaml.Node) {
		def, err := paramValue(r.resolve(v))
		if err != nil {
			r.fail(v, "params: %s: %v", k.Value, err)
			return
		}
		rule.Params = append(rule.Params, Param{Name: k.Value, Default: def})
	})
}

// addParams makes the params known to the expressions.
func (r *reader) addParams(rule *Rule, n *yaml.Node, row, group *scope) {
	for _, p := range rule.Params {
		msg := badName(p.Name, group)
		if msg == "" {
			msg = badName(p.Name, row)
		}
		if msg != "" {
			r.fail(keyOf(r.resolve(n), p.Name), "params: %s", msg)
		}
	}
	row.addHost(rule.Params)
	group.addHost(rule.Params)
}

// keyOf returns the node of a key that a mapping has.
func keyOf(mapping *yaml.Node, name string) *yaml.Node {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return mapping.Content[i]
		}
	}
	return mapping
}

func paramValue(n *yaml.Node) (any, error) {
	if n.Kind == yaml.SequenceNode {
		out := []string{}
		for _, item := range n.Content {
			if item.Kind != yaml.ScalarNode {
				return nil, fmt.Errorf("a list holds words")
			}
			out = append(out, item.Value)
		}
		return out, nil
	}
	if n.Kind != yaml.ScalarNode {
		return nil, fmt.Errorf("must be a number, text, true, false or a list of words")
	}
	var v any
	if err := n.Decode(&v); err != nil {
		return nil, fmt.Errorf("not understood: %w", err)
	}
	switch v := v.(type) {
	case int, float64, bool, string:
		return v, nil
	case nil:
		return nil, fmt.Errorf("has no default")
	}
	return n.Value, nil // a date
}

// fit turns a value that a run gives for a param into the type of its default.
// Text from a command line is read as that type.
func (p Param) fit(v any) (any, error) {
	if s, ok := v.(string); ok {
		return p.parse(s)
	}
	switch p.Default.(type) {
	case int, float64:
		switch v := v.(type) {
		case int, float64:
			return v, nil
		case int64:
			return int(v), nil
		}
	case bool:
		if _, ok := v.(bool); ok {
			return v, nil
		}
	case []string:
		return words(v)
	}
	return nil, p.mismatch(v)
}

func (p Param) parse(s string) (any, error) {
	switch p.Default.(type) {
	case int, float64:
		if n, err := strconv.Atoi(s); err == nil {
			return n, nil
		}
		if f, err := strconv.ParseFloat(s, 64); err == nil && f-f == 0 {
			return f, nil
		}
	case bool:
		if b, err := strconv.ParseBool(s); err == nil {
			return b, nil
		}
	case []string:
		return strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ' ' }), nil
	case string:
		return s, nil
	}
	return nil, p.mismatch(s)
}

func words(v any) (any, error) {
	if l, ok := v.([]string); ok {
		return l, nil
	}
	items, ok := v.([]any)
	out := make([]string, len(items))
	for i, it := range items {
		s, isText := it.(string)
		ok, out[i] = ok && isText, s
	}
	if !ok {
		return nil, fmt.Errorf("%v is not a list of words", v)
	}
	return out, nil
}

func (p Param) mismatch(v any) error {
	want := map[bool]string{true: "a number", false: "text"}[isNum(p.Default)]
	switch p.Default.(type) {
	case bool:
		want = "true or false"
	case []string:
		want = "a list of words"
	}
	return fmt.Errorf("%q is not %s", fmt.Sprint(v), want)
}

func isNum(v any) bool {
	switch v.(type) {
	case int, float64:
		return true
	}
	return false
}

// WithParams returns a copy of the set in which params are fixed for every
// host, whatever the inventory says: "close-wait-leak.limit=500".
func (s *Set) WithParams(assignments []string) (*Set, error) {
	out := *s
	out.fixed = map[string]any{}
	for k, v := range s.fixed {
		out.fixed[k] = v
	}
	for _, a := range assignments {
		k, v, ok := strings.Cut(a, "=")
		if !ok {
			return nil, fmt.Errorf("param %q: must be RULE.PARAM=VALUE", a)
		}
		fitted, err := s.fit(strings.TrimSpace(k), strings.TrimSpace(v))
		if err != nil {
			return nil, err
		}
		out.fixed[strings.TrimSpace(k)] = fitted
	}
	return &out, nil
}

// CheckParams reports every key of an inventory's params that is no rule's,
// and every value that does not fit.
func (s *Set) CheckParams(params map[string]any) error {
	keys := make([]string, 0, len(params))
	for k := range params {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var msgs []string
	for _, k := range keys {
		if _, err := s.fit(k, params[k]); err != nil {
			msgs = append(msgs, err.Error())
		}
	}
	if msgs != nil {
		return fmt.Errorf("%s", strings.Join(msgs, "\n"))
	}
	return nil
}

func (s *Set) fit(k string, v any) (any, error) {
	id, name, ok := strings.Cut(k, ".")
	rule := s.rule(id)
	switch {
	case !ok:
		return nil, fmt.Errorf("param %q: must be RULE.PARAM", k)
	case rule == nil:
		return nil, fmt.Errorf("param %q: unknown rule %q%s", k, id, fleetnet.DidYouMean(id, s.ids()))
	}
	var names []string
	for _, p := range rule.Params {
		if p.Name == name {
			fitted, err := p.fit(v)
			if err != nil {
				return nil, fmt.Errorf("param %q: %w", k, err)
			}
			return fitted, nil
		}
		names = append(names, p.Name)
	}
	hint := fleetnet.DidYouMean(name, names)
	if hint == "" {
		hint = "; it has " + oneOf(append(names, "no other"))
	}
	return nil, fmt.Errorf("param %q: rule %s has no param %q%s", k, id, name, hint)
}

// paramsFor returns the values of the rule's params for a target, in order.
func (s *Set) paramsFor(r *Rule, t Target) ([]val, error) {
	out := make([]val, len(r.Params))
	if len(t.Params) == 0 && len(s.fixed) == 0 {
		for i, p := range r.Params {
			out[i] = valOfAny(p.Default)
		}
		return out, nil
	}
	for i, p := range r.Params {
		k, v := r.ID+"."+p.Name, p.Default
		if given, ok := t.Params[k]; ok {
			fitted, err := p.fit(given)
			if err != nil {
				return nil, fmt.Errorf("param %s: %w", k, err)
			}
			v = fitted
		}
		if fixed, ok := s.fixed[k]; ok {
			v = fixed
		}
		out[i] = valOfAny(v)
	}
	return out, nil
}
