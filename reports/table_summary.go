package reports

import (
	"strconv"
	"time"
)

// summary writes the last line, or lines where the page is narrow:
//
//	12 hosts: 10 ok, 1 partial, 1 failed · 2 critical, 3 warning, 0 info, 1 unknown · 1.8s
func (t *reportTable) summary() {
	s := t.report.Summary
	found := []counted{
		{s.Findings.Critical, "critical", red}, {s.Findings.Warning, "warning", yellow},
		{s.Findings.Info, "info", blue}, {s.Findings.Unknown, "unknown", magenta},
	}
	if s.Findings.Waived > 0 {
		found = append(found, counted{s.Findings.Waived, "waived", plain})
	}
	hosts := counts([]counted{{s.OK, "ok", green}, {s.Partial, "partial", yellow}, {s.Failed, "failed", red}})
	parts := [][]word{append([]word{{bold, plural(s.Hosts, "host")}, {plain, ": "}}, hosts...), counts(found)}
	if t.report.Run.Interrupted {
		parts = append(parts, []word{{red, "interrupted"}})
	}
	t.dotted(append(parts, []word{{plain, duration(t.report.Run.DurationMS)}}))
}

// word is text in a style.
type word struct {
	style style
	text  string
}

// counted is a number of something, and how it looks when it is not 0.
type counted struct {
	n     int
	what  string
	style style
}

// counts returns "10 ok, 1 partial".
func counts(list []counted) []word {
	var out []word
	for i, c := range list {
		if i > 0 {
			out = append(out, word{plain, ", "})
		}
		if c.n == 0 {
			c.style = plain
		}
		out = append(out, word{c.style, strconv.Itoa(c.n) + " " + c.what})
	}
	return out
}

// dotted writes parts with dots between them, and begins a new line before one
// that does not fit.
func (p *page) dotted(parts [][]word) {
	col := 0
	for i, part := range parts {
		wide := 0
		for _, w := range part {
			wide += columns(w.text)
		}
		switch {
		case i > 0 && p.width > 0 && col+3+wide > p.width:
			p.print(plain, "\n  ")
			col = 2
		case i > 0:
			p.print(plain, " · ")
			col += 3
		}
		for _, w := range part {
			p.print(w.style, w.text)
		}
		col += wide
	}
	p.newline()
}

// duration returns how long something took, as exactly as it matters: 350ms,
// 1.8s, 2m5s.
func duration(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	switch {
	case d < time.Second:
		return d.String()
	case d < time.Minute:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + "s"
	}
	return d.Round(time.Second).String()
}
