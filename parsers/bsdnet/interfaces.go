package bsdnet

import (
	"bytes"
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// InterfacesForm is what the interfaces of a system's netstat depend on.
type InterfacesForm struct {
	Probe string
	// Whole is the option with which no name and no address is cut: W on FreeBSD.
	Whole string
	// Unkept is the heading of a column that is always 0: Drop on DragonFly.
	Unkept string
}

// Interfaces reads `netstat -i` (if.c: intpr), with any of -a, -b, -d, -l, -n
// and -t:
//
//	Name       Mtu   Network       Address            Ipkts Ierrs     Ibytes    Opkts Oerrs     Obytes  Coll Drop
//	lo0        16384 <Link#1>                         14560     0    1918273    14560     0    1918273     0   0
//	lo0        16384 127           127.0.0.1          14560     -    1918273    14560     -    1918273     -   -
//	en0        1500  <Link#4>    a4:83:e7:2d:62:8f  8120331     0 9120083311  5230119     0  811023911     0   0
//	en0        1500  192.168.1     192.168.1.221    8120331     - 9120083311  5230119     -  811023911     -   -
//	gif0*      1280  <Link#2>                             0     0          0        0     0          0     0   0
//
// The row <Link#N> is the interface's; the others repeat its numbers for each
// address. The column Address is absent where there is no hardware address, and
// the headings stand over nothing, so that fields are counted from the right. A
// name that fills its column (5, 10 or 14 characters) may lack its end, and with
// it the * of an interface that is down: such an interface is known by its index
// alone, unless one of that index or order was read before.
func Interfaces(in *fleetnet.Lines, out *fleetnet.Snapshot, form InterfacesForm) {
	r := interfacesReader{in: in, out: out, form: form, before: len(out.Interfaces), cur: -1}
	r.whole = form.Whole != "" && command.Of(in.Command(), "fINpw").Has(form.Whole)
	for in.Next() {
		line := in.Text()
		switch {
		case bytes.HasPrefix(line, []byte("Name ")) && bytes.Contains(line, []byte("Address")):
			r.heading(line)
			in.Skip()
		case line[0] == ' ' || line[0] == '\t': // groups (-a)
			in.Skip()
		default:
			r.row(line)
		}
	}
	r.settle()
	if command.Of(in.Command(), "fINpw").Has("I") {
		coverPart(out, "interfaces", form.Probe, "only what -I selects")
	}
}

type interfacesReader struct {
	in      *fleetnet.Lines
	out     *fleetnet.Snapshot
	form    InterfacesForm
	before  int  // interfaces that were known before
	width   int  // of the column Name
	wide    bool // the columns Network and Address are wide
	whole   bool // nothing is cut
	network int  // width of the column Network
	names   []string
	linked  []linkRow
	cur     int // index into linked, -1 before the first
	noAddrs bool
}

// linkRow is an interface as the table shows it.
type linkRow struct {
	it  fleetnet.Interface
	cut bool   // the name may lack its end
	raw string // what is shown of it
}

// shortName is how wide the column Name is at least on FreeBSD.
const shortName = 5

// heading notes the names of the numbers, and how wide the column Name is.
func (r *interfacesReader) heading(line []byte) {
	at := bytes.Index(line, []byte("Address"))
	r.names = r.names[:0]
	for c := field.New(line[at+len("Address"):]); c.More() && len(r.names) < maxColumns; {
		r.names = append(r.names, c.Word())
	}
	switch r.width = bytes.Index(line, []byte("Mtu")) - 1; r.width {
	case 5, 7, 10, 14: // 7 on OpenBSD
	default:
		r.width = 0 // blanks of a paste were lost
	}
	if bytes.Contains(line, []byte("Mtu Network")) { // FreeBSD shows Mtu to the right of 5 characters
		r.width = max(bytes.Index(line, []byte("Mtu"))-3, shortName)
	}
	r.network = at - bytes.Index(line, []byte("Network")) - 1
	if r.whole || r.form.Whole != "" && r.network > network4 { // FreeBSD: where this is wider, names are whole
		r.width = 0
	}
	r.wide = at-bytes.Index(line, []byte("Network")) > wideAddress
}

func (r *interfacesReader) row(line []byte) {
	if len(r.names) == 0 {
		r.in.Fail(errors.New("stands before the heading"))
		return
	}
	words := bytes.Fields(line)
	if len(words) < 4 {
		r.in.Fail(field.ErrShort)
		return
	}
	mtu, ok := field.Uint(words[1], 31)
	if !ok && string(words[1]) != "-" {
		r.in.Fail(errors.New("the mtu is not a number"))
		return
	}
	if index, isLink := linkNumber(words[2]); isLink {
		hardware, numbers := r.splitLink(words[3:])
		r.link(words[0], fleetnet.Opt[int]{V: int(mtu), OK: ok}, index, hardware)
		r.settleError(r.counters(&r.linked[r.cur].it, numbers))
		return
	}
	if len(words) < 3+len(r.names) {
		r.in.Fail(field.ErrShort)
		return
	}
	if r.cur < 0 || !r.same(words[0]) {
		r.in.Fail(errors.New("an address of an interface that was not shown"))
		return
	}
	r.address(words[2 : len(words)-len(r.names)])
	r.in.Row()
}

func (r *interfacesReader) settleError(err error) {
	if err != nil {
		r.linked = r.linked[:r.cur]
		r.cur = len(r.linked) - 1
		r.in.Fail(err)
		return
	}
	r.in.Row()
}

// same reports whether a row names the interface of the rows before it.
func (r *interfacesReader) same(name []byte) bool { return string(name) == r.linked[r.cur].raw }

// linkNumber reads <Link#N>, or <Link> of systems that do not tell the index,
// which is 0 then.
func linkNumber(b []byte) (int, bool) {
	if string(b) == "<Link>" {
		return 0, true
	}
	b, ok := bytes.CutPrefix(b, []byte("<Link#"))
	n, number := field.Uint(bytes.TrimSuffix(b, []byte{'>'}), 31)
	return int(n), ok && number
}

// link starts an interface.
func (r *interfacesReader) link(name []byte, mtu fleetnet.Opt[int], index int, hardware [][]byte) {
	l := linkRow{raw: string(name), cut: r.width > 0 && len(name) >= r.width && name[len(name)-1] != '*' && !firstOfKind(name)}
	l.it = fleetnet.Interface{Index: fleetnet.Opt[int]{V: index, OK: index > 0}, MTU: mtu, Ref: r.in.Ref()}
	if !l.cut {
		short, down := bytes.CutSuffix(name, []byte{'*'})
		l.it.Name = r.out.Intern(short)
		if down {
			l.it.OperState = "DOWN"
		}
	}
	if len(hardware) == 1 {
		l.it.MAC = macOf(hardware[0])
	}
	r.linked = append(r.linked, l)
	r.cur = len(r.linked) - 1
}

// macOf returns a link-layer address, or "" for what is none or all zeros.
func macOf(b []byte) string {
	mac, ok := field.MAC(b)
	if !ok || len(bytes.Trim([]byte(mac), "0:")) == 0 {
		return ""
	}
	return mac
}

// splitLink splits what follows <Link#N> into the hardware address, which an
// interface need not have, and the numbers, of which the last may be blank.
func (r *interfacesReader) splitLink(words [][]byte) (hardware, numbers [][]byte) {
	n := max(len(words)-len(r.names), 0)
	if _, number := field.Uint(words[0], 64); n == 0 && !number && string(words[0]) != "-" {
		n = 1
	}
	return words[:n], words[n:]
}

// counters sets the numbers by their headings. `-` is a number that is not kept.
// Up to macOS 10.8 the last ones, Time and Drop, are blank in the row <Link#N>.
func (r *interfacesReader) counters(it *fleetnet.Interface, numbers [][]byte) error {
	n := fleetnet.IfCounters{Ref: r.in.Ref()}
	for i, name := range r.names {
		if i >= len(numbers) && (name == "Drop" || name == "Time") {
			continue
		}
		if i >= len(numbers) {
			return field.ErrShort
		}
		v, ok := field.Uint(numbers[i], 64)
		if !ok && string(numbers[i]) != "-" {
			return errors.New("a counter is not a number")
		}
		if into := counterOf(&n, name); into != nil && name != r.form.Unkept {
			*into = fleetnet.Opt[uint64]{V: v, OK: ok}
		}
	}
	it.Counters = &n
	return nil
}

// counterOf returns the counter that a heading stands for, or nil.
func counterOf(n *fleetnet.IfCounters, name string) *fleetnet.Opt[uint64] {
	switch name {
	case "Ipkts":
		return &n.RxPackets
	case "Ierrs", "Ifail":
		return &n.RxErrors
	case "Idrop":
		return &n.RxDropped
	case "Ibytes":
		return &n.RxBytes
	case "Opkts":
		return &n.TxPackets
	case "Oerrs", "Ofail":
		return &n.TxErrors
	case "Obytes":
		return &n.TxBytes
	case "Coll", "Colls":
		return &n.Collisions
	case "Drop", "Odrop", "Odrops":
		return &n.TxDropped
	}
	return nil
}
