package runner

import (
	"bytes"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/fleetnet/fleetnet"
)

const (
	// maxSections bounds the sections of a host; a script of ours has fewer.
	maxSections = 1000
	// maxStderr bounds what is kept of a section's standard error.
	maxStderr = 4 << 10
)

// section is what one command printed.
type section struct {
	Probe    string
	User     string // as whom it ran: root, user, or through sudo, doas, su
	Status   int    // exit status; -1 until it is known
	Text     *fleetnet.Text
	Stderr   []byte // its first 4 KiB
	Duration time.Duration
	Complete bool // the end frame came

	stderrDone bool
}

// blank reports whether the command printed nothing.
func (s *section) blank() bool { return len(bytes.TrimSpace(s.Text.Bytes())) == 0 }

// answer is what a host said, by section. Its two streams may be written to
// concurrently; everything else belongs to one goroutine.
type answer struct {
	stdout, stderr *framer

	mu       sync.Mutex // guards sections, and the fields of one that the other stream sets
	sections []*section
	skips    []skip
	done     bool          // the done frame came on standard output
	errDone  chan struct{} // closed when it came on standard error

	outStream, errStream answerStream
}

// skip is an alternative that was not tried.
type skip struct{ Probe, Why string }

func newAnswer(nonce string) *answer {
	a := &answer{errDone: make(chan struct{})}
	a.outStream, a.errStream = answerStream{a: a}, answerStream{a: a, isErr: true}
	a.stdout, a.stderr = newFramer(nonce, &a.outStream), newFramer(nonce, &a.errStream)
	return a
}

// next returns section n once both streams have ended it, or nil.
func (a *answer) next(n int) *section {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n < len(a.sections) && a.sections[n].Complete && a.sections[n].stderrDone {
		return a.sections[n]
	}
	return nil
}

// started reports whether a section has begun on standard output.
func (a *answer) started() bool { return a.outStream.n > 0 }

// last returns the section that began last on standard output, or nil.
func (a *answer) last() *section {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.outStream.n == 0 {
		return nil
	}
	return a.sections[a.outStream.n-1]
}

// close ends both streams. A last line without an end that belongs to a
// section is dropped: it may be half of a row.
func (a *answer) close() {
	a.stdout.close(a.outStream.open == nil)
	a.stderr.close(true)
}

// notes tells of what stood outside of any frame.
func (a *answer) notes() []string {
	return append(a.outStream.noise.notes("standard output"), a.errStream.noise.notes("standard error")...)
}

// at returns the n-th section, which the stream that is ahead creates.
func (a *answer) at(n int) *section {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n == len(a.sections) {
		a.sections = append(a.sections, &section{Status: -1, Text: new(fleetnet.Text)})
	}
	return a.sections[n]
}

// answerStream is one of the two streams of an answer.
type answerStream struct {
	a     *answer
	isErr bool
	n     int // sections begun
	open  *section
	over  bool // the done frame came
	noise noise
}

func (s *answerStream) text(p []byte) {
	switch {
	case s.over: // what a logout script prints need not arrive
	case s.open == nil:
		s.noise.write(p)
	case s.isErr:
		s.open.Stderr = append(s.open.Stderr, p[:min(len(p), maxStderr-len(s.open.Stderr))]...)
	default:
		_, _ = s.open.Text.Write(p)
	}
}

func (s *answerStream) frame(words []string) {
	s.noise.partial = false
	if len(words) == 0 || s.over {
		return
	}
	switch args := words[1:]; words[0] {
	case "begin":
		s.begin(args)
	case "end":
		s.end(args)
	case "skip":
		s.skip(args)
	case "granted":
		s.granted()
	case "done":
		s.done()
	}
}

func (s *answerStream) begin(args []string) {
	s.open = nil // one without an end stays incomplete
	if len(args) != 2 || s.n >= maxSections {
		return
	}
	s.open = s.a.at(s.n)
	s.n++
	if !s.isErr {
		s.a.mu.Lock()
		s.open.Probe, s.open.User = args[0], args[1]
		s.a.mu.Unlock()
	}
}

func (s *answerStream) end(args []string) {
	sec := s.open
	s.open = nil
	if sec == nil || len(args) != 3 {
		return
	}
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	if s.isErr {
		sec.stderrDone = true
		return
	}
	status, err := strconv.Atoi(args[1])
	if err != nil || args[0] != sec.Probe {
		return
	}
	sec.Status, sec.Complete = status, true
	if cs, err := strconv.ParseInt(args[2], 10, 32); err == nil && cs > 0 {
		sec.Duration = time.Duration(cs) * 10 * time.Millisecond
	}
}

// granted drops what su said before the section's command ran: its prompt.
func (s *answerStream) granted() {
	switch {
	case s.open == nil:
	case s.isErr:
		s.open.Stderr = s.open.Stderr[:0]
	default:
		s.open.Text = new(fleetnet.Text)
	}
}

func (s *answerStream) skip(args []string) {
	if !s.isErr && len(args) == 2 && len(s.a.skips) < maxSections {
		s.a.skips = append(s.a.skips, skip{args[0], args[1]})
	}
}

func (s *answerStream) done() {
	if s.over {
		return
	}
	s.open, s.over = nil, true
	if s.isErr {
		close(s.a.errDone)
		return
	}
	s.a.done = true
}

// noise is what a host printed outside of any frame.
type noise struct {
	lines   int
	partial bool   // the last line has not ended yet
	muted   bool   // and is none that tells anything
	first   []byte // of the first line that is not blank
}

const (
	maxNoise = 160
	blanks   = " \t\r\v\f"
)

func (n *noise) write(p []byte) {
	for len(p) > 0 {
		line, rest, ended := bytes.Cut(p, []byte{'\n'})
		n.add(line)
		if ended {
			n.partial = false
		}
		p = rest
	}
}

// add takes the next piece of a line.
func (n *noise) add(piece []byte) {
	if !n.partial {
		if piece = bytes.TrimLeft(piece, blanks); len(piece) == 0 {
			return
		}
		n.partial = true
		if n.muted = isCLIXML(piece); !n.muted {
			n.lines++
		}
	}
	if n.lines == 1 && !n.muted {
		n.first = append(n.first, piece[:min(len(piece), maxNoise-len(n.first))]...)
	}
}

// isCLIXML reports whether a line is of the objects, progress mostly, that
// PowerShell writes to a standard error that is no terminal.
func isCLIXML(line []byte) bool {
	return bytes.HasPrefix(line, []byte("#< CLIXML")) || bytes.HasPrefix(line, []byte("<Objs Version="))
}

func (n *noise) notes(stream string) []string {
	switch {
	case n.lines == 0:
		return nil
	case n.lines == 1:
		return []string{fmt.Sprintf("1 line outside of any frame was dropped from %s: %s", stream, fleetnet.Quote(bytes.TrimRight(n.first, blanks)))}
	}
	return []string{fmt.Sprintf("%d lines outside of any frame were dropped from %s, the first: %s", n.lines, stream, fleetnet.Quote(bytes.TrimRight(n.first, blanks)))}
}
