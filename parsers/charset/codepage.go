package charset

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Decode is [Unicode], and tells the code page of a text that is neither, by
// what its letters would be: those of a wrong page make no words. The pages are
// those of consoles and editors: 850 and 437 (Western Europe, America), 866
// (Cyrillic), 932 (Japanese), 936 (Chinese), 1251 and 1252. Those of languages
// whose letters make words of anything, as 949 (Korean) and 852 (Central Europe), are
// told by words that the tools print (see spoken). Where none fits, or two fit and
// differ, the name is [Unknown] and each byte beyond ASCII becomes U+FFFD, so that
// no name is taken for another.
func Decode(raw []byte) (text []byte, name string) {
	text, name = Unicode(raw)
	if name != Unknown {
		return text, name
	}
	words := beyondASCII(text)
	if decoded, page, ok := decodeSpoken(text, words); ok {
		return []byte(decoded), page
	}
	found := ""
	for _, p := range pages() {
		decoded, ok := p.decode(text, words)
		switch {
		case !ok, p.name == "cp936" && maybeKorean(words), p.sign != nil && !p.sign(string(decoded)):
		case p.rival && (!isWestern(name) || saysWestern(text)):
		case found == "":
			found, name = string(decoded), p.name
		case found != string(decoded):
			return masked(text), Unknown
		}
	}
	if found == "" {
		return masked(text), Unknown
	}
	return []byte(found), name
}

// isWestern reports whether a page is one of western Europe.
func isWestern(name string) bool { return name == "cp850" || name == "cp437" || name == "cp1252" }

// page is a code page, and whether a word would be one of its languages'.
type page struct {
	name      string
	encoding  encoding.Encoding
	least     int // letters beyond ASCII without which nothing is told
	plausible func(raw []byte, word []rune) bool
	sign      func(text string) bool // what the whole must have besides; nil: nothing
	rival     bool                   // it is not told here, but keeps one of western Europe from it
}

func pages() []page {
	return []page{
		{name: "cp850", encoding: charmap.CodePage850, least: 1, plausible: western},
		{name: "cp437", encoding: charmap.CodePage437, least: 1, plausible: western},
		{name: "cp1252", encoding: charmap.Windows1252, least: 1, plausible: western},
		{name: "cp866", encoding: charmap.CodePage866, least: 4, plausible: cyrillic, sign: russian("ыьэюя")},
		{name: "cp1251", encoding: charmap.Windows1251, least: 4, plausible: cyrillic, sign: russian("ыя")},
		{name: "cp932", encoding: japanese.ShiftJIS, least: 4, plausible: kana},
		{name: "cp936", encoding: simplifiedchinese.GBK, least: 4, plausible: chinese},
		{name: "cp852", encoding: charmap.CodePage852, least: 1, plausible: latin, rival: true},
		{name: "cp1250", encoding: charmap.Windows1250, least: 1, plausible: latin, rival: true},
	}
}

// decode returns the text in the page, and whether each of the words is
// plausible in it.
func (p page) decode(text []byte, words [][]byte) ([]byte, bool) {
	letters := 0
	for _, w := range words {
		decoded, err := p.encoding.NewDecoder().Bytes(w)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) || !p.plausible(w, []rune(string(decoded))) {
			return nil, false
		}
		letters += len(bytes.Map(beyond, decoded))
	}
	if letters < p.least {
		return nil, false
	}
	decoded, err := p.encoding.NewDecoder().Bytes(text)
	return decoded, err == nil
}

// beyond maps a letter beyond ASCII to one byte, and drops the others.
func beyond(r rune) rune {
	if r < utf8.RuneSelf {
		return -1
	}
	return 'x'
}

// maxWords bounds how many different words a page is told by.
const maxWords = 2000

// beyondASCII returns the different words of text that are not all ASCII. A
// word ends at a blank, a line end or a quote.
func beyondASCII(text []byte) [][]byte {
	seen := map[string]bool{}
	var words [][]byte
	for at := 0; at < len(text) && len(words) < maxWords; {
		if text[at] < 0x80 {
			at++
			continue
		}
		start, end := at, at
		for start > 0 && !separator(text[start-1]) {
			start--
		}
		for end < len(text) && !separator(text[end]) {
			end++
		}
		if w := text[start:end]; !seen[string(w)] {
			seen[string(w)] = true
			words = append(words, w)
		}
		at = end
	}
	return words
}

// separator holds for bytes that are never the second of a character in a page.
func separator(b byte) bool { return b <= ' ' || b == '"' }

// masked replaces what is not ASCII by U+FFFD, a byte at a time.
func masked(text []byte) []byte {
	out := make([]byte, 0, len(text)+len(text)/4)
	for _, b := range text {
		if b < 0x80 {
			out = append(out, b)
			continue
		}
		out = utf8.AppendRune(out, utf8.RuneError)
	}
	return out
}
