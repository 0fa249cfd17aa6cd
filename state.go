package fleetnet

import "strings"

// State is the state of a socket under netstat's names. The empty State means
// that the state is unknown.
type State string

// The states of tcp(7), and Unconn for a datagram socket without a peer.
const (
	StateListen      State = "LISTEN"
	StateSynSent     State = "SYN_SENT"
	StateSynRecv     State = "SYN_RECV"
	StateEstablished State = "ESTABLISHED"
	StateFinWait1    State = "FIN_WAIT1"
	StateFinWait2    State = "FIN_WAIT2"
	StateCloseWait   State = "CLOSE_WAIT"
	StateClosing     State = "CLOSING"
	StateLastAck     State = "LAST_ACK"
	StateTimeWait    State = "TIME_WAIT"
	StateClosed      State = "CLOSED"
	StateBound       State = "BOUND"
	StateUnconn      State = "UNCONN"
)

// spellings maps each spelling that a tool prints, in capitals and with `_`
// for `-`, onto the one name. Sources: ss.c (iproute2), netstat.c (net-tools),
// tcp_fsm.h (BSD, Apple), Get-NetTCPConnection and German Windows netstat.
var spellings = map[string]State{
	"LISTEN": StateListen, "LISTENING": StateListen, "ABHÖREN": StateListen,
	"SYN_SENT": StateSynSent, "SYNSENT": StateSynSent, "SYN_GESENDET": StateSynSent,
	"SYN_RECV": StateSynRecv, "SYN_RCVD": StateSynRecv, "SYN_RECEIVED": StateSynRecv, "SYNRECEIVED": StateSynRecv,
	"SYN_EMPFANGEN": StateSynRecv, "NEW_SYN_RECV": StateSynRecv,
	"ESTAB": StateEstablished, "ESTABLISHED": StateEstablished, "HERGESTELLT": StateEstablished,
	"FIN_WAIT1": StateFinWait1, "FIN_WAIT_1": StateFinWait1, "FINWAIT1": StateFinWait1, "FIN_WARTEN_1": StateFinWait1,
	"FIN_WAIT2": StateFinWait2, "FIN_WAIT_2": StateFinWait2, "FINWAIT2": StateFinWait2, "FIN_WARTEN_2": StateFinWait2,
	"CLOSE_WAIT": StateCloseWait, "CLOSEWAIT": StateCloseWait, "SCHLIESSEN_WARTEN": StateCloseWait,
	"CLOSING": StateClosing, "SCHLIESSEND": StateClosing,
	"LAST_ACK": StateLastAck, "LASTACK": StateLastAck, "LETZTES_ACK": StateLastAck,
	"TIME_WAIT": StateTimeWait, "TIMEWAIT": StateTimeWait, "WARTEND": StateTimeWait,
	"SYNSEN": StateSynSent, "SYSRCV": StateSynRecv, "ESTABL": StateEstablished, "CLWAIT": StateCloseWait, "FWAIT1": StateFinWait1, "FWAIT2": StateFinWait2,
	"CLOSNG": StateClosing, "LASTAK": StateLastAck, "TMWAIT": StateTimeWait, // netstat -An of NetBSD
	"CLOSED": StateClosed, "CLOSE": StateClosed, "UNCONN": StateUnconn, "BOUND": StateBound,
}

// ParseState returns the state that s names in any tool's spelling and any
// case, and whether it is one.
func ParseState(s string) (State, bool) {
	if st, ok := spellings[s]; ok {
		return st, true
	}
	st, ok := spellings[strings.ToUpper(strings.ReplaceAll(s, "-", "_"))]
	return st, ok
}

// ParseStateBytes is [ParseState] for text in a line buffer. It does not
// allocate for the spellings that tools print most.
func ParseStateBytes(b []byte) (State, bool) {
	if st, ok := spellings[string(b)]; ok {
		return st, true
	}
	switch string(b) {
	case "TIME-WAIT":
		return StateTimeWait, true
	case "CLOSE-WAIT":
		return StateCloseWait, true
	case "SYN-RECV":
		return StateSynRecv, true
	case "SYN-SENT":
		return StateSynSent, true
	case "FIN-WAIT-1":
		return StateFinWait1, true
	case "FIN-WAIT-2":
		return StateFinWait2, true
	case "LAST-ACK":
		return StateLastAck, true
	}
	return ParseState(string(b))
}
