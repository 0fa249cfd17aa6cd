package inventory

import (
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// maxTemplates bounds how far templates refer to templates.
const maxTemplates = 10

var (
	// reference is a Jinja expression that names a variable, or a field of one.
	reference = regexp.MustCompile(`^\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*$`)
	// envLookup is the one that reads an environment variable.
	envLookup = regexp.MustCompile(`^\s*\{\{-?\s*lookup\(\s*['"](?:ansible\.builtin\.)?env['"]\s*,\s*['"]([A-Za-z_]\w*)['"]\s*\)\s*-?\}\}\s*$`)
)

// errVaulted is the error of a value that ansible-vault has encrypted.
var errVaulted = errors.New("it is encrypted with ansible-vault, which fleetnet does not open")

// isTemplate reports whether Ansible would take a text for a template of Jinja.
func isTemplate(s string) bool {
	return strings.Contains(s, "{{") || strings.Contains(s, "{%") || strings.Contains(s, "{#")
}

// template fills in templates with the variables of a host.
type template struct {
	host  *ansibleHost
	vars  map[string]variable
	hint  func() string   // what to say of a variable that is nowhere defined
	used  map[string]bool // nil, or where to keep the variables that are referred to
	depth int
}

// text returns a value as text, its templates filled in. The error says nothing of
// values.
func (t *template) text(v any) (string, error) {
	switch v := v.(type) {
	case vaulted:
		return "", errVaulted
	case rawText:
		return string(v), nil
	case string:
		if isTemplate(v) {
			return t.fill(v)
		}
		return v, nil
	case int:
		return strconv.Itoa(v), nil
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), nil
	case bool:
		if v {
			return "True", nil
		}
		return "False", nil
	case nil:
		return "", nil
	case []any:
		return "", errors.New("it is a list")
	}
	return "", errors.New("it is a mapping")
}

// fill replaces {{ name }} in s by the variable's text.
func (t *template) fill(s string) (string, error) {
	if t.depth++; t.depth > maxTemplates {
		return "", errEndless
	}
	defer func() { t.depth-- }()
	var out strings.Builder
	for {
		before, after, found := strings.Cut(s, "{{")
		if strings.Contains(before, "{%") || strings.Contains(before, "{#") {
			return "", errTemplate
		}
		out.WriteString(before)
		if !found {
			return out.String(), nil
		}
		expr, rest, closed := strings.Cut(after, "}}")
		m := reference.FindStringSubmatch(expr)
		if !closed || m == nil {
			return "", errTemplate
		}
		text, err := t.variable(m[1])
		if err != nil {
			return "", err
		}
		out.WriteString(text)
		s = rest
	}
}

// errEndless is the error of templates that refer to each other.
var errEndless = errors.New("templates refer to each other without end")

// errTemplate is the error of a template that does more than name variables.
var errTemplate = errors.New("only Ansible can fill in this template: write the value itself, or {{ name }} of a variable that holds it")

// variable returns the text of a variable, or of a field of it.
func (t *template) variable(path string) (string, error) {
	name, fields, _ := strings.Cut(path, ".")
	var value any
	v, ok := t.vars[name]
	switch {
	case ok:
		if t.used != nil {
			t.used[name] = true
		}
		value = v.value
	default:
		if value, ok = t.magic(name); !ok {
			return "", fmt.Errorf("variable %s is not defined%s", fleetnet.Quote(name), t.hint())
		}
	}
	for field := range strings.SplitSeq(fields, ".") {
		if field == "" {
			break
		}
		m, ok := value.(map[string]any)
		if !ok || m[field] == nil {
			return "", fmt.Errorf("variable %s has no field %s", fleetnet.Quote(name), fleetnet.Quote(field))
		}
		value = m[field]
	}
	text, err := t.text(value)
	if err != nil && !errors.Is(err, errEndless) {
		return "", fmt.Errorf("variable %s: %w", fleetnet.Quote(name), err)
	}
	return text, err
}

// magic returns a variable that Ansible sets itself.
func (t *template) magic(name string) (any, bool) {
	switch name {
	case "inventory_hostname":
		return t.host.name, true
	case "inventory_hostname_short":
		if _, err := netip.ParseAddr(t.host.name); err == nil {
			return t.host.name, true
		}
		short, _, _ := strings.Cut(t.host.name, ".")
		return short, true
	case "inventory_file", "inventory_dir":
		path, err := filepath.Abs(t.host.source)
		if err != nil || t.host.source == stdinName {
			return nil, false
		}
		if name == "inventory_dir" {
			path = filepath.Dir(path)
		}
		return path, true
	}
	return nil, false
}
