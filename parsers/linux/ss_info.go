package linux

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// tcpInfo takes one key and value of the TCP details (tcp_stats_print in ss.c).
// ss leaves out what is zero. Times are in milliseconds there, with decimals.
func (r *ssReader) tcpInfo(key, value []byte, k *fleetnet.Socket) {
	t := k.TCPInfo
	if t == nil {
		if t = r.newInfo(key, value, k); t == nil {
			return
		}
	}
	switch string(key) {
	case "rto":
		t.RTOMS = roundMillis(value)
	case "rtt":
		rtt, variation, ok := bytes.Cut(value, []byte("/"))
		if t.RTTUS = micros(rtt); ok {
			t.RTTVarUS = micros(variation)
		}
	case "minrtt":
		t.MinRTTUS = micros(value)
	case "mss":
		t.MSS = opt32(value)
	case "pmtu":
		t.PMTU = opt32(value)
	case "cwnd":
		t.Cwnd = opt32(value)
	case "ssthresh":
		t.Ssthresh = opt32(value)
	case "backoff":
		t.Backoff = opt32(value)
	case "lastsnd":
		t.LastSendMS = opt32(value)
	case "lastrcv":
		t.LastRecvMS = opt32(value)
	case "lastack":
		t.LastAckMS = opt32(value)
	case "unacked":
		t.Unacked = opt32(value)
	case "lost":
		t.Lost = opt32(value)
	case "rcv_space":
		t.RcvSpace = opt32(value)
	case "retrans":
		now, total, _ := bytes.Cut(value, []byte("/"))
		t.Retransmits, t.RetransmitsTotal = opt32(now), opt32(total)
	default:
		tcpVolume(key, value, t)
	}
}

// tcpVolume takes the keys of bytes and of times that were limited.
func tcpVolume(key, value []byte, t *fleetnet.TCPInfo) {
	switch string(key) {
	case "bytes_sent":
		t.BytesSent = opt64(value)
	case "bytes_acked":
		t.BytesAcked = opt64(value)
	case "bytes_received":
		t.BytesReceived = opt64(value)
	case "bytes_retrans":
		t.BytesRetrans = opt64(value)
	case "busy":
		t.BusyMS = limited(value)
	case "rwnd_limited":
		t.RwndLimitedMS = limited(value)
	case "sndbuf_limited":
		t.SndbufLimitedMS = limited(value)
	}
}

// newInfo gives the row TCP details when the key is one that only they have,
// with the algorithm that stood before it.
func (r *ssReader) newInfo(key, value []byte, k *fleetnet.Socket) *fleetnet.TCPInfo {
	switch string(key) {
	case "mem": // 2.6 glues the algorithm to it
		if end := bytes.IndexByte(value, ')'); end >= 0 && end+1 < len(value) {
			r.congestion = value[end+1:]
		}
		return nil
	case "wscale", "rto", "rtt", "ato", "mss", "cwnd", "bytes_sent", "bytes_retrans", "bytes_acked", "bytes_received", "rcv_space", "segs_in", "segs_out":
	default:
		return nil
	}
	if k.Proto == "unix" || k.Proto == "udp" || k.Proto == "sctp" {
		return nil
	}
	k.TCPInfo = r.slabs.Info()
	if r.congestion != nil {
		k.TCPInfo.Congestion = r.out.Intern(r.congestion)
	}
	return k.TCPInfo
}

// micros reads milliseconds with decimals as microseconds.
func micros(b []byte) fleetnet.Opt[uint32] {
	n, ok := field.Thousandths(b)
	return fleetnet.Opt[uint32]{V: uint32(n), OK: ok && n < 1<<32}
}

// roundMillis reads milliseconds with decimals as whole ones.
func roundMillis(b []byte) fleetnet.Opt[uint32] {
	n, ok := field.Thousandths(b)
	n = (n + 500) / 1000
	return fleetnet.Opt[uint32]{V: uint32(n), OK: ok && n < 1<<32}
}

// limited reads `1200ms` or `1200ms(93.2%)`.
func limited(b []byte) fleetnet.Opt[uint64] {
	ms, _, ok := bytes.Cut(b, []byte("ms"))
	if !ok {
		return fleetnet.Opt[uint64]{}
	}
	return opt64(ms)
}
