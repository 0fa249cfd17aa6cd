package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// neighborStates are the states of the neighbors table (ip-neighbour(8)).
func neighborStates() []string {
	return []string{"REACHABLE", "STALE", "DELAY", "PROBE", "FAILED", "INCOMPLETE", "PERMANENT", "NOARP", "NONE"}
}

// stateName returns the one spelling of a state of the table's rows.
func stateName(t *fleetnet.Table, s string) (string, error) {
	if t.Name == "neighbors" {
		up := strings.ToUpper(s)
		if !slices.Contains(neighborStates(), up) {
			return s, fmt.Errorf("unknown state %q%s", s, fleetnet.DidYouMean(s, neighborStates()))
		}
		return up, nil
	}
	st, ok := fleetnet.ParseState(s)
	if !ok {
		return s, fmt.Errorf("unknown state %q%s", s, fleetnet.DidYouMean(strings.ReplaceAll(s, "-", "_"), socketStates()))
	}
	return string(st), nil
}

func socketStates() []string {
	states := []fleetnet.State{
		fleetnet.StateListen, fleetnet.StateSynSent, fleetnet.StateSynRecv, fleetnet.StateEstablished,
		fleetnet.StateFinWait1, fleetnet.StateFinWait2, fleetnet.StateCloseWait, fleetnet.StateClosing,
		fleetnet.StateLastAck, fleetnet.StateTimeWait, fleetnet.StateClosed, fleetnet.StateBound, fleetnet.StateUnconn,
	}
	out := make([]string, len(states))
	for i, s := range states {
		out[i] = string(s)
	}
	return out
}
