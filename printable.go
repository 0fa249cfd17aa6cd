package fleetnet

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable returns remote text made safe for a terminal: control characters,
// invalid UTF-8 and characters that reorder or hide text are written as Go
// escapes; everything else, blanks and tabs (as one blank) included, stays.
func Printable(s string) string {
	clean := true
	for _, r := range s {
		if !safeRune(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '\t':
			b.WriteByte(' ')
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			b.WriteString(`\x` + strconv.FormatUint(uint64(s[i])|0x100, 16)[1:])
		case safeRune(r):
			b.WriteRune(r)
		default:
			q := strconv.QuoteRuneToASCII(r)
			b.WriteString(q[1 : len(q)-1])
		}
	}
	return b.String()
}

// safeRune reports whether r may reach a terminal as it is. Format characters
// (bidirectional overrides, zero-width joiners) are not printable in this sense.
func safeRune(r rune) bool { return r == ' ' || r != utf8.RuneError && unicode.IsPrint(r) }

// Quote returns remote text for an error message: printable, cut to 160
// characters and in double quotes.
func Quote[T ~string | ~[]byte](text T) string {
	s := string(text)
	const limit = 160
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "") + "…"
	}
	return strconv.Quote(s)
}
