package bsdnet

// counterNames returns the names of the numbers of a line, in their order; an
// empty one is left out.
func counterNames(proto, key string) []string { return counterTable[proto][key] }

// counterTable has the names by protocol and normal text. The second column
// of comments is the field of the kernel (struct tcpstat, udpstat, ipstat, ip6stat
// and icmpstat) that the line shows; docs/counters.md explains each pair.
var counterTable = map[string]map[string][]string{
	"tcp": {
		"% connection request":                                  {"Tcp.ActiveOpens"},                         // tcps_connattempt
		"% connection accept":                                   {"Tcp.PassiveOpens"},                        // tcps_accepts
		"% packet received":                                     {"Tcp.InSegs"},                              // tcps_rcvtotal
		"% data packet (% byte) retransmitted":                  {"Tcp.RetransSegs", "BsdTcp.sndrexmitbyte"}, // tcps_sndrexmitpack
		"% discarded for bad checksum":                          {"Tcp.InCsumErrors"},                        // tcps_rcvbadsum
		"% listen queue overflow":                               {"TcpExt.ListenOverflows"},                  // tcps_listendrop
		"% ack-only packet (% delayed)":                         {"", "TcpExt.DelayedACKs"},                  // tcps_delack
		"% keepalive probe sent":                                {"TcpExt.TCPKeepAlive"},                     // tcps_keepprobe
		"% SACK recovery episode":                               {"TcpExt.TCPSackRecovery"},                  // tcps_sack_recovery_episode
		"% SYN cookie sent":                                     {"TcpExt.SyncookiesSent"},                   // tcps_sc_sendcookie
		"% SYN cookie received":                                 {"TcpExt.SyncookiesRecv"},                   // tcps_sc_recvcookie
		"% cookie sent":                                         {"TcpExt.SyncookiesSent"},                   // FreeBSD
		"% cookie received":                                     {"TcpExt.SyncookiesRecv"},                   // FreeBSD
		"% time DSACK option was received":                      {"TcpExt.TCPDSACKRecv"},                     // tcps_dsack_recvd
		"% packet sent":                                         {"BsdTcp.sndtotal"},                         // with retransmissions: not Tcp.OutSegs
		"% connection established (including accept)":           {"BsdTcp.connects"},                         // totals since boot
		"% connection closed (including % drop)":                {"BsdTcp.closed", "BsdTcp.drops"},           // tcps_closed, tcps_drops
		"% embryonic connection dropped":                        {"BsdTcp.conndrops"},                        // before the handshake ended
		"% retransmit timeout":                                  {"BsdTcp.rexmttimeo"},                       // each, where Linux counts the first
		"% connection dropped by rexmit timeout":                {"BsdTcp.timeoutdrop"},                      // TCPAbortOnTimeout counts more
		"% connection dropped by persist timeout":               {"BsdTcp.persistdrop"},                      //
		"% persist timeout (resulting in % dropped connection)": {"", "BsdTcp.persistdrop"},                  // NetBSD
		"% connection dropped by keepalive":                     {"BsdTcp.keepdrops"},                        //
		"% bad connection attempt":                              {"BsdTcp.badsyn"},                           //
		"% out-of-order packet (% byte)":                        {"BsdTcp.rcvoopack", ""},                    //
		"% completely duplicate packet (% byte)":                {"BsdTcp.rcvduppack", ""},                   //
		"% received packet dropped due to low memory":           {"BsdTcp.rcvmemdrop"},                       //
		"% discarded due to memory shortage":                    {"BsdTcp.rcvmemdrop"},                       // OpenBSD
		"% discarded due to memory problem":                     {"BsdTcp.rcvmemdrop"},                       // FreeBSD
		"% connection dropped by retransmit timeout":            {"BsdTcp.timeoutdrop"},                      // FreeBSD 14
		"% FIN_WAIT timeout drop":                               {"BsdTcp.finwait2_drops"},                   //
	},
	"udp":  udpNames("Udp"),
	"udp6": udpNames("Udp6"), // NetBSD, where udp counts IPv4 alone
	"ip":   ipNames("Ip", "ForwDatagrams"),
	"ip6":  ipNames("Ip6", "OutForwDatagrams"),
	"icmp": {
		"% bad checksum": {"Icmp.InCsumErrors"}, // icps_checksum
	},
	"icmp6": {
		"% bad checksum": {"Icmp6.InCsumErrors"}, // icp6s_checksum
	},
}

// udpNames returns the names of UDP, of which the line delivered leaves out what
// the lines above it count.
func udpNames(mib string) map[string][]string {
	one := func(name string) []string { return []string{mib + "." + name} }
	return map[string][]string{
		"% delivered":                                             one("InDatagrams"),
		"% datagram output":                                       one("OutDatagrams"),         // udps_opackets
		"% dropped due to no socket":                              one("NoPorts"),              // udps_noport
		"% dropped due to full socket buffer":                     one("RcvbufErrors"),         // udps_fullsock
		"% with bad checksum":                                     one("InCsumErrors"),         // udps_badsum
		"% datagram received":                                     {"Bsd" + mib + ".ipackets"}, // with those in error
		"% broadcast/multicast datagram undelivered":              {"Bsd" + mib + ".noportbcast"},
		"% broadcast/multicast datagram dropped due to no socket": {"Bsd" + mib + ".noportbcast"}, // the other systems
		"% multicast datagram dropped due to no socket":           {"Bsd" + mib + ".noportbcast"}, // udp6 of NetBSD
	}
}

// ipNames returns the names of IPv4 or IPv6, which have the same lines.
func ipNames(mib, forwarded string) map[string][]string {
	one := func(name string) []string { return []string{mib + "." + name} }
	names := map[string][]string{
		"% total packet received":                      one("InReceives"),
		"% packet for this host":                       one("InDelivers"),
		"% packet for unknown/unsupported protocol":    one("InUnknownProtos"),
		"% packet forwarded":                           one(forwarded),
		"% packet forwarded (% packet fast forwarded)": one(forwarded),
		"% packet sent from this host":                 one("OutRequests"),
		"% output packet dropped due to no bufs, etc.": one("OutDiscards"),
		"% output packet discarded due to no route":    one("OutNoRoutes"),
		"% fragment received":                          one("ReasmReqds"),
		"% packet reassembled ok":                      one("ReasmOKs"),
		"% reassembled ok":                             one("ReasmOKs"),
		"% output datagram fragmented":                 one("FragOKs"),
		"% output datagram successfully fragmented":    one("FragOKs"),
		"% fragment created":                           one("FragCreates"),
		"% datagram that can't be fragmented":          one("FragFails"),
	}
	if mib == "Ip" {
		names["% bad header checksum"] = []string{"IpExt.InCsumErrors"}
	}
	return names
}

// barName returns the name of a bar of a histogram, or "".
func barName(proto, histogram, label string) string {
	way := map[string]string{"Input histogram": "In", "Output histogram": "Out", "Input packet histogram": "In", "Output packet histogram": "Out"}[histogram]
	types, mib := icmpBars, "Icmp."
	switch proto {
	case "icmp":
	case "icmp6":
		types, mib = icmp6Bars, "Icmp6."
	default:
		return ""
	}
	name := types[label]
	if way == "" || name == "" {
		return ""
	}
	return mib + way + name
}

// icmpBars are the types of icmpnames (inet.c) under the names of RFC 2011,
// as Linux has them.
var icmpBars = map[string]string{
	"echo reply": "EchoReps", "destination unreachable": "DestUnreachs", "source quench": "SrcQuenchs", "routing redirect": "Redirects",
	"echo": "Echos", "time exceeded": "TimeExcds", "parameter problem": "ParmProbs", "time stamp": "Timestamps",
	"time stamp reply": "TimestampReps", "address mask request": "AddrMasks", "address mask reply": "AddrMaskReps",
}

// icmp6Bars are the types of icmp6names (inet6.c) under the names of RFC 2466,
// as Linux has them.
var icmp6Bars = map[string]string{
	"unreach": "DestUnreachs", "packet too big": "PktTooBigs", "time exceed": "TimeExcds", "parameter problem": "ParmProblems",
	"echo": "Echos", "echo reply": "EchoReplies", "multicast listener query": "GroupMembQueries",
	"multicast listener report": "GroupMembResponses", "multicast listener done": "GroupMembReductions",
	"MLDv1 listener report": "GroupMembResponses", "MLDv1 listener done": "GroupMembReductions", "MLDv2 listener report": "MLDv2Reports",
	"router solicitation": "RouterSolicits", "router advertisement": "RouterAdvertisements",
	"neighbor solicitation": "NeighborSolicits", "neighbor advertisement": "NeighborAdvertisements", "redirect": "Redirects",
}
