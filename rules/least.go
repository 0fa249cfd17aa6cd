package rules

import (
	"math"

	"github.com/expr-lang/expr/ast"
)

// least compiles how many rows a group must at least have for a condition on
// it to hold, or to be in doubt. A host may have a million groups, and most
// rules are about the few that are large.
func (c *compiler) least(node ast.Node) func(*frame) float64 {
	n, ok := node.(*ast.BinaryNode)
	if !ok {
		return func(*frame) float64 { return 0 }
	}
	switch n.Operator {
	case "and", "&&":
		l, r := c.least(n.Left), c.least(n.Right)
		return func(f *frame) float64 { return max(l(f), r(f)) }
	case "or", "||":
		l, r := c.least(n.Left), c.least(n.Right)
		return func(f *frame) float64 { return min(l(f), r(f)) }
	case ">", ">=":
		if c.atMostCount(n.Left) && c.fixed(n.Right) {
			if limit, err := c.value(n.Right); err == nil {
				return func(f *frame) float64 { return above(limit(f), n.Operator == ">=") }
			}
		}
	}
	return func(*frame) float64 { return 0 }
}

// above returns the least whole number greater than a limit, or not less.
func above(limit val, orEqual bool) float64 {
	switch {
	case limit.kind != isNumber || !limit.exact():
		return 0
	case orEqual:
		return math.Ceil(limit.lo)
	}
	return math.Floor(limit.lo) + 1
}

// atMostCount reports whether a node is count, or a let that counts some rows.
func (c *compiler) atMostCount(node ast.Node) bool {
	id, ok := node.(*ast.IdentifierNode)
	return ok && (id.Value == "count" || c.names[id.Value].counts)
}

// fixed reports whether a node is made of params and constants alone.
func (c *compiler) fixed(node ast.Node) bool {
	for _, id := range identifiers(node) {
		if !c.names[id].param {
			return false
		}
	}
	return true
}

// countsRows reports whether an expression is count(rows, …).
func countsRows(node ast.Node) bool {
	n, ok := node.(*ast.BuiltinNode)
	if !ok || n.Name != "count" || len(n.Arguments) == 0 {
		return false
	}
	id, ok := n.Arguments[0].(*ast.IdentifierNode)
	return ok && id.Value == "rows"
}
