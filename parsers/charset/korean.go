package charset

// maybeKorean reports whether the characters of two bytes in the words may as well be
// those of code page 949: the syllables of Korean fill the rows 0xB0 to 0xC8,
// where 936 has hanzi. Chinese of some length has others besides.
func maybeKorean(words [][]byte) bool {
	for _, w := range words {
		for i := 0; i+1 < len(w); i++ {
			if w[i] < 0x80 {
				continue
			}
			if w[i] > 0xC8 {
				return false
			}
			i++
		}
	}
	return true
}
