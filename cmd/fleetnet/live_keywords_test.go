package main

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
)

// Each keyword that docs/ssh.md calls honoured, or refused, makes at a real sshd
// the difference that it should. It is in what the configuration says of one
// alias and missing in what it says of another, which is the same otherwise;
// both are scanned, and log in under their own names.
func TestLiveSSHKeywords(t *testing.T) {
	l := newKeywordLab(t)
	tests := l.tests()
	documented(t, tests)
	l.prepare(tests)
	var first, second, alone []trial
	for _, test := range tests {
		for _, way := range test.trials() {
			switch {
			case test.keyword == "IgnoreUnknown":
				alone = append(alone, way)
			// The terminal is for BatchMode, and what comes after the first scan is
			// for ConnectionAttempts. Match needs a file that the machine's ssh can read.
			case test.keyword == "BatchMode", test.keyword == "Match", way.alias == "connectionattempts":
				second = append(second, way)
			default:
				first = append(first, way)
			}
		}
	}
	outcomeOf(first).check(t, programScan(t, exitIncomplete, l.env(), append(l.args(first), "--max-auth-failures", "-1")...))
	outcomeOf(second).check(t, l.scanAtTerminal(second))
	for _, way := range alone { // a word that is not known is told once, whoever it concerns
		_, errs, code := program(t, nil, append([]string{"scan", "-f", "json"}, l.args([]trial{way})...)...)
		if noted := strings.Contains(errs, "LabWord"); code != exitOK || noted == way.with {
			t.Errorf("%s: exit status %d: %s", way.alias, code, errs)
		}
	}
	for _, way := range slices.Concat(first, second, alone) {
		l.checkLog(way)
	}
}

// documented checks that there is a test for each keyword that the manual calls
// honoured or refused, and for no other.
func documented(t *testing.T, tests []keywordTest) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "ssh.md"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		row := strings.Split(line, " | ")
		if len(row) == 3 && (row[1] == "honoured" || row[1] == "refused") {
			want[strings.Trim(row[0], "| `")] = true
		}
	}
	if len(want) < 40 {
		t.Fatalf("docs/ssh.md: only %d keywords are found to be honoured", len(want))
	}
	for _, test := range tests {
		if !want[test.keyword] {
			t.Errorf("%s is tested, twice or though docs/ssh.md does not call it honoured", test.keyword)
		}
		delete(want, test.keyword)
	}
	for keyword := range want {
		t.Errorf("docs/ssh.md calls %s honoured, and nothing here tests it", keyword)
	}
}

// keywordTest is a keyword, and what becomes of a host with it and without it.
type keywordTest struct {
	keyword       string
	value         string
	old           []string // other names of the keyword, which are to do the same
	node          string   // the host of the lab, "main" if none is said
	before, after []string // the lines around that of the keyword; {} is the alias
	inventory     string   // what hosts.yaml says of both
	with, without fate
}

// fate is what becomes of a host: without words in fails it is read completely.
type fate struct {
	fails     string // words of its error
	log       string // words that sshd's log has then; {} is the alias
	inventory string // what hosts.yaml says of this one
}

// trial is one of the two aliases of a keyword.
type trial struct {
	test  keywordTest
	alias string
	with  bool
	fate
}

// trials are the aliases with the keyword and without it.
func (k keywordTest) trials() []trial {
	alias := strings.ToLower(k.keyword)
	return []trial{{k, alias, true, k.with}, {k, alias + "-not", false, k.without}}
}

// under is the test of an old name of the keyword.
func (k keywordTest) under(name string) keywordTest {
	k.keyword, k.old = name, nil
	return k
}

// block is what the configuration says of the alias. What it does not say of
// itself it has from defaults, but for the keyword that it is about.
func (w trial) block(defaults []string) string {
	k, own := w.test, slices.Concat(w.test.before, w.test.after, w.test.old, []string{w.test.keyword})
	lines := []string{"Host " + w.alias}
	for _, line := range defaults {
		keyword, _, _ := strings.Cut(line, " ")
		said := func(o string) bool { return o == keyword || strings.HasPrefix(o, keyword+" ") || o == keyword+"2" }
		if !slices.ContainsFunc(own, said) {
			lines = append(lines, line)
		}
	}
	lines = append(lines, k.before...)
	if w.with {
		lines = append(lines, k.keyword+" "+k.value)
	}
	return strings.ReplaceAll(strings.Join(append(lines, k.after...), "\n  "), "{}", w.alias) + "\n"
}

func outcomeOf(trials []trial) outcome {
	o := outcome{}
	for _, way := range trials {
		o[way.alias] = way.fails
	}
	return o
}

// checkLog checks that sshd tells the same: who was read has logged in, once, and
// who was not has not, if nothing else is wanted.
func (l *keywordLab) checkLog(way trial) {
	l.t.Helper()
	log := l.f.Log(way.test.nodeName())
	want := strings.ReplaceAll(way.log, "{}", way.alias)
	if want == "" && way.fails == "" {
		want = "Accepted publickey for " + way.alias + " from "
	}
	logins := len(regexp.MustCompile("Accepted [^ ]+ for "+way.alias+" from ").FindAllString(log, -1))
	if !strings.Contains(log, want) || logins > 1 || want == "" && logins > 0 {
		l.t.Errorf("%s: %d logins in sshd's log, which should have %q", way.alias, logins, want)
	}
}

func (k keywordTest) nodeName() string {
	if k.node == "" {
		return "main"
	}
	return k.node
}

// scanAtTerminal scans with a person at a terminal who knows the passphrase, and
// begins with a host whose sshd starts when it was asked for in vain.
func (l *keywordLab) scanAtTerminal(trials []trial) *fleetnet.Report {
	t := l.t
	t.Helper()
	file := filepath.Join(l.dir, "report")
	command := "fleetnet scan -q -f json=" + file + " " + strings.Join(l.args(trials), " ")
	cmd := exec.Command("script", "-qec", command, "/dev/null")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var screen screen
	cmd.Stdout = &screen
	refused := l.refused()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	l.f.Wait("the question for the passphrase", func() bool { return strings.Contains(screen.String(), "passphrase") })
	io.WriteString(in, keyPhrase+"\n")
	l.f.Wait("the first attempt to connect", func() bool { return l.refused() != refused })
	l.f.StartSSHD("late")
	cmd.Wait() // the report tells
	text, err := os.ReadFile(file)
	var r fleetnet.Report
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		t.Fatalf("report: %v: %s", err, screen.String())
	}
	if n := strings.Count(screen.String(), "passphrase"); n != 1 {
		t.Errorf("a person was asked %d times: %s", n, screen.String())
	}
	return &r
}

// refused is how many connections the kernel of the host late has refused.
func (l *keywordLab) refused() string {
	l.t.Helper()
	out, err := l.f.Exec("late", "nstat", "-asz", "TcpOutRsts")
	if err != nil {
		l.t.Fatal(err)
	}
	return out
}
