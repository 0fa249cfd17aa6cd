package inventory

import (
	"errors"
	"strings"
)

// shellWords splits a line as a POSIX shell would, like Python's shlex.split: quotes
// and backslashes group, nothing is expanded. With comments, # ends the line,
// within a word too. The columns are where words begin, in bytes from 0.
func shellWords(line string, comments bool) (words []string, columns []int, err error) {
	var b strings.Builder
	start := -1 // of the word at hand, -1 between words
	emit := func() {
		if start >= 0 {
			words, columns = append(words, b.String()), append(columns, start)
			b.Reset()
			start = -1
		}
	}
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			emit()
			continue
		case c == '#' && comments:
			emit()
			return words, columns, nil
		}
		if start < 0 {
			start = i
		}
		switch c {
		case '\'', '"':
			n, err := quoted(&b, line[i+1:], c)
			if err != nil {
				return nil, nil, err
			}
			i += n
		case '\\':
			if i++; i == len(line) {
				return nil, nil, errors.New(`a \ at the end`)
			}
			b.WriteByte(line[i])
		default:
			b.WriteByte(c)
		}
	}
	emit()
	return words, columns, nil
}

// quoted writes what stands before the closing quote, and returns how far that
// is, the quote included.
func quoted(b *strings.Builder, s string, quote byte) (int, error) {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == quote:
			return i + 1, nil
		case s[i] == '\\' && quote == '"' && i+1 < len(s):
			if i++; s[i] != '"' && s[i] != '\\' {
				b.WriteByte('\\')
			}
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return 0, errors.New("a quote is not closed")
}
