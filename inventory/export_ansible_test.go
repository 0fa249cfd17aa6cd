package inventory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// AnsibleView is what the sources of Ansible say, in the terms of ansible-inventory.
type AnsibleView struct {
	Hosts  map[string]map[string]any // the variables of each
	Groups map[string][]string       // the hosts of each, those of its children too
}

// ReadAnsible returns what sources say before anything is left out, and then what
// becomes of it: a line for each host, or the errors.
func ReadAnsible(ctx context.Context, sources ...string) (view AnsibleView, inv *Inventory, lines string, err error) {
	l := &loader{ctx: ctx}
	for _, s := range sources {
		l.source(s)
	}
	view = AnsibleView{map[string]map[string]any{}, map[string][]string{}}
	inv, err = l.inventory()
	if a := l.ansible; a != nil {
		vars := a.variables()
		for _, h := range a.hostOrder {
			lineage := a.lineage(h)
			view.Hosts[h.name] = vars.of(h, lineage).exported(nil)
			for _, g := range lineage {
				view.Groups[g.name] = append(view.Groups[g.name], h.name)
			}
		}
		for _, hosts := range view.Groups {
			slices.Sort(hosts)
		}
	}
	if err != nil {
		return view, nil, err.Error() + "\n", err
	}
	return view, inv, l.lines(inv), nil
}

// lines writes drafts, for ssh's options are no part of a Host, and notes.
func (l *loader) lines(inv *Inventory) string {
	var b strings.Builder
	l.ansible.notes = notes{}
	drafts := l.ansible.drafts()
	slices.SortFunc(drafts, func(x, y *member) int { return cmp.Compare(x.Name, y.Name) })
	for _, d := range drafts {
		fmt.Fprintf(&b, "%s", d.Name)
		for _, f := range []struct {
			name  string
			value any
		}{
			{"addr", d.Addr}, {"port", d.Port}, {"user", d.User}, {"key", strings.Join(d.IdentityFiles, " ")},
			{"password", d.Password}, {"become", d.Become}, {"become_password", d.BecomePass},
			{"transport", d.Transport}, {"refused", d.SSH.Refused}, {"groups", strings.Join(d.Groups, " ")},
		} {
			if text := fmt.Sprint(f.value); text != "" && text != "0" {
				fmt.Fprintf(&b, " %s=%s", f.name, text)
			}
		}
		for _, o := range d.options {
			fmt.Fprintf(&b, " -o %q", o.key+"="+o.value)
		}
		b.WriteByte('\n')
	}
	for _, n := range inv.Notes {
		minor := ""
		if n.Minor {
			minor = "minor "
		}
		fmt.Fprintf(&b, "%snote: %s: %s\n", minor, n.Where, n.Text)
	}
	return b.String()
}
