package inventory

import "strings"

// splitTerms splits a limit at its commas and colons, those within brackets and
// those of addresses apart, and trims blanks.
func splitTerms(s string) []string {
	var out []string
	for {
		n := termLength(s)
		out = append(out, strings.TrimSpace(s[:n]))
		if n == len(s) {
			return out
		}
		s = s[n+1:]
	}
}

// termLength returns how much of s its first term is.
func termLength(s string) int {
	body := strings.TrimLeft(s, " \t&!")
	if strings.HasPrefix(body, "~") {
		return len(s) - len(body) + outside(body, ",:", "[({", "])}")
	}
	n := outside(s, ",", "[", "]")
	if isAddressPattern(strings.TrimSpace(strings.TrimLeft(s[:n], " \t&!"))) {
		return n
	}
	return outside(s[:n], ":", "[", "]")
}

// outside returns the index of the first of seps in s that is not within
// brackets, or the length of s. A backslash of a regular expression takes the
// meaning of what follows.
func outside(s, seps, open, closing string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case strings.IndexByte(open, c) >= 0:
			depth++
		case strings.IndexByte(closing, c) >= 0:
			depth--
		case depth <= 0 && strings.IndexByte(seps, c) >= 0:
			return i
		}
	}
	return len(s)
}

// isAddressPattern reports whether s is an IPv6 address, or like one with
// wildcards or ranges in it: fd00::*, fd00::[1-3].
func isAddressPattern(s string) bool {
	if isAddr6(s) {
		return true
	}
	s, _, _ = strings.Cut(s, "%")
	return strings.Contains(s, "::") && strings.Trim(s, "0123456789abcdefABCDEF:.*?[]-,") == ""
}
