package linux_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/linux"
)

// TestIPAgree holds that what one host tells in several ways is one snapshot:
// text and JSON, one line and several, one version and another.
func TestIPAgree(t *testing.T) {
	for _, pair := range [][2]string{
		{"ip-addr/iproute2-5.9-addr", "ip-addr/iproute2-5.9-json"},
		{"ip-addr/iproute2-6.1-addr", "ip-addr/iproute2-6.1-json"},
		{"ip-addr/iproute2-6.15-addr", "ip-addr/iproute2-6.15-json"},
		{"ip-addr/iproute2-6.1-brief", "ip-addr/iproute2-6.1-brief-json"},
		{"ip-route/iproute2-5.9-inet", "ip-route/iproute2-5.9-json"},
		{"ip-route/iproute2-6.1-inet", "ip-route/iproute2-6.1-json"},
		{"ip-route/iproute2-6.15-inet", "ip-route/iproute2-6.15-json"},
		{"ip-route/iproute2-6.1-inet", "ip-route/iproute2-4.15-inet"},
		{"ip-route/iproute2-6.1-inet6", "ip-route/iproute2-5.9-inet6"},
		{"ip-route/iproute2-6.1-inet6", "ip-route/iproute2-5.9-json6"},
		{"ip-route/iproute2-6.1-inet6", "ip-route/iproute2-6.1-json6"},
		{"ip-route/iproute2-6.1-inet6", "ip-route/iproute2-6.15-json6"},
		{"ip-rule/iproute2-6.1", "ip-rule/iproute2-6.1-json"},
		{"ip-rule/iproute2-6.15", "ip-rule/iproute2-6.15-json"},
		{"ip-neigh/iproute2-6.1", "ip-neigh/iproute2-6.1-json"},
		{"ip-maddr/iproute2-6.1", "ip-maddr/iproute2-6.1-json"},
		{"ip-maddr/iproute2-6.1", "ip-maddr/iproute2-6.1-oneline"},
		{"ip-maddr/iproute2-6.1", "ip-maddr/iproute2-2.6.35"},
	} {
		a, b := ipTables(t, pair[0]), ipTables(t, pair[1])
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s and %s differ:\n%s", pair[0], pair[1], diff)
		}
	}
}

// ipTables returns the tables of a capture as JSON.
func ipTables(t *testing.T, name string) map[string]any {
	s := ipSnapshot(t, name)
	s.Coverage = nil
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var byName map[string]any
	if err := json.Unmarshal(text, &byName); err != nil {
		t.Fatal(err)
	}
	if len(byName) < 4 {
		t.Fatalf("%s has no table", name)
	}
	return byName
}

func ipSnapshot(t *testing.T, name string) *fleetnet.Snapshot {
	s, _ := captureNamed(t, name+".txtar")
	return s
}

func TestIPDialects(t *testing.T) {
	for command, want := range map[string]string{
		"ip a":                                   "linux/ip-addr",
		"ip addr":                                "linux/ip-addr",
		"ip -s -s addr show":                     "linux/ip-addr",
		"ip -4 -o a s dev eth0":                  "linux/ip-addr",
		"ip -c l":                                "linux/ip-addr",
		"ip -d link list type vlan":              "linux/ip-addr",
		"ip -br link":                            "linux/ip-addr",
		"ip -n red addr":                         "linux/ip-addr",
		"ip netns exec red ip addr":              "linux/ip-addr",
		"/sbin/ip -j address":                    "linux/ip-addr-json",
		"ip -j -d a":                             "linux/ip-addr-json",
		"ip -d --json -s link show":              "linux/ip-addr-json",
		"ip r":                                   "linux/ip-route",
		"ip -6 ro show table all":                "linux/ip-route",
		"ip -f inet6 route":                      "linux/ip-route",
		"ip vrf exec blue ip -j route list":      "linux/ip-route-json",
		"ip -json -p route":                      "linux/ip-route-json",
		"ip ru":                                  "linux/ip-rule",
		"ip -j rule list":                        "linux/ip-rule-json",
		"ip n":                                   "linux/ip-neigh",
		"ip -s neighbour show nud all":           "linux/ip-neigh",
		"ip -j neigh":                            "linux/ip-neigh-json",
		"ip m":                                   "linux/ip-maddr",
		"ip -j maddr ls":                         "linux/ip-maddr-json",
		"ip route get 10.0.0.1":                  "linux/ip-route",
		"ip -6 r g 2001:db8::1":                  "linux/ip-route",
		"ip route del 10.0.0.0/8":                "",
		"ip addr add 10.0.0.1/24 dev eth0":       "",
		"ip -f mpls route":                       "",
		"ip -M route":                            "",
		"ip addrlabel":                           "",
		"ip monitor":                             "",
		"ip -s":                                  "",
		"ip -n":                                  "",
		"ip tunnel show":                         "",
		"ip -batch commands.txt":                 "",
		"ip -s -s link show && ip -o addr show":  "linux/ip-addr",
		"sudo ip -6 neigh":                       "linux/ip-neigh",
		"ip -B -j link show":                     "",
		"ip -family inet route show":             "linux/ip-route",
		"ip -o -4 route show to default table 7": "linux/ip-route",
	} {
		d, _ := dialectOf(command)
		if d.Name != want {
			t.Errorf("%s: dialect %q, want %q", command, d.Name, want)
		}
	}
}

// TestIPEvidence holds that a row refers to the line that it begins on.
func TestIPEvidence(t *testing.T) {
	for name, want := range map[string]string{
		"ip-addr/iproute2-6.1-addr":       "3: mv0@eth0: <BROADCAST,MULTICAST,UP,LOWER_UP>",
		"ip-addr/iproute2-6.1-probe":      "3: mv0@eth0: <BROADCAST,MULTICAST,UP,LOWER_UP>",
		"ip-addr/iproute2-6.1-json":       "},{",
		"ip-addr/iproute2-6.1-oneline":    "3: mv0    inet 172.16.100.1/24",
		"ip-addr/iproute2-6.1-brief-json": "[{",
	} {
		s := ipSnapshot(t, name)
		if s.Interfaces[2].Name != "mv0" {
			t.Fatalf("%s: the third interface is %q", name, s.Interfaces[2].Name)
		}
		if e := s.Evidence(s.Interfaces[2].Ref); !strings.HasPrefix(e.Text, want) {
			t.Errorf("%s: evidence %d %q, want %q", name, e.Line, e.Text, want)
		}
	}
}

// TestIPProbesHere asks the ip of this machine, as a scan does.
func TestIPProbesHere(t *testing.T) {
	asked := 0
	for _, p := range linux.Probes() {
		if len(p.Needs) != 1 || p.Needs[0] != "ip" {
			continue
		}
		if p.If != "" && exec.Command("sh", "-c", p.If).Run() != nil {
			continue
		}
		out, err := exec.Command("sh", "-c", p.Command).Output()
		if err != nil {
			t.Logf("%s: %v", p.Name, err)
			continue
		}
		asked++
		s := fleetnet.NewSnapshot("here")
		if acct := s.ReadBytes(p, out); acct.Errors > 0 {
			t.Errorf("%s: %v", p.Name, acct.First[0])
		}
	}
	if asked == 0 {
		skipOrFail(t, "no ip here")
	}
}
