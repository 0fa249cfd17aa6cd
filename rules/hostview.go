package rules

import (
	"slices"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// hostView is what the rules look up on one host besides rows. It belongs to
// one evaluation and is not safe for concurrent use.
type hostView struct {
	snapshot *fleetnet.Snapshot
	target   Target
	ports    *portSpan
	queues   map[float64]listenQueue // by port
	tables   []*tableView
}

// tableView is a table of one host with what is known of it.
type tableView struct {
	table *fleetnet.Table
	rows  fleetnet.Rows
	// dark says of each field why the host does not tell it in full, "" when it
	// does; nil when it tells all. An empty value of a dark field is unknown.
	dark   []string
	states *stateIndex
	// cut says whether the tool cut an endpoint of any row; asked says that it
	// was looked up.
	cut, asked bool
}

// view returns the view of a table, opened once for all rules.
func (h *hostView) view(t *fleetnet.Table) *tableView {
	for _, v := range h.tables {
		if v.table == t {
			return v
		}
	}
	v := &tableView{table: t, rows: t.Rows(h.snapshot)}
	for i, f := range t.Fields {
		if why := v.darkness(h.snapshot, f.Name); why != "" {
			if v.dark == nil {
				v.dark = make([]string, len(t.Fields))
			}
			v.dark[i] = why
		}
	}
	h.tables = append(h.tables, v)
	return v
}

// hasCut reports whether any row is truncated. Few tables have one, and asking
// each row for it again and again is dear.
func (v *tableView) hasCut(truncated fleetnet.Field) bool {
	if !v.asked {
		v.asked = true
		for i, n := 0, v.rows.Len(); i < n && !v.cut; i++ {
			v.cut = v.rows.Value(i, truncated).Int() != 0
		}
	}
	return v.cut
}

// rowCover returns how completely the rows that a rule is about are known. Those
// of next_hops are routes; what is joined to them only matters to some fields.
func (r *Rule) rowCover(s *fleetnet.Snapshot) fleetnet.Coverage {
	if r.table.Name == "next_hops" {
		return s.Known("routes")
	}
	return r.table.KnownAbout(s, r.about)
}

// darkness says why a field is not told in full, or "".
func (v *tableView) darkness(s *fleetnet.Snapshot, field string) string {
	c := v.table.Dark(s, field)
	if source, fields := joined(s, v.table, field); source != "" {
		c = s.Known(source, fields...)
	}
	if c.Status == fleetnet.StatusComplete {
		return ""
	}
	return coverageReason(c)
}

// joined returns the table, and its fields, that a field of next_hops is made of.
func joined(s *fleetnet.Snapshot, t *fleetnet.Table, field string) (string, []string) {
	if t.Name != "next_hops" {
		return "", nil
	}
	switch field {
	case "interface_up":
		return "interfaces", []string{"flags", "carrier", "oper_state"}
	case "gateway_on_link":
		return "interfaces", []string{"addrs"}
	case "gateway_state":
		return "neighbors", silent(s)
	}
	return "", nil
}

// silent returns the field that gateways' states need: the state when an entry
// tells nothing else either, none when all tell it or their address.
func silent(s *fleetnet.Snapshot) []string {
	if slices.ContainsFunc(s.Neighbors, func(n fleetnet.Neighbor) bool { return !n.Answer().OK }) {
		return []string{"state"}
	}
	return nil
}

// setting looks through the few hundred settings; the few that rules ask for do
// not pay for an index of all.
func (h *hostView) setting(name string) val {
	for i := range slices.Backward(h.snapshot.Settings) {
		if s := &h.snapshot.Settings[i]; s.Name == name {
			if f, err := strconv.ParseFloat(s.Value, 64); err == nil {
				return number(f)
			}
			return text(s.Value)
		}
	}
	return val{}
}

func (h *hostView) counter(name string) val {
	for i := range slices.Backward(h.snapshot.Counters) {
		if c := &h.snapshot.Counters[i]; c.Name == name {
			return number(float64(c.Value))
		}
	}
	return val{}
}

// portSpan is the range of ports of outgoing connections.
type portSpan struct {
	first, last float64
	ok          bool
}

// ephemeral returns the ports of outgoing connections, read once.
func (h *hostView) ephemeral() portSpan {
	if h.ports == nil {
		a, b, _ := strings.Cut(h.setting(fleetnet.SettingEphemeralPorts).text, "-")
		lo, err1 := strconv.ParseUint(strings.TrimSpace(a), 10, 16)
		hi, err2 := strconv.ParseUint(strings.TrimSpace(b), 10, 16)
		h.ports = &portSpan{float64(lo), float64(hi), err1 == nil && err2 == nil && lo <= hi}
	}
	return *h.ports
}
