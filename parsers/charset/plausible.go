package charset

import (
	"strings"
	"unicode"
)

// The letters of the languages of western Europe, and the marks that their
// consoles print beside them. Those that a wrong page makes of other letters
// (þ, ÿ, Õ in the middle of a word) are the rarer ones.
const (
	westernLower = "äöüßéèêëàâçîïôûùñáíóúãõåæøìòœ"
	westernUpper = "ÄÖÜÉÈÊÀÂÇÎÔÛÑÁÍÓÚÃÕÅÆØŒ"
	westernMarks = "ºª°§®©™«»¿¡’‘“”„–—…€£·\u00a0"
)

// western holds for a word of ASCII and a few letters with accents, whose case
// fits that of their neighbours: a wrong page makes capitals of small letters.
func western(_ []byte, word []rune) bool {
	return accented(word, func(r rune) bool { return strings.ContainsRune(westernLower, r) }, func(r rune) bool { return strings.ContainsRune(westernUpper, r) })
}

// latin is western for all Latin letters.
func latin(_ []byte, word []rune) bool {
	return accented(word, func(r rune) bool { return unicode.Is(unicode.Latin, r) && unicode.IsLower(r) }, func(r rune) bool { return unicode.Is(unicode.Latin, r) && unicode.IsUpper(r) })
}

func accented(word []rune, lower, upper func(rune) bool) bool {
	run := 0
	for i, r := range word {
		switch {
		case r < 0x80:
			run = 0
			continue
		case strings.ContainsRune(westernMarks, r):
			if letterAt(word, i-1) && letterAt(word, i+1) && r != '’' && r != '·' {
				return false
			}
			continue
		case lower(r):
			if upperAt(word, i-1) && upperAt(word, i+1) {
				return false
			}
		case !upper(r), lowerAt(word, i-1), lowerAt(word, i+1) && letterAt(word, i-1):
			return false
		}
		if run++; run > 2 {
			return false
		}
	}
	return true
}

func letterAt(word []rune, i int) bool { return i >= 0 && i < len(word) && unicode.IsLetter(word[i]) }
func upperAt(word []rune, i int) bool  { return i >= 0 && i < len(word) && unicode.IsUpper(word[i]) }
func lowerAt(word []rune, i int) bool  { return i >= 0 && i < len(word) && unicode.IsLower(word[i]) }

// cyrillic holds for a word whose letters beyond ASCII are Cyrillic, in runs
// that no Latin letter touches and of which no capital follows a small letter.
func cyrillic(_ []byte, word []rune) bool {
	for i, r := range word {
		switch {
		case r < 0x80:
		case r == '№' || r == '«' || r == '»' || r == '–' || r == '—' || r == '\u00a0':
			if letterAt(word, i-1) && letterAt(word, i+1) {
				return false
			}
		case !unicode.Is(unicode.Cyrillic, r), latinAt(word, i-1), latinAt(word, i+1),
			unicode.IsUpper(r) && lowerAt(word, i-1):
			return false
		}
	}
	return true
}

// russian returns a function that holds for a text with one of the letters inside
// of a word, or a word that the tools print. Hebrew and Greek, which lie on the
// same bytes as Cyrillic, have none of those letters there.
func russian(letters string) func(string) bool {
	return func(text string) bool {
		before := ' '
		for _, r := range text {
			if strings.ContainsRune(letters, r) && unicode.Is(unicode.Cyrillic, before) && unicode.IsLower(before) {
				return true
			}
			before = r
		}
		return strings.Contains(text, "Подключение") || strings.Contains(text, "адаптер")
	}
}

func latinAt(word []rune, i int) bool {
	return i >= 0 && i < len(word) && word[i] < 0x80 && unicode.IsLetter(word[i])
}

// kana holds for a word of Japanese: kana of full width, kanji and marks of full
// width. One character alone between Latin letters is a letter with an accent.
func kana(_ []byte, word []rune) bool {
	for i, r := range word {
		switch {
		case r < 0x80:
			continue
		case unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) && !halfWidth(r), r == 'ー', r >= 0x3001 && r <= 0x3011, r >= 0xFF01 && r <= 0xFF5E:
		default:
			return false
		}
		if latinAt(word, i-1) && (latinAt(word, i+1) || i+1 == len(word)) || i == 0 && latinAt(word, 1) && !unicode.In(r, unicode.Hiragana, unicode.Katakana) {
			return false
		}
	}
	return true
}

func halfWidth(r rune) bool { return r >= 0xFF61 && r <= 0xFF9F }

// chinese holds for a word whose characters of two bytes are all in the part of
// GBK that GB 2312 filled: its symbols and its hanzi. The bytes of other pages'
// letters seldom are. Hangul of code page 949 lies in the first 25 rows of the
// hanzi, so a word that has only those does not tell the page (see [Decode]).
func chinese(raw []byte, word []rune) bool {
	for i := 0; i < len(raw); i++ {
		if raw[i] < 0x80 {
			continue
		}
		if i+1 >= len(raw) || raw[i+1] < 0xA1 || raw[i+1] == 0xFF {
			return false
		}
		if lead := raw[i]; lead < 0xA1 || lead > 0xF7 || lead > 0xA3 && lead < 0xB0 {
			return false
		}
		i++
	}
	for i, r := range word {
		if r >= 0x80 && latinAt(word, i-1) && latinAt(word, i+1) {
			return false
		}
	}
	return true
}
