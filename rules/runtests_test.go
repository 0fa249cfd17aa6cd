package rules

import (
	"github.com/fleetnet/fleetnet"
	"github.com/google/go-cmp/cmp"
	"strings"
	"testing"
)

func TestRunTestsTellsWhatIsNotAsExpected(t *testing.T) {
	file := write(t, "t.yaml", `
tests:
  - name: wrong
    output: [{command: ss -tan, text: "3"}]
    params: {close-wait-leak.limit: 2}
    rules: [fin-wait2-pileup]
    expect:
      - {rule: close-wait-leak, outcome: fail, severity: critical}
      - {rule: closing-pileup, outcome: fail}
  - name: right
    output: [{command: ss -tan, text: "3"}]
    rules: ["*"]
    model: {routes: [{family: inet, type: unicast, dst: 0.0.0.0/0, next_hops: [{interface: tun0}]}], interfaces: [], neighbors: [], settings: []}
    expect: [{rule: default-route-down-interface, outcome: unknown}]
`)
	read := func(platform, command string, text []byte, into *fleetnet.Snapshot) error {
		if platform != "linux" || command != "ss -tan" || string(text) != "3" {
			t.Errorf("asked to read %s %s %s", platform, command, text)
		}
		for range 3 {
			into.Sockets = append(into.Sockets, fleetnet.Socket{Proto: "tcp", State: "CLOSE_WAIT"})
		}
		into.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusComplete})
		return nil
	}
	res, err := builtinSet(t).RunTests(read, file)
	if err != nil || len(res) != 2 {
		t.Fatal(res, err)
	}
	want := []string{
		"line 8: want close-wait-leak: fail, got severity warning",
		"line 9: want closing-pileup: fail, got no finding",
		"not expected: close-wait-leak: fail warning, count 3: an unknown process holds 3 sockets in CLOSE_WAIT",
	}
	if diff := cmp.Diff(want, res[0].Problems); diff != "" {
		t.Error(diff)
	}
	if res[1].Problems != nil {
		t.Error(res[1].Problems)
	}
	_, err = builtinSet(t).RunTests(nil, write(t, "bad.yaml", "tests: [{nam: x, expect: [{rule: a, outcome: good}]}]"))
	if err == nil || !strings.Contains(err.Error(), `unknown key "nam" (did you mean "name"?)`) || !strings.Contains(err.Error(), "must be fail, unknown or ok") {
		t.Errorf("got %v", err)
	}
}
