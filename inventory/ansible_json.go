package inventory

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/fleetnet/fleetnet"
)

// isJSON reports whether text is one JSON object or list.
func isJSON(text []byte) bool {
	text = bytes.TrimSpace(text)
	return len(text) > 0 && (text[0] == '{' || text[0] == '[') && json.Valid(text)
}

// jsonReader makes YAML nodes of JSON, which is not quite YAML, so that both are
// read alike.
type jsonReader struct {
	data    []byte
	decoder *json.Decoder
	// How far places are counted.
	offset, line, column int
}

// jsonRoot returns the top node of the only JSON value of data, or the place of
// what is wrong with it.
func jsonRoot(data []byte) (*yaml.Node, *Error) {
	r := &jsonReader{data: data, decoder: json.NewDecoder(bytes.NewReader(data)), line: 1, column: 1}
	r.decoder.UseNumber()
	n, err := r.node(0)
	if err == nil {
		if _, err = r.decoder.Token(); errors.Is(err, io.EOF) {
			return n, nil
		}
		err = errors.New("more than one value")
	}
	at := int(r.decoder.InputOffset())
	if bad, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = int(bad.Offset) - 1
	}
	r.offset, r.line, r.column = 0, 1, 1
	at = max(0, min(at, len(data)))
	out := &Error{Msg: "JSON: " + fleetnet.Printable(err.Error())}
	out.Line, out.Column = r.at(at)
	return nil, out
}

// at returns the line and the column of an offset; offsets only grow.
func (r *jsonReader) at(offset int) (line, column int) {
	passed := r.data[r.offset:offset]
	r.offset = offset
	if n := bytes.Count(passed, []byte("\n")); n > 0 {
		r.line += n
		r.column = 1
		passed = passed[bytes.LastIndexByte(passed, '\n')+1:]
	}
	r.column += utf8.RuneCount(passed)
	return r.line, r.column
}

// token returns the next token and a node at its place.
func (r *jsonReader) token() (json.Token, *yaml.Node, error) {
	start := int(r.decoder.InputOffset())
	t, err := r.decoder.Token()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, nil, err
	}
	for start < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.data[start]) >= 0 {
		start++
	}
	n := &yaml.Node{}
	n.Line, n.Column = r.at(start)
	return t, n, nil
}

func (r *jsonReader) node(depth int) (*yaml.Node, error) {
	t, n, err := r.token()
	if err != nil {
		return nil, err
	}
	n.Kind, n.Style = yaml.ScalarNode, yaml.DoubleQuotedStyle
	switch t := t.(type) {
	case json.Delim:
		n.Kind, n.Style = yaml.SequenceNode, 0
		if t == '{' {
			n.Kind = yaml.MappingNode
		}
		return n, r.content(n, depth)
	case string:
		n.Tag, n.Value = "!!str", t
	case json.Number:
		n.Tag, n.Style, n.Value = "!!float", yaml.TaggedStyle, t.String()
	case bool:
		n.Tag, n.Style, n.Value = "!!bool", 0, "false"
		if t {
			n.Value = "true"
		}
	default:
		n.Tag, n.Style, n.Value = "!!null", 0, "null"
	}
	return n, nil
}

// content reads what an object or a list holds, and its end.
func (r *jsonReader) content(n *yaml.Node, depth int) error {
	if depth > maxNesting {
		return errors.New("values nest too deep")
	}
	for r.decoder.More() {
		item, err := r.node(depth + 1)
		if err != nil {
			return err
		}
		n.Content = append(n.Content, item)
	}
	_, err := r.decoder.Token()
	return err
}
