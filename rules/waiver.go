package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/fleetnet/fleetnet"
	"gopkg.in/yaml.v3"
)

// Waiver is a rule's finding that somebody has accepted on some hosts.
type Waiver struct {
	Rule   string    `json:"rule"`
	Hosts  string    `json:"hosts"`          // folded names or globs, separated by commas
	Until  time.Time `json:"until,omitzero"` // the last day, UTC; zero for ever
	Reason string    `json:"reason"`
	Place  string    `json:"place"`

	file  string
	line  int
	exact map[string]struct{}
	globs []string
}

func (r *reader) waiver(n *yaml.Node) *Waiver {
	w := &Waiver{Place: fmt.Sprintf("%s:%d", r.file, n.Line), file: r.file, line: n.Line}
	r.mapping(n, "waiver", []key{
		{"rule", r.text("rule", &w.Rule)},
		{"hosts", func(v *yaml.Node) { r.waiverHosts(v, w) }},
		{"until", func(v *yaml.Node) { r.until(v, w) }},
		{"reason", r.text("reason", &w.Reason)},
	})
	if r.resolve(n).Kind == yaml.MappingNode {
		for _, k := range []string{"rule", "hosts", "reason"} {
			if !has(r.resolve(n), k) {
				r.fail(n, "waiver: %s is missing", k)
			}
		}
	}
	return w
}

func (r *reader) until(n *yaml.Node, w *Waiver) {
	var s string
	r.text("until", &s)(n)
	if s == "" {
		return
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		r.fail(n, "until: %q is not a date such as 2027-03-01", s)
	}
	w.Until = t
}

func (r *reader) waiverHosts(n *yaml.Node, w *Waiver) {
	var parts []string
	r.texts("hosts", &parts)(n)
	w.Hosts = strings.Join(parts, ",")
	w.exact = map[string]struct{}{}
	for _, p := range splitHosts(w.Hosts) {
		names, err := fleetnet.Expand(p)
		if err != nil {
			r.fail(n, "hosts: %v", err)
			return
		}
		for _, name := range names {
			if !strings.ContainsAny(name, "*?") {
				w.exact[name] = struct{}{}
				continue
			}
			w.globs = append(w.globs, name)
		}
	}
}

// splitHosts splits at the commas that are not between brackets.
func splitHosts(s string) []string {
	var out []string
	depth, start := 0, 0
	for i, c := range s + "," {
		switch c {
		case '[':
			depth++
		case ']':
			depth--
		case ',':
			if depth > 0 && i < len(s) {
				continue
			}
			if p := strings.TrimSpace(s[start:min(i, len(s))]); p != "" {
				out = append(out, p)
			}
			start = i + 1
		}
	}
	return out
}

// names reports whether the waiver is for the host.
func (w *Waiver) names(host string) bool {
	if _, ok := w.exact[host]; ok {
		return true
	}
	return slices.ContainsFunc(w.globs, func(g string) bool {
		ok, err := path.Match(g, host)
		return ok && err == nil
	})
}

// covers reports whether the waiver is for a finding, on all of its hosts.
func (w *Waiver) covers(f fleetnet.Finding) bool {
	if w.Rule != f.Rule && w.Rule != "*" || len(f.Hosts) == 0 {
		return false
	}
	return !slices.ContainsFunc(f.Hosts, func(h string) bool { return !w.names(h) })
}

func (w *Waiver) expired(now time.Time) bool {
	return !w.Until.IsZero() && now.After(w.Until.AddDate(0, 0, 1))
}

// WaiverRule is the rule that findings about waivers carry.
const WaiverRule = "waiver"

// Waive marks the findings that a waiver covers, unknown ones too, and adds a
// finding for each waiver that has expired (warning), or that covered nothing
// or names no host (info). The hosts are those that were judged.
func (s *Set) Waive(findings []fleetnet.Finding, hosts []string, now time.Time) []fleetnet.Finding {
	out := slices.Clone(findings)
	for _, w := range s.waivers {
		used := 0
		for i := range out {
			if !w.covers(out[i]) {
				continue
			}
			used++
			if !w.expired(now) && out[i].Outcome != fleetnet.Waived {
				out[i].Outcome = fleetnet.Waived
				out[i].Message += " [waived" + w.term() + ": " + fleetnet.Printable(w.Reason) + "]"
			}
		}
		if f, ok := w.report(used, hosts, now); ok {
			out = append(out, f)
		}
	}
	return out
}

func (w *Waiver) term() string {
	if w.Until.IsZero() {
		return ""
	}
	return " until " + w.Until.Format(time.DateOnly)
}

// report returns a finding about the waiver itself.
func (w *Waiver) report(used int, hosts []string, now time.Time) (fleetnet.Finding, bool) {
	f := fleetnet.Finding{
		Rule: WaiverRule, Outcome: fleetnet.Fail, Hosts: []string{}, Evidence: []fleetnet.Evidence{},
		Labels: map[string]string{"rule": w.Rule, "place": w.Place},
	}
	for _, h := range hosts {
		if w.names(h) {
			f.Hosts = append(f.Hosts, h)
		}
	}
	what := fmt.Sprintf("the waiver of %s for %s (%s)", w.Rule, fleetnet.Printable(w.Hosts), w.Place)
	switch {
	case w.expired(now):
		f.Severity, f.Title, f.Count = fleetnet.Warning, "A waiver has expired", used
		f.Message = fmt.Sprintf("%s expired on %s", what, w.Until.Format(time.DateOnly))
		f.Fix = "Repair what it waived, or decide again and set a new date."
	case used == 0 && len(f.Hosts) == 0:
		f.Severity, f.Title = fleetnet.Info, "A waiver matches no host"
		f.Message = what + " names none of the hosts of this run"
		f.Fix = "Correct its hosts, or remove it."
	case used == 0:
		f.Severity, f.Title = fleetnet.Info, "A waiver is no longer needed"
		f.Message = what + " had nothing to waive"
		f.Fix = "Remove it."
	default:
		return f, false
	}
	f.Message = fleetnet.Printable(f.Message)
	return f, true
}
