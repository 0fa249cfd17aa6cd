package charset

import "golang.org/x/text/width"

// Wide reports whether a console shows a letter in two cells, as it does those
// of Chinese, Japanese and Korean (Unicode Standard Annex 11).
func Wide(r rune) bool {
	k := width.LookupRune(r).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth
}
