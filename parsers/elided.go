package parsers

import (
	"bytes"
	"strings"
)

// withoutElisions returns a text whose lines of nothing but dots are blank, and
// whether there was one: people set them for what they left out.
//
//	tcp        0      0 0.0.0.0:22              0.0.0.0:*               LISTEN
//	...
//	[...]
func withoutElisions(text []byte) ([]byte, bool) {
	if !bytes.Contains(text, []byte("...")) && !bytes.Contains(text, []byte("…")) {
		return text, false
	}
	lines, found := bytes.SplitAfter(text, []byte("\n")), false
	for i, line := range lines {
		if elides(string(line)) {
			lines[i], found = []byte("\n"), true
		}
	}
	if !found {
		return text, false
	}
	return bytes.Join(lines, nil), true
}

// maxElision bounds how long such a line is.
const maxElision = 40

func elides(line string) bool {
	if len(line) > maxElision {
		return false
	}
	dots := strings.Trim(line, " \t\r\n[]()<>#/*")
	return dots == "…" || len(dots) > 2 && strings.Trim(dots, ".") == ""
}
