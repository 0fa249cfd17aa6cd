package windows

import "strings"

// column is a column of a table of PowerShell, in characters: where the ruler
// below its name begins and ends.
type column struct {
	name       string
	start, end int
}

// columnsAt returns the columns of a heading and its ruler.
func columnsAt(heading, ruler []byte) []column {
	names, marks := []rune(string(heading)), []rune(string(ruler))
	var columns []column
	for i := 0; i < len(marks); i++ {
		if marks[i] != '-' {
			continue
		}
		start := i
		for i < len(marks) && marks[i] == '-' {
			i++
		}
		name := ""
		if start < len(names) {
			name = strings.TrimSpace(string(names[start:min(i, len(names))]))
		}
		columns = append(columns, column{name, start, i})
	}
	return columns
}

func columnNames(columns []column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

// table reads a row. Text begins where its column does and numbers end where it
// ends; either may reach into the gap beside it, so that two values part at
// the last blank in the gap.
//
//	ifIndex DestinationPrefix                              NextHop                                  RouteMetric ifMetric PolicyStore
//	------- -----------------                              -------                                  ----------- -------- -----------
//	12      255.255.255.255/32                             0.0.0.0                                          256 25       ActiveStore
func (r *objectReader) table(line []byte) {
	text := []rune(string(line))
	values := make([]string, len(r.columns))
	from := 0
	for i := range r.columns {
		to := len(text)
		if i+1 < len(r.columns) {
			to = parting(text, r.columns[i].end, r.columns[i+1].start)
		}
		if to < from {
			return // the values run into each other: not understood
		}
		values[i] = strings.TrimSpace(string(text[min(from, len(text)):min(to, len(text))]))
		from = to
	}
	r.hand(&object{keys: r.keys, values: values, ref: r.in.Ref()})
}

// parting returns where the values of two columns part, between the end of one
// ruler and the start of the next, or -1.
func parting(text []rune, end, start int) int {
	if start > len(text) {
		return max(len(text), end)
	}
	for i := start - 1; i >= end; i-- {
		if text[i] == ' ' {
			return i
		}
	}
	return -1
}
