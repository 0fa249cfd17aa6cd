package windows

import (
	"slices"
	"strings"
	"unicode"
)

// block is a block of `netstat -s`: the names of its lines under those of the
// MIB, from the first on; of tables, those received and those sent.
type block struct {
	group string
	names [2][]string
}

// The lines of the blocks in their order, which is that of MIB_IPSTATS,
// MIB_TCPSTATS, MIB_UDPSTATS and MIB_ICMP (iprtrmib.h, tcpmib.h), the groups of
// RFC 1213. An empty name is one that other systems do not have.
var (
	ipNames = []string{
		"InReceives", "InHdrErrors", "InAddrErrors", "ForwDatagrams", "InUnknownProtos", "InDiscards", "InDelivers", "OutRequests",
		"RoutingDiscards", "OutDiscards", "OutNoRoutes", "ReasmReqds", "ReasmOKs", "ReasmFails", "FragOKs", "FragFails", "FragCreates",
	}
	ip6Names  = renamed(ipNames, "ForwDatagrams", "OutForwDatagrams")
	tcpNames  = []string{"ActiveOpens", "PassiveOpens", "AttemptFails", "EstabResets", "CurrEstab", "InSegs", "OutSegs", "RetransSegs"}
	udpNames  = []string{"InDatagrams", "NoPorts", "InErrors", "OutDatagrams"}
	icmpNames = []string{
		"Msgs", "Errors", "DestUnreachs", "TimeExcds", "ParmProbs", "SrcQuenchs", "Redirects", "EchoReps", "Echos",
		"Timestamps", "TimestampReps", "AddrMasks", "AddrMaskReps", "RouterSolicits", "RouterAdvertisements",
	}
	// icmpXP is as Windows XP and 2003 have it: requests before replies, whose
	// label is the longer one.
	icmpXP = []string{
		"Msgs", "Errors", "DestUnreachs", "TimeExcds", "ParmProbs", "SrcQuenchs", "Redirects", "Echos", "EchoReps",
		"Timestamps", "TimestampReps", "AddrMasks", "AddrMaskReps",
	}
	icmp6Names = []string{
		"Msgs", "Errors", "DestUnreachs", "PktTooBigs", "TimeExcds", "ParmProblems", "Echos", "EchoReplies", "GroupMembQueries",
		"GroupMembResponses", "GroupMembReductions", "RouterSolicits", "RouterAdvertisements", "NeighborSolicits",
		"NeighborAdvertisements", "Redirects", "RouterRenumberings",
	}
	ifNames = []string{"Octets", "UcastPkts", "NUcastPkts", "Discards", "Errors", "UnknownProtos"}
)

func renamed(names []string, from, to string) []string {
	out := slices.Clone(names)
	out[slices.Index(out, from)] = to
	return out
}

// blocks are the blocks by the protocols in their titles and the number of
// their lines.
func blocks() map[string]block {
	single := func(group string, names []string) block { return block{group, [2][]string{names, nil}} }
	return map[string]block{
		"IP 17":      single("Ip", ipNames), // before XP
		"IPV4 17":    single("Ip", ipNames),
		"IPV6 17":    single("Ip6", ip6Names),
		"ICMP 13":    both("Icmp", icmpXP), // before XP
		"ICMPV4 13":  both("Icmp", icmpXP),
		"ICMPV4 15":  both("Icmp", icmpNames),
		"ICMPV6 17":  both("Icmp6", icmp6Names),
		"TCP 8":      single("Tcp4", tcpNames),
		"TCP IPV4 8": single("Tcp4", tcpNames),
		"TCP IPV6 8": single("Tcp6", tcpNames),
		"UDP 4":      single("Udp", udpNames),
		"UDP IPV4 4": single("Udp", udpNames),
		"UDP IPV6 4": single("Udp6", udpNames),
	}
}

// both returns a block with a column of what was received and one of what was sent.
func both(group string, names []string) block {
	b := block{group: group}
	for _, n := range names {
		b.names[0] = append(b.names[0], "In"+n)
		b.names[1] = append(b.names[1], "Out"+n)
	}
	return b
}

// blockOf finds the block of a title. That of `netstat -e` names no protocol; its
// last line has no column of what was sent.
func blockOf(title string, rows []statsRow) (block, bool) {
	key := strings.Join(append(protocols(title), itoa(len(rows))), " ")
	b, ok := blocks()[key]
	if key == "6" && rows[5].n == 1 {
		b, ok = both("If", ifNames), true
	}
	if !ok || len(rows) == len(icmpXP) && rows[7].label >= rows[8].label { // a later one that lost two lines
		return block{}, false
	}
	for i, row := range rows {
		if want := b.names[1] != nil; row.n != 1 && !want || row.n != 2 && want && (b.group != "If" || i < 5) {
			return block{}, false
		}
	}
	return b, true
}

// protocols returns the names of protocols in a title, TCP and UDP first: other
// languages put them the other way round.
func protocols(title string) []string {
	var names []string
	for _, w := range strings.FieldsFunc(strings.ToUpper(title), func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		switch w {
		case "TCP", "UDP":
			names = append([]string{w}, names...)
		case "IP", "IPV4", "IPV6", "ICMP", "ICMPV4", "ICMPV6":
			names = append(names, w)
		}
	}
	return names
}
