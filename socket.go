package fleetnet

import "net/netip"

// Socket is one socket of a host.
type Socket struct {
	Proto       string      `json:"proto"`                 // tcp, udp, raw, sctp, icmp, unix …
	Family      string      `json:"family,omitzero"`       // inet or inet6; empty when the tool does not tell, or for unix
	Local       Endpoint    `json:"local"`                 //
	Peer        Endpoint    `json:"peer"`                  //
	Zone        string      `json:"zone,omitzero"`         // interface that the socket is bound to, or the scope of a link-local address
	State       State       `json:"state,omitzero"`        //
	RecvQ       Opt[uint64] `json:"recv_q,omitzero"`       // bytes; for a Linux LISTEN socket the accept queue, in connections
	SendQ       Opt[uint64] `json:"send_q,omitzero"`       // bytes; for a Linux LISTEN socket the backlog, in connections
	AcceptQueue Opt[uint32] `json:"accept_queue,omitzero"` // of a LISTEN socket, where a tool tells it apart from recv_q (netstat -L of macOS and FreeBSD)
	Backlog     Opt[uint32] `json:"backlog,omitzero"`      // likewise; how many connections may wait to be accepted
	Processes   []Process   `json:"processes,omitzero"`
	UID         Opt[uint32] `json:"uid,omitzero"`
	Inode       Opt[uint64] `json:"inode,omitzero"` // 0 is a socket without a file: TIME_WAIT, SYN_RECV, orphans
	Timer       *Timer      `json:"timer,omitzero"` // nil: none runs, or the tool did not show it
	TCPInfo     *TCPInfo    `json:"tcp_info,omitzero"`
	Truncated   bool        `json:"truncated,omitzero"` // the tool cut an address or a port: the cut value is unknown
	Ref         Ref         `json:"-"`
	QueueRef    Ref         `json:"-"` // the line that tells AcceptQueue and Backlog, where it is not the socket's own
}

// Listening reports whether the socket waits for peers: LISTEN for stream
// sockets, unconnected for datagram sockets.
func (s *Socket) Listening() bool {
	return s.State == StateListen || s.State == StateUnconn && s.Proto == "udp"
}

// Endpoint is one end of a socket.
type Endpoint struct {
	// Addr is invalid for "any address of any family" (`*`), and when it is
	// not known: Name then holds what the tool printed. An IPv4-mapped IPv6
	// address is unmapped. It carries no zone.
	Addr netip.Addr `json:"addr,omitzero"`
	// Port is 0 for `*`, and when it is not known: the socket is Truncated then,
	// and Name holds what the tool printed.
	Port uint16 `json:"port"`
	// Name is a host name that stood in place of an address, or the path of a
	// unix socket. Empty otherwise.
	Name string `json:"name,omitzero"`
}

// Process is a process that holds a socket open.
type Process struct {
	Name string   `json:"name,omitzero"` // empty: unknown
	PID  int      `json:"pid,omitzero"`  // 0: unknown
	FD   Opt[int] `json:"fd,omitzero"`
}

// Timer is the timer that runs on a socket.
type Timer struct {
	Name        string      `json:"name"` // on (retransmission), keepalive, timewait, probe (persist), off, unknown
	ExpiresMS   Opt[int64]  `json:"expires_ms,omitzero"`
	Retransmits Opt[uint32] `json:"retransmits,omitzero"`
}

// TCPInfo is what the kernel tells of a TCP connection (struct tcp_info, as
// `ss -i` prints it). An absent value is unknown, which for most fields of
// ss means that the kernel's value is zero or that the kernel is too old.
type TCPInfo struct {
	RTTUS            Opt[uint32] `json:"rtt_us,omitzero"`
	RTTVarUS         Opt[uint32] `json:"rttvar_us,omitzero"`
	MinRTTUS         Opt[uint32] `json:"min_rtt_us,omitzero"`
	RTOMS            Opt[uint32] `json:"rto_ms,omitzero"`
	MSS              Opt[uint32] `json:"mss,omitzero"`
	PMTU             Opt[uint32] `json:"pmtu,omitzero"`
	Cwnd             Opt[uint32] `json:"cwnd,omitzero"`
	Ssthresh         Opt[uint32] `json:"ssthresh,omitzero"`
	Retransmits      Opt[uint32] `json:"retransmits,omitzero"`       // of the segment now unacknowledged
	RetransmitsTotal Opt[uint32] `json:"retransmits_total,omitzero"` // over the connection's life
	Lost             Opt[uint32] `json:"lost,omitzero"`
	Unacked          Opt[uint32] `json:"unacked,omitzero"`
	Backoff          Opt[uint32] `json:"backoff,omitzero"`
	LastSendMS       Opt[uint32] `json:"last_send_ms,omitzero"`
	LastRecvMS       Opt[uint32] `json:"last_recv_ms,omitzero"`
	LastAckMS        Opt[uint32] `json:"last_ack_ms,omitzero"`
	RcvSpace         Opt[uint32] `json:"rcv_space,omitzero"`
	BytesSent        Opt[uint64] `json:"bytes_sent,omitzero"`
	BytesAcked       Opt[uint64] `json:"bytes_acked,omitzero"`
	BytesReceived    Opt[uint64] `json:"bytes_received,omitzero"`
	BytesRetrans     Opt[uint64] `json:"bytes_retrans,omitzero"`
	BusyMS           Opt[uint64] `json:"busy_ms,omitzero"`
	RwndLimitedMS    Opt[uint64] `json:"rwnd_limited_ms,omitzero"`
	SndbufLimitedMS  Opt[uint64] `json:"sndbuf_limited_ms,omitzero"`
	Congestion       string      `json:"congestion,omitzero"` // congestion control algorithm
}
