package linux

import (
	"bytes"
	"errors"
	"path"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

var errNoBlock = errors.New("stands before any interface")

// Ifconfig reads `ifconfig` and `netstat -ie` in both their forms. The old one,
// of net-tools up to 1.60 and of BusyBox:
//
//	eth0      Link encap:Ethernet  HWaddr 02:00:00:00:00:01
//	          inet addr:10.0.0.1  Bcast:10.0.0.255  Mask:255.255.255.0
//	          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1
//
// and the new one, of net-tools since 2012 (2.10: lib/interface.c, ife_print_long):
//
//	eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
//	        inet 10.0.0.1  netmask 255.255.255.0  broadcast 10.0.0.255
//	        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)
//
// In other languages than English the old form is read by its shape (see
// [ifconfigReader.translated]). Pages of the web lose the indentation.
//
// An alias such as eth0:1 is a further address of eth0. Of the IPv4 addresses
// ifconfig shows only the first of each label, which coverage says. It shows
// the first eight octets of an InfiniBand address, which is then left out.
func Ifconfig(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := ifconfigReader{out: out, set: newIfaceSet(out), cur: -1}
	for in.Next() {
		line := in.Text()
		switch {
		case ifconfigNoise(line):
			in.Skip()
		case isBlockHeading(line) || !indented(line) && r.cur < 0:
			claim(in, r.heading(line, in.Ref()))
		case r.cur < 0:
			in.Fail(errNoBlock)
		default:
			r.body(in, line)
		}
	}
	r.cover(in.Command())
}

// claim says that the line is a row, or why it is none.
func claim(in *fleetnet.Lines, err error) {
	if err != nil {
		in.Fail(err)
		return
	}
	in.Row()
}

// ifconfigNoise reports whether the line is a title or a known warning.
func ifconfigNoise(line []byte) bool {
	for _, start := range []string{
		"Kernel Interface table", "Warning: cannot open ", "Infiniband hardware address can be incorrect",
		"Ifconfig uses the ioctl access method", "Because Infiniband address has 20 bytes",
		"Ifconfig is obsolete",
	} {
		if bytes.HasPrefix(line, []byte(start)) {
			return true
		}
	}
	return false
}

type ifconfigReader struct {
	out   *fleetnet.Snapshot
	set   ifaceSet
	cur   int  // the interface of the current block, -1 before the first
	alias bool // the block is a further address of an interface seen before
	cut   bool // a name may be the beginning of a longer one
}

func (r *ifconfigReader) it() *fleetnet.Interface { return &r.out.Interfaces[r.cur] }

// heading starts the block of an interface.
func (r *ifconfigReader) heading(line []byte, ref fleetnet.Ref) error {
	if name, rest, ok := bytes.Cut(line, []byte(": flags=")); ok && !bytes.ContainsAny(name, " \t") {
		r.block(name, ref)
		return r.newForm(rest)
	}
	name, rest := oldHeading(line)
	if name == nil {
		r.cur = -1
		return errors.New("neither the heading of an interface nor a line of one")
	}
	// net-tools before 2012 prints the name with %-9.9s.
	r.cut = r.cut || len(name) == 9
	r.block(name, ref)
	r.oldForm(rest)
	return nil
}

// isBlockHeading reports whether the line is a heading of either form.
func isBlockHeading(line []byte) bool {
	name, _ := oldHeading(line)
	return name != nil || bytes.Contains(line, []byte(": flags="))
}

// oldHeading cuts the old form's heading at `Link encap:`, of which some
// languages translate the first word. The name is nil when the line is none.
func oldHeading(line []byte) (name, rest []byte) {
	before, rest, ok := bytes.Cut(line, []byte(" encap:"))
	words := bytes.Fields(before)
	if !ok || len(words) != 2 || indented(line) {
		return nil, nil
	}
	return words[0], rest
}

// block finds or makes the interface that a heading names.
func (r *ifconfigReader) block(name []byte, ref fleetnet.Ref) {
	name, _, _ = bytes.Cut(name, []byte{':'})
	r.alias = r.set.index(name) >= 0
	r.set.add(name, ref)
	r.cur = r.set.index(name)
}

// newForm reads the heading after the name: 4163<UP,BROADCAST>  mtu 1500.
func (r *ifconfigReader) newForm(rest []byte) error {
	c := field.New(rest)
	number, words, _ := bytes.Cut(c.Next(), []byte{'<'})
	words, closed := bytes.CutSuffix(words, []byte{'>'})
	// Without a flag that it can name the tool prints `flags=0<` or `flags=4096`.
	if _, ok := field.Uint(number, 32); !ok || len(words) > 0 && !closed || !c.Take("mtu") {
		return errors.New("flags and mtu expected")
	}
	mtu := c.Uint(31)
	if c.Err() != nil || r.alias {
		return c.Err()
	}
	r.setFlags(bytes.FieldsFunc(words, func(ch rune) bool { return ch == ',' }))
	r.it().MTU = fleetnet.Some(int(mtu))
	return nil
}

func (r *ifconfigReader) setFlags(words [][]byte) {
	it := r.it()
	it.Flags = make([]string, 0, len(words))
	for _, w := range words {
		it.Flags = append(it.Flags, r.out.Intern(w))
	}
	it.Carrier = carrierOf(it.Flags)
}

// oldForm reads the heading after Link encap: the type's title, two blanks,
// and the address.
func (r *ifconfigReader) oldForm(rest []byte) {
	if r.alias {
		return
	}
	title, after, ok := bytes.Cut(rest, []byte("  "))
	if !ok {
		title, after, _ = bytes.Cut(rest, []byte(" HWaddr "))
	}
	it := r.it()
	it.Type = hardwareWords[string(bytes.TrimSpace(title))]
	if words := bytes.Fields(after); len(words) > 0 && it.Type != "infiniband" {
		for _, w := range words[:min(3, len(words))] { // HWaddr may be two words
			if mac, ok := field.MAC(w); ok {
				it.MAC = macOf(mac, ok)
			}
		}
	}
}

// cover says what the command cannot tell.
func (r *ifconfigReader) cover(line string) {
	partial := fleetnet.Coverage{Table: "interfaces", Status: fleetnet.StatusPartial, Probe: "linux/ifconfig"}
	if len(r.set.byName) > 0 {
		partial.Fields, partial.Reason = []string{"addrs"}, "of several IPv4 addresses under one label ifconfig shows the first"
		r.out.Cover(partial)
	}
	if r.cut {
		partial.Fields, partial.Reason = []string{"name"}, "old ifconfig cuts names to 9 characters"
		r.out.Cover(partial)
	}
	coverPart(r.out, "interfaces", "linux/ifconfig", chosenLinks(line))
}

// chosenLinks says which interfaces ifconfig or netstat lists with these arguments.
func chosenLinks(line string) string {
	o := command.Of(line, "IA")
	switch {
	case line == "":
		return ""
	case path.Base(strings.Fields(line)[0]) == "ifconfig" && len(o.Operands) > 0:
		return "only what " + fleetnet.Quote(strings.Join(o.Operands, " ")) + " selects"
	case o.Has("I"):
		return "only what -I selects"
	case !o.Has("a", "all"):
		return "without -a, only interfaces that are up"
	}
	return ""
}
