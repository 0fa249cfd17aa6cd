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
	settings map[string]string
	counters map[string]int64
	ports    *portSpan
	tables   []*tableView
}

// tableView is a table of one host with what is known of it.
type tableView struct {
	table *fleetnet.Table
	rows  fleetnet.Rows
	// cover is the coverage of the rows themselves.
	cover fleetnet.Coverage
	// dark says of each field whether the host does not tell it; nil when it
	// tells all. An empty value of a dark field is unknown.
	dark   []bool
	states *stateIndex
}

// view returns the view of a table, opened once for all rules.
func (h *hostView) view(t *fleetnet.Table) *tableView {
	for _, v := range h.tables {
		if v.table == t {
			return v
		}
	}
	v := &tableView{table: t, rows: t.Rows(h.snapshot), cover: t.Known(h.snapshot)}
	if slices.ContainsFunc(h.snapshot.Coverage, func(c fleetnet.Coverage) bool {
		return c.Fields != nil && slices.Contains(t.Sources, c.Table)
	}) {
		v.darken(h.snapshot)
	}
	h.tables = append(h.tables, v)
	return v
}

func (v *tableView) darken(s *fleetnet.Snapshot) {
	v.dark = make([]bool, len(v.table.Fields))
	for i, f := range v.table.Fields {
		c := v.table.Known(s, f.Name)
		v.dark[i] = c.Fields != nil && c.Status != fleetnet.StatusComplete
	}
}

func (h *hostView) setting(name string) val {
	if h.settings == nil {
		h.settings = make(map[string]string, len(h.snapshot.Settings))
		for _, s := range h.snapshot.Settings {
			h.settings[s.Name] = s.Value
		}
	}
	v, ok := h.settings[name]
	if !ok {
		return val{}
	}
	if f, err := strconv.ParseFloat(v, 64); err == nil {
		return number(f)
	}
	return text(v)
}

func (h *hostView) counter(name string) val {
	if h.counters == nil {
		h.counters = make(map[string]int64, len(h.snapshot.Counters))
		for _, c := range h.snapshot.Counters {
			h.counters[c.Name] = c.Value
		}
	}
	v, ok := h.counters[name]
	if !ok {
		return val{}
	}
	return number(float64(v))
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
