package rules

import (
	"github.com/expr-lang/expr/ast"
	exprc "github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
	"github.com/fleetnet/fleetnet"
)

// compiler turns a checked tree into functions. Logic, comparisons and
// arithmetic are done here, three-valued and on intervals; any other node is
// left to expr's machine, and is unknown unless all that it names is exact.
type compiler struct {
	tree   *parser.Tree
	config *conf.Config
	names  map[string]name
	picks  []func(*frame) truth // the conditions of any(rows, …)
}

// logic compiles a node that is true or false.
func (c *compiler) logic(node ast.Node) (func(*frame) truth, error) {
	switch n := node.(type) {
	case *ast.BoolNode:
		t := truthOf(n.Value)
		return func(*frame) truth { return t }, nil
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			x, err := c.logic(n.Node)
			return func(f *frame) truth { return -x(f) }, err
		}
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&", "or", "||":
			return c.junction(n)
		case "==", "!=", "<", "<=", ">", ">=":
			return c.comparison(n)
		case "in":
			if arr, ok := n.Right.(*ast.ArrayNode); ok {
				return c.member(n.Left, arr)
			}
		}
	}
	v, err := c.value(node)
	return func(f *frame) truth { return v(f).truth() }, err
}

func (c *compiler) junction(n *ast.BinaryNode) (func(*frame) truth, error) {
	l, err := c.logic(n.Left)
	if err != nil {
		return nil, err
	}
	r, err := c.logic(n.Right)
	if n.Operator == "and" || n.Operator == "&&" {
		return func(f *frame) truth {
			a := l(f)
			if a == no {
				return no
			}
			return min(a, r(f))
		}, err
	}
	return func(f *frame) truth {
		a := l(f)
		if a == yes {
			return yes
		}
		return max(a, r(f))
	}, err
}

func (c *compiler) comparison(n *ast.BinaryNode) (func(*frame) truth, error) {
	l, err := c.value(n.Left)
	if err != nil {
		return nil, err
	}
	r, err := c.value(n.Right)
	if err != nil {
		return nil, err
	}
	if f := c.intComparison(n, r); f != nil {
		return f, nil
	}
	return compare(n.Operator, l, r), nil
}

func compare(op string, l, r func(*frame) val) func(*frame) truth {
	switch op {
	case "==":
		return func(f *frame) truth { return equal(l(f), r(f)) }
	case "!=":
		return func(f *frame) truth { return -equal(l(f), r(f)) }
	case "<", "<=":
		return func(f *frame) truth { return less(l(f), r(f), op == "<=") }
	}
	return func(f *frame) truth { return less(r(f), l(f), op == ">=") }
}

// intComparison is the short way for what runs on every row of a large table:
// an int field against something else.
func (c *compiler) intComparison(n *ast.BinaryNode, r func(*frame) val) func(*frame) truth {
	id, ok := n.Left.(*ast.IdentifierNode)
	if !ok {
		return nil
	}
	col := c.names[id.Value].field
	if col == nil || col.field.Kind != fleetnet.KindInt || col.mayBeCut {
		return nil
	}
	var order func(a, b val) truth
	switch n.Operator {
	case "<", "<=":
		order = func(a, b val) truth { return less(a, b, n.Operator == "<=") }
	case ">", ">=":
		order = func(a, b val) truth { return less(b, a, n.Operator == ">=") }
	default:
		return nil
	}
	return func(f *frame) truth {
		v := f.view.rows.Value(f.row, col.field)
		if !v.Known() {
			return maybe
		}
		return order(number(float64(v.Int())), r(f))
	}
}

// member compiles x in [a, b].
func (c *compiler) member(left ast.Node, arr *ast.ArrayNode) (func(*frame) truth, error) {
	l, err := c.value(left)
	if err != nil {
		return nil, err
	}
	items := make([]func(*frame) val, len(arr.Nodes))
	for i, n := range arr.Nodes {
		if items[i], err = c.value(n); err != nil {
			return nil, err
		}
	}
	return func(f *frame) truth {
		x, out := l(f), no
		for _, it := range items {
			out = max(out, equal(x, it(f)))
		}
		return out
	}, nil
}

// value compiles a node of any type.
func (c *compiler) value(node ast.Node) (func(*frame) val, error) {
	switch n := node.(type) {
	case *ast.IntegerNode:
		return constant(number(float64(n.Value))), nil
	case *ast.FloatNode:
		return constant(number(n.Value)), nil
	case *ast.StringNode:
		return constant(text(n.Value)), nil
	case *ast.IdentifierNode:
		return c.names[n.Value].get, nil
	case *ast.UnaryNode:
		if n.Operator == "-" {
			x, err := c.value(n.Node)
			return func(f *frame) val { return negate(x(f)) }, err
		}
	case *ast.BinaryNode:
		switch n.Operator {
		case "+", "-", "*", "/", "%", "**", "^", "??":
			return c.arithmetic(n)
		}
	case *ast.ConditionalNode:
		return c.conditional(n)
	case *ast.BuiltinNode:
		if f, err := c.aggregate(n); f != nil || err != nil {
			return f, err
		}
	}
	if c.logical(node) {
		x, err := c.logic(node)
		return func(f *frame) val { return truthVal(x(f)) }, err
	}
	return c.leaf(node)
}

func constant(v val) func(*frame) val { return func(*frame) val { return v } }

// logical reports whether logic treats the node itself.
func (c *compiler) logical(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.BoolNode:
		return true
	case *ast.UnaryNode:
		return n.Operator == "not" || n.Operator == "!"
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&", "or", "||", "==", "!=", "<", "<=", ">", ">=":
			return true
		case "in":
			_, ok := n.Right.(*ast.ArrayNode)
			return ok
		}
	}
	return false
}

func (c *compiler) arithmetic(n *ast.BinaryNode) (func(*frame) val, error) {
	l, err := c.value(n.Left)
	if err != nil {
		return nil, err
	}
	r, err := c.value(n.Right)
	op := n.Operator
	return func(f *frame) val {
		a := l(f)
		if op == "??" {
			if a.kind != isUnknown {
				return a
			}
			return r(f)
		}
		b := r(f)
		if op == "+" && a.kind == isText && b.kind == isText {
			return text(a.text + b.text)
		}
		return operate(op, a, b)
	}, err
}

func (c *compiler) conditional(n *ast.ConditionalNode) (func(*frame) val, error) {
	cond, err := c.logic(n.Cond)
	if err != nil {
		return nil, err
	}
	a, err := c.value(n.Exp1)
	if err != nil {
		return nil, err
	}
	b, err := c.value(n.Exp2)
	return func(f *frame) val {
		switch cond(f) {
		case yes:
			return a(f)
		case no:
			return b(f)
		}
		return val{}
	}, err
}

// leaf compiles a node for expr's machine.
func (c *compiler) leaf(node ast.Node) (func(*frame) val, error) {
	program, err := exprc.Compile(&parser.Tree{Node: node, Source: c.tree.Source}, c.config)
	if err != nil {
		return nil, err
	}
	ids := identifiers(node)
	names := c.names
	return func(f *frame) val {
		env := make(map[string]any, len(ids))
		for _, id := range ids {
			n, ok := names[id]
			if !ok {
				continue // a function
			}
			v := n.get(f)
			if !v.exact() {
				return val{}
			}
			env[id] = v.any()
		}
		out, err := vm.Run(program, env)
		if err != nil {
			return val{}
		}
		return valOfAny(out)
	}, nil
}
