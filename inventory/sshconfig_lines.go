package inventory

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// sshBlanks separate a keyword from its values, and end a line.
const sshBlanks = " \t\r\n"

// sshLine is a line of ssh_config(5), `Keyword value…` or `Keyword=value…`.
type sshLine struct {
	keyword string // as it is written
	column  int    // of the keyword
	rest    string // everything after the keyword, as it stands
	args    []sshArg
}

// sshArg is a value without its quotes and escapes.
type sshArg struct {
	text   string
	column int
}

// errQuotes is the error of OpenSSH for the same.
var errQuotes = errors.New("a quote is not closed")

// parseSSHLine takes a line apart as process_config_line of OpenSSH's readconf.c
// does. A line without a keyword has nothing to say. The column goes with the error.
func parseSSHLine(text string) (line sshLine, column int, err error) {
	text, _, _ = strings.Cut(text, "\x00")
	text = strings.TrimRight(text, sshBlanks+"\f")
	word, rest := cutSSHKeyword(text)
	if word == "" {
		word, rest = cutSSHKeyword(rest)
	}
	if word == "" || word[0] == '#' {
		return sshLine{}, 0, nil
	}
	at := func(tail string) int { return utf8.RuneCountInString(text[:len(text)-len(tail)]) + 1 }
	rest = strings.TrimLeft(rest, sshBlanks)
	line = sshLine{keyword: word, column: at(strings.TrimLeft(text, sshBlanks)), rest: rest}
	if rest == "" {
		return line, line.column, errors.New("no value after " + word)
	}
	for tail := rest; ; {
		var arg string
		tail = strings.TrimLeft(tail, " \t")
		if tail == "" || tail[0] == '#' {
			return line, 0, nil
		}
		column = at(tail)
		if arg, tail, err = cutSSHArg(tail); err != nil {
			return line, column, err
		}
		line.args = append(line.args, sshArg{arg, column})
	}
}

// cutSSHKeyword returns the first word of s and what follows it. Blanks, an
// equals sign among blanks, or quotes end the word; one that is not closed makes
// the line one that OpenSSH passes over.
func cutSSHKeyword(s string) (word, rest string) {
	i := strings.IndexAny(s, sshBlanks+`"=`)
	if i < 0 {
		return s, ""
	}
	if s[i] == '"' {
		quoted, rest, closed := strings.Cut(s[i+1:], `"`)
		if !closed {
			return "", ""
		}
		return s[:i] + quoted, strings.TrimLeft(rest, sshBlanks)
	}
	rest = strings.TrimLeft(s[i+1:], sshBlanks)
	if after, found := strings.CutPrefix(rest, "="); found && s[i] != '=' {
		rest = strings.TrimLeft(after, sshBlanks)
	}
	return s[:i], rest
}

// cutSSHArg returns the value that s begins with and what follows it. Quotes of
// both kinds hold blanks; a backslash stands before quotes, itself and a blank.
func cutSSHArg(s string) (arg, rest string, err error) {
	var b strings.Builder
	var quote byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s) && (strings.IndexByte(`'"\`, s[i+1]) >= 0 || quote == 0 && s[i+1] == ' '):
			i++
			b.WriteByte(s[i])
		case quote == 0 && (c == ' ' || c == '\t'):
			return b.String(), s[i:], nil
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote != 0 && c == quote:
			quote = 0
		default:
			b.WriteByte(c)
		}
	}
	if quote != 0 {
		return "", "", errQuotes
	}
	return b.String(), "", nil
}
