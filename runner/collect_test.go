package runner_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
)

// coverageOf lists what is said of the tables, as "table status probe: reason".
func coverageOf(s *fleetnet.Snapshot) []string {
	var all []string
	for _, c := range s.Coverage {
		line := c.Table
		if c.Fields != nil {
			line += "." + strings.Join(c.Fields, ",")
		}
		line += " " + string(c.Status)
		if c.Probe != "" {
			line += " " + c.Probe
		}
		if c.Reason != "" {
			line += ": " + c.Reason
		}
		all = append(all, line)
	}
	return all
}

// alternative is a probe of the slot "slot" with its needs and tables.
func alternative(name, command, needs string, tables ...string) fleetnet.Probe {
	p := probe(name, "slot", command)
	p.Needs, p.Tables = strings.Fields(needs), tables
	return p
}

func TestCoverage(t *testing.T) {
	asUser(t, "1000", "")
	for _, tt := range []struct {
		name   string
		probes []fleetnet.Probe
		rows   string
		want   []string
	}{
		{
			name: "the first that succeeds answers",
			probes: []fleetnet.Probe{
				alternative("fails", "echo bad; echo why >&2; exit 1", "", "settings"),
				alternative("works", "echo one", "", "settings"),
				alternative("late", "echo two", "", "settings"),
			},
			rows: "one",
			want: []string{"settings complete linux/works"},
		},
		{
			name: "an alternative that fills fewer tables",
			probes: []fleetnet.Probe{
				alternative("rich", "true", "no-such-tool", "settings", "counters"),
				alternative("poor", "echo one", "", "settings"),
			},
			rows: "one",
			want: []string{"settings complete linux/poor", "counters unsupported linux/poor: not told by linux/poor"},
		},
		{
			name: "none is there",
			probes: []fleetnet.Probe{
				alternative("a", "true", "no-ss", "sockets"), alternative("b", "true", "no-netstat", "sockets"),
			},
			want: []string{"sockets unsupported: none of no-netstat, no-ss is there"},
		},
		{
			name: "one is not there, one does not hold",
			probes: []fleetnet.Probe{
				func() fleetnet.Probe {
					p := alternative("a", "true", "sh", "sockets")
					p.If = "[ -e /no/module ]"
					return p
				}(),
				alternative("b", "true", "no-netstat", "sockets"),
			},
			want: []string{`sockets unsupported: linux/a was not run: "[ -e /no/module ]" does not hold; no-netstat is not there`},
		},
		{
			name: "all fail without a word on standard output",
			probes: []fleetnet.Probe{
				alternative("a", "echo 'Cannot open netlink socket' >&2; exit 255", "", "sockets"),
				alternative("b", "exit 137", "", "sockets"),
				alternative("c", "exit 3", "", "sockets"),
			},
			want: []string{`sockets failed linux/a: exit status 255: "Cannot open netlink socket"; linux/b: exit status 137 (signal 9); linux/c: exit status 3`},
		},
		{
			name:   "not permitted",
			probes: []fleetnet.Probe{alternative("a", "echo 'ss: Operation not permitted' >&2; exit 2", "", "sockets")},
			want:   []string{`sockets denied linux/a: exit status 2: "ss: Operation not permitted"`},
		},
		{
			name:   "rows in spite of a failure",
			probes: []fleetnet.Probe{alternative("a", "echo one; echo 'and then: no' >&2; exit 2", "", "settings")},
			rows:   "one",
			want:   []string{"settings complete linux/a", `settings partial linux/a: exit status 2: "and then: no"`},
		},
		{
			name:   "words that are no rows",
			probes: []fleetnet.Probe{alternative("a", "echo bad usage; exit 2", "", "settings")},
			want:   []string{`settings partial linux/a: 1 of 1 lines could not be read, the first: line 1: not understood: "bad usage"`, "settings failed linux/a: exit status 2"},
		},
		{
			name: "two slots of one table: the worse one counts",
			probes: []fleetnet.Probe{
				alternative("a", "echo one", "", "settings"),
				func() fleetnet.Probe { p := alternative("b", "exit 2", "", "settings"); p.Slot = "other"; return p }(),
			},
			rows: "one",
			want: []string{"settings complete linux/a", "settings failed linux/b: exit status 2"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res := collect(t, runner.Config{Probes: tt.probes}, inventory.Host{Name: "here", Transport: "local"})["here"]
			if res.Err != nil {
				t.Fatal(res.Err)
			}
			if got := names(res.Snapshot); got != tt.rows {
				t.Errorf("rows %q, want %q", got, tt.rows)
			}
			if diff := cmp.Diff(tt.want, coverageOf(res.Snapshot)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestModuleLoadIsAskedFor(t *testing.T) {
	p := probe("a", "a", `echo "${FLEETNET_ALLOW_MODULE_LOAD-unset}"`)
	t.Setenv("FLEETNET_ALLOW_MODULE_LOAD", "from outside")
	for allow, want := range map[bool]string{true: "1", false: "unset"} {
		res := collect(t, runner.Config{Probes: []fleetnet.Probe{p}, AllowModuleLoad: allow}, inventory.Host{Name: "here", Transport: "local"})["here"]
		if got := names(res.Snapshot); got != want {
			t.Errorf("allowed %v: %s, want %s", allow, got, want)
		}
	}
}

// What a command says although it succeeds is a note, safe to print.
func TestWarningsAreNoted(t *testing.T) {
	p := probe("a", "a", `printf 'sysctl: \033[31m permission denied\n' >&2; echo one`)
	res := collect(t, runner.Config{Probes: []fleetnet.Probe{p}}, inventory.Host{Name: "here", Transport: "local"})["here"]
	if diff := cmp.Diff([]string{`linux/a said "sysctl: \x1b[31m permission denied"`}, res.Notes); diff != "" {
		t.Error(diff)
	}
}

func TestMaxRows(t *testing.T) {
	p := probe("a", "a", "echo one; echo two; echo three")
	res := collect(t, runner.Config{Probes: []fleetnet.Probe{p}, MaxRows: 2}, inventory.Host{Name: "here", Transport: "local"})["here"]
	if got := coverageOf(res.Snapshot); names(res.Snapshot) != "one two" || got[0] != "settings partial linux/a: stopped after 2 rows" {
		t.Errorf("%s, %q", names(res.Snapshot), got)
	}
}

// Slots may have names that a function of a shell cannot have, and that are
// those of programs.
func TestScriptNamesSlots(t *testing.T) {
	a, b, c := probe("a", "tcp/4", "echo one"), probe("b", "tcp 4", "echo two"), probe("c", "ss", "echo three")
	res := collect(t, runner.Config{Probes: []fleetnet.Probe{a, b, c}}, inventory.Host{Name: "here", Transport: "local"})["here"]
	if res.Err != nil || names(res.Snapshot) != "one two three" {
		t.Errorf("%v, %s", res.Err, names(res.Snapshot))
	}
	script := runner.Script([]fleetnet.Probe{a, b, c}, runner.ScriptOptions{})
	if strings.Count(script, "NONCE") != 1 || strings.Contains(script, "sudo") {
		t.Errorf("script:\n%s", script)
	}
}
