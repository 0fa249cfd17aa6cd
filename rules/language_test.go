package rules

import (
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
)

// judge loads a rule on sockets, given as its lines, and judges a model.
func judge(t *testing.T, rule, model string) []fleetnet.Finding {
	t.Helper()
	file := "rules:\n  - id: r\n    title: t\n    from: sockets\n" + indent(rule, "    ")
	set, err := Load(write(t, "r.yaml", file))
	if err != nil {
		t.Fatal(err)
	}
	only, err := set.Select([]string{"r"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return only.Evaluate(snapshot(t, model), Target{Groups: []string{"web"}, Vars: map[string]any{"rack": "r7"}})
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n"+by) + "\n"
}

func snapshot(t *testing.T, model string) *fleetnet.Snapshot {
	t.Helper()
	r := &reader{}
	snap := fleetnet.NewSnapshot("host")
	snap.Host.OS = "linux"
	if err := readModel(r.parseYAML([]byte(model)), snap); err != nil {
		t.Fatal(err)
	}
	return snap
}

// outcome is ok, or the outcome, severity and message of the only finding.
func outcome(t *testing.T, findings []fleetnet.Finding) string {
	t.Helper()
	switch len(findings) {
	case 0:
		return "ok"
	case 1:
		f := findings[0]
		return string(f.Outcome) + " " + f.Severity.String() + ": " + f.Message
	}
	t.Fatalf("%d findings: %+v", len(findings), findings)
	return ""
}

// Two known rows, and one more that tells neither its queues nor its process.
const twoAndAHalf = `
sockets:
  - {proto: tcp, state: ESTABLISHED, local: {addr: 10.0.0.1, port: 80}, peer: {addr: 10.0.0.9, port: 1}, recv_q: 10, send_q: 0, processes: [{name: a, pid: 1}]}
  - {proto: tcp, state: ESTABLISHED, local: {addr: 10.0.0.1, port: 81}, peer: {addr: 203.0.113.9, port: 2}, recv_q: 20, send_q: 0, processes: [{name: b, pid: 2}]}
  - {proto: tcp, state: ESTABLISHED, local: {addr: 10.0.0.1, port: 82}, peer: {addr: 10.0.0.9, port: 3}}
settings: [{name: somaxconn, value: "4096"}, {name: tcp_congestion_control, value: cubic}]
counters: [{name: Tcp.RetransSegs, value: 5}]
`

func TestLanguage(t *testing.T) {
	cases := []struct{ rule, want string }{
		// what is not known decides, or does not
		{"where: recv_q > 5\nalert: count >= 2", "fail warning: t"},
		{"where: recv_q > 5\nalert: count >= 3", "unknown warning: 1 row does not tell recv_q"},
		{"where: recv_q > 5\nalert: count > 3", "ok"},
		{"where: recv_q > 5\nalert: count == 3", "unknown warning: 1 row does not tell recv_q"},
		{"where: recv_q > 5\nalert: count == 1", "ok"},
		{"where: recv_q > 5\nalert: count != 1", "fail warning: t"},
		{"where: recv_q > 5 and local.port < 82\nalert: count > 2", "ok"},
		{"where: recv_q > 5 or local.port > 0\nalert: count == 3", "fail warning: t"},
		{"where: not (recv_q > 5)\nalert: count > 0", "unknown warning: 1 row does not tell recv_q"},
		{"where: known(recv_q) and recv_q > 5\nalert: count == 2", "fail warning: t"},
		{"where: (recv_q ?? 99) > 50\nalert: count == 1", "fail warning: t"},
		{"where: 'known(recv_q) ? recv_q > 15 : false'\nalert: count == 1", "fail warning: t"},
		// aggregates are bounds
		{"alert: sum(recv_q) >= 30", "fail warning: t"},
		{"alert: sum(recv_q) > 30", "unknown warning: what was seen does not decide it"},
		{"alert: sum(local.port) == 243", "fail warning: t"},
		{"alert: max(recv_q) >= 20", "fail warning: t"},
		{"alert: max(recv_q) < 20", "ok"},
		{"alert: min(recv_q) > 10", "ok"},
		{"alert: distinct(process) >= 2", "fail warning: t"},
		{"alert: distinct(process) > 3", "ok"},
		{"match: {proto: udp}\nalert: max(recv_q) > 5 or max(recv_q) < 5 or max(recv_q) == 5", "ok"},
		{"alert: count(rows, .recv_q > 5) == 2", "unknown warning: what was seen does not decide it"},
		{"alert: count(rows, .local.port > 80) == 2", "fail warning: t"},
		{"alert: all(rows, .local.port >= 80) and none(rows, .local.port == 22)", "fail warning: t"},
		{"alert: all(rows, .recv_q > 15)", "ok"},
		{"alert: 'any(rows, private(.peer.addr)) and any(rows, not private(.peer.addr))'", "fail warning: t"},
		{"alert: 'len(filter(rows, .local.port > 80)) == 2'", "fail warning: t"},
		{"alert: len(rows) == 3 and len(local.port) == 3", "fail warning: t"},
		{"alert: 'any(rows, .state == \"estab\")'", "fail warning: t"},
		// what is the same for all rows
		{"alert: setting(\"somaxconn\") == 4096 and setting(\"tcp_congestion_control\") == \"cubic\"", "fail warning: t"},
		{"alert: setting(\"tcp_fin_timeout\") > 0", "unknown warning: setting tcp_fin_timeout is not known"},
		{"alert: count > 5 and setting(\"tcp_fin_timeout\") > 0", "ok"},
		{"alert: counter(\"Tcp.RetransSegs\") == 5", "fail warning: t"},
		{"where: local.port < setting(\"x\")\nalert: count > 0", "unknown warning: setting x is not known"},
		{"alert: host.os == \"linux\" and host.name == \"host\"", "fail warning: t"},
		{"alert: host.kernel == \"6.1\"", "unknown warning: host.kernel is not known"},
		{"alert: '\"web\" in groups and vars.rack == \"r7\"'", "fail warning: t"},
		{"alert: vars.row == 1", "unknown warning: vars.row is not known"},
		{"params: {ports: [a, b], limit: 2.5, loud: true}\nalert: loud and count > limit and \"a\" in ports", "fail warning: t"},
		// spellings, functions and operators
		{"match: {state: estab}\nwhere: state in [established, closed]\nalert: count == 3", ""},
		{"match: {state: estab}\nwhere: 'state in [\"ESTAB\", \"closed\"]'\nalert: count == 3", "fail warning: t"},
		{"where: 'cidr(peer.addr, \"10.0.0.0/8\", \"fc00::/7\")'\nalert: count == 2", "fail warning: t"},
		{"where: peer.addr startsWith \"10.\"\nalert: count == 2", "fail warning: t"},
		{"where: 'any(processes, # == \"a/1\")'\nalert: count == 1", "unknown warning: 1 row does not tell processes"},
		{"where: 79 < local.port < 82\nalert: count == 2", "fail warning: t"},
		{"match: {local.port: [80, 82]}\nalert: count == 2", "fail warning: t"},
		{"let: {double: 2 * count, words: '\"x\" + host.name'}\nalert: double == 6\nmessage: '{{.double}} {{.words}} {{printf \"%03d\" .count}}'", "fail warning: 6 xhost 003"},
		{"let: {share: 100 * count / 7}\nalert: share > 40\nmessage: '{{.share}}%'", "fail warning: 42.86%"},
		{"where: recv_q > 5\nalert: count > 1\nmessage: '{{.count}}'", "fail warning: at least 2"},
		{"alert: count > 2\nmessage: '{{plural .count \"socket\"}}, {{plural .count \"entry\" \"entries\"}}'", "fail warning: 3 sockets, 3 entries"},
		{"where: local.port == 80\nalert: count > 0\nmessage: '{{plural .count \"socket\"}}, {{plural .count \"entry\" \"entries\"}}'", "fail warning: 1 socket, 1 entry"},
		{"where: recv_q > 10\nalert: count > 0\nmessage: '{{plural .count \"socket\"}}'", "fail warning: at least 1 socket"},
		{"where: backlog(local.port) == 7 and accept_queue(local.port) == 2\nalert: count == 1", "unknown warning: accept_queue of the port is not known; backlog of the port is not known"},
		{"where: (backlog(local.port) ?? 7) == 7 and not known(recv_q)\nalert: count == 1", "fail warning: t"},
		{"alert: count / 0 > 1", "unknown warning: what was seen does not decide it"},
		{"alert: count > 1\ncritical: count > 2", "fail critical: t"},
		{"alert: count > 1\ncritical: setting(\"x\") > 2", "fail warning: t"},
		{"platforms: [darwin, windows]\nalert: count > 1", "unknown warning: this system does not tell it; the rule is for darwin, windows"},
	}
	for _, c := range cases {
		t.Run(strings.ReplaceAll(c.rule, "\n", "; "), func(t *testing.T) {
			if c.want == "" {
				if err := Lint("r.yaml", []byte("rules:\n  - id: r\n    title: t\n    from: sockets\n"+indent(c.rule, "    "))); err == nil {
					t.Error("not refused")
				}
				return
			}
			if got := outcome(t, judge(t, c.rule, twoAndAHalf)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestIncompleteTables(t *testing.T) {
	const some = `
sockets:
  - {repeat: 3, proto: tcp, state: LISTEN, local: {port: 80}, peer: {port: 0}}
coverage: [{table: sockets, status: denied, reason: no root}]
`
	const fields = `
sockets:
  - {repeat: 3, proto: tcp, state: LISTEN, local: {port: 80}, peer: {port: 0}}
coverage: [{table: sockets, status: unsupported, fields: [process, tcp_info], reason: not told by ss}]
`
	cases := []struct{ model, rule, want string }{
		{some, "alert: count > 2", "fail warning: t"},
		{some, "alert: count > 3", "unknown warning: sockets: denied, no root"},
		{some, "alert: count == 0", "ok"},
		{some, "alert: count < 3", "ok"},
		{some, "alert: sum(local.port) > 1000", "unknown warning: sockets: denied, no root"},
		{some, "alert: any(rows, .local.port == 80)", "fail warning: t"},
		{some, "alert: all(rows, .local.port == 80)", "unknown warning: sockets: denied, no root"},
		{some, "match: {state: CLOSE_WAIT}\ngroup_by: [process]\nalert: count > 100", "unknown warning: sockets: denied, no root"},
		{some, "match: {state: CLOSE_WAIT}\ngroup_by: [process]\nalert: count < 0", "ok"},
		{"sockets: []", "match: {state: CLOSE_WAIT}\ngroup_by: [process]\nalert: count >= 0", "ok"},
		{"sockets: []", "alert: count == 0", "fail warning: t"},
		{"host: {name: h}", "alert: count == 0", "unknown warning: sockets: skipped, not collected"},
		{fields, "group_by: [process]\nalert: count > 2", "fail warning: t"},
		{fields, "group_by: [process]\nalert: count > 3", "ok"},
		{fields, "where: tcp_info.rtt_us > 3\nalert: count > 0", "unknown warning: 3 rows do not tell tcp_info.rtt_us (sockets: unsupported, not told by ss)"},
		{fields, "where: tcp_info.rtt_us > 3\nalert: count > 3", "ok"},
	}
	for _, c := range cases {
		t.Run(strings.ReplaceAll(c.rule, "\n", "; "), func(t *testing.T) {
			if got := outcome(t, judge(t, c.rule, c.model)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestCutAddressesAreUnknown(t *testing.T) {
	const model = `
sockets:
  - {proto: tcp, state: ESTABLISHED, local: {addr: 10.0.0.1, port: 80}, peer: {name: "2001:db8:0:", port: 0}, truncated: true}
`
	got := outcome(t, judge(t, "where: peer.addr == \"2001:db8::1\"\nalert: count > 0", model))
	if want := "unknown warning: 1 row does not tell peer.addr"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestHostileNames asserts that what a host calls its processes is printable
// in a finding and is not taken for a template.
func TestHostileNames(t *testing.T) {
	const model = `
sockets:
  - {proto: tcp, state: LISTEN, local: {port: 80}, peer: {port: 0}, processes: [{name: "a\e[2J{{.count}}\u202e", pid: 1}]}
`
	f := judge(t, "group_by: [process]\nalert: count > 0\nmessage: 'by {{.process}}'", model)
	if len(f) != 1 || f[0].Message != `by a\x1b[2J{{.count}}\u202e` || f[0].Labels["process"] != `a\x1b[2J{{.count}}\u202e` {
		t.Errorf("%+v", f)
	}
}
