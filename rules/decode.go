package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"gopkg.in/yaml.v3"
)

// ruleFile is what one rule file holds.
type ruleFile struct {
	rules   []*Rule
	waivers []*Waiver
}

// decode reads a rule file. The faults are in r.
func (r *reader) decode(data []byte) *ruleFile {
	f := &ruleFile{}
	root := r.parseYAML(data)
	if root == nil {
		return f
	}
	r.mapping(root, "rule file", []key{
		{"rules", func(n *yaml.Node) {
			r.sequence(n, "rules", func(item *yaml.Node) {
				f.rules = append(f.rules, r.rule(item))
			})
		}},
		{"waivers", func(n *yaml.Node) {
			r.sequence(n, "waivers", func(item *yaml.Node) {
				f.waivers = append(f.waivers, r.waiver(item))
			})
		}},
	})
	return f
}

// source is a rule as it stands in the file, before it is checked.
type source struct {
	node                              *yaml.Node
	match, params, let, from, groupBy *yaml.Node
	where, alert, critical, message   *yaml.Node
	fix, verify, platforms            *yaml.Node
}

// rule reads and checks one rule.
func (r *reader) rule(n *yaml.Node) *Rule {
	rule := &Rule{Severity: fleetnet.Warning, Place: fmt.Sprintf("%s:%d", r.file, n.Line), line: n.Line}
	src := &source{node: n}
	keep := func(at **yaml.Node) func(*yaml.Node) { return func(v *yaml.Node) { *at = v } }
	scope := ""
	r.mapping(n, "rule", []key{
		{"id", func(v *yaml.Node) { r.id(v, rule) }},
		{"code", r.text("code", &rule.Code)},
		{"severity", func(v *yaml.Node) { r.severity(v, rule) }},
		{"title", r.text("title", &rule.Title)},
		{"why", r.text("why", &rule.Why)},
		{"fix", keep(&src.fix)},
		{"verify", keep(&src.verify)},
		{"from", keep(&src.from)},
		{"match", keep(&src.match)},
		{"where", keep(&src.where)},
		{"group_by", keep(&src.groupBy)},
		{"scope", func(v *yaml.Node) { r.text("scope", &scope)(v); r.checkScope(v, scope) }},
		{"platforms", keep(&src.platforms)},
		{"params", keep(&src.params)},
		{"let", keep(&src.let)},
		{"alert", keep(&src.alert)},
		{"critical", keep(&src.critical)},
		{"message", keep(&src.message)},
		{"replace", r.flag("replace", &rule.replace)},
	})
	r.required(n, rule, src)
	r.check(rule, src)
	return rule
}

func (r *reader) required(n *yaml.Node, rule *Rule, src *source) {
	for _, miss := range []struct {
		key  string
		gone bool
	}{
		{"id", rule.ID == ""},
		{"title", rule.Title == ""},
		{"from", src.from == nil},
		{"alert", src.alert == nil},
	} {
		if miss.gone && r.resolve(n).Kind == yaml.MappingNode && !has(r.resolve(n), miss.key) {
			r.fail(n, "rule %s: %s is missing", fleetnet.Quote(rule.ID), miss.key)
		}
	}
}

func has(mapping *yaml.Node, name string) bool {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return true
		}
	}
	return false
}

func (r *reader) id(n *yaml.Node, rule *Rule) {
	r.text("id", &rule.ID)(n)
	if rule.ID != "" && !isName(rule.ID, '-') {
		r.fail(n, "id: %q must be lower-case letters, digits and dashes, and begin with a letter", rule.ID)
	}
}

func (r *reader) severity(n *yaml.Node, rule *Rule) {
	var s string
	r.text("severity", &s)(n)
	if s == "" {
		return
	}
	if err := rule.Severity.UnmarshalText([]byte(s)); err != nil {
		r.fail(n, "severity: %q is not info, warning or critical%s", s, fleetnet.DidYouMean(s, []string{"info", "warning", "critical"}))
	}
}

func (r *reader) checkScope(n *yaml.Node, scope string) {
	switch scope {
	case "host", "":
	case "fleet":
		r.fail(n, "scope: fleet is not there yet: a rule judges one host at a time")
	default:
		r.fail(n, "scope: %q is not host%s", scope, fleetnet.DidYouMean(scope, []string{"host", "fleet"}))
	}
}

// check compiles what the rule says, as far as it can be read.
func (r *reader) check(rule *Rule, src *source) {
	r.readPlatforms(rule, src.platforms)
	r.readAdvice(rule, "fix", src.fix, &rule.Fix)
	r.readAdvice(rule, "verify", src.verify, &rule.Verify)
	r.readParams(rule, src.params)
	if !r.readTable(rule, src.from) {
		return
	}
	r.readMatch(rule, src.match)
	r.readGroupBy(rule, src.groupBy)
	row := rowScope(rule.table)
	group := groupScope(rule.table, rule.GroupBy)
	r.addParams(rule, src.params, row, group)
	if src.where != nil {
		rule.where = r.condition(src.where, "where", row, &rule.Where)
	}
	r.readLets(rule, src.let, group)
	if src.alert != nil {
		rule.alert = r.condition(src.alert, "alert", group, &rule.Alert)
	}
	if src.critical != nil {
		rule.critical = r.condition(src.critical, "critical", group, &rule.Critical)
	}
	r.readMessage(rule, src, group)
	for _, e := range append(slices.Clone(rule.lets), rule.alert, rule.critical) {
		rule.wide = rule.wide || e != nil && e.wide
	}
	rule.asked = rule.askedFields()
}

func (r *reader) readTable(rule *Rule, n *yaml.Node) bool {
	if n == nil {
		return false
	}
	r.text("from", &rule.From)(n)
	t, ok := fleetnet.TableNamed(rule.From)
	if !ok && rule.From != "" {
		var names []string
		for _, t := range fleetnet.Tables() {
			names = append(names, t.Name)
		}
		hint := fleetnet.DidYouMean(rule.From, names)
		if hint == "" {
			hint = "; known are " + strings.Join(names, ", ")
		}
		r.fail(n, "from: unknown table %q%s", rule.From, hint)
	}
	rule.table = t
	return ok
}

func (r *reader) readGroupBy(rule *Rule, n *yaml.Node) {
	if n == nil {
		return
	}
	var names []string
	r.texts("group_by", &names)(n)
	for _, name := range names {
		c, ok := columnNamed(rule.table, name)
		switch {
		case name == "":
		case !ok:
			r.fail(n, "group_by: unknown field %q%s", name, fleetnet.DidYouMean(name, fieldNames(rule.table)))
		case slices.Contains(rule.GroupBy, name):
			r.fail(n, "group_by: %q is there twice", name)
		default:
			rule.GroupBy = append(rule.GroupBy, name)
			rule.keys = append(rule.keys, c)
		}
	}
}

func (r *reader) condition(n *yaml.Node, what string, s *scope, into *string) *expression {
	r.text(what, into)(n)
	if *into == "" {
		return nil
	}
	e, err := compileCondition(r.resolve(n).Value, s)
	if err != nil {
		r.failIn(n, what, err)
		return nil
	}
	return e
}

func (r *reader) readLets(rule *Rule, n *yaml.Node, s *scope) {
	if n == nil {
		return
	}
	r.pairs(n, "let", func(k, v *yaml.Node) {
		if msg := badName(k.Value, s); msg != "" {
			r.fail(k, "let: %s", msg)
			return
		}
		let := Let{Name: k.Value}
		r.text("let "+k.Value, &let.Expr)(v)
		if let.Expr == "" {
			return
		}
		e, err := compileValue(r.resolve(v).Value, s)
		if err != nil {
			r.failIn(v, "let "+k.Value, err)
			return
		}
		s.addLet(let.Name, len(rule.lets), e)
		rule.Let, rule.lets = append(rule.Let, let), append(rule.lets, e)
	})
}

// badName says why a param or a let cannot have a name, or "".
func badName(n string, s *scope) string {
	if !isName(n, '_') {
		return fmt.Sprintf("%q must be lower-case letters, digits and underscores, and begin with a letter", n)
	}
	_, taken := s.lookup(n)
	if taken || s.prefix(n) || slices.Contains(reserved(), n) || slices.Contains(functionNames(), n) {
		return fmt.Sprintf("%q is taken", n)
	}
	return ""
}

// isName reports whether s begins with a letter and has nothing but lower-case
// letters, digits and the joint.
func isName(s string, joint rune) bool {
	for i, c := range s {
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || c != joint && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// reserved are the names and operators that no param may have.
func reserved() []string {
	return []string{
		"host", "vars", "groups", "count", "rows", "and", "or", "not", "in", "matches", "contains",
		"startsWith", "endsWith", "let", "if", "else", "true", "false", "nil",
	}
}

func (r *reader) readMessage(rule *Rule, src *source, s *scope) {
	if src.message == nil {
		rule.Message = rule.Title
		return
	}
	r.text("message", &rule.Message)(src.message)
	m, err := compileMessage(rule.Message, s)
	if err != nil {
		r.fail(src.message, "message: %v", err)
		return
	}
	rule.message = m
}
