package inventory

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/fleetnet/fleetnet"
)

// document returns the top node of the only YAML document of data, or nil
// when there is none; what is wrong with it is noted.
func (f *file) document(data []byte) *yaml.Node {
	d := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF):
		f.addAt(1, 1, "no hosts: the file is empty")
		return nil
	case err != nil:
		f.syntax(data, err)
		return nil
	}
	switch err := d.Decode(&second); {
	case err == nil:
		f.add(second.Content[0], "a second YAML document: an inventory is one")
	case !errors.Is(err, io.EOF):
		f.syntax(data, err)
	}
	return doc.Content[0]
}

var yamlLine = regexp.MustCompile(`^line (\d+): `)

// syntax notes a syntax error. The library names the line where the structure
// at fault began, or none, and its column never. How far it has read, one byte
// at a time, is nearer; only of an unclosed quote is the beginning better.
func (f *file) syntax(data []byte, err error) {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	line, column := reached(data)
	if m := yamlLine.FindStringSubmatch(msg); m != nil {
		msg = msg[len(m[0]):]
		if began, _ := strconv.Atoi(m[1]); strings.Contains(msg, "end of stream") && began <= line {
			line, column = began, indent(data, began)
		}
	}
	f.addAt(line, column, "YAML: %s%s", fleetnet.Printable(msg), syntaxHint(msg))
}

// syntaxHint says what commonly causes a syntax error in an inventory.
func syntaxHint(msg string) string {
	switch {
	case strings.Contains(msg, "cannot start any token"):
		return " (indent with blanks, not tabs; quote text that begins with @, ` or %)"
	case strings.Contains(msg, "',' or '}'"):
		return " (close each {; within it, quote text that has brackets)"
	}
	return ""
}

// trickle gives its bytes one at a time.
type trickle struct {
	data []byte
	n    int
}

func (t *trickle) Read(p []byte) (int, error) {
	if t.n == len(t.data) {
		return 0, io.EOF
	}
	t.n += copy(p[:1], t.data[t.n:])
	return 1, nil
}

// reached returns the line of the last character, blanks apart, that is read
// of data before a syntax error is found, and the column where its text begins.
func reached(data []byte) (line, column int) {
	t := trickle{data: data}
	d := yaml.NewDecoder(&t)
	for d.Decode(new(yaml.Node)) == nil {
	}
	line = 1 + bytes.Count(bytes.TrimRight(data[:t.n], " \t\r\n"), []byte("\n"))
	return line, indent(data, line)
}

// indent returns the column where the text of a line begins.
func indent(data []byte, line int) int {
	for range line - 1 {
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	return 1 + len(data) - len(bytes.TrimLeft(data, " \t"))
}

// deref follows an alias to what it stands for.
func deref(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// mapping yields the keys and values of n, which is called what. Nothing at
// all is an empty mapping. Anything else, and keys that are no text, empty or
// repeated, are noted.
func (f *file) mapping(n *yaml.Node, what string) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(k, v *yaml.Node) bool) {
		if isNull(n) {
			return
		}
		if n.Kind != yaml.MappingNode {
			f.add(n, "%s: expected a mapping, found %s", what, kindOf(n))
			return
		}
		lines := map[string]int{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := deref(n.Content[i])
			if f.checkKey(key, what, lines) && !yield(key, deref(n.Content[i+1])) {
				return
			}
		}
	}
}

// checkKey reports whether key is one, and the first of its name.
func (f *file) checkKey(key *yaml.Node, what string, lines map[string]int) bool {
	switch first := lines[key.Value]; {
	case key.Kind != yaml.ScalarNode:
		f.add(key, "%s: %s as a key (quote what begins with [ or {)", what, kindOf(key))
	case key.Value == "" || isNull(key):
		f.add(key, "%s: empty key", what)
	case key.ShortTag() == "!!merge":
		f.add(key, "%s: merge keys (<<) are not read: what hosts share goes under groups or defaults", what)
	case first != 0:
		f.add(key, "duplicate key %q (first at line %d)", key.Value, first)
	default:
		lines[key.Value] = key.Line
		return true
	}
	return false
}

// text returns the scalar n as it is written; what else it may be is noted.
func (f *file) text(n *yaml.Node, what string) (string, bool) {
	switch {
	case n.Kind != yaml.ScalarNode:
		f.add(n, "%s: expected a value, found %s", what, kindOf(n))
	case isNull(n):
		f.add(n, "%s has no value", what)
	case !strings.HasPrefix(n.ShortTag(), "!!"):
		f.add(n, "%s: unknown tag %s", what, n.Tag)
	default:
		return n.Value, true
	}
	return "", false
}

// texts returns a list of scalars; a scalar alone is a list of one.
func (f *file) texts(n *yaml.Node, what string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		if _, ok := f.text(n, what); !ok {
			return nil
		}
		return []*yaml.Node{n}
	}
	var out []*yaml.Node
	for _, item := range n.Content {
		item = deref(item)
		if _, ok := f.text(item, what); ok {
			out = append(out, item)
		}
	}
	return out
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// kindOf names what n is, for messages.
func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return fleetnet.Quote(n.Value)
}
