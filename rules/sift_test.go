package rules

import (
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/google/go-cmp/cmp"
)

// crowd is a host with n sockets in groups of every size, some of whose rows
// tell neither their queue nor their process.
func crowd(n int) *fleetnet.Snapshot {
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	snap := fleetnet.NewSnapshot("host")
	snap.Host.OS = "linux"
	for range n {
		k := fleetnet.Socket{Proto: "tcp", State: fleetnet.StateTimeWait}
		k.Peer = fleetnet.Endpoint{Addr: netip.AddrFrom4([4]byte{10, 0, 0, byte(rnd.ExpFloat64() * 9)}), Port: uint16(rnd.IntN(3))}
		if rnd.IntN(40) > 0 {
			k.RecvQ = fleetnet.Some(uint64(rnd.IntN(9)))
		}
		if rnd.IntN(200) > 0 {
			k.Processes = []fleetnet.Process{{Name: string(rune('a' + rnd.IntN(26))), PID: 1}}
		}
		snap.Sockets = append(snap.Sockets, k)
	}
	snap.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusComplete})
	return snap
}

// Leaving out groups that are too small to alert changes no finding: an alert
// whose bound cannot be seen has the same ones.
func TestSiftedGroupsDoNotMatter(t *testing.T) {
	for _, rule := range []struct{ keys, sifted, plain string }{
		{"[peer.addr, peer.port]", "count > 9", "count + 0 > 9"},
		{"[peer.addr, process]", "count >= limit", "count + 0 >= limit"},
		{"[peer.addr, process]", "count > limit and max(recv_q) > 5", "count + 0 > limit and max(recv_q) > 5"},
		{"[process]", "many > 4 or count > 30", "many + 0 > 4 or count + 0 > 30"},
		{"[process]", "many > 4 or max(recv_q) > 7", "many + 0 > 4 or max(recv_q) > 7"},
	} {
		for _, n := range []int{0, 1, 50, 300, 2000} {
			snap := crowd(n)
			findings := func(alert string) []fleetnet.Finding {
				set, err := Load(write(t, "r.yaml", "rules:\n  - id: r\n    title: t\n    from: sockets\n    where: recv_q > 1\n    group_by: "+rule.keys+
					"\n    params: {limit: 7}\n    let: {many: 'count(rows, .recv_q > 6)'}\n    alert: "+alert+"\n    message: '{{.count}}'\n"))
				if err != nil {
					t.Fatal(err)
				}
				only, err := set.Select([]string{"r"}, nil)
				if err != nil {
					t.Fatal(err)
				}
				return only.Evaluate(snap, Target{})
			}
			if diff := cmp.Diff(findings(rule.plain), findings(rule.sifted)); diff != "" {
				t.Errorf("%d sockets, %s: %s", n, rule.sifted, diff)
			}
		}
	}
}

func TestLeast(t *testing.T) {
	for alert, want := range map[string]float64{
		"count > 9": 10, "count >= 9": 9, "count > 9.5": 10, "count >= 2.5": 3, "count > limit": 8, "count > 10 * limit": 71,
		"count > 3 and count > 9": 10, "count > 3 or count > 9": 4, "many > 5": 6, "count > 9 and any(rows, .recv_q > 1)": 10,
		"count > 9 or any(rows, .recv_q > 1)": 0, "count < 9": 0, "not (count > 9)": 0, "count + 1 > 9": 0,
		"count > max(recv_q)": 0, "share > 5": 0, "count == 9": 0, "100 > count": 0,
	} {
		file := "rules: [{id: r, title: t, from: sockets, group_by: [process], params: {limit: 7}, let: {many: 'count(rows, .recv_q > 6)', share: 'count / 2'}, alert: '" + alert + "'}]"
		set, err := Load(write(t, "r.yaml", file))
		if err != nil {
			t.Fatal(err)
		}
		f := &frame{params: []val{number(7)}}
		if got := set.rule("r").alert.least(f); got != want {
			t.Errorf("%s: %v, want %v", alert, got, want)
		}
	}
}
