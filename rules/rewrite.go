package rules

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/types"
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
		r.fail(n, "unknown %s %q%s", r.scope.noun, n.Value, didYouMean(n.Value, r.scope.all()))
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
		r.fail(n, "unknown field %q%s", id, didYouMean(id, fieldNames(r.scope.table)))
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

// call replaces the calls that look something up.
func (r *rewriter) call(node *ast.Node, n *ast.CallNode) {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		r.fail(n, "only functions can be called")
		return
	}
	switch callee.Value {
	case "setting", "counter", "known", "distinct", "ephemeral_ports":
		r.lookUp(node, n, callee.Value)
		return
	case "ephemeral":
		r.ephemeral(node, n)
		return
	case "cidr":
		r.checkPrefixes(n)
	case "loopback", "private":
	default:
		r.fail(n, "unknown function %q%s", callee.Value, didYouMean(callee.Value, functionNames()))
		return
	}
	for i := range n.Arguments {
		r.visit(&n.Arguments[i])
	}
}

// lookUp replaces setting("x"), counter("x"), known(x), distinct(x) and
// ephemeral_ports() by an identifier of the same text.
func (r *rewriter) lookUp(node *ast.Node, n *ast.CallNode, fn string) {
	found, msg := name{}, ""
	switch fn {
	case "known", "distinct":
		found, msg = r.ofField(fn, n)
	default:
		found, msg = r.ofHost(fn, n)
	}
	if msg != "" {
		r.fail(n, "%s", msg)
		return
	}
	if r.err != nil {
		return
	}
	id := &ast.IdentifierNode{Value: n.String()}
	ast.Patch(node, id)
	r.use(id.Value, found)
}

func (r *rewriter) ofField(fn string, n *ast.CallNode) (name, string) {
	var id *ast.IdentifierNode
	if len(n.Arguments) == 1 {
		id, _ = n.Arguments[0].(*ast.IdentifierNode)
	}
	if id == nil {
		return name{}, fmt.Sprintf("%s() takes one field", fn)
	}
	of, ok := r.scope.lookup(id.Value)
	if !ok {
		r.identifier(id) // for its error
		return name{}, ""
	}
	switch {
	case fn == "known" && of.column != nil:
		return name{}, "known() is asked of a field in where, or of a key of the group"
	case fn == "known":
		return name{kind: types.Bool, get: func(f *frame) val { return boolean(of.get(f).kind != isUnknown) }}, ""
	case of.column == nil:
		return name{}, "distinct() takes a field that is not a key of the group"
	}
	return name{kind: types.Int, get: of.column.distinct, column: of.column}, ""
}

func (r *rewriter) ofHost(fn string, n *ast.CallNode) (name, string) {
	if !r.scope.open {
		return name{}, fmt.Sprintf("%s() is not known here", fn)
	}
	if fn == "ephemeral_ports" {
		if len(n.Arguments) != 0 {
			return name{}, "ephemeral_ports() takes no argument"
		}
		return portRange(func(p portSpan) float64 { return p.last - p.first + 1 }), ""
	}
	var lit *ast.StringNode
	if len(n.Arguments) == 1 {
		lit, _ = n.Arguments[0].(*ast.StringNode)
	}
	switch {
	case lit == nil:
		return name{}, fmt.Sprintf("%s() takes one name in quotes", fn)
	case fn == "setting":
		return name{kind: types.Any, label: "setting " + lit.Value, get: func(f *frame) val { return f.host.setting(lit.Value) }}, ""
	}
	return name{kind: types.Int, label: "counter " + lit.Value, get: func(f *frame) val { return f.host.counter(lit.Value) }}, ""
}

// portRange returns a name for something of the range of ephemeral ports.
func portRange(of func(portSpan) float64) name {
	return name{kind: types.Int, label: "setting " + fleetnet.SettingEphemeralPorts, get: func(f *frame) val {
		p := f.host.ephemeral()
		if !p.ok {
			return val{}
		}
		return number(of(p))
	}}
}

// ephemeral replaces ephemeral(port) by two comparisons.
func (r *rewriter) ephemeral(node *ast.Node, n *ast.CallNode) {
	if len(n.Arguments) != 1 || !r.scope.open {
		r.fail(n, "ephemeral() takes one port, and is known in rules only")
		return
	}
	r.visit(&n.Arguments[0])
	bound := func(id, op string, of func(portSpan) float64) ast.Node {
		r.use(id, portRange(of))
		return &ast.BinaryNode{Operator: op, Left: n.Arguments[0], Right: &ast.IdentifierNode{Value: id}}
	}
	ast.Patch(node, &ast.BinaryNode{
		Operator: "and",
		Left:     bound("ephemeral first", ">=", func(p portSpan) float64 { return p.first }),
		Right:    bound("ephemeral last", "<=", func(p portSpan) float64 { return p.last }),
	})
}

func (r *rewriter) checkPrefixes(n *ast.CallNode) {
	for _, arg := range n.Arguments[min(1, len(n.Arguments)):] {
		lit, ok := arg.(*ast.StringNode)
		if !ok {
			continue
		}
		if _, err := netip.ParsePrefix(lit.Value); err != nil {
			r.fail(arg, "%q is not a prefix such as 10.0.0.0/8", lit.Value)
		}
	}
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

// children returns the nodes directly within a node that may name something.
func children(node ast.Node) []*ast.Node {
	switch n := node.(type) {
	case *ast.UnaryNode:
		return []*ast.Node{&n.Node}
	case *ast.BinaryNode:
		return []*ast.Node{&n.Left, &n.Right}
	case *ast.ChainNode:
		return []*ast.Node{&n.Node}
	case *ast.MemberNode:
		return []*ast.Node{&n.Node, &n.Property}
	case *ast.SliceNode:
		return present(&n.Node, &n.From, &n.To)
	case *ast.BuiltinNode:
		return pointers(n.Arguments)
	case *ast.PredicateNode:
		return []*ast.Node{&n.Node}
	case *ast.VariableDeclaratorNode:
		return []*ast.Node{&n.Value, &n.Expr}
	case *ast.SequenceNode:
		return pointers(n.Nodes)
	case *ast.ConditionalNode:
		return []*ast.Node{&n.Cond, &n.Exp1, &n.Exp2}
	case *ast.ArrayNode:
		return pointers(n.Nodes)
	case *ast.MapNode:
		return pointers(n.Pairs)
	case *ast.PairNode:
		return []*ast.Node{&n.Key, &n.Value}
	}
	return nil
}

func pointers(nodes []ast.Node) []*ast.Node {
	out := make([]*ast.Node, len(nodes))
	for i := range nodes {
		out[i] = &nodes[i]
	}
	return out
}

func present(nodes ...*ast.Node) []*ast.Node {
	return slices.DeleteFunc(nodes, func(n *ast.Node) bool { return *n == nil })
}

func functionNames() []string {
	own := []string{"setting", "counter", "known", "distinct", "ephemeral", "ephemeral_ports", "cidr", "loopback", "private"}
	return append(own, builtin.Names...)
}

func fieldNames(t *fleetnet.Table) []string {
	out := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		out[i] = f.Name
	}
	return out
}
