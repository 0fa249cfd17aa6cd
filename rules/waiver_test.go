package rules

import (
	"github.com/fleetnet/fleetnet"
	"github.com/google/go-cmp/cmp"
	"strings"
	"testing"
	"time"
)

func TestWaivers(t *testing.T) {
	set, err := Load(write(t, "w.yaml", `
waivers:
  - {rule: close-wait-leak, hosts: "legacy[01-04],db*", until: 2027-03-01, reason: "OPS-812"}
  - {rule: FN101x, hosts: x, reason: r}
`))
	if err == nil {
		t.Fatal("a waiver of no rule was taken")
	}
	set, err = Load(write(t, "w.yaml", `
waivers:
  - {rule: close-wait-leak, hosts: "legacy[01-04],db*", until: 2027-03-01, reason: "OPS-812"}
  - {rule: rx-errors, hosts: legacy01, reason: old card}
  - {rule: tx-errors, hosts: nowhere, reason: gone}
`))
	if err != nil {
		t.Fatal(err)
	}
	find := func(host string) fleetnet.Finding {
		return fleetnet.Finding{Rule: "close-wait-leak", Outcome: fleetnet.Fail, Severity: fleetnet.Warning, Hosts: []string{host}, Message: "m"}
	}
	hosts := []string{"legacy01", "db7", "web1"}
	tell := func(now string) []string {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, f := range set.Waive([]fleetnet.Finding{find("legacy01"), find("db7"), find("web1")}, hosts, at) {
			out = append(out, f.Rule+" "+string(f.Outcome)+" "+f.Severity.String()+" "+strings.Join(f.Hosts, ",")+": "+f.Title)
		}
		return out
	}
	unneeded := []string{
		"waiver fail info legacy01: A waiver is no longer needed",
		"waiver fail info : A waiver matches no host",
	}
	want := append([]string{
		"close-wait-leak waived warning legacy01: ",
		"close-wait-leak waived warning db7: ",
		"close-wait-leak fail warning web1: ",
	}, unneeded...)
	if diff := cmp.Diff(want, tell("2027-03-01T23:00:00Z")); diff != "" {
		t.Error(diff)
	}
	want = append([]string{
		"close-wait-leak fail warning legacy01: ",
		"close-wait-leak fail warning db7: ",
		"close-wait-leak fail warning web1: ",
		"waiver fail warning legacy01,db7: A waiver has expired",
	}, unneeded...)
	if diff := cmp.Diff(want, tell("2027-03-02T01:00:00Z")); diff != "" {
		t.Error(diff)
	}
}
