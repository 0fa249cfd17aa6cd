package inventory

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// literal returns the value that Python's ast.literal_eval has for text, as Ansible
// takes the values of INI files, or the text itself when it is none. Tuples and
// sets become lists, and bytes text, as they do in Ansible's JSON.
func literal(text string) any {
	p := &literalReader{rest: text}
	v, ok := p.tuple(0)
	if p.skip(); !ok || p.rest != "" {
		return text
	}
	return v
}

// literalReader reads Python's literals. Comments are blanks to it.
type literalReader struct {
	rest string
}

// skip skips blanks, and a comment, which ends the text.
func (p *literalReader) skip() {
	p.rest = strings.TrimLeft(p.rest, " \t\f")
	if strings.HasPrefix(p.rest, "#") {
		p.rest = ""
	}
}

// next skips blanks and reports whether s follows, which is skipped too.
func (p *literalReader) next(s string) bool {
	p.skip()
	rest, ok := strings.CutPrefix(p.rest, s)
	if ok {
		p.rest = rest
	}
	return ok
}

// tuple reads a value, or several with commas between them, as one list.
func (p *literalReader) tuple(depth int) (any, bool) {
	v, ok := p.value(depth)
	if !ok || !p.next(",") {
		return v, ok
	}
	list := []any{v}
	for p.skip(); p.rest != "" && p.rest[0] != ')'; p.skip() {
		v, ok := p.value(depth)
		if !ok {
			return nil, false
		}
		list = append(list, v)
		if !p.next(",") {
			break
		}
	}
	return list, true
}

func (p *literalReader) value(depth int) (any, bool) {
	p.skip()
	if p.rest == "" || depth > maxDepth {
		return nil, false
	}
	switch c := p.rest[0]; {
	case c == '[' || c == '(' || c == '{':
		p.rest = p.rest[1:]
		return p.group(c, depth+1)
	case c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+':
		return p.number()
	}
	if s, bytes, ok := p.text(); ok {
		return p.joined(s, bytes)
	}
	return p.word()
}

// word reads a constant's name.
func (p *literalReader) word() (any, bool) {
	n := strings.IndexFunc(p.rest, func(r rune) bool { return !isWordRune(r) })
	if n < 0 {
		n = len(p.rest)
	}
	name := p.rest[:n]
	p.rest = p.rest[n:]
	switch name {
	case "True":
		return true, true
	case "False":
		return false, true
	case "None":
		return nil, true
	case "set":
		return []any{}, p.next("(") && p.next(")")
	}
	return nil, false
}

func isWordRune(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= utf8.RuneSelf
}

// group reads what stands after an opening bracket.
func (p *literalReader) group(open byte, depth int) (any, bool) {
	switch open {
	case '(':
		if p.next(")") {
			return []any{}, true
		}
		v, ok := p.tuple(depth)
		return v, ok && p.next(")")
	case '[':
		return p.list("]", depth)
	}
	if p.next("}") {
		return map[string]any{}, true
	}
	first, ok := p.value(depth)
	if !ok {
		return nil, false
	}
	if p.next(":") {
		return p.dict(first, depth)
	}
	if p.next("}") {
		return []any{first}, true
	}
	if !p.next(",") {
		return nil, false
	}
	rest, ok := p.list("}", depth)
	if !ok {
		return nil, false
	}
	return append([]any{first}, rest.([]any)...), true
}

// list reads values to a closing bracket.
func (p *literalReader) list(end string, depth int) (any, bool) {
	out := []any{}
	for !p.next(end) {
		v, ok := p.value(depth)
		if !ok {
			return nil, false
		}
		out = append(out, v)
		if !p.next(",") {
			return out, p.next(end)
		}
	}
	return out, true
}

// dict reads a dictionary from the value of its first key on.
func (p *literalReader) dict(key any, depth int) (any, bool) {
	out := map[string]any{}
	for {
		name, ok := keyText(key)
		if !ok {
			return nil, false
		}
		v, ok := p.value(depth)
		if !ok {
			return nil, false
		}
		out[name] = v
		if p.next("}") {
			return out, true
		}
		if !p.next(",") {
			return nil, false
		}
		if p.next("}") {
			return out, true
		}
		if key, ok = p.value(depth); !ok || !p.next(":") {
			return nil, false
		}
	}
}

// keyText returns the key of a JSON object that a Python key becomes.
func keyText(key any) (string, bool) {
	switch k := key.(type) {
	case string:
		return k, true
	case nil:
		return "null", true
	case bool:
		return strconv.FormatBool(k), true
	case int:
		return strconv.Itoa(k), true
	case float64:
		return strconv.FormatFloat(k, 'g', -1, 64), true
	}
	return "", false
}

// number reads a number with at most one sign.
func (p *literalReader) number() (any, bool) {
	sign := 1
	if p.rest[0] == '-' || p.rest[0] == '+' {
		if p.rest[0] == '-' {
			sign = -1
		}
		p.rest = p.rest[1:]
		p.skip()
	}
	n := 0
	for n < len(p.rest) && (isWordRune(rune(p.rest[n])) || p.rest[n] == '.' || n > 0 && strings.ContainsRune("+-", rune(p.rest[n])) && isExponent(p.rest[:n])) {
		n++
	}
	s := p.rest[:n]
	p.rest = p.rest[n:]
	return pythonNumber(s, sign)
}

// isExponent reports whether a number's text so far asks for a signed exponent.
func isExponent(s string) bool {
	last := s[len(s)-1]
	return (last == 'e' || last == 'E') && !strings.HasPrefix(s, "0x") && !strings.HasPrefix(s, "0X")
}

// pythonNumber returns the number that s writes in Python. A whole number beyond
// int is a float.
func pythonNumber(s string, sign int) (any, bool) {
	switch {
	case s == "" || s[0] == '_' || s[len(s)-1] == '_' || strings.Contains(s, "__"):
		return nil, false
	case strings.ContainsAny(s, ".eE") && !strings.HasPrefix(strings.ToLower(s), "0x"):
		return pythonFloat(s, sign)
	}
	plain := strings.ReplaceAll(s, "_", "")
	if len(plain) > 1 && plain[0] == '0' && plain[1] >= '0' && plain[1] <= '9' && strings.Trim(plain, "0") != "" || len(plain) > 4300 {
		return nil, false // Python refuses 010
	}
	n, ok := new(big.Int), false
	if strings.Trim(plain, "0123456789") == "" {
		n, ok = n.SetString(plain, 10)
	} else if len(plain) > 2 && plain[0] == '0' && strings.ContainsRune("xXoObB", rune(plain[1])) {
		n, ok = n.SetString(plain, 0)
	}
	if !ok {
		return nil, false
	}
	if sign < 0 {
		n.Neg(n)
	}
	if n.IsInt64() {
		return int(n.Int64()), true
	}
	f, _ := new(big.Float).SetInt(n).Float64()
	return f, !math.IsInf(f, 0)
}

func pythonFloat(s string, sign int) (any, bool) {
	if strings.Trim(s, "0123456789._eE+-") != "" || strings.Contains(s, "_.") || strings.Contains(s, "._") {
		return nil, false
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil {
		return nil, false
	}
	return wholeFloat(float64(sign) * f), true
}

// wholeFloat returns f as int where it is whole, the type that a stored host comes
// back in.
func wholeFloat(f float64) any {
	if f == math.Trunc(f) && f >= -1<<63 && f < 1<<63 {
		return int(f)
	}
	return f
}

// joined reads the texts that follow s immediately; Python joins them, but not text
// with bytes.
func (p *literalReader) joined(s string, bytes bool) (any, bool) {
	for {
		p.skip()
		if p.rest == "" || !strings.ContainsRune(`'"urbURB`, rune(p.rest[0])) {
			return s, true
		}
		more, also, ok := p.text()
		if !ok || also != bytes {
			return nil, false
		}
		s += more
	}
}
