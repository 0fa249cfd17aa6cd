package rules

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
)

// TestAdviceOfTheHostsSystem: a finding says, as one text, what to do on the
// system of its host, and nothing where the rule's facts do not exist.
func TestAdviceOfTheHostsSystem(t *testing.T) {
	for _, tt := range []struct {
		name, advice string
		want         map[string]string // by system
	}{
		{"one text is for all", "verify: look", map[string]string{"linux": "look", "windows": "look", "": "look"}},
		{"each its own", "verify: {linux: ss, windows: Get-NetTCPConnection, any: netstat}",
			map[string]string{"linux": "ss", "windows": "Get-NetTCPConnection", "darwin": "netstat", "sunos": "netstat", "": "netstat"}},
		{"no text for the rest", "verify: {linux: ss}", map[string]string{"linux": "ss", "darwin": "", "": ""}},
		{"several in a key", "verify: {'darwin, freebsd': netstat, openbsd netbsd: fstat}",
			map[string]string{"darwin": "netstat", "freebsd": "netstat", "openbsd": "fstat", "netbsd": "fstat", "dragonfly": ""}},
		{"a name beats a group, wherever it stands", "verify: {bsd: netstat, freebsd: sockstat, any: look}",
			map[string]string{"freebsd": "sockstat", "openbsd": "netstat", "dragonfly": "netstat", "darwin": "look"}},
		{"only where it is judged", "platforms: [linux, bsd]\nverify: look", map[string]string{"linux": "look", "netbsd": "look", "darwin": "", "": ""}},
		{"the rest of where it is judged", "platforms: [linux, darwin]\nverify: {linux: ss, any: netstat}",
			map[string]string{"linux": "ss", "darwin": "netstat", "freebsd": "", "": ""}},
	} {
		for _, key := range []string{"verify", "fix"} {
			t.Run(tt.name+"/"+key, func(t *testing.T) {
				advice := strings.Replace(tt.advice, "verify:", key+":", 1)
				set, err := Load(write(t, "r.yaml", "rules:\n  - id: r\n    title: t\n    from: sockets\n    alert: count >= 0\n"+indent(advice, "    ")))
				if err != nil {
					t.Fatal(err)
				}
				if set, err = set.Select([]string{"r"}, nil); err != nil {
					t.Fatal(err)
				}
				for system, want := range tt.want {
					snap := fleetnet.NewSnapshot("host")
					snap.Host.OS = system
					if got := inJSON(t, set.Evaluate(snap, Target{}))[key]; got != want && (got != nil || want != "") {
						t.Errorf("on %q: %v, want %q", system, got, want)
					}
				}
			})
		}
	}
}

// inJSON returns the only finding as other programs read it.
func inJSON(t *testing.T, findings []fleetnet.Finding) map[string]any {
	t.Helper()
	if len(findings) != 1 {
		t.Fatalf("%d findings", len(findings))
	}
	text, err := json.Marshal(findings[0])
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAdviceSaysAll: what is told of a rule names the systems of each text.
func TestAdviceSaysAll(t *testing.T) {
	for _, tt := range []struct {
		advice Advice
		want   string
	}{
		{nil, ""},
		{Advice{{Text: "look"}}, "look"},
		{Advice{{Systems: []string{"linux"}, Text: "ss"}}, "linux: ss"},
		{Advice{{Text: "netstat"}, {Systems: []string{"freebsd", "openbsd"}, Text: "fstat"}}, "others: netstat\nfreebsd, openbsd: fstat"},
	} {
		if got := tt.advice.String(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
