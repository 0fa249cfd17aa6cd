package rules

import (
	"strings"
	"testing"
	"time"

	"github.com/fleetnet/fleetnet"
	"github.com/google/go-cmp/cmp"
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
		{"alert: count / 0 > 1", "unknown warning: what was seen does not decide it"},
		{"alert: count > 1\ncritical: count > 2", "fail critical: t"},
		{"alert: count > 1\ncritical: setting(\"x\") > 2", "fail warning: t"},
		{"platforms: [darwin, windows]\nalert: count > 1", "unknown warning: linux does not tell it; the rule is for darwin, windows"},
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

func TestManyFindingsAreCut(t *testing.T) {
	var b strings.Builder
	b.WriteString("sockets:\n")
	for i := range 150 {
		b.WriteString("  - {repeat: 2, proto: tcp, state: LISTEN, local: {port: " + time.Unix(int64(1000+i), 0).UTC().Format("0405") + "}, peer: {port: 0}}\n")
	}
	f := judge(t, "group_by: [local.port]\nalert: count > 1", b.String())
	if len(f) != maxFindings+1 || f[maxFindings].Count != 50 || f[maxFindings].Message != "t: 50 more like these" {
		t.Errorf("%d findings, the last %+v", len(f), f[len(f)-1])
	}
}

func TestEvidence(t *testing.T) {
	snap := fleetnet.NewSnapshot("web1")
	read := func(in *fleetnet.Lines, out *fleetnet.Snapshot) {
		for in.Next() {
			out.Sockets = append(out.Sockets, fleetnet.Socket{Proto: "tcp", State: "CLOSE_WAIT", Ref: in.Ref()})
			in.Row()
		}
	}
	snap.ReadBytes(fleetnet.Probe{Name: "linux/ss", Command: "ss -tan", Tables: []string{"sockets"}, Read: read},
		[]byte(strings.Repeat("a line\n", 200)))
	for _, f := range builtinSet(t).Evaluate(snap, Target{}) {
		if f.Rule != "close-wait-leak" {
			continue
		}
		want := fleetnet.Evidence{Host: "web1", Probe: "linux/ss", Command: "ss -tan", Line: 1, Text: "a line"}
		if len(f.Evidence) != maxEvidence || f.Evidence[0] != want {
			t.Errorf("%+v", f.Evidence)
		}
		return
	}
	t.Error("no finding")
}

func TestEvaluateIsDeterministic(t *testing.T) {
	set, snap := builtinSet(t), busyHost(20_000)
	first := set.Evaluate(snap, Target{})
	if len(first) == 0 {
		t.Fatal("nothing found")
	}
	for range 3 {
		if diff := cmp.Diff(first, set.Evaluate(snap, Target{})); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestParams(t *testing.T) {
	set := builtinSet(t)
	for _, c := range []struct{ assignment, err string }{
		{"close-wait-leak.limit=500", ""},
		{"no-carrier.ignore=eth,br", ""},
		{"close-wait-leek.limit=5", `param "close-wait-leek.limit": unknown rule "close-wait-leek" (did you mean "close-wait-leak"?)`},
		{"close-wait-leak.limits=5", `param "close-wait-leak.limits": rule close-wait-leak has no param "limits" (did you mean "limit"?)`},
		{"close-wait-leak.limit=many", `param "close-wait-leak.limit": "many" is not a number`},
		{"close-wait-leak", `param "close-wait-leak": must be RULE.PARAM=VALUE`},
	} {
		_, err := set.WithParams([]string{c.assignment})
		if got := errText(err); got != c.err {
			t.Errorf("%s: got %s, want %s", c.assignment, got, c.err)
		}
	}
	if err := set.CheckParams(map[string]any{"close-wait-leak.limit": 5, "rx-errors.percent": 0.5}); err != nil {
		t.Error(err)
	}
	if err := set.CheckParams(map[string]any{"close-wait-leak.limit": []any{1}, "x.y": 1}); err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("want two faults: %v", err)
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestParamsOverride(t *testing.T) {
	set, snap := builtinSet(t), snapshot(t, `sockets: [{repeat: 50, proto: tcp, state: CLOSE_WAIT, local: {port: 80}, peer: {port: 1}}]`)
	count := func(s *Set, params map[string]any) int {
		n := 0
		for _, f := range s.Evaluate(snap, Target{Params: params}) {
			if f.Rule == "close-wait-leak" {
				n++
			}
		}
		return n
	}
	low := map[string]any{"close-wait-leak.limit": 10}
	if count(set, nil) != 0 || count(set, low) != 1 {
		t.Error("the inventory's param does not hold")
	}
	fixed, err := set.WithParams([]string{"close-wait-leak.limit=1000"})
	if err != nil || count(fixed, low) != 0 || count(set, low) != 1 {
		t.Errorf("the run's param does not beat the inventory's, or changed the set: %v", err)
	}
	if count(set, map[string]any{"close-wait-leak.limit": "x"}) != 1 {
		t.Error("a param that does not fit was passed over in silence")
	}
}

func TestCompileWhere(t *testing.T) {
	table, _ := fleetnet.TableNamed("sockets")
	rows := table.Rows(snapshot(t, twoAndAHalf))
	for _, c := range []struct {
		expr string
		want string // per row: y, n or ?
	}{
		{`state == "estab" and local.port != 80`, "nyy"},
		{`state == "close-wait"`, "nnn"},
		{`recv_q > 10`, "ny?"},
		{`recv_q > 10 or not known(recv_q)`, "nyy"},
		{`process == "a"`, "yn?"},
		{`cidr(peer.addr, "203.0.113.0/24")`, "nyn"},
	} {
		f, err := CompileWhere(table, c.expr)
		if err != nil {
			t.Errorf("%s: %v", c.expr, err)
			continue
		}
		got := ""
		for i := range rows.Len() {
			switch yes, known := f.Match(rows, i); {
			case !known:
				got += "?"
			case yes:
				got += "y"
			default:
				got += "n"
			}
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.expr, got, c.want)
		}
	}
	for expr, want := range map[string]string{
		`stat == "estab"`:         `unknown field "stat" (did you mean "state"?)`,
		`recv_q > 1 and prot`:     `at character 16: unknown field "prot"`,
		`recv_q`:                  "is a number, and must be true or false",
		`setting("x") == 1`:       "setting() is not known here",
		`state == "established-"`: "unknown state",
	} {
		if _, err := CompileWhere(table, expr); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", expr, err, want)
		}
	}
}

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
		"not expected: close-wait-leak: fail warning, count 3: (unknown) holds 3 sockets in CLOSE_WAIT",
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
