package linux

import (
	"strings"

	"github.com/fleetnet/fleetnet"
)

// ssStateSet is states, as ss filters by them: a bit for each of ssStates.
type ssStateSet uint16

// ssStates are the states by the names that the filter of ss has for them
// (scan_state in ss.c). A state may have several; the bit is that of the first.
var ssStates = []struct {
	names  string
	states []fleetnet.State
}{
	{"established", []fleetnet.State{fleetnet.StateEstablished}},
	{"syn-sent", []fleetnet.State{fleetnet.StateSynSent}},
	{"syn-recv syn-rcv", []fleetnet.State{fleetnet.StateSynRecv}},
	{"fin-wait-1", []fleetnet.State{fleetnet.StateFinWait1}},
	{"fin-wait-2", []fleetnet.State{fleetnet.StateFinWait2}},
	{"time-wait", []fleetnet.State{fleetnet.StateTimeWait}},
	{"unconnected close closed", []fleetnet.State{fleetnet.StateUnconn, fleetnet.StateClosed}},
	{"close-wait", []fleetnet.State{fleetnet.StateCloseWait}},
	{"last-ack", []fleetnet.State{fleetnet.StateLastAck}},
	{"listening listen", []fleetnet.State{fleetnet.StateListen}},
	{"closing", []fleetnet.State{fleetnet.StateClosing}},
	{"bound-inactive", []fleetnet.State{fleetnet.StateBound}},
}

// The bits of the states that groups are made of.
const (
	ssSynSent   ssStateSet = 1 << 1
	ssSynRecv   ssStateSet = 1 << 2
	ssTimeWait  ssStateSet = 1 << 5
	ssClose     ssStateSet = 1 << 6
	ssListen    ssStateSet = 1 << 9
	ssBound     ssStateSet = 1 << 11
	ssAllStates ssStateSet = 1<<11 - 1
	// ssConnections is what ss shows without -a, -l or a state.
	ssConnections = ssAllStates &^ (ssListen | ssClose | ssTimeWait | ssSynRecv)
)

// ssStatesNamed returns the states that a word behind `state` stands for.
func ssStatesNamed(word string) (ssStateSet, bool) {
	word = strings.ToLower(word)
	switch word {
	case "all":
		return ssAllStates, true
	case "connected":
		return ssAllStates &^ (ssClose | ssListen), true
	case "synchronized":
		return ssAllStates &^ (ssClose | ssListen | ssSynSent), true
	case "bucket":
		return ssSynRecv | ssTimeWait, true
	case "big":
		return ssAllStates &^ (ssSynRecv | ssTimeWait), true
	}
	for i, s := range ssStates {
		for name := range strings.FieldsSeq(s.names) {
			if word == name {
				return 1 << i, true
			}
		}
	}
	return 0, false
}

// list returns the states; nil for all of them.
func (set ssStateSet) list() []fleetnet.State {
	if set&ssAllStates == ssAllStates {
		return nil
	}
	out := []fleetnet.State{}
	for i, s := range ssStates {
		if set&(1<<i) != 0 {
			out = append(out, s.states...)
		}
	}
	return out
}

// one returns the one state that is shown, which ss then does not print: "" when
// it is more than one.
func (set ssStateSet) one() fleetnet.State {
	for i, s := range ssStates {
		if set == 1<<i {
			return s.states[0]
		}
	}
	return ""
}
