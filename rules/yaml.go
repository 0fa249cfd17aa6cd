package rules

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
	"gopkg.in/yaml.v3"
)

// reader reads one YAML file strictly and collects its faults.
type reader struct {
	file  string
	lines []string
	errs  Errors
}

// key is a key that a mapping may have, and what reads its value.
type key struct {
	name string
	read func(*yaml.Node)
}

// parseYAML returns the root of the only document in data, or nil when it is
// empty or not YAML.
func (r *reader) parseYAML(data []byte) *yaml.Node {
	r.lines = strings.Split(string(data), "\n")
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if !errors.Is(err, io.EOF) {
			r.syntax(err)
		}
		return nil
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		r.fail(&second, "a second YAML document: put all rules into one")
	}
	if len(doc.Content) == 0 || doc.Content[0].Tag == "!!null" {
		return nil
	}
	return doc.Content[0]
}

// syntax notes an error of the YAML reader, whose text begins with the line.
func (r *reader) syntax(err error) {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 0
	if rest, ok := strings.CutPrefix(msg, "line "); ok {
		if num, after, ok := strings.Cut(rest, ": "); ok {
			line, _ = strconv.Atoi(num)
			msg = after
		}
	}
	r.errs = append(r.errs, &Error{File: r.file, Line: line, Msg: fleetnet.Printable(msg)})
}

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	r.failAt(n.Line, n.Column, format, args...)
}

func (r *reader) failAt(line, column int, format string, args ...any) {
	r.errs = append(r.errs, &Error{r.file, line, column, fleetnet.Printable(fmt.Sprintf(format, args...))})
}

// resolve returns what an alias stands for. An alias may stand for a value,
// not for something that it is itself a part of.
func (r *reader) resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// mapping reads the keys of a mapping; what is a noun for errors.
func (r *reader) mapping(n *yaml.Node, what string, keys []key) {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	r.pairs(n, what, func(k, v *yaml.Node) {
		for _, known := range keys {
			if known.name == k.Value {
				known.read(v)
				return
			}
		}
		hint := fleetnet.DidYouMean(k.Value, names)
		if hint == "" {
			hint = "; known are " + strings.Join(names, ", ")
		}
		r.fail(k, "%s: unknown key %q%s", what, k.Value, hint)
	})
}

// pairs calls f with each key of a mapping and its value.
func (r *reader) pairs(n *yaml.Node, what string, f func(k, v *yaml.Node)) {
	n = r.resolve(n)
	if n.Kind != yaml.MappingNode {
		r.fail(n, "%s: must be a mapping, key: value", what)
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode {
			r.fail(k, "%s: a key must be a word", what)
			continue
		}
		if line, dup := seen[k.Value]; dup {
			r.fail(k, "%s: %q is there already, in line %d", what, k.Value, line)
			continue
		}
		seen[k.Value] = k.Line
		f(k, v)
	}
}

// sequence calls f with each item of a list.
func (r *reader) sequence(n *yaml.Node, what string, f func(*yaml.Node)) {
	n = r.resolve(n)
	if n.Kind != yaml.SequenceNode {
		r.fail(n, "%s: must be a list", what)
		return
	}
	for _, item := range n.Content {
		f(item)
	}
}

// text reads a scalar as text, whatever it looks like.
func (r *reader) text(what string, into *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		n = r.resolve(n)
		switch {
		case n.Kind != yaml.ScalarNode:
			r.fail(n, "%s: must be text", what)
		case strings.TrimSpace(n.Value) == "" || n.Tag == "!!null":
			r.fail(n, "%s: is empty", what)
		default:
			*into = strings.TrimSpace(n.Value)
		}
	}
}

// texts reads a list of scalars, or one scalar as a list of one.
func (r *reader) texts(what string, into *[]string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if r.resolve(n).Kind == yaml.ScalarNode {
			var one string
			r.text(what, &one)(n)
			*into = append(*into, one)
			return
		}
		r.sequence(n, what, func(item *yaml.Node) {
			var one string
			r.text(what, &one)(item)
			*into = append(*into, one)
		})
	}
}

// flag reads true or false.
func (r *reader) flag(what string, into *bool) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if err := r.resolve(n).Decode(into); err != nil {
			r.fail(n, "%s: must be true or false", what)
		}
	}
}

// failIn notes an error in an expression that is the value n. The place is
// exact for an expression on one line and for a literal block, else that of n.
func (r *reader) failIn(n *yaml.Node, what string, err error) {
	n = r.resolve(n)
	line, column := n.Line, n.Column
	var at *exprError
	if errors.As(err, &at) {
		switch {
		case n.Style&yaml.LiteralStyle != 0:
			line += 1 + at.line
			column = r.indent(line) + at.column + 1
		case n.Style&yaml.FoldedStyle != 0:
		case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
			column += 1 + at.column
		default:
			column += at.column
		}
	}
	r.failAt(line, column, "%s: %v", what, err)
}

// indent returns how far a line, counted from 1, is indented.
func (r *reader) indent(line int) int {
	if line < 1 || line > len(r.lines) {
		return 0
	}
	l := r.lines[line-1]
	return len(l) - len(strings.TrimLeft(l, " "))
}
