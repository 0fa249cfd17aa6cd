package linux

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"path"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// ProcInterfaces reads interfaces from /proc and /sys: any of /proc/net/dev
// (see [devReader]), /proc/net/if_inet6 (Linux, net/ipv6/addrconf.c),
//
//	fe800000000000000000000000000001 03 40 20 80     eth0
//
// /proc/net/fib_trie with /proc/net/route (see [trie]), and the lines that the
// probe linux/proc-interfaces prints from /sys/class/net (see [readSys]). The
// files may follow each other with or without `==> NAME <==` between them.
func ProcInterfaces(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := procInterfaces{out: out, set: newIfaceSet(out)}
	for in.Next() {
		line := in.Text()
		if r.heading(line) {
			in.Skip()
			continue
		}
		r.line(in, line)
	}
	r.mergeSys()
	r.addresses(in.Command())
	r.cover()
}

type procInterfaces struct {
	out    *fleetnet.Snapshot
	set    ifaceSet
	file   string // which file the lines are of
	dev    devReader
	sys    []fleetnet.Interface // as /sys/class/net tells them
	trie   trie
	routes routeFile
}

// heading takes a line that tells which file follows.
func (r *procInterfaces) heading(line []byte) bool {
	line = bytes.TrimRight(line, " \t")
	switch name, ok := fileHeading(line); {
	case ok:
		r.file = path.Base(name)
		if name == "/sys/class/net" {
			r.file = "sys"
		}
	case r.file != "sys" && r.dev.heading(line):
		r.file = "dev"
	case bytes.HasPrefix(line, []byte("Iface\t")), bytes.HasPrefix(line, []byte("Iface ")):
		r.file = "route"
	case !indented(line) && bytes.HasSuffix(line, []byte(":")) && r.trie.table(line):
		r.file = "fib_trie"
	default:
		return false
	}
	return true
}

func (r *procInterfaces) line(in *fleetnet.Lines, line []byte) {
	c := field.New(line)
	switch {
	case r.file == "sys":
		claim(in, r.sysLine(c, in.Ref()))
	case len(c.Peek()) == 32:
		claim(in, r.inet6(c, in.Ref()))
	case r.file == "dev":
		claim(in, r.dev.row(line, r.set, in.Ref()))
	case r.file == "route":
		claim(in, r.routes.read(c, in.Ref()))
	case r.file == "fib_trie":
		claim(in, r.trie.line(c, in.Ref()))
	}
}

func (r *procInterfaces) sysLine(c field.Cursor, ref fleetnet.Ref) error {
	name := c.Next()
	if c.Err() != nil || !bytes.HasPrefix(c.Peek(), []byte("ifindex=")) {
		return errors.New("an interface and its files expected")
	}
	it := fleetnet.Interface{Name: r.out.Intern(name), Ref: ref}
	err := readSys(c, &it, r.out)
	r.sys = append(r.sys, it)
	return err
}

// mergeSys adds what /sys told to what /proc told, unless they are not of one
// network namespace: /sys is that of whoever mounted it.
func (r *procInterfaces) mergeSys() {
	if r.dev.columns != nil && len(r.sys) > 0 && !r.oneNamespace() {
		r.out.Cover(fleetnet.Coverage{
			Table: "interfaces", Status: fleetnet.StatusPartial, Probe: "linux/proc-interfaces",
			Fields: []string{"type", "mac", "mtu", "flags", "oper_state", "carrier", "master", "parent", "aliases"},
			Reason: "/sys shows another network namespace than /proc",
		})
		return
	}
	for _, it := range r.sys {
		have := r.set.add([]byte(it.Name), it.Ref)
		it.Ref, it.Addrs, it.Counters = have.Ref, have.Addrs, have.Counters
		*have = it
	}
}

// oneNamespace reports whether /sys and /proc tell of the same interfaces.
func (r *procInterfaces) oneNamespace() bool {
	for _, it := range r.sys {
		i := r.set.index([]byte(it.Name))
		if i < 0 || r.out.Interfaces[i].Index.OK && r.out.Interfaces[i].Index != it.Index {
			return false
		}
	}
	return len(r.sys) == len(r.set.byName)
}

// The flags of an IPv6 address (linux/if_addr.h) in the words of ip.
var addrFlags = []struct {
	bit  uint32
	word string
}{
	{0x01, "temporary"}, {0x02, "nodad"}, {0x04, "optimistic"}, {0x08, "dadfailed"}, {0x10, "home"},
	{0x20, "deprecated"}, {0x40, "tentative"}, {0x100, "mngtmpaddr"}, {0x200, "noprefixroute"},
}

// inet6 reads a line of if_inet6: address, ifindex, prefix length, scope,
// flags, interface.
func (r *procInterfaces) inet6(c field.Cursor, ref fleetnet.Ref) error {
	a, ok := hexAddr6(c.Next())
	index, ok2 := hexUint(c.Next())
	length, ok3 := hexUint(c.Next())
	scope, ok4 := hexUint(c.Next())
	flags, ok5 := hexUint(c.Next())
	name := c.Next()
	switch {
	case c.Err() != nil:
		return c.Err()
	case !(ok && ok2 && ok3 && ok4 && ok5) || length > 128 || a.Is4():
		return errors.New("an address of IPv6 expected")
	}
	addr := fleetnet.IfAddr{Prefix: netip.PrefixFrom(a, int(length)), Scope: scope6(scope)}
	for _, f := range addrFlags {
		if flags&f.bit != 0 {
			addr.Flags = append(addr.Flags, f.word)
		}
	}
	it := r.set.add(name, ref)
	it.Index = fleetnet.Some(int(index))
	it.Addrs = append(it.Addrs, addr)
	return nil
}

// scope6 names the scope of an IPv6 address (net/ipv6.h).
func scope6(scope uint32) string {
	switch scope & 0xf0 {
	case 0:
		return "global"
	case 0x10:
		return "host"
	case 0x20:
		return "link"
	case 0x40:
		return "site"
	}
	return ""
}

// cover says what is missing without /proc/net/dev, the one file in which all
// interfaces are.
func (r *procInterfaces) cover() {
	if r.dev.columns != nil {
		return
	}
	if len(r.sys) == 0 {
		coverPart(r.out, "interfaces", "linux/proc-interfaces", "only interfaces with an address")
	}
	r.out.Cover(fleetnet.Coverage{Table: "interfaces", Status: fleetnet.StatusUnsupported, Fields: allCounters, Probe: "linux/proc-interfaces",
		Reason: "not told without /proc/net/dev"})
}

// addresses attributes the host's IPv4 addresses to interfaces. Those of IPv6
// are told when their file was asked for, as a kernel without it has none.
func (r *procInterfaces) addresses(command string) {
	var orphans []netip.Addr
	for _, a := range r.trie.local {
		iface, bits, ok := r.owner(a)
		if !ok {
			orphans = append(orphans, a)
			continue
		}
		it := r.set.add([]byte(iface), r.trie.refs[a])
		it.Addrs = append(it.Addrs, fleetnet.IfAddr{Prefix: netip.PrefixFrom(a, bits), Scope: scope4(a)})
	}
	six := strings.Contains(command, "if_inet6")
	switch {
	case !r.trie.read && !six:
		coverField(r.out, "interfaces", "linux/proc-interfaces", "addrs", "addresses are not told by these files")
	case !six:
		coverField(r.out, "interfaces", "linux/proc-interfaces", "addrs", "IPv6 addresses are not told by these files")
	case !r.trie.read:
		coverField(r.out, "interfaces", "linux/proc-interfaces", "addrs", "IPv4 addresses are not told by these files")
	case len(orphans) > 0:
		coverField(r.out, "interfaces", "linux/proc-interfaces", "addrs",
			fmt.Sprintf("which interface has %v cannot be told from /proc (%d such addresses)", orphans[0], len(orphans)))
	}
}
