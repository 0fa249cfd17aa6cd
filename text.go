package fleetnet

import (
	"bytes"
	"io"
	"sort"
)

// A chunk is as large as what is written, so that a short output wastes nothing,
// and at least half of what is held, so that a long one has few. Lines rarely
// straddle the largest.
const (
	minChunk = 256
	maxChunk = 64 << 10
)

// Text is the output of a command, kept as chunks of whole lines. Growing it
// never copies what it holds, and a line is found again by its number. The zero
// Text is empty and ready. It is not safe for concurrent use.
type Text struct {
	chunks [][]byte
	size   int
	firsts []int // the number of each chunk's first line, made by the first look-up
}

// Write appends p and never fails.
func (t *Text) Write(p []byte) (int, error) {
	n := len(p)
	t.size += n
	t.firsts = nil
	for len(p) > 0 {
		last := len(t.chunks) - 1
		if last < 0 || len(t.chunks[last]) == cap(t.chunks[last]) {
			t.grow(len(p))
			continue
		}
		c := t.chunks[last]
		k := min(len(p), cap(c)-len(c))
		t.chunks[last] = append(c, p[:k]...)
		p = p[k:]
	}
	return n, nil
}

// grow adds a chunk, and moves the unfinished last line into it.
func (t *Text) grow(want int) {
	last := len(t.chunks) - 1
	if last < 0 {
		t.chunks = append(t.chunks, make([]byte, 0, chunkFor(want)))
		return
	}
	full := t.chunks[last]
	cut := bytes.LastIndexByte(full, '\n') + 1
	tail := full[cut:]
	next := make([]byte, len(tail), max(chunkFor(max(len(tail)+want, t.size/2)), 2*len(tail)))
	copy(next, tail)
	if cut == 0 {
		t.chunks[last] = next
		return
	}
	t.chunks[last] = full[:cut:cut]
	t.chunks = append(t.chunks, next)
}

func chunkFor(size int) int { return min(max(size, minChunk), maxChunk) }

// ReadFrom appends all that r has, for io.Copy.
func (t *Text) ReadFrom(r io.Reader) (int64, error) {
	var total int64
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		_, _ = t.Write(buf[:n])
		total += int64(n)
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

// Len returns the number of bytes held.
func (t *Text) Len() int { return t.size }

// Line returns line n, counted from 1, without its end, or "" when there is none.
func (t *Text) Line(n int) string {
	if n < 1 {
		return ""
	}
	if t.firsts == nil {
		t.index()
	}
	i := sort.SearchInts(t.firsts, n+1) - 1
	if i < 0 {
		return ""
	}
	rest := t.chunks[i]
	for range n - t.firsts[i] {
		nl := bytes.IndexByte(rest, '\n')
		if nl < 0 {
			return ""
		}
		rest = rest[nl+1:]
	}
	line, _, _ := bytes.Cut(rest, []byte{'\n'})
	return string(bytes.TrimSuffix(line, []byte{'\r'}))
}

func (t *Text) index() {
	t.firsts = make([]int, 0, len(t.chunks))
	n := 1
	for _, c := range t.chunks {
		t.firsts = append(t.firsts, n)
		n += bytes.Count(c, []byte{'\n'})
	}
}

// Bytes returns everything in one piece, copied unless it is one piece already.
func (t *Text) Bytes() []byte {
	if len(t.chunks) == 1 {
		return t.chunks[0]
	}
	return bytes.Join(t.chunks, nil)
}
