package inventory

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/fleetnet/fleetnet"
)

// maxNesting bounds how deep Ansible's YAML and JSON nest.
const maxNesting = 100

// nodeReader reads nodes of one YAML or JSON file as PyYAML and Ansible do.
type nodeReader struct {
	*ansible
	file string
	left int // values that may still be read: as many as the file may hold, and maxValues that aliases repeat
	over bool
	odd  bool // a value that was read is vaulted or a rawText
}

func (a *ansible) nodes(file string, size int) *nodeReader {
	return &nodeReader{ansible: a, file: file, left: size + maxValues}
}

func (r *nodeReader) place(n *yaml.Node) place { return place{r.file, n.Line, n.Column} }

// spend counts a value and reports whether there may be one more.
func (r *nodeReader) spend(n *yaml.Node, depth int) bool {
	r.left--
	if depth <= maxNesting && r.left > 0 {
		return true
	}
	if !r.over {
		r.over = true
		r.fail(r.place(n), "values nest deeper than %d, or aliases repeat more than %d", maxNesting, maxValues)
	}
	return false
}

// field is one key of a mapping with its value.
type field struct {
	key, val *yaml.Node
}

// name returns the key as text, and whether it is text.
func (r *nodeReader) name(n *yaml.Node) (string, bool) {
	s, ok := r.value(n, 0).(string)
	return s, ok
}

// fields returns what a mapping holds. As in PyYAML, merge keys come first and
// the last of equal keys holds, at the place of the first.
func (r *nodeReader) fields(n *yaml.Node, depth int) []field {
	if !r.spend(n, depth) {
		return nil
	}
	var out, own []field
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		if key.ShortTag() == "!!merge" && !quotedNode(key) {
			out = append(out, r.merged(val, depth+1)...)
			continue
		}
		own = append(own, field{key, val})
	}
	if len(out) == 0 && len(own) < 2 {
		return own
	}
	return r.unique(out, own)
}

// unique returns the fields of a mapping, those that it merges first.
func (r *nodeReader) unique(merged, own []field) []field {
	index := make(map[string]int, len(merged)+len(own))
	var out []field
	for i, f := range append(merged, own...) {
		name := ""
		if key := deref(f.key); key.Kind == yaml.ScalarNode {
			name = key.Value
		} else {
			out = append(out, f) // its own error, later
			continue
		}
		at, again := index[name]
		if !again {
			index[name] = len(out)
			out = append(out, f)
			continue
		}
		if i >= len(merged) && at >= len(merged) {
			r.note(r.place(f.key), false, "key %s stands here a second time: the last one counts", fleetnet.Quote(name))
		}
		out[at].val = f.val
	}
	return out
}

// merged returns the fields that << brings in.
func (r *nodeReader) merged(n *yaml.Node, depth int) []field {
	n = deref(n)
	switch n.Kind {
	case yaml.MappingNode:
		return r.fields(n, depth)
	case yaml.SequenceNode:
		var out []field
		for i := len(n.Content) - 1; i >= 0; i-- {
			if item := deref(n.Content[i]); item.Kind == yaml.MappingNode {
				out = append(out, r.merged(n.Content[i], depth+1)...)
			} else {
				r.fail(r.place(n.Content[i]), "<< takes mappings, found %s", kindOf(item))
			}
		}
		return out
	}
	r.fail(r.place(n), "<< takes a mapping or a list of them, found %s", kindOf(n))
	return nil
}

// vars returns a mapping of variables. Anything else is noted as wrong.
func (r *nodeReader) vars(n *yaml.Node, what string) map[string]variable {
	n = deref(n)
	if n.Kind != yaml.MappingNode {
		if r.falsy(n) {
			return nil
		}
		if what != "" {
			what += ": "
		}
		r.fail(r.place(n), "%sexpected a mapping of variables, found %s", what, nodeKind(n))
		return nil
	}
	out := make(map[string]variable, len(n.Content)/2)
	for _, f := range r.fields(n, 0) {
		name, ok := r.key(f.key)
		if !ok {
			continue
		}
		out[name] = r.variable(name, f.val)
	}
	return out
}

// variable returns the value of a variable, and tells what is encrypted in it.
func (r *nodeReader) variable(name string, n *yaml.Node) variable {
	r.odd = false
	v := variable{r.value(n, 0), r.place(n), r.odd}
	if r.odd && holdsVault(v.value) {
		r.note(v.at, true, "variable %s is encrypted with ansible-vault: not read", fleetnet.Quote(name))
	}
	return v
}

// holdsVault reports whether something in v is encrypted.
func holdsVault(v any) bool {
	switch v := v.(type) {
	case vaulted:
		return true
	case []any:
		return slices.ContainsFunc(v, holdsVault)
	case map[string]any:
		for _, item := range v {
			if holdsVault(item) {
				return true
			}
		}
	}
	return false
}

// falsy reports whether Python takes a scalar or an empty list for nothing.
func (r *nodeReader) falsy(n *yaml.Node) bool {
	switch v := r.value(n, 0).(type) {
	case nil:
		return true
	case bool:
		return !v
	case int:
		return v == 0
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}

// key returns a key as JSON has it.
func (r *nodeReader) key(n *yaml.Node) (string, bool) {
	name, ok := keyText(r.value(n, 0))
	if !ok {
		r.fail(r.place(n), "%s as a key", nodeKind(deref(n)))
	}
	return name, ok
}

// nodeKind names what n is without quoting it, for it may be secret.
func nodeKind(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode {
		return "a value"
	}
	return kindOf(n)
}

// value returns the value of a node.
func (r *nodeReader) value(n *yaml.Node, depth int) any {
	n = deref(n)
	if !r.spend(n, depth) {
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		return r.mappingValue(n, depth)
	case yaml.SequenceNode:
		out := make([]any, len(n.Content))
		for i, item := range n.Content {
			out[i] = r.value(item, depth+1)
		}
		return out
	}
	return r.scalar(n)
}

func (r *nodeReader) mappingValue(n *yaml.Node, depth int) any {
	out := make(map[string]any, len(n.Content)/2)
	for _, f := range r.fields(n, depth) {
		name, ok := r.key(f.key)
		if !ok {
			continue
		}
		out[name] = r.value(f.val, depth+1)
	}
	if v, ok := special(out); ok {
		r.odd = true
		return v
	}
	return out
}

// special returns the value that Ansible writes as an object in JSON.
func special(m map[string]any) (any, bool) {
	if len(m) != 1 {
		return nil, false
	}
	if _, ok := m["__ansible_vault"]; ok {
		return vaulted{}, true
	}
	if s, ok := m["__ansible_unsafe"].(string); ok {
		return rawText(s), true
	}
	return nil, false
}

func (r *nodeReader) scalar(n *yaml.Node) any {
	if !tagged(n) {
		if quotedNode(n) {
			return n.Value
		}
		return plainScalar(n.Value)
	}
	switch tag := n.ShortTag(); tag {
	case "!vault", "!vault-encrypted":
		r.odd = true
		return vaulted{}
	case "!unsafe":
		r.odd = true
		return rawText(n.Value)
	case "!!str", "!!binary", "!!timestamp", "!":
		return n.Value
	case "!!null":
		return nil
	case "!!int", "!!float", "!!bool":
		return r.number(n)
	default:
		r.fail(r.place(n), "unknown tag %s", fleetnet.Quote(n.Tag))
		return nil
	}
}

// number reads a scalar with the tag of a number, as those of JSON have.
func (r *nodeReader) number(n *yaml.Node) any {
	v := plainScalar(n.Value)
	if _, text := v.(string); text {
		v = literal(n.Value)
	}
	if _, text := v.(string); text {
		r.fail(r.place(n), "the value is not of type %s", n.ShortTag())
	}
	return v
}

// yamlRoot returns the top node of the only document of data, nil when there is
// none.
func yamlRoot(data []byte) (*yaml.Node, error) {
	d := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, err
	}
	switch err := d.Decode(&second); {
	case err == nil:
		return nil, &secondDocument{second.Content[0]}
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	return doc.Content[0], nil
}

// secondDocument is the error of a file with more than one YAML document.
type secondDocument struct{ at *yaml.Node }

func (e *secondDocument) Error() string { return "a second YAML document: an inventory is one" }
