package rules

import (
	"fmt"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/types"
	"github.com/fleetnet/fleetnet"
	"net/netip"
)

// call replaces the calls that look something up.
func (r *rewriter) call(node *ast.Node, n *ast.CallNode) {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		r.fail(n, "only functions can be called")
		return
	}
	switch callee.Value {
	case "setting", "counter", "known", "distinct", "ephemeral_ports", "backlog", "accept_queue":
		r.lookUp(node, n, callee.Value)
		return
	case "ephemeral":
		r.ephemeral(node, n)
		return
	case "cidr":
		r.checkPrefixes(n)
	case "loopback", "private":
	default:
		r.fail(n, "unknown function %q%s", callee.Value, fleetnet.DidYouMean(callee.Value, functionNames()))
		return
	}
	for i := range n.Arguments {
		r.visit(&n.Arguments[i])
	}
}

// lookUp replaces setting("x"), counter("x"), known(x), distinct(x),
// backlog(port), accept_queue(port) and ephemeral_ports() by an identifier of
// the same text.
func (r *rewriter) lookUp(node *ast.Node, n *ast.CallNode, fn string) {
	found, msg := name{}, ""
	switch fn {
	case "known", "distinct":
		found, msg = r.ofField(fn, n)
	case "backlog", "accept_queue":
		found, msg = r.ofListener(fn, n)
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

// ofListener returns a name for the backlog, or the accept queue, of the
// listeners on a port.
func (r *rewriter) ofListener(fn string, n *ast.CallNode) (name, string) {
	var id *ast.IdentifierNode
	if len(n.Arguments) == 1 {
		id, _ = n.Arguments[0].(*ast.IdentifierNode)
	}
	if id == nil || !r.scope.open {
		return name{}, fmt.Sprintf("%s() takes one port, and is not known everywhere", fn)
	}
	port, ok := r.scope.lookup(id.Value)
	switch {
	case !ok:
		r.identifier(id) // for its error
		return name{}, ""
	case port.column != nil:
		return name{}, fmt.Sprintf("%s() is asked of a field in where, or of a key of the group", fn)
	}
	return name{kind: types.Int, label: fn + " of the port", get: func(f *frame) val {
		l := f.host.listener(port.get(f))
		if fn == "backlog" {
			return l.backlog
		}
		return l.queue
	}}, ""
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

func functionNames() []string {
	own := []string{"setting", "counter", "known", "distinct", "ephemeral", "ephemeral_ports", "backlog", "accept_queue", "cidr", "loopback", "private"}
	return append(own, builtin.Names...)
}
