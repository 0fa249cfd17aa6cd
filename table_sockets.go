package fleetnet

import "net/netip"

// Listener is a row of the listeners view: a socket that waits for peers.
type Listener struct {
	*Socket
	AcceptQueue Opt[uint64] `json:"accept_queue,omitzero"` // connections that wait to be accepted
	Backlog     Opt[uint64] `json:"backlog,omitzero"`      // how many may wait
}

var socketTable = tableOf("sockets", "one row is a socket", []string{"sockets"},
	func(s *Snapshot) []Socket { return s.Sockets },
	func(k *Socket) Ref { return k.Ref }, socketColumns())

var listenerTable = tableOf("listeners", "the sockets in LISTEN (tcp) or unconnected (udp)", []string{"sockets"},
	listeners, func(l *Listener) Ref { return l.Ref }, listenerColumns())

// listeners builds the view. Recv-Q and Send-Q of a LISTEN socket are the
// accept queue and the backlog on Linux (tcp_diag.c) since 2.6.18; a tool that
// reads /proc/net/tcp shows the accept queue and no backlog. Other systems tell
// both apart, if at all.
func listeners(s *Snapshot) []Listener {
	var out []Listener
	for i := range s.Sockets {
		k := &s.Sockets[i]
		if !k.Listening() {
			continue
		}
		l := Listener{Socket: k, AcceptQueue: widened(k.AcceptQueue), Backlog: widened(k.Backlog)}
		if s.Host.OS == "linux" && k.State == StateListen {
			l.AcceptQueue = k.RecvQ
			if k.SendQ.V > 0 { // 0 is /proc's way of not telling
				l.Backlog = k.SendQ
			}
		}
		out = append(out, l)
	}
	return out
}

func widened(o Opt[uint32]) Opt[uint64] { return Opt[uint64]{V: uint64(o.V), OK: o.OK} }

func socketColumns() []column[Socket] {
	return []column[Socket]{
		shown("proto", KindString, "tcp, udp, raw, sctp, unix …", func(k *Socket) Value { return textOrUnknown(k.Proto) }),
		col("family", KindString, "inet or inet6", func(k *Socket) Value { return textOrUnknown(k.Family) }),
		shown("state", KindString, "state, under netstat's names", func(k *Socket) Value { return textOrUnknown(k.State) }),
		shown("recv_q", KindInt, "bytes received and not read; connections to accept for LISTEN", func(k *Socket) Value { return optInt(k.RecvQ) }),
		shown("send_q", KindInt, "bytes sent and not acknowledged; backlog for LISTEN", func(k *Socket) Value { return optInt(k.SendQ) }),
		col("local", KindString, "local endpoint as one text", func(k *Socket) Value { return StringValue(k.Local.String()) }),
		shown("local.addr", KindString, "local address; * for any", func(k *Socket) Value { return k.Local.host() }).
			keyed(func(b []byte, k *Socket) []byte { return k.Local.appendHost(b) }),
		shown("local.port", KindInt, "local port; 0 for any", func(k *Socket) Value { return k.port(&k.Local) }),
		col("peer", KindString, "peer endpoint as one text", func(k *Socket) Value { return StringValue(k.Peer.String()) }),
		shown("peer.addr", KindString, "peer address; * for any", func(k *Socket) Value { return k.Peer.host() }).
			keyed(func(b []byte, k *Socket) []byte { return k.Peer.appendHost(b) }),
		shown("peer.port", KindInt, "peer port; 0 for any", func(k *Socket) Value { return k.port(&k.Peer) }),
		col("zone", KindString, "interface that the socket is bound to", func(k *Socket) Value { return textOrUnknown(k.Zone) }),
		shown("process", KindString, "name of the first process that holds it", process),
		shown("pid", KindInt, "pid of the first process that holds it", pid),
		col("processes", KindList, "all processes that hold it, as name/pid", processes),
		col("uid", KindInt, "user id of the owner", func(k *Socket) Value { return optInt(k.UID) }),
		col("inode", KindInt, "inode; 0 for a socket without a file", func(k *Socket) Value { return optInt(k.Inode) }),
		col("timer.name", KindString, "timer that runs: on, keepalive, timewait, probe", timer(func(t *Timer) Value { return textOrUnknown(t.Name) })),
		col("timer.expires_ms", KindInt, "when the timer fires", timer(func(t *Timer) Value { return optInt(t.ExpiresMS) })),
		col("timer.retransmits", KindInt, "retransmissions so far", timer(func(t *Timer) Value { return optInt(t.Retransmits) })),
		info("rtt_us", "smoothed round trip time", func(t *TCPInfo) Opt[uint32] { return t.RTTUS }),
		info("rttvar_us", "its variation", func(t *TCPInfo) Opt[uint32] { return t.RTTVarUS }),
		info("min_rtt_us", "least round trip time seen", func(t *TCPInfo) Opt[uint32] { return t.MinRTTUS }),
		info("rto_ms", "retransmission timeout", func(t *TCPInfo) Opt[uint32] { return t.RTOMS }),
		info("mss", "maximum segment size", func(t *TCPInfo) Opt[uint32] { return t.MSS }),
		info("pmtu", "path MTU", func(t *TCPInfo) Opt[uint32] { return t.PMTU }),
		info("cwnd", "congestion window, in segments", func(t *TCPInfo) Opt[uint32] { return t.Cwnd }),
		info("ssthresh", "slow start threshold", func(t *TCPInfo) Opt[uint32] { return t.Ssthresh }),
		info("retransmits", "retransmissions of the oldest segment", func(t *TCPInfo) Opt[uint32] { return t.Retransmits }),
		info("retransmits_total", "retransmissions over its life", func(t *TCPInfo) Opt[uint32] { return t.RetransmitsTotal }),
		info("lost", "segments believed lost", func(t *TCPInfo) Opt[uint32] { return t.Lost }),
		info("unacked", "segments not acknowledged", func(t *TCPInfo) Opt[uint32] { return t.Unacked }),
		info("backoff", "exponential backoff of the timer", func(t *TCPInfo) Opt[uint32] { return t.Backoff }),
		info("last_send_ms", "since data was last sent", func(t *TCPInfo) Opt[uint32] { return t.LastSendMS }),
		info("last_recv_ms", "since data was last received", func(t *TCPInfo) Opt[uint32] { return t.LastRecvMS }),
		info("last_ack_ms", "since an ACK was last received", func(t *TCPInfo) Opt[uint32] { return t.LastAckMS }),
		info("rcv_space", "receive buffer space", func(t *TCPInfo) Opt[uint32] { return t.RcvSpace }),
		info("bytes_sent", "bytes sent", func(t *TCPInfo) Opt[uint64] { return t.BytesSent }),
		info("bytes_acked", "bytes acknowledged", func(t *TCPInfo) Opt[uint64] { return t.BytesAcked }),
		info("bytes_received", "bytes received", func(t *TCPInfo) Opt[uint64] { return t.BytesReceived }),
		info("bytes_retrans", "bytes retransmitted", func(t *TCPInfo) Opt[uint64] { return t.BytesRetrans }),
		info("busy_ms", "time with data to send", func(t *TCPInfo) Opt[uint64] { return t.BusyMS }),
		info("rwnd_limited_ms", "time limited by the peer's window", func(t *TCPInfo) Opt[uint64] { return t.RwndLimitedMS }),
		info("sndbuf_limited_ms", "time limited by the send buffer", func(t *TCPInfo) Opt[uint64] { return t.SndbufLimitedMS }),
		col("tcp_info.congestion", KindString, "congestion control algorithm", func(k *Socket) Value {
			if k.TCPInfo == nil {
				return Value{}
			}
			return textOrUnknown(k.TCPInfo.Congestion)
		}),
		col("truncated", KindBool, "the tool cut an address or port", func(k *Socket) Value { return BoolValue(k.Truncated) }),
	}
}

// appendHost appends the key of host, without writing out the address.
func (e *Endpoint) appendHost(b []byte) []byte {
	a := e.Addr
	if !a.IsValid() && e.Name != "" {
		// A name that reads as an address is the same value as that address.
		if named, err := netip.ParseAddr(e.Name); err == nil && named.String() == e.Name {
			a = named
		}
	}
	switch {
	case !a.IsValid() || a.Zone() != "":
		return appendText(append(b, byte(KindString), 0), e.host().Text())
	case a.Is4():
		ip := a.As4()
		return append(append(b, byte(KindString), 4), ip[:]...)
	}
	ip := a.As16()
	return append(append(b, byte(KindString), 6), ip[:]...)
}

// port returns the port of an end; unknown where the tool cut it or named a
// service that is not known.
func (s *Socket) port(e *Endpoint) Value {
	if s.Truncated && e.Port == 0 && e.Name != "" {
		return Value{}
	}
	return IntValue(int64(e.Port))
}

func process(k *Socket) Value {
	if len(k.Processes) == 0 {
		return Value{}
	}
	return textOrUnknown(k.Processes[0].Name)
}

func pid(k *Socket) Value {
	if len(k.Processes) == 0 || k.Processes[0].PID == 0 { // no process has it that holds a socket
		return Value{}
	}
	return IntValue(int64(k.Processes[0].PID))
}

func processes(k *Socket) Value {
	if len(k.Processes) == 0 {
		return Value{}
	}
	out := make([]string, len(k.Processes))
	for i, p := range k.Processes {
		out[i] = p.String()
	}
	return ListValue(out)
}

func timer(get func(*Timer) Value) func(*Socket) Value {
	return func(k *Socket) Value {
		if k.Timer == nil {
			return Value{}
		}
		return get(k.Timer)
	}
}

func info[T uint32 | uint64](name, doc string, get func(*TCPInfo) Opt[T]) column[Socket] {
	return col("tcp_info."+name, KindInt, doc, func(k *Socket) Value {
		if k.TCPInfo == nil {
			return Value{}
		}
		return optInt(get(k.TCPInfo))
	})
}

// listenerColumns are those of sockets, and the two that only listeners have.
func listenerColumns() []column[Listener] {
	var out []column[Listener]
	for _, c := range socketColumns() {
		get := c.get
		f := c.Field
		switch f.Name {
		case "peer.addr", "peer.port", "recv_q", "send_q", "state":
			f.Shown = false
		}
		out = append(out, column[Listener]{Field: f, get: func(l *Listener) Value { return get(l.Socket) }})
	}
	queue := func(l *Listener) Ref { return l.QueueRef }
	return append(out,
		shown("accept_queue", KindInt, "connections that wait to be accepted", func(l *Listener) Value { return optInt(l.AcceptQueue) }).from(queue),
		shown("backlog", KindInt, "how many may wait", func(l *Listener) Value { return optInt(l.Backlog) }).from(queue))
}
