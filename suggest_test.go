package fleetnet_test

import (
	"testing"

	"github.com/fleetnet/fleetnet"
)

func TestDidYouMean(t *testing.T) {
	names := []string{"user", "proto", "local.port", "peer.port", "recv_q"}
	for word, want := range map[string]string{
		"usr":    ` (did you mean "user"?)`,
		"Prtoo":  ` (did you mean "proto"?)`,
		"port":   ` (did you mean "local.port"?)`,
		"recvq":  ` (did you mean "recv_q"?)`,
		"banana": "",
		"":       "",
	} {
		if got := fleetnet.DidYouMean(word, names); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}
