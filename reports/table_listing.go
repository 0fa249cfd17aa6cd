package reports

import (
	"io"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// sampled is how many rows the widths of columns are taken from. A cell of
// another row that is wider pushes what follows it, as in the output of ss.
const sampled = 20_000

// tableListing writes aligned columns without rules: the host, then the
// fields. "?" is what is not known, "-" what the row does not have.
func tableListing(w io.Writer, l *fleetnet.Listing, o Options) error {
	header := []string{fleetnet.HostKey}
	for _, f := range l.Columns {
		header = append(header, f.Name)
	}
	return writeGrid(w, header, len(l.Rows), func(row int, cells []string) {
		cells[0] = fleetnet.Printable(l.Rows[row].Host)
		for i, f := range l.Columns {
			cells[i+1] = shown(l.Rows[row].Value(f))
		}
	}, o)
}

// tableCounts writes the counts, then what they count.
func tableCounts(w io.Writer, c *fleetnet.Counts, o Options) error {
	header := []string{"count"}
	for _, f := range c.Fields {
		header = append(header, f.Name)
	}
	return writeGrid(w, header, len(c.Groups), func(row int, cells []string) {
		cells[0] = strconv.Itoa(c.Groups[row].N)
		for i, v := range c.Groups[row].Values {
			cells[i+1] = shown(v)
		}
	}, o)
}

// shown returns a value as a cell.
func shown(v fleetnet.Value) string {
	if !v.Known() {
		return "?"
	}
	if text := fleetnet.Printable(v.String()); text != "" {
		return text
	}
	return "-"
}

// writeGrid writes rows of cells, aligned, under a heading. It asks for each
// row when it writes it, and for some before that.
func writeGrid(w io.Writer, header []string, rows int, fill func(row int, cells []string), o Options) error {
	p := newPage(w, o)
	cells := make([]string, len(header))
	widths := make([]int, len(header))
	for i, h := range header {
		header[i] = strings.ToUpper(h)
		widths[i] = len(h)
	}
	for row := 0; row < rows; row += rows/sampled + 1 {
		fill(row, cells)
		for i, c := range cells {
			widths[i] = max(widths[i], columns(c))
		}
	}
	shrink(widths, o.Width)
	p.cells(dim, header, widths)
	for row := range rows {
		fill(row, cells)
		p.cells(plain, cells, widths)
	}
	return p.close()
}

// leastColumn is how narrow a column may get: an address is never cut. What
// does not fit then is left to the terminal, as ss does.
const leastColumn = len("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")

// shrink narrows the widest columns until all fit into the page, as far as
// that can be done.
func shrink(widths []int, page int) {
	total := 2 * (len(widths) - 1)
	for _, n := range widths {
		total += n
	}
	for page > 0 && total > page {
		widest := 0
		for i, n := range widths {
			if n > widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= leastColumn {
			return
		}
		widths[widest]--
		total--
	}
}

// cells writes one line of a grid: in a page of a given width each cell is cut
// to its column, else it is as long as it is.
func (p *page) cells(s style, cells []string, widths []int) {
	for i, c := range cells {
		if p.width > 0 {
			c = cut(c, widths[i])
		}
		p.print(s, c)
		if i+1 < len(cells) {
			p.blanks(widths[i] - columns(c) + 2)
		}
	}
	p.newline()
}
