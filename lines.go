package fleetnet

import (
	"bytes"
	"errors"
	"fmt"
)

// maxLine bounds one line of remote output. A longer one is an error, as no
// tool prints it, and is not looked at.
const maxLine = 1 << 20

// maxLineErrors bounds how many line errors are kept; all are counted.
const maxLineErrors = 20

var errNotUnderstood = errors.New("not understood")

// LineError is a line that a parser could not read.
type LineError struct {
	Line int
	Text string // the line, cut and made printable
	Err  error
}

// Error reads `line 3: not understood: "text"`.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v: %s", e.Line, e.Err, e.Text) }

// Unwrap returns the cause.
func (e *LineError) Unwrap() error { return e.Err }

// Account says what became of each line of an output:
// Lines == Rows + Skips + Errors, always.
type Account struct {
	Lines  int // lines in all
	Rows   int // lines that are a row, or a part of one
	Skips  int // blank lines, and lines known to carry nothing: headings, totals
	Errors int // lines that could not be read
	First  []*LineError
	// Capped is set when reading stopped at the bound on rows.
	Capped bool
}

// Lines hands a parser the output of one command line by line and keeps its
// account. A parser says of each line, before it asks for the next, that it
// was a row ([Lines.Row]), is known to carry nothing ([Lines.Skip]), or could
// not be read ([Lines.Fail]); a line of which nothing is said counts as not
// understood. Blank lines are skipped by Next.
type Lines struct {
	text    *Text
	chunk   int
	rest    []byte
	line    []byte
	n       int
	said    bool
	command string
	probe   uint16
	maxRows int
	family  string
	acct    Account
}

// NewLines returns a reader of text for the output of command, which parsers
// of dialects that depend on flags may consult.
func NewLines(text *Text, command string) *Lines {
	l := &Lines{text: text, command: command, said: true}
	if len(text.chunks) > 0 {
		l.rest = text.chunks[0]
	}
	return l
}

// Command returns the command whose output this is, or "" when unknown.
func (l *Lines) Command() string { return l.command }

// Family says that the output tells the rows of one family, inet or inet6, and
// that its coverage is of those alone. Empty says that it tells both.
func (l *Lines) Family(family string) { l.family = family }

// Next moves to the next line that is not blank and reports whether there is one.
func (l *Lines) Next() bool {
	for {
		l.settle()
		if l.maxRows > 0 && l.acct.Rows >= l.maxRows {
			l.acct.Capped = true
			return false
		}
		if !l.advance() {
			return false
		}
		if len(l.line) > maxLine {
			l.Fail(fmt.Errorf("line of %d bytes", len(l.line)))
			continue
		}
		if len(bytes.TrimSpace(l.line)) > 0 {
			return true
		}
		l.Skip()
	}
}

// advance takes the next line off the text, blank or not.
func (l *Lines) advance() bool {
	for len(l.rest) == 0 {
		if l.chunk+1 >= len(l.text.chunks) {
			return false
		}
		l.chunk++
		l.rest = l.text.chunks[l.chunk]
	}
	if nl := bytes.IndexByte(l.rest, '\n'); nl >= 0 {
		l.line, l.rest = l.rest[:nl], l.rest[nl+1:]
	} else {
		l.line, l.rest = l.rest, nil
	}
	for len(l.line) > 0 && l.line[len(l.line)-1] == '\r' {
		l.line = l.line[:len(l.line)-1]
	}
	if l.n == 0 {
		l.line = bytes.TrimPrefix(l.line, []byte("\uFEFF")) // what some editors put before a paste
	}
	l.n++
	l.acct.Lines++
	l.said = false
	return true
}

// settle accounts for a line of which the parser said nothing.
func (l *Lines) settle() {
	if !l.said {
		l.Fail(errNotUnderstood)
	}
}

// Text returns the current line without its end. It stays valid and must not
// be changed; keep no part of it in a row (see [Snapshot.Intern]).
func (l *Lines) Text() []byte { return l.line }

// Peek returns the line after the current one, which may be blank, or nil.
func (l *Lines) Peek() []byte {
	rest := l.rest
	if len(rest) == 0 && l.chunk+1 < len(l.text.chunks) {
		rest = l.text.chunks[l.chunk+1]
	}
	if nl := bytes.IndexByte(rest, '\n'); nl >= 0 {
		rest = rest[:nl]
	}
	return bytes.TrimRight(rest, "\r")
}

// More reports whether Next would find another line.
func (l *Lines) More() bool {
	if len(bytes.TrimSpace(l.rest)) > 0 {
		return true
	}
	for i := l.chunk + 1; i < len(l.text.chunks); i++ {
		if len(bytes.TrimSpace(l.text.chunks[i])) > 0 {
			return true
		}
	}
	return false
}

// Left returns how many bytes follow the current line, from which a parser
// may judge how many rows will.
func (l *Lines) Left() int {
	n := len(l.rest)
	for i := l.chunk + 1; i < len(l.text.chunks); i++ {
		n += len(l.text.chunks[i])
	}
	return n
}

// Row says that the current line is a row or a part of one.
func (l *Lines) Row() {
	if !l.said {
		l.said = true
		l.acct.Rows++
	}
}

// Skip says that the current line is known to carry nothing.
func (l *Lines) Skip() {
	if !l.said {
		l.said = true
		l.acct.Skips++
	}
}

// Fail says that the current line could not be read, and why.
func (l *Lines) Fail(err error) {
	if l.said {
		return
	}
	l.said = true
	l.acct.Errors++
	if len(l.acct.First) < maxLineErrors {
		l.acct.First = append(l.acct.First, &LineError{Line: l.n, Text: Quote(l.line[:min(len(l.line), 160)]), Err: err})
	}
}

// Ref returns the reference to the current line, for the rows made from it.
func (l *Lines) Ref() Ref { return Ref{probe: l.probe, line: uint32(l.n)} }

// Account returns what became of the lines so far.
func (l *Lines) Account() Account {
	l.settle()
	return l.acct
}
