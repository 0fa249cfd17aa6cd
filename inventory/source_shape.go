package inventory

import (
	"bytes"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/fleetnet/fleetnet"
)

// shape is what kind of inventory a text looks like.
type shape struct {
	kind         shapeKind
	root         *yaml.Node // of shapeGroups and shapeDynamic
	err          error      // of shapeBroken
	line, column int        // of shapeNone
	why          string
}

type shapeKind int

const (
	shapeOurs    shapeKind = iota // docs/inventory.md
	shapeGroups                   // Ansible's YAML
	shapeDynamic                  // Ansible's JSON
	shapeINI                      // Ansible's INI, or a list of hosts
	shapeEmpty                    // nothing but comments
	shapeBroken                   // YAML or JSON with a syntax error
	shapeNone                     // none of these
)

var ourKeys = []string{"defaults", "hosts", "groups"}

// iniLine is a line that INI has and that cannot stand in YAML of ours.
var iniLine = regexp.MustCompile(`(?m)^\[[^\]\s,"']+\][ \t]*(?:[#;].*)?\r?$`)

// shapeOf tells the format of a text by its shape, and by its name only where a
// syntax error hides the shape.
func shapeOf(name string, data []byte) shape {
	ext := strings.ToLower(filepath.Ext(name))
	if bytes.HasPrefix(data, vaultHeader) {
		return none(nil, "the inventory is encrypted with ansible-vault: decrypt it, or pipe it: ansible-inventory -i FILE --list | fleetnet … -i -")
	}
	if isJSON(data) || ext == ".json" {
		return shapeOfJSON(data)
	}
	if ext == ".ini" {
		return shape{kind: shapeINI}
	}
	named := ext == ".yaml" || ext == ".yml"
	root, err := yamlRoot(data)
	switch {
	case err != nil && (iniLine.Match(data) || !named && !looksLikeYAML(data)):
		return shape{kind: shapeINI}
	case err != nil && looksLikeOurs(data):
		return shape{kind: shapeOurs}
	case err != nil:
		return shape{kind: shapeBroken, err: err}
	case root == nil || isNull(root):
		return shape{kind: shapeEmpty}
	case root.Kind == yaml.MappingNode:
		return shapeOfYAML(root)
	case root.Kind == yaml.SequenceNode && root.Style&yaml.FlowStyle == 0:
		return none(root, neither(": found a list"))
	}
	return shape{kind: shapeINI}
}

func none(at *yaml.Node, why string) shape {
	s := shape{kind: shapeNone, why: why, line: 1, column: 1}
	if at != nil {
		s.line, s.column = at.Line, at.Column
	}
	return s
}

// neither is the error of a text that is nobody's inventory.
func neither(found string) string {
	return "neither an inventory of fleetnet, with defaults, hosts and groups at its top, nor one of Ansible, with groups such as all that have hosts, children or vars" + found
}

// firstLine returns the first line that is no comment.
var firstLine = regexp.MustCompile(`(?m)^[ \t]*[^ \t\r\n#;].*$`)

// looksLikeYAML reports whether text that has a syntax error was meant to be YAML:
// it begins with ---, {, or a key.
func looksLikeYAML(data []byte) bool {
	line := bytes.TrimSpace(firstLine.Find(data))
	return bytes.HasPrefix(line, []byte("---")) || bytes.HasPrefix(line, []byte("{")) || yamlKey.Match(line)
}

var yamlKey = regexp.MustCompile(`^[^\s=]+:(?:\s|$)`)

// ourLine is one of our keys at the top.
var ourLine = regexp.MustCompile(`(?m)^(?:defaults|hosts|groups)[ \t]*:`)

// looksLikeOurs is asked of text with a syntax error.
func looksLikeOurs(data []byte) bool { return ourLine.Match(data) }

// shapeOfYAML tells our mappings from Ansible's.
func shapeOfYAML(root *yaml.Node) shape {
	ours, groups := 0, 0
	var odd *yaml.Node
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, val := deref(root.Content[i]), deref(root.Content[i+1])
		switch {
		case slices.Contains(ourKeys, key.Value) && !isOnlyGroup(val):
			ours++
		case key.Value == "plugin" && val.Kind == yaml.ScalarNode:
			return none(key, "the configuration of Ansible's inventory plugin "+fleetnet.Quote(val.Value)+
				": only Ansible can run it: ansible-inventory -i FILE --list | fleetnet … -i -")
		case isGroup(val) || key.Value == all || key.Value == ungrouped:
			groups++
		case odd == nil:
			odd = key
		}
	}
	switch {
	case ours > 0 || len(root.Content) == 0:
		return shape{kind: shapeOurs}
	case groups > 0:
		return shape{kind: shapeGroups, root: root}
	}
	return none(odd, neither(": "+fleetnet.Quote(odd.Value)+" is none of these"+fleetnet.DidYouMean(odd.Value, ourKeys)))
}

// isGroup reports whether a value looks like a group in Ansible's YAML: a mapping
// with hosts, children or vars.
func isGroup(n *yaml.Node) bool {
	for i := 0; i+1 < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
		if slices.Contains(groupKeys, deref(n.Content[i]).Value) {
			return true
		}
	}
	return false
}

// isOnlyGroup reports whether a value under a key of ours is a group of Ansible's
// for all that: it has hosts or children, and nothing else but vars.
func isOnlyGroup(n *yaml.Node) bool {
	found := false
	for i := 0; i+1 < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
		key := deref(n.Content[i]).Value
		if !slices.Contains(groupKeys, key) {
			return false
		}
		found = found || key != "vars"
	}
	return found
}

// shapeOfJSON tells the JSON of a dynamic inventory from YAML's that is written in JSON.
func shapeOfJSON(data []byte) shape {
	root, bad := jsonRoot(data)
	switch {
	case bad != nil:
		s := none(nil, bad.Msg)
		s.line, s.column = bad.Line, bad.Column
		return s
	case root.Kind == yaml.SequenceNode:
		return shape{kind: shapeDynamic, root: root}
	case root.Kind != yaml.MappingNode:
		return none(root, neither(""))
	}
	lists := 0
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, val := root.Content[i], root.Content[i+1]
		if key.Value == "_meta" || val.Kind == yaml.SequenceNode {
			return shape{kind: shapeDynamic, root: root}
		}
		for j := 0; j+1 < len(val.Content) && val.Kind == yaml.MappingNode; j += 2 {
			if k := val.Content[j].Value; (k == "hosts" || k == "children") && val.Content[j+1].Kind == yaml.SequenceNode {
				lists++
			}
		}
	}
	if lists > 0 {
		return shape{kind: shapeDynamic, root: root}
	}
	return shapeOfYAML(root)
}

// syntax notes a syntax error of YAML.
func (a *ansible) syntax(name string, data []byte, err error) {
	p := a.problems(name)
	if second, ok := errors.AsType[*secondDocument](err); ok {
		p.add(second.at, "%v", err)
		return
	}
	if strings.Contains(err.Error(), "unknown anchor") {
		err = errors.New(unknownAnchor.ReplaceAllString(err.Error(), "a value begins with * and names no anchor: quote it"))
	}
	f := &file{problems: problems{name: name}}
	f.syntax(data, err)
	for _, e := range f.list {
		p.addAt(e.Line, e.Column, "%s", e.Msg)
	}
}

// unknownAnchor is how the library tells of a value that begins with *. It may be a
// password, and is not repeated.
var unknownAnchor = regexp.MustCompile(`unknown anchor '.*' referenced`)

// root returns the top node of a file of variables, nil when it is empty or broken.
func (r *nodeReader) root(data []byte) *yaml.Node {
	if isJSON(data) {
		root, _ := jsonRoot(data)
		return root
	}
	root, err := yamlRoot(data)
	if err != nil {
		r.syntax(r.file, data, err)
		return nil
	}
	return root
}
