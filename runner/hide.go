package runner

import (
	"bytes"
	"io"
	"strings"
)

const (
	hidden = "(hidden)"
	// minHidden is how long a password must be to be hidden: a shorter one is
	// bound to occur by itself, and hiding it there would tell it.
	minHidden = 4
)

// hiding returns the session with the password hidden wherever the host prints
// it, as it is or as the script has it, so that nothing that is kept holds it.
// That costs nothing without a password. One that is a word of the script's
// own answer stays: hiding it would tell it, and break the answer.
func hiding(s *session, nonce string, p *plan, password string) *session {
	if len(password) < minHidden || strings.Contains(nonce, password) || strings.Contains(p.words, password) {
		return s
	}
	words := [][]byte{[]byte(password)}
	if encoded := encodePassword(password); string(encoded) != password {
		words = append(words, encoded)
	}
	h := *s
	h.stdout, h.stderr = &hider{from: s.stdout, words: words}, &hider{from: s.stderr, words: words}
	return &h
}

// hider reads a stream in which words are replaced, whatever the pieces in
// which it comes.
type hider struct {
	from  io.Reader
	words [][]byte
	in    []byte // read, and not looked at yet: what may be the beginning of a word
	room  []byte // that out lies in
	out   []byte // to be passed on
	err   error
}

func (h *hider) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(h.out) == 0 && h.err == nil {
		n, err := h.from.Read(p)
		h.in, h.err = append(h.in, p[:n]...), err
		h.replace()
	}
	if len(h.out) == 0 {
		return 0, h.err
	}
	n := copy(p, h.out)
	h.out = h.out[n:]
	return n, nil
}

// replace moves what is known to be no beginning of a word from in to out.
func (h *hider) replace() {
	rest, out := h.in, h.room[:0]
	for i, w := h.find(rest); i >= 0; i, w = h.find(rest) {
		out = append(append(out, rest[:i]...), hidden...)
		rest = rest[i+w:]
	}
	cut := len(rest)
	if h.err == nil {
		cut -= h.begun(rest)
	}
	h.room = append(out, rest[:cut]...)
	h.out = h.room
	h.in = append(h.in[:0], rest[cut:]...)
}

// find returns where the first word stands and how long it is, or -1.
func (h *hider) find(p []byte) (at, length int) {
	at = -1
	for _, w := range h.words {
		if i := bytes.Index(p, w); i >= 0 && (at < 0 || i < at || i == at && len(w) > length) {
			at, length = i, len(w)
		}
	}
	return at, length
}

// begun returns how many bytes at the end of p may be the beginning of a word.
func (h *hider) begun(p []byte) int {
	longest := 0
	for _, w := range h.words {
		for n := min(len(p), len(w)-1); n > longest; n-- {
			if bytes.HasSuffix(p, w[:n]) {
				longest = n
			}
		}
	}
	return longest
}
