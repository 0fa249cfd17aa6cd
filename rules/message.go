package rules

import (
	"fmt"
	"strings"
	"text/template"
	"text/template/parse"

	"github.com/fleetnet/fleetnet"
)

// maxMessage bounds a message, as it may hold remote text.
const maxMessage = 1000

// message is a text/template over names of the rule.
type message struct {
	tmpl  *template.Template
	names map[string]func(*frame) val // by the dotted names that it uses
}

// compileMessage checks a message: every name in it must be one of the rule's.
func compileMessage(source string, s *scope) (*message, error) {
	tmpl, err := template.New("message").Option("missingkey=error").Funcs(template.FuncMap{"plural": plural}).Parse(source)
	if err != nil {
		return nil, fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "template: "))
	}
	m := &message{tmpl: tmpl, names: map[string]func(*frame) val{}}
	if tmpl.Tree == nil || tmpl.Root == nil {
		return nil, fmt.Errorf("is empty")
	}
	if err := m.check(tmpl.Root, s); err != nil {
		return nil, err
	}
	var sample strings.Builder
	if err := tmpl.Execute(&sample, m.data(func(func(*frame) val) any { return 1 })); err != nil {
		return nil, fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "template: "))
	}
	return m, nil
}

// check walks the tree of a template.
func (m *message) check(n parse.Node, s *scope) error {
	switch n := n.(type) {
	case *parse.ListNode:
		for _, c := range n.Nodes {
			if err := m.check(c, s); err != nil {
				return err
			}
		}
	case *parse.TextNode, *parse.CommentNode:
	case *parse.ActionNode:
		for _, cmd := range n.Pipe.Cmds {
			for _, arg := range cmd.Args {
				if err := m.checkArg(arg, s); err != nil {
					return err
				}
			}
		}
	default:
		return fmt.Errorf("only {{.name}} and functions such as printf are used here, not %s", n)
	}
	return nil
}

func (m *message) checkArg(arg parse.Node, s *scope) error {
	field, ok := arg.(*parse.FieldNode)
	if !ok {
		switch arg.(type) {
		case *parse.IdentifierNode, *parse.StringNode, *parse.NumberNode:
			return nil
		}
		return fmt.Errorf("only {{.name}} and functions such as printf are used here, not %s", arg)
	}
	id := strings.Join(field.Ident, ".")
	n, ok := s.lookup(id)
	if !ok || id == "rows" {
		return fmt.Errorf("unknown name %q%s", id, fleetnet.DidYouMean(id, s.all()))
	}
	if n.column != nil {
		return fmt.Errorf("%q is a list here, one value per row: group by it, or compute it in let", id)
	}
	for have := range m.names {
		if strings.HasPrefix(have, id+".") || strings.HasPrefix(id, have+".") {
			return fmt.Errorf("%q and %q cannot be used in one message", have, id)
		}
	}
	m.names[id] = n.get
	return nil
}

// data nests the dotted names as a template wants them.
func (m *message) data(show func(func(*frame) val) any) map[string]any {
	out := map[string]any{}
	for id, get := range m.names {
		at := out
		parts := strings.Split(id, ".")
		for _, p := range parts[:len(parts)-1] {
			next, ok := at[p].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[p] = next
			}
			at = next
		}
		at[parts[len(parts)-1]] = show(get)
	}
	return out
}

// text returns the message for a group, printable.
func (m *message) text(f *frame) string {
	var b strings.Builder
	data := m.data(func(get func(*frame) val) any { return get(f).shown() })
	if err := m.tmpl.Execute(&b, data); err != nil {
		return "the message cannot be written: " + fleetnet.Printable(err.Error())
	}
	s := b.String()
	if len(s) > maxMessage {
		s = strings.ToValidUTF8(s[:maxMessage], "") + "…"
	}
	return fleetnet.Printable(s)
}

// plural returns a number with the word that belongs to it: "1 route",
// "at least 2 entries". Without a second word the plural has an s.
func plural(n any, one string, many ...string) string {
	switch {
	case n == 1 || n == "at least 1":
		return fmt.Sprint(n) + " " + one
	case len(many) > 0:
		return fmt.Sprint(n) + " " + many[0]
	}
	return fmt.Sprint(n) + " " + one + "s"
}
