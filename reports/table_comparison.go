package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// shortDiff is how many differences of one group are shown unless everything
// is asked for.
const shortDiff = 20

// signStyles is how the signs of a comparison look.
var signStyles = map[string]style{"+": green, "-": red, "~": yellow}

// tableComparison writes who agrees with whom, and how the others differ:
//
//	routes: 11 of 12 hosts agree
//	  web[01-06,08-12] (11)  14 routes
//	  web07                  differs in 1
//	    ~ 0.0.0.0/0 via 10.0.0.1 dev eth0 → via 10.0.0.254 dev eth0
func tableComparison(w io.Writer, c *fleetnet.Comparison, o Options) error {
	p := newPage(w, o)
	p.print(bold, c.Table+": ")
	p.flow(len(c.Table)+2, plain, verdict(c), 0)
	hosts := make([]string, len(c.Groups))
	for i, g := range c.Groups {
		hosts[i] = hostsText(g.Hosts)
	}
	column := p.beside(hosts)
	for i, g := range c.Groups {
		text := itemsText(c.Table, g.Items)
		if i > 0 {
			text = fmt.Sprintf("differs in %d", len(g.Diff))
		}
		p.entry(hosts[i], column, text)
		p.diff(g.Diff, o.Verbose)
	}
	p.notCompared(c)
	return p.close()
}

// verdict says how many agree.
func verdict(c *fleetnet.Comparison) string {
	compared := 0
	for _, g := range c.Groups {
		compared += g.Size
	}
	var text string
	switch {
	case compared == 0:
		text = "no host could be compared"
	case len(c.Groups) == 1 && compared == 1:
		text = "one host only, nothing to compare it with"
	case len(c.Groups) == 1 && compared == 2:
		text = "both hosts agree"
	case len(c.Groups) == 1:
		text = fmt.Sprintf("all %d hosts agree", compared)
	case c.Groups[0].Size == 1:
		text = fmt.Sprintf("no two of %d hosts agree", compared)
	default:
		text = fmt.Sprintf("%d of %d hosts agree", c.Groups[0].Size, compared)
	}
	if n := len(c.NotCompared); n > 0 && compared > 0 {
		text += fmt.Sprintf(", %d not compared", n)
	}
	return text
}

// itemsText returns "14 routes", "1 policy rule".
func itemsText(table string, n int) string {
	return plural(n, strings.ReplaceAll(strings.TrimSuffix(table, "s"), "_", " "))
}

// diff writes how a group differs.
func (p *page) diff(lines []fleetnet.DiffLine, all bool) {
	const indent = 4
	shown := lines
	if !all && len(lines) > shortDiff+1 {
		shown = lines[:shortDiff]
	}
	for _, d := range shown {
		p.blanks(indent)
		p.print(signStyles[d.Sign], d.Sign)
		p.blanks(1)
		p.flow(indent+2, plain, diffText(d), 0)
	}
	if left := len(lines) - len(shown); left > 0 {
		p.blanks(indent)
		p.print(dim, fmt.Sprintf("… and %d more (-v shows all)\n", left))
	}
}

// diffText returns a difference without its sign.
func diffText(d fleetnet.DiffLine) string {
	text := d.Key + " " + d.Text
	if d.Sign == "~" {
		text = d.Key + " " + d.From + " → " + d.To
	}
	return fleetnet.Printable(strings.TrimSpace(text))
}

// notCompared writes the hosts and the fields of which nothing is said above.
func (p *page) notCompared(c *fleetnet.Comparison) {
	var l entryList
	for _, n := range c.NotCompared {
		l.add("", errorShape(fleetnet.Printable(n.Reason), n.Host), n.Host)
	}
	for _, f := range c.SetAside {
		e := l.add(f.Field, textShape(fleetnet.Printable(f.Field+": "+f.Reason), ""), f.Hosts...)
		e.shapes = e.shapes[:1]
	}
	if len(l.list) > 0 {
		p.print(magenta, "not compared")
		p.newline()
	}
	var hosts []string
	for _, e := range l.list {
		hosts = append(hosts, hostsText(e.hosts))
	}
	column := p.beside(hosts)
	for i, e := range l.list {
		p.entry(hosts[i], column, e.text())
	}
}
