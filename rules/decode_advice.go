package rules

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"gopkg.in/yaml.v3"
)

// anySystem is the key of the text for all systems that no other text is for.
const anySystem = "any"

// readAdvice reads one text, or a mapping of texts by systems:
// {linux: …, freebsd dragonfly: …, bsd: …, any: …}.
func (r *reader) readAdvice(rule *Rule, what string, n *yaml.Node, into *Advice) {
	if n == nil {
		return
	}
	switch resolved := r.resolve(n); {
	case resolved.Kind == yaml.SequenceNode:
		r.fail(n, "%s: must be text, or a mapping of systems to texts", what)
	case resolved.Kind != yaml.MappingNode:
		var one string
		if r.text(what, &one)(n); one != "" {
			*into = Advice{{Text: one}}
		}
	case len(resolved.Content) == 0:
		r.fail(n, "%s: is empty", what)
	default:
		a := &adviceReader{reader: r, rule: rule, what: what, lines: map[string]int{}}
		r.pairs(n, what, a.add)
		*into = a.advice()
	}
}

// adviceReader reads a mapping of texts by systems.
type adviceReader struct {
	*reader
	rule  *Rule
	what  string
	texts []SystemText // their systems are words of the file
	nodes []*yaml.Node // the keys of the texts
	lines map[string]int
}

// add reads a key, one or several words for systems, and its text.
func (a *adviceReader) add(k, v *yaml.Node) {
	t := SystemText{Systems: strings.FieldsFunc(k.Value, func(c rune) bool { return c == ' ' || c == ',' })}
	a.text(a.what+" "+k.Value, &t.Text)(v)
	for _, word := range t.Systems {
		if line, dup := a.lines[word]; dup {
			a.fail(k, "%s: %q is there already, in line %d", a.what, word, line)
			return
		}
		a.lines[word] = k.Line
	}
	switch {
	case slices.Equal(t.Systems, []string{anySystem}):
		t.Systems = nil
	case slices.Contains(t.Systems, anySystem):
		a.fail(k, "%s: %q stands for all other systems: it is a key of its own", a.what, anySystem)
		return
	case len(t.Systems) == 0:
		a.fail(k, "%s: a key must name systems", a.what)
		return
	}
	a.texts, a.nodes = append(a.texts, t), append(a.nodes, k)
}

// advice makes systems of the words.
func (a *adviceReader) advice() Advice {
	var out Advice
	for i, t := range a.texts {
		words := t.Systems
		if t.Systems = nil; words == nil {
			t.Systems = a.others(a.nodes[i])
		}
		for _, word := range words {
			t.Systems = append(t.Systems, a.members(a.nodes[i], word)...)
		}
		if words == nil || t.Systems != nil {
			out = append(out, t)
		}
	}
	return out
}

// members returns the systems that a word stands for in the mapping: those on
// which the rule is judged and, of a group, those that no key names. None are a
// fault, as nobody would ever read the text.
func (a *adviceReader) members(k *yaml.Node, word string) []string {
	var out []string
	judged := false
	systems := a.systems(k, a.what, word, anySystem)
	for _, s := range systems {
		if a.rule.judgedOn(s) {
			judged = true
			if _, own := a.lines[s]; s == word || !own {
				out = append(out, s)
			}
		}
	}
	switch {
	case systems == nil || out != nil:
	case judged:
		a.fail(k, "%s: all systems of %q have a key of their own", a.what, word)
	default:
		a.fail(k, "%s: the rule is not judged on %q: its platforms are %s", a.what, word, strings.Join(a.rule.Platforms, ", "))
	}
	return out
}

// others returns the systems on which the rule is judged and that no key
// stands for, or none when it is judged on all.
func (a *adviceReader) others(k *yaml.Node) []string {
	var out []string
	_, bsd := a.lines["bsd"]
	for _, s := range a.rule.Platforms {
		if _, own := a.lines[s]; !own && !(bsd && slices.Contains(fleetnet.Systems("bsd"), s)) {
			out = append(out, s)
		}
	}
	if out == nil && a.rule.Platforms != nil {
		a.fail(k, "%s: all systems on which the rule is judged have a key of their own", a.what)
	}
	return out
}
