package linux

import (
	"bytes"
	"unicode/utf8"

	"github.com/fleetnet/fleetnet"
)

// terminal is how wide most terminals are that break lines.
const terminal = 80

// wrapped puts the lines together again that a terminal, or a mail, broke where
// its width ended:
//
//	Proto Recv-Q Send-Q Local Address           Foreign Address         State
//	PID/Program name
//	tcp        0      0 0.0.0.0:22              0.0.0.0:*               LISTEN
//	812/sshd
//
// Left alone, the first part may end within a number and read as another one. A
// line is taken for broken when it is as wide as the terminal, which a broken
// heading tells, and what follows begins no row.
type wrapped struct {
	in     *fleetnet.Lines
	begins func(line []byte) bool // reports whether a line is one of its own

	indent []byte // before each line, in a list or a quotation
	width  int    // of the terminal; 0 is not known
	begun  bool
	joined bool // the current line has several parts
	ref    fleetnet.Ref
}

// line returns the current line, with those that carry it on; heading says that
// it has the names of the columns. All but the last part are accounted for. It
// returns nil where reading stopped before the last part.
func (w *wrapped) line(heading bool) []byte {
	line := w.in.Text()
	if heading || !w.begun {
		if text := unindented(line); heading || w.begins(text) {
			w.indent = line[:len(line)-len(text)]
		}
		w.begun = true
	}
	line = w.dedent(line)
	w.joined = false
	for last := line; w.broken(last, heading); {
		if !w.joined {
			w.joined, w.ref = true, w.in.Ref()
		}
		if heading {
			w.width = max(w.width, columns(last), terminal)
			w.in.Skip()
		} else {
			w.in.Row()
		}
		if !w.in.Next() { // the bound on rows: what is left of the line could read as another value
			return nil
		}
		part := w.dedent(w.in.Text())
		line, last = w.join(line, last, part), part
	}
	return line
}

// unindented returns a line without the blanks and tabs that it begins with.
func unindented(line []byte) []byte {
	i := 0
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	return line[i:]
}

// dedent takes off what stands before each line.
func (w *wrapped) dedent(line []byte) []byte { return bytes.TrimPrefix(line, w.indent) }

// broken reports whether a line, of which last is the last part so far, goes on
// in the next one.
func (w *wrapped) broken(last []byte, heading bool) bool {
	if w.width == 0 && !heading && !fills(last) || bytes.HasPrefix(last, []byte("(")) { // a message, which has lines of its own
		return false
	}
	next := w.dedent(w.in.Peek())
	if len(bytes.TrimSpace(next)) == 0 || w.begins(next) || heading && bytes.ContainsAny(next, "0123456789") {
		return false // no heading has digits: what follows is a row, if of a kind that is not known
	}
	// The blanks at the end of the first part may have been lost.
	return heading || w.width == 0 || !w.joined || columns(last) == w.width
}

// fills reports whether a line is as wide as most terminals. One of other letters
// than ASCII's is left to a heading to tell.
func fills(line []byte) bool {
	return len(line) == terminal && line[0] != '\t' || len(line) == terminal-7 && line[0] == '\t'
}

// join appends a part to a line, of which last is the last part so far: blanks at
// its end may have been lost.
func (w *wrapped) join(line, last, part []byte) []byte {
	whole := append(make([]byte, 0, len(line)+len(part)+terminal), line...)
	if lost := w.width - columns(last); lost > 0 {
		whole = append(whole, bytes.Repeat([]byte{' '}, lost)...)
	}
	return append(whole, part...)
}

// columns returns how wide a line is on a terminal.
func columns(line []byte) int {
	n := 0
	for len(line) > 0 {
		r, size := utf8.DecodeRune(line)
		line = line[size:]
		if n++; r == '\t' {
			n = (n + 7) / 8 * 8
		}
	}
	return n
}
