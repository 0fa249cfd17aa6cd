package linux

import (
	"bytes"
	"errors"
	"slices"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// NetstatI reads `netstat -i` and `ifconfig -s` (net-tools, ife_print_short in
// lib/interface.c). The columns differ between versions, so the heading decides:
//
//	Iface       MTU Met    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg
//	eth0       1500   0   422518      0      0      0     1703      0      0      0 BMRU
//	Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg
//	eth0             1500       11      0      0 0             5      0      0      0 BMRU
//
// net-tools 1.60 prints wide counters against the column before them; what
// cannot be told apart is unknown. net-tools 2.10 adds the frame errors to RX-ERR.
func NetstatI(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := netstatI{out: out, set: newIfaceSet(out)}
	for in.Next() {
		line := in.Text()
		switch {
		case bytes.HasPrefix(line, []byte("Kernel Interface table")):
			in.Skip()
		case bytes.HasPrefix(line, []byte("Iface ")):
			r.heading(line)
			in.Skip()
		default:
			claim(in, r.row(line, in.Ref()))
		}
	}
	coverPart(out, "interfaces", "linux/netstat-i", chosenLinks(in.Command()))
}

type netstatI struct {
	out     *fleetnet.Snapshot
	set     ifaceSet
	columns []string
	width   int // the most characters of a name that are printed
}

func (r *netstatI) heading(line []byte) {
	r.columns = nil
	for c := field.New(line); c.More(); {
		r.columns = append(r.columns, c.Word())
	}
	if len(r.columns) < 3 || r.columns[1] != "MTU" {
		r.columns = nil
		return
	}
	// The MTU is printed with %5d, one blank after the name.
	r.width = bytes.Index(line, []byte("MTU")) + len("MTU") - len(" 65536")
}

func (r *netstatI) row(line []byte, ref fleetnet.Ref) error {
	if r.columns == nil {
		return errors.New("stands before the heading")
	}
	c := field.New(line)
	name := c.Next()
	mtu := c.Uint(31)
	if c.Err() != nil {
		return c.Err()
	}
	rest := bytes.Fields(c.Rest())
	if len(rest) == 0 {
		return field.ErrShort
	}
	if bytes.HasSuffix(rest[len(rest)-1], []byte("FLAGS]")) { // [NO FLAGS] is two words
		rest = rest[:len(rest)-1]
	}
	flags, known := shortFlags(rest[len(rest)-1])
	if !known {
		return errors.New("the flags are cut or not known")
	}
	base, _, alias := bytes.Cut(name, []byte{':'})
	if alias && r.set.index(base) >= 0 {
		return nil // counts and flags are those of the interface itself
	}
	r.names(base)
	if bytes.IndexByte(rest[len(rest)-1], 'P') >= 0 && !slices.Contains(flags, "PROMISC") && !slices.Contains(flags, "POINTOPOINT") {
		coverField(r.out, "interfaces", "linux/netstat-i", "flags", "the letter P of this netstat may be PROMISC or POINTOPOINT")
	}
	it := r.set.add(base, ref)
	it.MTU, it.Flags, it.Carrier = fleetnet.Some(int(mtu)), flags, carrierOf(flags)
	if !bytes.Contains(line, []byte("- no statistics available -")) {
		r.counters(it, rest[:len(rest)-1])
	}
	return nil
}

// names notes a name that the width of its column may have cut.
func (r *netstatI) names(name []byte) {
	if len(name) == r.width && r.width < 15 {
		coverField(r.out, "interfaces", "linux/netstat-i", "name", "this netstat may cut the names of interfaces")
	}
}

// counters sets the numbers between MTU and flags by their headings.
func (r *netstatI) counters(it *fleetnet.Interface, numbers [][]byte) {
	columns := r.columns[2 : len(r.columns)-1]
	if len(numbers) != len(columns) {
		numbers = unglue(numbers)
	}
	if len(numbers) != len(columns) {
		coverField(r.out, "interfaces", "linux/netstat-i", "counters", "columns of netstat -i touch each other")
		return
	}
	n := fleetnet.IfCounters{}
	for i, column := range columns {
		v, ok := field.Uint(numbers[i], 64)
		if !ok {
			coverField(r.out, "interfaces", "linux/netstat-i", "counters", "a counter of netstat -i is not a number")
			return
		}
		setShortCounter(&n, column, v)
	}
	it.Counters = &n
}

// unglue parts numbers that touch, where that is certain: a number that
// begins with 0 and goes on is a zero and the next column.
func unglue(numbers [][]byte) [][]byte {
	var out [][]byte
	for _, n := range numbers {
		for len(n) > 1 && n[0] == '0' {
			out, n = append(out, n[:1]), n[1:]
		}
		out = append(out, n)
	}
	return out
}

func setShortCounter(n *fleetnet.IfCounters, column string, v uint64) {
	some := fleetnet.Some(v)
	switch column {
	case "RX-OK":
		n.RxPackets = some
	case "RX-ERR":
		n.RxErrors = some
	case "RX-DRP":
		n.RxDropped = some
	case "RX-OVR":
		n.RxOverruns = some
	case "TX-OK":
		n.TxPackets = some
	case "TX-ERR":
		n.TxErrors = some
	case "TX-DRP":
		n.TxDropped = some
	case "TX-OVR":
		n.TxOverruns = some
	}
}

// shortFlags spells the letters of the column Flg out. P is PROMISC, and up to
// 2.10 also POINTOPOINT, which stands behind N and O where PROMISC stands before
// them, and never together with B; where neither decides, it is left out.
func shortFlags(letters []byte) ([]string, bool) {
	words := []string{}
	if string(letters) == "[NO" {
		return words, true
	}
	broadcast, behind := bytes.IndexByte(letters, 'B') >= 0, false
	for i, l := range letters {
		word := flagLetters[l]
		switch {
		case l == 'P' && behind:
			word = "POINTOPOINT"
		case l == 'P' && (broadcast || bytes.ContainsAny(letters[i+1:], "NOPp")):
			word = "PROMISC"
		case l == 'P':
			continue
		}
		if word == "" {
			return nil, false
		}
		behind = behind || l == 'N' || l == 'O' || l == 'P'
		words = append(words, word)
	}
	return words, len(words) > 0
}

var flagLetters = map[byte]string{
	'A': "ALLMULTI", 'B': "BROADCAST", 'D': "DEBUG", 'L': "LOOPBACK", 'M': "MULTICAST", 'd': "DYNAMIC",
	'P': "PROMISC", 'N': "NOTRAILERS", 'O': "NOARP", 'p': "POINTOPOINT", 's': "SLAVE", 'm': "MASTER",
	'R': "RUNNING", 'U': "UP",
}
