package field

import (
	"math"
	"strconv"
)

// Thousandths reads a decimal number that is all of b, as printf writes it with
// %g or %f, in thousandths: "204" is 204000, "0.034" is 34, "1.2e+06" is
// 1200000000. Digits beyond the third decimal are cut off. Negative numbers and
// numbers beyond 2^53 are not read.
func Thousandths(b []byte) (int64, bool) {
	var n int64
	decimals := -1
	for i, ch := range b {
		switch {
		case isDigit(ch) && decimals < 3:
			if n = n*10 + int64(ch-'0'); n > 1<<50 {
				return 0, false
			}
			if decimals >= 0 {
				decimals++
			}
		case isDigit(ch):
		case ch == '.' && decimals < 0 && i > 0:
			decimals = 0
		default:
			return scientific(b)
		}
	}
	if len(b) == 0 || b[len(b)-1] == '.' {
		return 0, false
	}
	for d := max(decimals, 0); d < 3; d++ {
		n *= 10
	}
	return n, true
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// scientific reads what Thousandths does not read by itself: an exponent.
func scientific(b []byte) (int64, bool) {
	if len(b) > 32 || !isDigit(b[0]) {
		return 0, false
	}
	for _, ch := range b {
		if !isDigit(ch) && ch != '.' && ch != 'e' && ch != '+' && ch != '-' {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil || f < 0 || f > 1<<50/1000 {
		return 0, false
	}
	return int64(math.Round(f * 1000)), true
}
