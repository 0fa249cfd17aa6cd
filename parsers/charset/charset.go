// Package charset turns the bytes of a file or of a remote command into UTF-8
// text, whatever program on whatever Windows wrote them: UTF-16 (`>` of
// PowerShell 5), UTF-8 with a mark, or one of the code pages of consoles. It is
// to be asked before the text is cut into lines.
package charset

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// The names of the encodings that are told by a mark or by their zero bytes.
const (
	UTF8    = "utf-8"
	UTF16LE = "utf-16le"
	UTF16BE = "utf-16be"
	// Unknown is the name of a code page that could not be told.
	Unknown = "unknown"
)

// Unicode returns raw as UTF-8 where it is UTF-16, with or without a mark, or
// UTF-8 with a mark, and the name of the encoding. Any other text comes back as
// it is, with the name UTF8 when it is valid and with Unknown when it is not.
// The result shares raw's memory when nothing had to be changed.
func Unicode(raw []byte) (text []byte, name string) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xEF, 0xBB, 0xBF}):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}):
		return fromUTF16(raw[2:], little), UTF16LE
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return fromUTF16(raw[2:], big), UTF16BE
	default:
		if order := unmarked(raw); order == little {
			return fromUTF16(raw, little), UTF16LE
		} else if order == big {
			return fromUTF16(raw, big), UTF16BE
		}
	}
	if !utf8.Valid(raw) {
		return raw, Unknown
	}
	return raw, UTF8
}

// order is the order of the two bytes of a unit of UTF-16.
type order int

const (
	neither order = iota
	little
	big
)

// sample is how much of a text is looked at to tell UTF-16 without a mark.
const sample = 4096

// unmarked tells UTF-16 without a mark by the zero bytes of its blanks, digits
// and line ends, which are all on one side.
func unmarked(raw []byte) order {
	if len(raw) < 4 || len(raw)%2 != 0 && len(raw) < sample {
		return neither
	}
	head := raw[:min(len(raw), sample)]
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	units := len(head) / 2
	switch {
	case zeros[1] > units/4 && zeros[0] == 0:
		return little
	case zeros[0] > units/4 && zeros[1] == 0:
		return big
	}
	return neither
}

// fromUTF16 decodes units; half a unit at the end, and half a pair of units,
// become U+FFFD.
func fromUTF16(raw []byte, o order) []byte {
	out := make([]byte, 0, len(raw)/2+len(raw)/8)
	unit := func(i int) rune {
		if o == little {
			return rune(raw[i]) | rune(raw[i+1])<<8
		}
		return rune(raw[i])<<8 | rune(raw[i+1])
	}
	i := 0
	for ; i+1 < len(raw); i += 2 {
		r := unit(i)
		if utf16.IsSurrogate(r) {
			pair := rune(utf8.RuneError)
			if i+3 < len(raw) {
				pair = utf16.DecodeRune(r, unit(i+2))
			}
			if r = pair; pair != utf8.RuneError {
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	if i < len(raw) {
		out = utf8.AppendRune(out, utf8.RuneError)
	}
	return out
}
