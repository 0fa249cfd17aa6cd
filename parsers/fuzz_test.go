package parsers_test

import (
	"errors"
	"fmt"
	"hash/fnv"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers"
	"github.com/fleetnet/fleetnet/parsers/charset"
)

// Of short texts one in so many is told as well, as that takes longer than all
// else, most of all where go counts what is run.
const (
	tellOneOf = 16
	tellBytes = 4 << 10
)

// FuzzProbes gives any text to any reader, and to those that tell what a text is.
// The reader is named by a probe ("linux/ss"), which reads what it would on a host
// of which the probes before it have told, or by a system and a command ("darwin
// netstat -anv"); any other word is one of all of these. The seeds are all captures.
func FuzzProbes(f *testing.F) {
	hosts := scannedHosts(f)
	var all []string
	for _, p := range parsers.All() {
		all = append(all, p.Name)
		for _, h := range hosts[p.OS] {
			f.Add(p.Name, h[p.Name])
		}
	}
	for _, c := range captures(f) {
		all = append(all, c.platform+" "+c.command)
		f.Add(c.platform+" "+c.command, []byte(c.output))
	}
	f.Fuzz(func(t *testing.T, reader string, text []byte) {
		p, probe := readerOf(reader, all)
		read := func() *fleetnet.Snapshot { s := fleetnet.NewSnapshot(""); s.Host.OS = p.OS; return s }
		if probe {
			read = func() *fleetnet.Snapshot { return told(hosts[p.OS], p) }
		}
		checkReader(t, p, read, text)
		if len(text) <= tellBytes && sum32(text)%tellOneOf == 0 {
			checkTell(t, text)
		}
	})
}

// scannedHosts are what the probes of some hosts print, by system.
func scannedHosts(t testing.TB) map[string][]map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob("../cmd/fleetnet/testdata/platforms/*.txtar")
	if err != nil || len(paths) < 3 {
		t.Fatal(err, paths)
	}
	all := map[string][]map[string][]byte{}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		system, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(path), ".txtar"), "-")
		host := map[string][]byte{}
		for _, file := range a.Files {
			host[file.Name] = file.Data
		}
		all[system] = append(all[system], host)
	}
	return all
}

// readerOf returns the reader that a word names, and whether it is that of a scan.
func readerOf(word string, all []string) (p fleetnet.Probe, probe bool) {
	probes := parsers.All()
	if i := slices.IndexFunc(probes, func(p fleetnet.Probe) bool { return p.Name == word }); i >= 0 {
		return probes[i], true
	}
	system, command, _ := strings.Cut(word, " ")
	if p, err := parsers.Find(system, command); err == nil {
		return p, false
	}
	return readerOf(all[int(sum32([]byte(word))%uint32(len(all)))], all)
}

func sum32(b []byte) uint32 {
	h := fnv.New32a()
	h.Write(b)
	return h.Sum32()
}

// told is a host of which the probes before p have told.
func told(hosts []map[string][]byte, p fleetnet.Probe) *fleetnet.Snapshot {
	s := fleetnet.NewSnapshot("")
	s.Host.OS = p.OS
	for _, before := range parsers.All() {
		if before.Name == p.Name {
			break
		}
		if before.OS == p.OS && len(hosts) > 0 {
			s.ReadBytes(before, hosts[0][before.Name])
		}
	}
	return s
}

// checkReader asserts what holds for any text: each line is accounted for, the
// same tables are read each time, in however small pieces the text came, they come
// back from JSON as they were, and rows are what the model says.
func checkReader(t *testing.T, p fleetnet.Probe, fresh func() *fleetnet.Snapshot, text []byte) {
	s, again := fresh(), fresh()
	before := len(asJSON(t, s))
	acct := s.ReadBytes(p, text)
	checkAccount(t, acct)
	if lines := strings.Count(strings.TrimSuffix(string(text), "\n")+"\n", "\n"); p.Decode == nil && len(text) > 0 && acct.Lines != lines {
		t.Errorf("%d lines of %d", acct.Lines, lines)
	}
	if second := again.Read(p, inPieces(text), 0); second.Lines != acct.Lines || second.Rows != acct.Rows || second.Skips != acct.Skips {
		t.Errorf("accounts differ: %+v, %+v", acct, second)
	}
	if !reflect.DeepEqual(tables(s), tables(again)) {
		t.Errorf("read twice: %s", parting(fmt.Sprintf("%#v", tables(s)), fmt.Sprintf("%#v", tables(again))))
	}
	checkAccount(t, fresh().Read(p, inPieces(text), 3))
	checkRefs(t, s)
	checkModel(t, s)
	if n := len(asJSON(t, s)) - before; n > 200*len(text)+10_000 {
		t.Errorf("%d bytes of text became %d", len(text), n)
	}
	checkJSON(t, s, utf8.Valid(text) && utf8.ValidString(p.Command))
}

// checkTell asserts that a text is told in the same way each time, and that what
// is said of it can be printed.
func checkTell(t *testing.T, text []byte) {
	text, _ = charset.Unicode(text)
	got, err := parsers.Tell(text, parsers.Asked{})
	again, errAgain := parsers.Tell(text, parsers.Asked{})
	if err != nil {
		var unclear *parsers.UnclearError
		if errAgain == nil || err.Error() != errAgain.Error() || !errors.As(err, &unclear) || !printable(err.Error()) {
			t.Errorf("told twice: %q, %q", err, errAgain)
		}
		return
	}
	if errAgain != nil || got.Platform != again.Platform || !slices.Equal(commands(got), commands(again)) {
		t.Errorf("told twice: %+v, %+v", got, again)
	}
	for _, p := range got.Passed {
		if said := p.String(); !printable(said) {
			t.Errorf("not printable: %q", said)
		}
	}
	s := fleetnet.NewSnapshot("")
	accounts, err := got.Read(s)
	for _, acct := range accounts {
		checkAccount(t, acct)
	}
	if err == nil {
		checkRefs(t, s)
		checkJSON(t, s, utf8.Valid(text))
	}
}

func commands(told parsers.Told) []string {
	var all []string
	for _, r := range told.Readings {
		all = append(all, r.Probe.Command)
	}
	return all
}

func checkAccount(t *testing.T, acct fleetnet.Account) {
	if acct.Lines != acct.Rows+acct.Skips+acct.Errors {
		t.Errorf("lines are not accounted for: %+v", acct)
	}
	for _, e := range acct.First {
		if said := e.Error(); !printable(said) {
			t.Errorf("not printable: %q", said)
		}
	}
}

// inPieces returns a text that arrived in small pieces.
func inPieces(text []byte) *fleetnet.Text {
	var out fleetnet.Text
	for piece := range slices.Chunk(text, 100) {
		_, _ = out.Write(piece)
	}
	return &out
}
