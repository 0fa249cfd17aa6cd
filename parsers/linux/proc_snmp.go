package linux

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// ProcSNMP reads /proc/net/snmp and /proc/net/netstat (Linux, net/ipv4/proc.c),
// which give names and values by pairs of lines,
//
//	Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens …
//	Tcp: 1 200 120000 -1 6 3 …
//
// and /proc/net/snmp6 and /proc/net/sctp/snmp, one counter a line:
//
//	Ip6InReceives                   	118
func ProcSNMP(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	const perCounter = 20 // bytes of text, about
	out.Counters = slices.Grow(out.Counters, in.Left()/perCounter)
	from := len(out.Counters)
	defer func() { coverSNMP(out, out.Counters[from:]) }()
	var names []byte
	for in.Next() {
		line := in.Text()
		group, rest, paired := bytes.Cut(line, []byte(": "))
		switch {
		case isFileHeading(line):
			in.Skip()
		case !paired:
			claim(in, flatCounter(out, field.New(line), in.Ref()))
		case names != nil:
			claim(in, pairedCounters(out, names, group, rest, in.Ref()))
			names = nil
		case !bytes.HasPrefix(in.Peek(), line[:len(group)+1]):
			in.Fail(errors.New("the line of the values is missing"))
		default:
			names = rest
			in.Skip()
		}
	}
}

// coverSNMP says which of the two files that hold the counters of IPv4 and of TCP
// were not there.
func coverSNMP(out *fleetnet.Snapshot, counters []fleetnet.Counter) {
	for _, file := range []struct{ name, group string }{{"snmp", "Tcp."}, {"netstat", "TcpExt."}} {
		if !slices.ContainsFunc(counters, func(c fleetnet.Counter) bool { return strings.HasPrefix(c.Name, file.group) }) {
			coverPart(out, "counters", "linux/proc-snmp", "without those of /proc/net/"+file.name)
		}
	}
}

// flatCounter reads a name that is glued to its group, and its value.
func flatCounter(out *fleetnet.Snapshot, c field.Cursor, ref fleetnet.Ref) error {
	name, ok := splitCounter(c.Next())
	value, number := counterValue(c.Next())
	switch {
	case c.Err() != nil:
		return c.Err()
	case !ok:
		return errors.New("unknown group of counters")
	case !number:
		return errors.New("the value is not a number")
	}
	addCounter(out, name, value, ref)
	return nil
}

// pairedCounters adds the values of a group under their names.
func pairedCounters(out *fleetnet.Snapshot, names, group, values []byte, ref fleetnet.Ref) error {
	full, n := fullNames(group, names)
	numbers := make([]int64, 0, n)
	more, bad := 0, false
	for text := range bytes.FieldsSeq(values) {
		number, ok := counterValue(text)
		numbers = append(numbers, number)
		more, bad = more+1, bad || !ok
	}
	switch {
	case more != n:
		return errors.New("not as many values as names")
	case bad:
		return errors.New("a value is not a number")
	}
	i := 0
	for name := range bytes.FieldsSeq(names) {
		size := len(group) + 1 + len(name)
		addCounter(out, full[:size], numbers[i], ref)
		full = full[size:]
		i++
	}
	return nil
}

// fullNames returns the names with their group, Tcp.RtoMin, one after another in
// one string that all of them share, and how many there are.
func fullNames(group, names []byte) (full string, n int) {
	b := make([]byte, 0, 4<<10)
	for name := range bytes.FieldsSeq(names) {
		b = append(append(append(b, group...), '.'), name...)
		n++
	}
	return string(b), n
}

// counterValue reads a counter. A gauge that went a little below zero is
// printed as an unsigned number of 64 bits.
func counterValue(b []byte) (int64, bool) {
	const little = 1 << 32
	n, ok := field.Uint(b, 64)
	if !ok {
		return field.Int(b)
	}
	return int64(n), n <= math.MaxInt64 || n > math.MaxUint64-little
}

func addCounter(out *fleetnet.Snapshot, name string, value int64, ref fleetnet.Ref) {
	out.Counters = append(out.Counters, fleetnet.Counter{Name: name, Value: value, Ref: ref})
}

// counterGroups are the groups of counters, longer names before those that
// they begin with.
var counterGroups = []string{
	"MPTcpExt", "UdpLite6", "IcmpMsg", "UdpLite", "TcpExt", "IpExt", "Icmp6", "Udp6", "Icmp", "Sctp", "Ip6", "Tcp", "Udp", "Ip",
}

// splitCounter returns the MIB name of a counter that is glued to its group:
// Tcp.RetransSegs of TcpRetransSegs. What follows a group begins with a capital.
func splitCounter(b []byte) (string, bool) {
	for _, g := range counterGroups {
		rest, ok := bytes.CutPrefix(b, []byte(g))
		if ok && len(rest) > 0 && rest[0] >= 'A' && rest[0] <= 'Z' {
			return g + "." + string(rest), true
		}
	}
	return "", false
}
