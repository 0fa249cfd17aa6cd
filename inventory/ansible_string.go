package inventory

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// text reads one quoted text of Python, with its prefix: u, b, r, br or rb, and reports
// whether it is one of bytes. Without one, nothing is read.
func (p *literalReader) text() (text string, bytes, ok bool) {
	n := strings.IndexAny(p.rest, `'"`)
	if n < 0 || n > 2 {
		return "", false, false
	}
	prefix := strings.ToLower(p.rest[:n])
	if !slices.Contains([]string{"", "u", "b", "r", "br", "rb"}, prefix) {
		return "", false, false
	}
	bytes = strings.Contains(prefix, "b")
	s := p.rest[n:]
	quote := s[:1]
	if strings.HasPrefix(s, strings.Repeat(quote, 3)) {
		quote = s[:3]
	}
	s = s[len(quote):]
	end := closing(s, quote)
	if end < 0 {
		return "", false, false
	}
	p.rest = s[end+len(quote):]
	if strings.Contains(prefix, "r") {
		return s[:end], bytes, true
	}
	text, ok = unescape(s[:end])
	return text, bytes, ok
}

// closing returns where in s the quote is that no backslash precedes, or -1.
func closing(s, quote string) int {
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
		} else if strings.HasPrefix(s[i:], quote) {
			return i
		}
	}
	return -1
}

// plainEscapes are the escapes of one character.
const plainEscapes = "\\\\''\"\"a\ab\bf\fn\nr\rt\tv\v"

// unescape replaces Python's escapes. What is none stays, backslash included;
// names of characters (\N) are not known.
func unescape(s string) (string, bool) {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, `\`)
		b.WriteString(before)
		if !found {
			return b.String(), true
		}
		if after == "" {
			return "", false
		}
		n, ok := escape(&b, after)
		if !ok {
			return "", false
		}
		s = after[n:]
	}
}

// escape writes what the escape that s begins with stands for, and returns its length.
func escape(b *strings.Builder, s string) (int, bool) {
	if i := strings.IndexByte(plainEscapes, s[0]); i >= 0 && i%2 == 0 {
		b.WriteByte(plainEscapes[i+1])
		return 1, true
	}
	width := map[byte]int{'x': 2, 'u': 4, 'U': 8}[s[0]]
	switch {
	case s[0] == 'N':
		return 0, false
	case width > 0:
		if len(s) <= width {
			return 0, false
		}
		n, err := strconv.ParseUint(s[1:1+width], 16, 32)
		if err != nil || n > utf8.MaxRune || n >= 0xd800 && n < 0xe000 {
			return 0, false
		}
		b.WriteRune(rune(n))
		return 1 + width, true
	case s[0] >= '0' && s[0] <= '7':
		n := 1
		for n < 3 && n < len(s) && s[n] >= '0' && s[n] <= '7' {
			n++
		}
		v, _ := strconv.ParseUint(s[:n], 8, 32)
		b.WriteRune(rune(v))
		return n, true
	}
	b.WriteByte('\\')
	return 0, true
}
