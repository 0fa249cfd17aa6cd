package inventory

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// What PyYAML takes plain scalars for, yaml/resolver.py: YAML 1.1, with yes and no,
// 0755 and 1:30.
var (
	yamlBool  = regexp.MustCompile(`^(?:(yes|Yes|YES|true|True|TRUE|on|On|ON)|no|No|NO|false|False|FALSE|off|Off|OFF)$`)
	yamlFloat = regexp.MustCompile(`^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$`)
	yamlClock = regexp.MustCompile(`^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$`)
	yamlInt   = regexp.MustCompile(`^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$`)
)

// plainScalar returns the value of a scalar without quotes and tag. A number that
// is not finite stays text, and so does a date.
func plainScalar(s string) any {
	if s == "" || s == "~" || s == "null" || s == "Null" || s == "NULL" {
		return nil
	}
	if !strings.ContainsRune("+-.0123456789yYnNtTfFoO", rune(s[0])) {
		return s
	}
	if m := yamlBool.FindStringSubmatch(s); m != nil {
		return m[1] != ""
	}
	switch {
	case yamlFloat.MatchString(s):
		return floatScalar(s)
	case yamlInt.MatchString(s):
		return intScalar(s)
	case yamlClock.MatchString(s):
		return clockScalar(s)
	}
	return s
}

func floatScalar(s string) any {
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil {
		return s
	}
	return wholeFloat(f)
}

// clockScalar reads a number to the base of 60, such as 1:30 or 1:30.5.
func clockScalar(s string) any {
	sign := 1.0
	if s[0] == '-' {
		sign = -1
	}
	var sum float64
	for part := range strings.SplitSeq(strings.Trim(strings.ReplaceAll(s, "_", ""), "+-"), ":") {
		f, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return s
		}
		sum = sum*60 + f
	}
	return wholeFloat(sign * sum)
}

// intScalar reads a whole number; one beyond int is a float.
func intScalar(s string) any {
	if strings.Contains(s, ":") {
		return clockScalar(s)
	}
	digits := strings.ReplaceAll(s, "_", "")
	base := 10
	switch unsigned := strings.TrimLeft(digits, "+-"); {
	case strings.HasPrefix(unsigned, "0b"), strings.HasPrefix(unsigned, "0x"):
		base = 0
	case len(unsigned) > 1 && unsigned[0] == '0':
		base = 8
	}
	n, ok := new(big.Int).SetString(digits, base)
	switch {
	case !ok || len(digits) > 4300:
		return s
	case n.IsInt64():
		return int(n.Int64())
	}
	f, err := strconv.ParseFloat(n.String(), 64)
	if err != nil {
		return s
	}
	return f
}

// wholeOf returns the whole number that Python's int() makes of a value.
func wholeOf(v any) (int, bool) {
	switch v := v.(type) {
	case int:
		return v, true
	case float64:
		return int(v), v > -1e15 && v < 1e15
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case string:
		n, err := strconv.Atoi(strings.TrimSpace(v))
		return n, err == nil
	}
	return 0, false
}

// tagged reports whether a node has a tag that is written down.
func tagged(n *yaml.Node) bool { return n.Style&yaml.TaggedStyle != 0 }

// quotedNode reports whether a scalar is text whatever it looks like.
func quotedNode(n *yaml.Node) bool {
	return n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
}
