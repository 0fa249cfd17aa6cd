package rules

import (
	"github.com/fleetnet/fleetnet"
	"strings"
	"testing"
)

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
