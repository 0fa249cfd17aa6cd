package reports

import (
	"io"
	"slices"
	"strconv"

	"github.com/fleetnet/fleetnet"
)

// shortList is how many lines of a list are shown unless everything is asked for.
const shortList = 5

// tableReport writes the report for people: the findings, the most severe
// first, folded over hosts; the hosts that could not be read; what is not
// known; and one line that sums it up.
func tableReport(w io.Writer, r *fleetnet.Report, o Options) error {
	p := newPage(w, o)
	t := reportTable{page: p, report: r, verbose: o.Verbose, systems: map[string]string{}}
	for _, h := range r.Hosts {
		t.systems[h.Name] = h.OS
	}
	t.findings()
	t.failures()
	t.gaps()
	t.waived()
	t.notes()
	t.summary()
	return p.close()
}

// reportTable writes the sections of a report. Each ends with an empty line.
type reportTable struct {
	*page
	report  *fleetnet.Report
	verbose bool
	systems map[string]string // of the hosts
}

// heading writes a section's first line: a word of severity, and what it is.
func (t *reportTable) heading(s style, word, name, text string) {
	t.print(s, word)
	col := max(columns(word), 8) + 2
	t.blanks(col - columns(word))
	if name != "" {
		t.print(bold, name)
		t.blanks(2)
		col += columns(name) + 2
	}
	t.flow(col, plain, text, 0)
}

// entries writes lines of hosts and what is said of them, all of them or the
// first few.
func (t *reportTable) entries(list []*entry, each func(*entry)) {
	shown := list
	if !t.verbose && len(list) > shortList+1 { // one more line costs what saying so does
		shown = list[:shortList]
	}
	var hosts []string
	for _, e := range shown {
		hosts = append(hosts, hostsText(e.hosts))
	}
	column := t.beside(hosts)
	for i, e := range shown {
		t.entry(hosts[i], column, e.text())
		if each != nil {
			each(e)
		}
	}
	t.more(list[len(shown):])
}

// more says what a short list leaves out.
func (t *reportTable) more(left []*entry) {
	if len(left) == 0 {
		return
	}
	var hosts []string
	for _, e := range left {
		hosts = append(hosts, e.hosts...)
	}
	t.blanks(2)
	t.flow(2, dim, "… and "+strconv.Itoa(len(left))+" more: "+fleetnet.Printable(fleetnet.Fold(hosts))+" (-v shows all)", 0)
}

// entry is what is said, in one text, of hosts.
type entry struct {
	hosts    []string
	shapes   []shape
	count    int // the largest
	findings []*fleetnet.Finding
}

func (e *entry) text() string { return join(e.shapes, e.hosts) }

// entryList gathers what is said into entries, in the order of coming.
type entryList struct {
	list  []*entry
	index map[string]*entry
}

// add adds a text about hosts to the entry of its key and shape.
func (l *entryList) add(key string, s shape, hosts ...string) *entry {
	if l.index == nil {
		l.index = map[string]*entry{}
	}
	key += "\x00" + s.key
	e := l.index[key]
	if e == nil {
		e = &entry{}
		l.index[key] = e
		l.list = append(l.list, e)
	}
	e.hosts = append(e.hosts, hosts...)
	e.shapes = append(e.shapes, s)
	return e
}

// byWeight orders entries: those of most hosts first, then those that count most.
func byWeight(list []*entry) {
	slices.SortStableFunc(list, func(a, b *entry) int {
		if d := distinct(b.hosts) - distinct(a.hosts); d != 0 {
			return d
		}
		return b.count - a.count
	})
}
