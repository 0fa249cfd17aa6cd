package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/fleetnet/fleetnet"
)

// rewriter prepares the tree of an expression for expr's checker: dotted names
// become one identifier each, calls that look something up become identifiers
// too, and states take their one spelling. It notes the names that are used.
type rewriter struct {
	scope *scope
	used  map[string]name
	order []string // the keys of used, as met
	cols  []column // fields looked at through rows
	err   *file.Error
}

func (r *rewriter) rewrite(node *ast.Node) *file.Error {
	ast.Walk(node, joiner{})
	r.visit(node)
	return r.err
}

func (r *rewriter) fail(n ast.Node, format string, args ...any) {
	if r.err == nil {
		r.err = &file.Error{Location: n.Location(), Message: fmt.Sprintf(format, args...)}
	}
}

// joiner makes one node of a.b.c, and of .b.c within a predicate.
type joiner struct{}

// Visit joins a member to what it is a member of, for ast.Walk, which visits
// the innermost first.
func (joiner) Visit(node *ast.Node) {
	if chain, ok := (*node).(*ast.ChainNode); ok {
		if _, ok := chain.Node.(*ast.IdentifierNode); ok {
			*node = chain.Node
		}
		return
	}
	m, ok := (*node).(*ast.MemberNode)
	if !ok {
		return
	}
	prop, ok := m.Property.(*ast.StringNode)
	if !ok {
		return
	}
	switch inner := m.Node.(type) {
	case *ast.IdentifierNode:
		id := &ast.IdentifierNode{Value: inner.Value + "." + prop.Value}
		id.SetLocation(inner.Location())
		*node = id
	case *ast.MemberNode:
		_, pointer := inner.Node.(*ast.PointerNode)
		head, named := inner.Property.(*ast.StringNode)
		if pointer && named {
			m.Node, prop.Value = inner.Node, head.Value+"."+prop.Value
		}
	}
}

// visit rewrites a node after the nodes within it.
func (r *rewriter) visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		r.identifier(n)
	case *ast.CallNode:
		r.call(node, n)
		return
	case *ast.NilNode:
		r.fail(n, "nil is not used here: ask known(field)")
	case *ast.VariableDeclaratorNode, *ast.SequenceNode:
		r.fail(n, "let and ; are not used here: a rule has a let of its own")
	case *ast.BuiltinNode:
		if n.Name == "now" {
			r.fail(n, "now() is not used here: a recording must be judged alike at any time")
		}
	case *ast.MemberNode:
		r.member(n, false)
	case *ast.BinaryNode:
		if n.Operator == "??" && pointed(n.Left) != "" {
			r.member(n.Left.(*ast.MemberNode), true)
			r.visit(&n.Right)
			return
		}
	}
	for _, child := range children(*node) {
		r.visit(child)
	}
	if b, ok := (*node).(*ast.BinaryNode); ok {
		r.states(b)
	}
}

func (r *rewriter) use(id string, n name) {
	if _, ok := r.used[id]; !ok {
		r.order = append(r.order, id)
	}
	r.used[id] = n
}

func (r *rewriter) identifier(n *ast.IdentifierNode) {
	found, ok := r.scope.lookup(n.Value)
	switch {
	case ok && n.Value == "rows":
		found.get = func(f *frame) val { return records(f, r.cols) }
		fallthrough
	case ok:
		r.use(n.Value, found)
	case r.scope.prefix(n.Value):
		r.fail(n, "%s is not one value: one of %s", n.Value, strings.Join(r.under(n.Value), ", "))
	default:
		r.fail(n, "unknown %s %q%s", r.scope.noun, n.Value, fleetnet.DidYouMean(n.Value, r.scope.all()))
	}
}

func (r *rewriter) under(prefix string) []string {
	out := slices.DeleteFunc(r.scope.all(), func(n string) bool { return !strings.HasPrefix(n, prefix+".") })
	if prefix == "vars" {
		return []string{"vars.NAME"}
	}
	return out
}

// member notes a field that is looked at through rows: any(rows, .recv_q > 0).
// It is optional to the left of ??, where nil means that it is unknown.
func (r *rewriter) member(n *ast.MemberNode, optional bool) {
	id := pointed(n)
	if id == "" {
		return
	}
	c, ok := columnNamed(r.scope.table, id)
	if !ok {
		r.fail(n, "unknown field %q%s", id, fleetnet.DidYouMean(id, fieldNames(r.scope.table)))
		return
	}
	c.optional = optional
	r.cols = append(r.cols, *c)
}

// pointed returns the field that a node such as .recv_q stands for, or "".
func pointed(node ast.Node) string {
	m, ok := node.(*ast.MemberNode)
	if !ok {
		return ""
	}
	p, ok := m.Node.(*ast.PointerNode)
	prop, named := m.Property.(*ast.StringNode)
	if !ok || p.Name != "" || !named {
		return ""
	}
	return prop.Value
}

// wide reports whether the expression looks at the rows of a group.
func (r *rewriter) wide() bool {
	for id, n := range r.used {
		if id == "rows" || n.column != nil {
			return true
		}
	}
	return false
}

// states gives the state in a comparison its one spelling.
func (r *rewriter) states(b *ast.BinaryNode) {
	if b.Operator != "==" && b.Operator != "!=" && b.Operator != "in" {
		return
	}
	for _, side := range [2][2]ast.Node{{b.Left, b.Right}, {b.Right, b.Left}} {
		id, ok := side[0].(*ast.IdentifierNode)
		if ok && id.Value == "state" || pointed(side[0]) == "state" {
			r.spell(side[1])
		}
	}
}

func (r *rewriter) spell(n ast.Node) {
	switch n := n.(type) {
	case *ast.StringNode:
		s, err := stateName(r.scope.table, n.Value)
		if err != nil {
			r.fail(n, "%v", err)
		}
		n.Value = s
	case *ast.ArrayNode:
		for _, e := range n.Nodes {
			r.spell(e)
		}
	}
}
