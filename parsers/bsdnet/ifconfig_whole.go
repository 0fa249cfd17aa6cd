package bsdnet

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fleetnet/fleetnet/parsers/field"
)

// ifconfigTerminal is the width from which on a line may have been broken.
const ifconfigTerminal = 76

// whole returns the current line, put together with those that carry it on
// where a terminal broke it at its width:
//
//		inet6 2001:db8::85 prefixlen 64 autoconf pltime 6044
//	80 vltime 2591680
//
// Left alone, the first part may end within a number and read as another one.
// whole returns nil where reading stopped before the last part.
func (r *ifconfigReader) whole() []byte {
	line := r.in.Text()
	joined := false
	for last := line; r.broken(last); last = r.in.Text() {
		r.in.Row()
		if !r.in.Next() {
			return nil
		}
		if !joined {
			joined, line = true, bytes.Clone(line)
		}
		if slices.Contains(addressEnds, string(lastWord(last))) {
			line = append(line, ' ') // a blank at the end is lost in many a paste
		}
		line = append(line, r.in.Text()...)
	}
	return line
}

// broken reports whether the next line carries on the one that ended in last: it
// stands at the margin and closes what is open there, or holds nothing but what
// an address or a heading may end in.
func (r *ifconfigReader) broken(last []byte) bool {
	next := r.in.Peek()
	if displayed(last) < ifconfigTerminal || len(next) == 0 || next[0] == ' ' || next[0] == '\t' {
		return false
	}
	if bytes.LastIndexByte(last, '<') > bytes.LastIndexByte(last, '>') {
		return bytes.IndexByte(next, '>') >= 0 && !bytes.Contains(next, []byte(": "))
	}
	for i, word := range bytes.Fields(next) {
		if !isAddressEnd(word, i == 0) {
			return false
		}
	}
	return true
}

// isAddressEnd reports whether a word may stand in the end of a line of an
// address or of a heading; first says that its beginning may be missing.
func isAddressEnd(word []byte, first bool) bool {
	if _, ok := field.Hex(bytes.TrimPrefix(word, []byte("0x"))); ok {
		return true
	}
	if _, _, ok := field.Addr(word); ok {
		return true
	}
	return slices.ContainsFunc(addressEnds, func(w string) bool {
		return string(word) == w || first && strings.HasSuffix(w, string(word))
	})
}

var addressEnds = []string{
	"prefixlen", "scopeid", "autoconf", "pltime", "vltime", "infty", "temporary", "deprecated", "tentative", "duplicated", "detached", "anycast",
	"secured", "dynamic", "prefer_source", "no_dad", "netmask", "broadcast", "vhid", "metric", "mtu",
}

func lastWord(line []byte) []byte { return line[bytes.LastIndexAny(line, " \t")+1:] }

// displayed returns how many columns a line takes; tabs stop at every eighth.
func displayed(line []byte) int {
	n := 0
	for len(line) > 0 {
		ch, size := utf8.DecodeRune(line)
		if n++; ch == '\t' {
			n = (n + 7) &^ 7
		}
		line = line[size:]
	}
	return n
}
