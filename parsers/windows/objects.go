package windows

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// object is one object that a cmdlet of PowerShell wrote, in any of its forms:
// the values of its properties as text.
type object struct {
	keys   *keys
	values []string
	ref    fleetnet.Ref
	table  bool // of a table, which cuts values to fit the console
	cut    bool // a value that was asked for was cut
}

// keys are the names of the properties of objects that follow each other.
type keys struct {
	names []string
	index map[string]int // by name in small letters
}

func newKeys(names []string) *keys {
	k := &keys{names, map[string]int{}}
	for i, n := range names {
		n = strings.ToLower(n)
		if _, twice := k.index[n]; !twice {
			k.index[n] = i
		}
	}
	return k
}

// get returns the value of the first of the properties, named in small letters,
// that the object has. A value that a table cut, and null, are none. Values share
// memory; those that a row keeps are interned.
func (o *object) get(names ...string) (string, bool) {
	for _, n := range names {
		v := o.raw(n)
		if v == "" {
			continue
		}
		if !o.table || !cutValue(v) {
			return v, true
		}
		o.cut = true
	}
	return "", false
}

// word is get for a property of which all values are known: one that a table cut
// is told by its beginning where one alone begins so.
func (o *object) word(name string, words ...string) (string, bool) {
	v := o.raw(name)
	head := strings.TrimSuffix(strings.TrimSuffix(v, "..."), "…")
	if !o.table || head == v || head == "" {
		return o.get(name)
	}
	found := ""
	for _, w := range words {
		if strings.HasPrefix(w, head) && found != "" {
			return o.get(name)
		} else if strings.HasPrefix(w, head) {
			found = w
		}
	}
	if found == "" {
		return o.get(name)
	}
	return found, true
}

// raw returns the value of a property as it was printed, cut or not.
func (o *object) raw(name string) string {
	if i, ok := o.keys.index[name]; ok && i < len(o.values) {
		return o.values[i]
	}
	return ""
}

// has reports whether the object has the property, be it empty.
func (o *object) has(name string) bool {
	_, ok := o.keys.index[name]
	return ok
}

// marks are properties that tell which cmdlet wrote an object.
var marks = []string{"ipaddress", "prefixlength", "destinationprefix", "localaddress", "receivedbytes", "settingname", "linkspeed", "nlmtu(bytes)", "nlmtu"}

// errOther is for an object of the next of several cmdlets that ran one after the other.
var errOther = errors.New("an object of another cmdlet")

// others reports whether another cmdlet wrote the object: it has none of the
// properties that the reader looks for, but one of those of others.
func (o *object) others(own ...string) bool {
	return !slices.ContainsFunc(own, o.has) && slices.ContainsFunc(marks, o.has)
}

// cutValue reports whether a table cut a value: on either side, or in the middle as
// Get-NetAdapter cuts names.
func cutValue(v string) bool { return strings.Contains(v, "...") || strings.Contains(v, "…") }

// readObjects reads what a cmdlet wrote, as a table, a list (Format-List), CSV
// (ConvertTo-Csv) or JSON (ConvertTo-Json: an object alone when it is the only
// one), and hands out the objects. The names of properties are the same in all
// languages. It reports what it read.
func readObjects(in *fleetnet.Lines, out *fleetnet.Snapshot, probe string, tables []string, row func(*object) error) {
	r := &objectReader{in: in, row: row}
	for in.Next() {
		r.line(in.Text())
	}
	r.flush()
	for _, t := range tables {
		if r.objects == 0 && !restricted(in.Command()) && t != "neighbors" {
			coverEmpty(out, probe, t) // no host is without
		}
		if r.lost > 0 {
			coverPart(out, probe, t, "some objects could not be read")
		}
		if r.cut > 0 {
			coverPart(out, probe, t, "the width of the console cut some values")
		}
		if restricted(in.Command()) {
			coverPart(out, probe, t, "the command asks for a part")
		}
	}
}

type objectReader struct {
	in  *fleetnet.Lines
	row func(*object) error
	cut int // objects of which the console cut a value

	objects int // that were handed out
	lost    int // lists that were no object

	form    form
	keys    *keys
	comma   byte
	above   []string // lines of a heading that goes on
	columns []column
	flat    object  // of CSV, used again for each row
	list    *object // of Format-List, not handed out yet
	indent  int     // of the list
}

// form is how the objects that come next are written.
type form uint8

const (
	noForm form = iota
	csvForm
	tableForm
	listForm
)

var errNoObject = errors.New("an object of PowerShell expected")

func (r *objectReader) line(line []byte) {
	text := bytes.TrimSpace(line)
	switch {
	case text[0] == '{' || text[0] == '[':
		r.flush()
		r.json()
	case bytes.HasPrefix(text, []byte("#TYPE ")):
		r.form = noForm
		r.in.Skip()
	case dashes(text) && r.form == tableForm:
		r.in.Skip()
	case dashes(r.in.Peek()) && !dashes(line):
		r.flush()
		r.form, r.columns = tableForm, columnsAt(append(r.above, string(line)), string(r.in.Peek()))
		r.above, r.keys = nil, newKeys(columnNames(r.columns))
		r.in.Skip()
	case r.wrapped(line):
		r.above = append(r.above, string(line))
		r.in.Skip()
	case r.csvHeading(text):
		r.in.Skip()
	case r.form == csvForm:
		r.csv(string(text))
	case r.form == tableForm && !prompt(line):
		r.table(line)
	case r.listed(line):
	case prompt(line):
		r.in.Skip()
	}
}

// hand hands out an object whose line is the current one.
func (r *objectReader) hand(o *object) {
	if err := r.give(o); err != nil {
		r.in.Fail(err)
	}
	r.in.Row()
}

func (r *objectReader) give(o *object) error {
	r.objects++
	err := r.row(o)
	if o.cut {
		r.cut++
	}
	return err
}

// csvHeading reads the names of columns: `"LocalAddress","LocalPort"`. Where an
// object of another kind follows, its names do too.
func (r *objectReader) csvHeading(text []byte) bool {
	if r.form == tableForm || text[0] != '"' && !plainCSV(text) || r.form == csvForm && bytes.ContainsAny(text, "0123456789") {
		return false
	}
	for _, comma := range []byte{',', ';', '\t'} {
		if r.form == csvForm && comma != r.comma {
			continue
		}
		cells, ok := cutCSV(string(text), comma)
		if !ok || len(cells) < 2 || !names(cells) {
			continue
		}
		r.flush()
		r.form, r.comma, r.keys = csvForm, comma, newKeys(cells)
		return true
	}
	return false
}

// plainCSV reports whether the line can be names of columns without quotes, as
// PowerShell 7 writes them on request.
func plainCSV(text []byte) bool {
	return bytes.ContainsAny(text, ",;") && !bytes.ContainsAny(text, " :\"")
}

// names reports whether all cells are names of properties that the readers know
// or may meet, at least one of them known.
func names(cells []string) bool {
	known := false
	for _, c := range cells {
		if c == "" || strings.ContainsFunc(c, notOfName) || c[0] >= '0' && c[0] <= '9' {
			return false
		}
		known = known || properties[strings.ToLower(c)]
	}
	return known
}

func notOfName(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '(' || r == ')' || r == '%' || r == ' ')
}

// properties are names of which a heading of CSV has at least one.
var properties = map[string]bool{
	"localaddress": true, "localport": true, "remoteaddress": true, "destinationprefix": true, "nexthop": true, "ipaddress": true,
	"linklayeraddress": true, "interfacealias": true, "ifalias": true, "interfaceindex": true, "ifindex": true, "name": true, "macaddress": true,
	"receivedbytes": true, "settingname": true, "processname": true, "processid": true, "id": true, "owningprocess": true, "caption": true,
}

func (r *objectReader) csv(text string) {
	cells, ok := appendCSV(r.flat.values[:0], text, r.comma)
	if !ok || len(cells) != len(r.keys.names) {
		r.in.Fail(errors.New("a row of the columns above expected"))
		return
	}
	r.flat = object{keys: r.keys, values: cells, ref: r.in.Ref()}
	r.hand(&r.flat)
}

// listed reads a line `Name : value` of Format-List. A name that came already
// begins the next object; a line without one goes on with the value above. The
// whole may be indented, when its first name is a known one.
func (r *objectReader) listed(line []byte) bool {
	indent := len(line) - len(bytes.TrimLeft(line, " "))
	name, value, ok := listedValue(line[indent:])
	if r.list == nil && (indent == 0 || ok && properties[strings.ToLower(name)]) {
		r.indent = indent
	}
	ok = ok && indent == r.indent
	switch {
	case ok && (r.list == nil || r.list.has(strings.ToLower(name))):
		r.flush()
		r.form = listForm
		r.list = &object{keys: newKeys(nil), ref: r.in.Ref()}
	case !ok && (r.list == nil || line[0] != ' '):
		return false
	case !ok:
		last := len(r.list.values) - 1
		r.list.values[last] += string(bytes.TrimSpace(line))
		r.in.Row()
		return true
	}
	k := r.list.keys
	k.index[strings.ToLower(name)] = len(k.names)
	k.names = append(k.names, name)
	r.list.values = append(r.list.values, value)
	if next := r.in.Peek(); len(bytes.TrimSpace(next)) == 0 {
		o := r.list
		r.list = nil
		r.hand(o)
	}
	r.in.Row()
	return true
}

func listedValue(line []byte) (name, value string, ok bool) {
	before, after, ok := strings.Cut(string(line), ":")
	name = strings.TrimSpace(before)
	if !ok || name == "" || strings.ContainsFunc(name, notOfName) || name[0] >= '0' && name[0] <= '9' {
		return "", "", false
	}
	return name, strings.TrimSpace(after), after == "" || after[0] == ' '
}

// flush hands out the object of a list that is whole when the line after it shows
// so. That line cannot fail for it.
func (r *objectReader) flush() {
	if o := r.list; o != nil {
		r.list = nil
		if r.give(o) != nil {
			r.lost++
		}
	}
}
