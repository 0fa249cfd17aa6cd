package rules

import (
	"fmt"
	"github.com/fleetnet/fleetnet"
	"github.com/google/go-cmp/cmp"
	"strings"
	"testing"
)

func TestManyFindingsAreCut(t *testing.T) {
	var b strings.Builder
	b.WriteString("sockets:\n")
	for i := range 150 {
		b.WriteString("  - {repeat: 2, proto: tcp, state: LISTEN, local: {port: " + fmt.Sprint(1000+i) + "}, peer: {port: 0}}\n")
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
