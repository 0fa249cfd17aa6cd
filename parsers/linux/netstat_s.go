package linux

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/command"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// NetstatS reads `netstat -s` (net-tools 1.60 to 2.10, statistics.c):
//
//	Tcp:
//	    6 active connection openings
//	    12 segments retransmitted
//	TcpExt:
//	    TCPLossProbes: 3
//	IcmpMsg:
//	        InType3: 107
//
// net-tools words some counters in English, differently through the years, and
// prints those that it has no words for, unless they are zero, as NAME: N. Both
// become the kernel's own names. Most counters of zero are left out.
func NetstatS(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	r := netstatS{out: out}
	for in.Next() {
		line := bytes.TrimRight(in.Text(), " ")
		if group, ok := bytes.CutSuffix(line, []byte{':'}); ok && !indented(line) {
			r.group, r.direction = string(group), ""
			r.seen(r.group)
			in.Skip()
			continue
		}
		switch err := r.line(strings.TrimSpace(string(line)), in.Ref()); {
		case errors.Is(err, errNoCounter):
			in.Skip()
		case errors.Is(err, errFile):
			in.Skip()
			coverPart(out, "counters", "linux/netstat-s", "netstat could not read one of its files")
		default:
			claim(in, err)
		}
	}
	r.coverAsked(in.Command())
	if r.tcp && !r.extended {
		// net-tools 1.60 gives up on the /proc/net/netstat of newer kernels, and exits with 0.
		out.Cover(fleetnet.Coverage{
			Table: "counters", Status: fleetnet.StatusPartial, Probe: "linux/netstat-s", Reason: "this netstat could not tell the counters of TcpExt",
		})
	}
}

// coverAsked says that the command asked for some protocols alone.
func (r *netstatS) coverAsked(line string) {
	o := command.Of(line, "A")
	if o.Has("tuwxUS46A", "tcp", "udp", "raw", "inet", "inet6", "sctp", "udplite", "protocol") {
		coverPart(r.out, "counters", "linux/netstat-s", "only those of the protocols that were asked for")
	}
}

var (
	errNoCounter = errors.New("tells no counter")
	errFile      = errors.New("tells of a file that could not be read")
)

type netstatS struct {
	out       *fleetnet.Snapshot
	group     string
	direction string // In or Out within the histograms of Icmp and Icmp6
	tcp       bool   // its group was there
	extended  bool   // that of TcpExt was there, or need not be
}

// seen notes that a group began. netstat -6 has TCP's without the extended ones.
func (r *netstatS) seen(group string) {
	r.tcp = r.tcp || group == "Tcp"
	r.extended = r.extended || group == "TcpExt" || group == "Ip6"
}

// line reads one line of a group.
func (r *netstatS) line(text string, ref fleetnet.Ref) error {
	switch text {
	case "ICMP input histogram:":
		r.direction = "In"
		return errNoCounter
	case "ICMP output histogram:":
		r.direction = "Out"
		return errNoCounter
	case "Forwarding is enabled", "Forwarding is disabled":
		return errNoCounter
	}
	if strings.HasPrefix(text, "error parsing /proc/net/") || strings.HasPrefix(text, "cannot open /proc/net/") {
		return errFile
	}
	words, number, ok := cutNumber(text)
	group := r.group
	if group == "" {
		if group = groupOf(words); group == "" {
			return errors.New("stands before any group of counters")
		}
	}
	name, known := r.name(group, words)
	switch {
	case !ok:
		return errors.New("no number, or more than one")
	case !known:
		return fmt.Errorf("no counter of %s is worded so", fleetnet.Quote(group))
	}
	value, ok := counterValue([]byte(number))
	if !ok {
		return errors.New("the number is out of range")
	}
	if value < 0 {
		// net-tools before 2011 prints totals as signed 32-bit numbers.
		r.out.Cover(fleetnet.Coverage{
			Table: "counters", Status: fleetnet.StatusPartial, Probe: "linux/netstat-s", Reason: "this netstat shows large counters as negative",
		})
		return errNoCounter
	}
	addCounter(r.out, group+"."+name, value, ref)
	return nil
}

// cutNumber parts the number of a line from its words, in which % stands for it.
func cutNumber(text string) (words, number string, ok bool) {
	var parts []string
	for _, w := range strings.Fields(strings.TrimSuffix(text, ".")) {
		if _, isNumber := field.Int([]byte(w)); !isNumber {
			parts = append(parts, w)
			continue
		}
		if number != "" {
			return "", "", false
		}
		number, parts = w, append(parts, "%")
	}
	return strings.Join(parts, " "), number, number != ""
}

// groupOf returns the one group that words a counter so, for lines that a filter
// let through without their heading: `netstat -s | grep -i listen`. The kernel's
// names that begin with TCP are all of TcpExt (snmp4_net_list in net/ipv4/proc.c).
func groupOf(words string) string {
	if name, ok := strings.CutSuffix(words, ": %"); ok {
		if strings.HasPrefix(name, "TCP") && isCounterName(name) {
			return "TcpExt"
		}
		return ""
	}
	only := ""
	for group, tables := range wordings {
		for _, t := range tables {
			if _, ok := t[words]; !ok {
				continue
			}
			if only != "" && only != group {
				return ""
			}
			only = group
		}
	}
	return only
}

// name returns the kernel's name of what the words mean in the group.
func (r *netstatS) name(group, words string) (string, bool) {
	if name, ok := strings.CutSuffix(words, ": %"); ok && isCounterName(name) {
		return counterOf(group, name), true
	}
	for _, t := range wordings[group] {
		if name, ok := t[words]; ok {
			return name, true
		}
	}
	if r.direction != "" {
		if name, ok := icmpHistogram[words]; ok && (group == "Icmp" || group == "Icmp6") {
			return r.direction + icmpName(group, name), true
		}
	}
	return "", false
}

// counterOf returns the name of a counter within its group. Those of IPv6 and SCTP
// come from files where the group is glued to the name.
func counterOf(group, name string) string {
	switch group {
	case "Ip6", "Icmp6", "Udp6", "UdpLite6", "Sctp":
		return strings.TrimPrefix(name, group)
	}
	return name
}

// isCounterName reports whether net-tools could have taken the name from the kernel.
func isCounterName(name string) bool {
	for _, ch := range []byte(name) {
		if !(ch >= 'A' && ch <= 'Z' || ch >= 'a' && ch <= 'z' || ch >= '0' && ch <= '9' || ch == '_') {
			return false
		}
	}
	return name != "" && name[0] >= 'A' && name[0] <= 'Z'
}
