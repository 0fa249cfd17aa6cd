package rules

import (
	"fmt"
	"strconv"

	"github.com/fleetnet/fleetnet"
	"gopkg.in/yaml.v3"
)

// readMatch reads and types a match: {proto: tcp, state: [CLOSE_WAIT, LAST_ACK]}.
func (r *reader) readMatch(rule *Rule, n *yaml.Node) {
	if n == nil {
		return
	}
	r.pairs(n, "match", func(k, v *yaml.Node) {
		c, ok := columnNamed(rule.table, k.Value)
		if !ok {
			r.fail(k, "unknown field %q%s", k.Value, fleetnet.DidYouMean(k.Value, fieldNames(rule.table)))
			return
		}
		m, t := Match{Field: k.Value}, term{column: c}
		r.scalars(v, k.Value, func(item *yaml.Node) {
			if err := t.add(rule.table, item.Value); err != nil {
				r.fail(item, "%s: %v", k.Value, err)
				return
			}
			m.Values = append(m.Values, item.Value)
		})
		rule.Match, rule.terms = append(rule.Match, m), append(rule.terms, t)
		if t.texts != nil {
			if rule.about == nil {
				rule.about = fleetnet.Selection{}
			}
			rule.about[k.Value] = t.texts
		}
	})
}

// scalars calls f with the one scalar, or each scalar of the list, that n is.
func (r *reader) scalars(n *yaml.Node, what string, f func(*yaml.Node)) {
	n = r.resolve(n)
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	for _, item := range items {
		if item = r.resolve(item); item.Kind != yaml.ScalarNode || item.Tag == "!!null" {
			r.fail(item, "%s: must be a value or a list of values", what)
			continue
		}
		f(item)
	}
	if len(items) == 0 {
		r.fail(n, "%s: is an empty list, which no row matches", what)
	}
}

// add adds a value that the field may have.
func (t *term) add(table *fleetnet.Table, s string) error {
	switch f := t.column.field; f.Kind {
	case fleetnet.KindInt:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", s)
		}
		t.ints = append(t.ints, n)
	case fleetnet.KindBool:
		switch s {
		case "true":
			t.ints = append(t.ints, 1)
		case "false":
			t.ints = append(t.ints, 0)
		default:
			return fmt.Errorf("%q is not true or false", s)
		}
	default:
		if f.Name == "state" {
			var err error
			if s, err = stateName(table, s); err != nil {
				return err
			}
		}
		t.texts = append(t.texts, s)
	}
	return nil
}
