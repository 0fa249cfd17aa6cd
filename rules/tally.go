package rules

import (
	"maps"
	"math"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/fleetnet/fleetnet"
)

// aggregate compiles what can be said of a group although some of its rows are
// not known: sum, max and min of a field, and count, any, all and none of rows
// with a condition. Nil means that expr's machine is to do it.
func (c *compiler) aggregate(n *ast.BuiltinNode) (func(*frame) val, error) {
	id, ok := n.Arguments[0].(*ast.IdentifierNode)
	switch {
	case !ok:
		return nil, nil
	case len(n.Arguments) == 2 && id.Value == "rows":
		return c.tally(n)
	case len(n.Arguments) != 1 || c.names[id.Value].column == nil:
		return nil, nil
	}
	col := c.names[id.Value].column
	if col.field.Kind != fleetnet.KindInt {
		return nil, nil
	}
	switch n.Name {
	case "sum":
		return col.sum, nil
	case "max":
		return col.max, nil
	case "min":
		return col.min, nil
	}
	return nil, nil
}

// tally compiles count(rows, .field > 0) and its kin.
func (c *compiler) tally(n *ast.BuiltinNode) (func(*frame) val, error) {
	p, ok := n.Arguments[1].(*ast.PredicateNode)
	if !ok {
		return nil, nil
	}
	inner := &compiler{tree: c.tree, config: c.config, names: maps.Clone(c.names)}
	switch n.Name {
	case "count", "any", "all", "none":
	default:
		return nil, nil
	}
	if !onlyFields(p.Node) {
		return nil, nil
	}
	inner.nameFields(&p.Node, c.names["rows"].table)
	cond, err := inner.logic(p.Node)
	if err != nil {
		return nil, err
	}
	holds := cond
	switch n.Name {
	case "any":
		c.picks = append(c.picks, cond)
	case "all":
		holds = func(f *frame) truth { return -cond(f) }
	}
	return func(f *frame) val {
		found := countRows(f, holds)
		switch n.Name {
		case "any":
			return truthVal(less(number(0), found, false))
		case "all", "none":
			return truthVal(-less(number(0), found, false))
		}
		return found
	}, nil
}

// onlyFields reports whether a predicate looks at rows through their fields
// alone, and never at # or #index.
func onlyFields(node ast.Node) bool {
	switch node.(type) {
	case *ast.PointerNode:
		return false
	case *ast.PredicateNode:
		return true // its pointer is another one
	}
	if pointed(node) != "" {
		return true
	}
	return !slices.ContainsFunc(within(node), func(n *ast.Node) bool { return !onlyFields(*n) })
}

// nameFields replaces the fields in a predicate over rows, .recv_q, by
// identifiers that stand for the field of the frame's row.
func (c *compiler) nameFields(node *ast.Node, t *fleetnet.Table) {
	if field := pointed(*node); field != "" {
		col, _ := columnNamed(t, field)
		id := &ast.IdentifierNode{Value: "row." + field}
		id.SetLocation((*node).Location())
		id.SetNature(*(*node).Nature())
		*node = id
		c.names[id.Value] = name{get: col.val, field: col}
		return
	}
	if _, ok := (*node).(*ast.PredicateNode); ok {
		return
	}
	for _, n := range within(*node) {
		c.nameFields(n, t)
	}
}

// within returns the children of a node, and the arguments of a call.
func within(node ast.Node) []*ast.Node {
	if call, ok := node.(*ast.CallNode); ok {
		return pointers(call.Arguments)
	}
	return children(node)
}

// countRows counts the rows of the frame's group for which a condition holds.
func countRows(f *frame, holds func(*frame) truth) val {
	out := between(0, float64(f.group.stray))
	here := *f
	for _, r := range f.group.rows {
		here.row = int(r)
		switch holds(&here) {
		case yes:
			out.lo++
			out.hi++
		case maybe:
			out.hi++
		}
	}
	for _, r := range f.group.maybes {
		here.row = int(r)
		if holds(&here) != no {
			out.hi++
		}
	}
	if f.group.open {
		out.hi = math.Inf(1)
	}
	return out
}
