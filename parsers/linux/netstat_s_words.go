package linux

// wordings are the English of net-tools' statistics.c by group of counters:
// what is printed, with % for the number, and the kernel's name for it. The
// wordings of every version since 1998 are here; a full stop at the end, which
// old versions print after some, is cut before.
var wordings = map[string][]map[string]string{
	"Ip": {ipWords}, "Ip6": {ip6Words, ipWords},
	"Icmp": {icmpWords}, "Icmp6": {icmpWords},
	"Tcp": {tcpWords}, "TcpExt": {tcpExtWords}, "Sctp": {sctpWords},
	"Udp": {udpWords}, "UdpLite": {udpWords}, "Udp6": {udpWords}, "UdpLite6": {udpWords},
}

var ipWords = map[string]string{
	"Default TTL is %":                        "DefaultTTL",
	"% forwarded":                             "ForwDatagrams",
	"% fragments created":                     "FragCreates",
	"% fragments failed":                      "FragFails",
	"% outgoing packets failed fragmentation": "FragFails",
	"% fragments received ok":                 "FragOKs",
	"% outgoing packets fragmented ok":        "FragOKs",
	"% with invalid addresses":                "InAddrErrors",
	"% incoming packets delivered":            "InDelivers",
	"% incoming packets discarded":            "InDiscards",
	"% with invalid headers":                  "InHdrErrors",
	"% total packets received":                "InReceives",
	"% with unknown protocol":                 "InUnknownProtos",
	"% outgoing packets dropped":              "OutDiscards",
	"% dropped because of missing route":      "OutNoRoutes",
	"% requests sent out":                     "OutRequests",
	"% packet reassembles failed":             "ReasmFails",
	"% packet reassemblies failed":            "ReasmFails",
	"% packets reassembled ok":                "ReasmOKs",
	"% reassemblies required":                 "ReasmReqds",
	"% fragments dropped after timeout":       "ReasmTimeout",
}

// ip6Words are those of Ip6 that Ip has not, or has under another name.
var ip6Words = map[string]string{
	"% forwarded":                      "OutForwDatagrams",
	"% incoming multicast packets":     "InMcastPkts",
	"% incoming packets with no route": "InNoRoutes",
	"% with packets too big":           "InTooBigErrors",
	"% with truncated packets":         "InTruncatedPkts",
	"% outgoing multicast packets":     "OutMcastPkts",
}

var icmpWords = map[string]string{
	"% ICMP messages received":    "InMsgs",
	"% input ICMP message failed": "InErrors",
	"% ICMP messages sent":        "OutMsgs",
	"% ICMP messages failed":      "OutErrors",
}

// icmpHistogram are the lines of the two histograms: the names lack their In
// or Out, and are those of Icmp or, where it has none, of Icmp6.
var icmpHistogram = map[string]string{
	"address mask replies: %":          "AddrMaskReps",
	"address mask request: %":          "AddrMasks",
	"address mask requests: %":         "AddrMasks",
	"destination unreachable: %":       "DestUnreachs",
	"echo replies: %":                  "EchoReps",
	"echo request: %":                  "Echos",
	"echo requests: %":                 "Echos",
	"wrong parameters: %":              "ParmProbs",
	"redirect: %":                      "Redirects",
	"redirects: %":                     "Redirects",
	"source quench: %":                 "SrcQuenchs",
	"source quenchs: %":                "SrcQuenchs",
	"source quenches: %":               "SrcQuenchs",
	"time exceeded: %":                 "TimeExcds",
	"timeout in transit: %":            "TimeExcds",
	"timestamp reply: %":               "TimestampReps",
	"timestamp replies: %":             "TimestampReps",
	"timestamp request: %":             "Timestamps",
	"timestamp requests: %":            "Timestamps",
	"group member queries: %":          "GroupMembQueries",
	"group member reductions: %":       "GroupMembReductions",
	"group member responses: %":        "GroupMembResponses",
	"neighbour advertisement: %":       "NeighborAdvertisements",
	"neighbor advertisements: %":       "NeighborAdvertisements",
	"neighbour solicits: %":            "NeighborSolicits",
	"neighbor solicits: %":             "NeighborSolicits",
	"parameter problem: %":             "ParmProblems",
	"packets too big: %":               "PktTooBigs",
	"router advertisement: %":          "RouterAdvertisements",
	"router solicits: %":               "RouterSolicits",
	"received ICMPv6 time exceeded: %": "TimeExcds",
	"sent ICMPv6 time exceeded: %":     "TimeExcds",
}

// icmpName returns the name that a group has for a line of a histogram.
func icmpName(group, name string) string {
	if group == "Icmp6" && name == "EchoReps" {
		return "EchoReplies"
	}
	return name
}

var tcpWords = map[string]string{
	"% active opens":                "ActiveOpens",
	"% active connection openings":  "ActiveOpens",
	"% active connections openings": "ActiveOpens",
	"% failed connection attempts":  "AttemptFails",
	"% connections established":     "CurrEstab",
	"% connection resets received":  "EstabResets",
	"% bad segments received":       "InErrs",
	"% segments received":           "InSegs",
	"% resets sent":                 "OutRsts",
	"% segments send out":           "OutSegs",
	"% segments sent out":           "OutSegs",
	"% passive opens":               "PassiveOpens",
	"% passive connection openings": "PassiveOpens",
	"% segments retransmited":       "RetransSegs",
	"% segments retransmitted":      "RetransSegs",
}

var udpWords = map[string]string{
	"% packets with invalid checksum":    "InCsumErrors",
	"% packets received":                 "InDatagrams",
	"% packet receive errors":            "InErrors",
	"% packets to unknown port received": "NoPorts",
	"% packets send":                     "OutDatagrams",
	"% packets sent":                     "OutDatagrams",
	"% receive buffer errors":            "RcvbufErrors",
	"% send buffer errors":               "SndbufErrors",
}

var sctpWords = map[string]string{
	"% Number of Aborteds":                      "Aborteds",
	"% Active Associations":                     "ActiveEstabs",
	"% Number of Packets with invalid Checksum": "ChecksumErrors",
	"% Current Associations":                    "CurrEstab",
	"% Number of messages fragmented":           "FragUsrMsgs",
	"% Number of control chunks received":       "InCtrlChunks",
	"% Number of ordered chunks received":       "InOrderChunks",
	"% Number of SCTP packets received":         "InSCTPPacks",
	"% Number of Unordered chunks received":     "InUnorderChunks",
	"% Number of control chunks sent":           "OutCtrlChunks",
	"% Number of Out of Blue packets":           "OutOfBlues",
	"% Number of ordered chunks sent":           "OutOrderChunks",
	"% Number of SCTP packets sent":             "OutSCTPPacks",
	"% Number of Unordered chunks sent":         "OutUnorderChunks",
	"% Passive Associations":                    "PassiveEstabs",
	"% Number of messages reassembled":          "ReasmUsrMsgs",
	"% Number of Graceful Terminations":         "Shutdowns",
}
