package reports

import (
	"bufio"
	"io"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// style is how text looks: the parameters of an ANSI SGR sequence (ECMA-48).
type style string

// The styles of the format "table": few, and none that carries meaning alone.
const (
	plain   style = ""
	bold    style = "1"
	dim     style = "2"
	red     style = "1;31"
	yellow  style = "1;33"
	blue    style = "1;36"
	magenta style = "1;35"
	green   style = "32"
)

// page writes lines for people. The first error sticks.
type page struct {
	w     *bufio.Writer
	color bool
	width int
}

func newPage(w io.Writer, o Options) *page {
	return &page{w: bufio.NewWriterSize(w, 32<<10), color: o.Color, width: o.Width}
}

// close writes what is buffered and returns the first error.
func (p *page) close() error { return p.w.Flush() }

// print writes text in a style.
func (p *page) print(s style, text string) {
	if !p.color || s == plain || text == "" {
		_, _ = p.w.WriteString(text)
		return
	}
	_, _ = p.w.WriteString("\x1b[" + string(s) + "m" + text + "\x1b[0m")
}

func (p *page) blanks(n int) {
	for range n {
		_ = p.w.WriteByte(' ')
	}
}

func (p *page) newline() { p.print(plain, "\n") }

// minText is the least width that text is wrapped to beside something else.
const minText = 24

// flow writes text from column col on, where the cursor is, wrapped to the
// page with the further lines under the first, and ends the line. Of more than
// most lines (0: no bound) the last is cut.
func (p *page) flow(col int, s style, text string, most int) {
	lines := []string{strings.Join(strings.Fields(text), " ")}
	if p.width > 0 {
		lines = wrap(text, max(p.width-col, minText))
	}
	for i, line := range lines {
		if i > 0 {
			p.blanks(col)
		}
		if i+1 == most && i+1 < len(lines) {
			p.print(s, cut(line+" "+lines[i+1], max(p.width-col, minText)))
			p.newline()
			return
		}
		p.print(s, line)
		p.newline()
	}
	if len(lines) == 0 {
		p.newline()
	}
}

// labeled writes `label: text` with an indent.
func (p *page) labeled(indent int, label, text string) {
	if text == "" {
		return
	}
	p.blanks(indent)
	p.print(dim, label+": ")
	p.flow(indent+columns(label)+2, plain, fleetnet.Printable(text), 0)
}

// hostColumn is the widest that hosts get beside their text.
func (p *page) hostColumn() int {
	if p.width == 0 {
		return 40
	}
	return min(40, p.width*2/5)
}

// beside returns the width of the column for the hosts texts: the longest
// that fits.
func (p *page) beside(hosts []string) int {
	n := 0
	for _, h := range hosts {
		if w := columns(h); w <= p.hostColumn() {
			n = max(n, w)
		}
	}
	return n
}

// entry writes hosts, and text in a column beside them, or below them when
// they are too long for it.
func (p *page) entry(hosts string, column int, text string) {
	const indent = 2
	p.blanks(indent)
	if columns(hosts) > column {
		p.flow(indent, bold, hosts, 0)
		p.blanks(2 * indent)
		p.flow(2*indent, plain, text, 0)
		return
	}
	p.print(bold, hosts)
	p.blanks(column - columns(hosts) + 2)
	p.flow(indent+column+2, plain, text, 0)
}
