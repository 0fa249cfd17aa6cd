package reports

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// columns returns how many columns of a terminal the text takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// cut returns what fits into n columns; where something is cut off, the last
// of them holds an ellipsis. 0 is no bound.
func cut(s string, n int) string {
	if n <= 0 || len(s) <= n || columns(s) <= n {
		return s
	}
	return s[:fit(s, n-1)] + "…"
}

// fit returns how many bytes of s fit into n columns, at least one character.
func fit(s string, n int) int {
	used := 0
	for i, r := range s {
		used += runeColumns(r)
		if used > n && i > 0 {
			return i
		}
	}
	return len(s)
}

// wrap breaks text at blanks into lines of at most n columns. What has no
// blank is broken after a comma, or anywhere. Runs of blanks become one.
func wrap(text string, n int) []string {
	line, used := "", 0
	var lines []string
	for word := range strings.FieldsSeq(text) {
		for {
			w := columns(word)
			if used > 0 && used+1+w <= n {
				line, used = line+" "+word, used+1+w
				break
			}
			if used > 0 {
				lines = append(lines, line)
			}
			line, used = "", 0
			if w <= n {
				line, used = word, w
				break
			}
			k := breakAt(word, n)
			lines, word = append(lines, word[:k]), word[k:]
		}
	}
	if used > 0 {
		lines = append(lines, line)
	}
	return lines
}

// breakAt returns where to break a word that does not fit into n columns.
func breakAt(word string, n int) int {
	k := fit(word, n)
	if comma := strings.LastIndexByte(word[:k], ',') + 1; comma > k/2 {
		return comma
	}
	return k
}
