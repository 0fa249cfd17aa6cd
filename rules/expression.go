package rules

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
)

// maxExpression bounds the source of one expression, in bytes.
const maxExpression = 4096

// expression is a checked expression.
type expression struct {
	source string
	// logic is set for a condition, value for anything else.
	logic func(*frame) truth
	value func(*frame) val
	kind  types.Type
	// names are the names that it refers to, except within known().
	names []name
	// cols are the fields that it looks at through rows.
	cols []column
	// picks are the conditions of its any(rows, …).
	picks []func(*frame) truth
	// least is how many rows a group must have for the condition not to be false.
	least func(*frame) float64
	// counts says that it is a number of rows of the group.
	counts bool
	// wide is set when it looks at more of a group than its keys and its count.
	wide bool
}

// exprError is an error at a place in an expression, both counted from 0.
type exprError struct {
	line, column int
	msg          string
}

func (e *exprError) Error() string { return e.msg }

// compileCondition checks an expression that is true or false.
func compileCondition(source string, s *scope) (*expression, error) {
	return compile(source, s, true)
}

// compileValue checks an expression of any type.
func compileValue(source string, s *scope) (*expression, error) {
	return compile(source, s, false)
}

func compile(source string, s *scope, condition bool) (e *expression, err error) {
	defer func() { // expr panics on a few sources that it accepts
		if p := recover(); p != nil {
			e, err = nil, &exprError{msg: fmt.Sprintf("not understood: %v", p)}
		}
	}()
	if len(source) > maxExpression {
		return nil, &exprError{msg: fmt.Sprintf("longer than %d bytes", maxExpression)}
	}
	tree, err := parser.Parse(source)
	if err != nil {
		return nil, placed(err)
	}
	rw := &rewriter{scope: s, used: map[string]name{}}
	if err := rw.rewrite(&tree.Node); err != nil {
		return nil, placed(err.Bind(tree.Source))
	}
	cfg, result, err := check(tree, rw.used)
	if err != nil {
		return nil, placed(err)
	}
	if condition && result.Kind() != reflect.Bool && result.Kind() != reflect.Interface {
		return nil, &exprError{msg: fmt.Sprintf("is %s, and must be true or false", typeName(result))}
	}
	c := &compiler{tree: tree, config: cfg, names: rw.used}
	e = &expression{source: source, kind: typeOf(result), cols: rw.cols, counts: countsRows(tree.Node), wide: rw.wide()}
	for _, id := range rw.order {
		e.names = append(e.names, rw.used[id])
	}
	if condition {
		e.logic, err = c.logic(tree.Node)
		e.least = c.least(tree.Node)
	} else {
		e.value, err = c.value(tree.Node)
	}
	if err != nil {
		return nil, placed(err)
	}
	e.picks = c.picks
	return e, nil
}

// check lets expr check the types, given those of the names that are used.
func check(tree *parser.Tree, used map[string]name) (*conf.Config, reflect.Type, error) {
	env := types.Map{}
	for id, n := range used {
		env[id] = n.kind
	}
	cfg := conf.New(env)
	addFunctions(cfg)
	result, err := checker.Check(tree, cfg)
	return cfg, result, err
}

// placed turns expr's error into one with a place.
func placed(err error) error {
	var fe *file.Error
	if errors.As(err, &fe) {
		return &exprError{line: max(fe.Line-1, 0), column: fe.Column, msg: fe.Message}
	}
	return &exprError{msg: err.Error()}
}

func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int, reflect.Float64:
		return "a number"
	case reflect.String:
		return "a string"
	case reflect.Slice, reflect.Array:
		return "a list"
	}
	return t.String()
}

// typeOf returns the type of a let for the expressions after it.
func typeOf(t reflect.Type) types.Type {
	switch t.Kind() {
	case reflect.Int:
		return types.Int
	case reflect.Float64:
		return types.Float64
	case reflect.String:
		return types.String
	case reflect.Bool:
		return types.Bool
	}
	return types.Any
}

// missing returns the labels of the names that are unknown in a frame.
func (e *expression) missing(f *frame) []string {
	var out []string
	for _, n := range e.names {
		if n.label == "" || n.column != nil || slices.Contains(out, n.label) {
			continue
		}
		if n.get(f).kind == isUnknown {
			out = append(out, n.label)
		}
	}
	return out
}

// identifiers returns the names in a node, each once, in order.
func identifiers(node ast.Node) []string {
	c := &collector{}
	ast.Walk(&node, c)
	return c.ids
}

type collector struct{ ids []string }

// Visit notes an identifier, for ast.Walk.
func (c *collector) Visit(node *ast.Node) {
	if id, ok := (*node).(*ast.IdentifierNode); ok && !slices.Contains(c.ids, id.Value) {
		c.ids = append(c.ids, id.Value)
	}
}
