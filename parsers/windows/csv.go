package windows

import "strings"

// cutCSV cuts a line of CSV as Windows writes it: fields in quotes, quotes in
// them doubled. It reports whether the quotes are closed.
func cutCSV(line string, comma byte) ([]string, bool) { return appendCSV(nil, line, comma) }

// appendCSV is cutCSV into memory that is there.
func appendCSV(cells []string, line string, comma byte) ([]string, bool) {
	for {
		cell, rest, ok := cell(line, comma)
		if !ok {
			return nil, false
		}
		cells = append(cells, cell)
		if rest == "" {
			return cells, true
		}
		line = rest[1:]
	}
}

// cell returns the first field, and what follows from the comma on.
func cell(line string, comma byte) (value, rest string, ok bool) {
	if line == "" || line[0] != '"' {
		if i := strings.IndexByte(line, comma); i >= 0 {
			return line[:i], line[i:], true
		}
		return line, "", true
	}
	doubled := false
	for i := 1; i < len(line); i++ {
		if line[i] != '"' {
			continue
		}
		if i+1 < len(line) && line[i+1] == '"' {
			i, doubled = i+1, true
			continue
		}
		if value, rest = line[1:i], line[i+1:]; doubled {
			value = strings.ReplaceAll(value, `""`, `"`)
		}
		return value, rest, rest == "" || rest[0] == comma
	}
	return "", "", false
}
