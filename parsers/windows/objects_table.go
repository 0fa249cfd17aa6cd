package windows

import (
	"strings"

	"github.com/fleetnet/fleetnet/parsers/charset"
)

// column is a column of a table of PowerShell, in characters: where the ruler
// below its name begins and ends.
type column struct {
	name       string
	start, end int
}

// columnsAt returns the columns of a heading, which narrow consoles wrap inside of
// its columns, and its ruler.
func columnsAt(headings []string, ruler string) []column {
	marks := []rune(ruler)
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
		for _, h := range headings {
			if line := []rune(h); start < len(line) {
				name += strings.TrimSpace(string(line[start:min(i, len(line))]))
			}
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

// wrapped reports whether the line is a part of a heading that goes on below:
//
//	LocalAddress LocalPort State  OwningPr
//	                              ocess
//	------------ --------- -----  --------
func (r *objectReader) wrapped(line []byte) bool {
	next := r.in.Peek()
	if len(next) == 0 || next[0] != ' ' || len(r.above) > 0 && line[0] != ' ' || !letters(line) || !letters(next) {
		r.above = nil
		return false
	}
	known := len(r.above) > 0
	for _, word := range strings.Fields(string(line)) {
		known = known || properties[strings.ToLower(word)]
	}
	return known
}

// letters reports whether the words of a line can be names, or parts of them.
func letters(line []byte) bool {
	return !strings.ContainsFunc(string(line), func(r rune) bool { return notOfName(r) || r >= '0' && r <= '9' })
}

// table reads a row. Text begins where its column does and numbers end where it
// ends; either may reach into the gap beside it, so that two values part at
// the last blank in the gap.
//
//	ifIndex DestinationPrefix                              NextHop                                  RouteMetric ifMetric PolicyStore
//	------- -----------------                              -------                                  ----------- -------- -----------
//	12      255.255.255.255/32                             0.0.0.0                                          256 25       ActiveStore
//
// A console counts letters of full width twice, a file once: the way in which
// more values stand at an end of their columns is taken.
func (r *objectReader) table(line []byte) {
	text := []rune(string(line))
	values, fit := r.parted(text)
	if cells := inCells(text); len(cells) > len(text) {
		if wide, better := r.parted(cells); better >= fit {
			values = wide
		}
	}
	if values == nil {
		return // the values run into each other: not understood
	}
	r.hand(&object{keys: r.keys, values: values, ref: r.in.Ref(), table: true})
}

// secondCell stands in the second cell of a letter of full width.
const secondCell = -1

// inCells returns the letters in the cells of a console.
func inCells(text []rune) []rune {
	var cells []rune
	for _, r := range text {
		cells = append(cells, r)
		if charset.Wide(r) {
			cells = append(cells, secondCell)
		}
	}
	return cells
}

// parted returns the values of a row, and how many of them begin or end where
// their columns do; none when the values run into each other.
func (r *objectReader) parted(text []rune) (values []string, fit int) {
	values = make([]string, len(r.columns))
	from := 0
	for i, c := range r.columns {
		to := len(text)
		if i+1 < len(r.columns) {
			to = parting(text, c.end, r.columns[i+1].start)
		}
		if to < from {
			return nil, -1
		}
		values[i] = strings.TrimSpace(withoutCells(text[min(from, len(text)):min(to, len(text))]))
		if values[i] != "" && (edge(text, c.start-1, c.start) || edge(text, c.end, c.end-1)) {
			fit++
		}
		from = to
	}
	return values, fit
}

// edge reports whether there is no letter at one place and one beside it.
func edge(text []rune, none, one int) bool {
	return (none < 0 || none >= len(text) || text[none] == ' ') && one >= 0 && one < len(text) && text[one] != ' '
}

func withoutCells(text []rune) string {
	var b strings.Builder
	for _, r := range text {
		if r != secondCell {
			b.WriteRune(r)
		}
	}
	return b.String()
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
