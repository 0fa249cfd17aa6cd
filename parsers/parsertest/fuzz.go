package parsertest

import (
	"encoding/json"
	"testing"

	"github.com/fleetnet/fleetnet"
)

// Fuzz asserts of the readers what holds for any text: they do not panic,
// account for each line, give the same tables each time, and these come back from
// JSON as they were. The seeds are the captures; a command that no dialect
// reads is given to the first.
func Fuzz(f *testing.F, dialects []fleetnet.Dialect) {
	for _, c := range Load(f, dialects) {
		f.Add(c.Command, []byte(c.Output))
	}
	f.Fuzz(func(t *testing.T, command string, text []byte) {
		d, ok := Find(dialects, command)
		if !ok {
			d = dialects[0]
		}
		s, acct := Read(d, command, text)
		if acct.Lines != acct.Rows+acct.Skips+acct.Errors {
			t.Errorf("lines are not accounted for: %+v", acct)
		}
		first := Tables(t, s)
		again, _ := Read(d, command, text)
		if diff := difference(first, Tables(t, again)); diff != "" {
			t.Errorf("read twice:\n%s", diff)
		}
		if diff := difference(plain(t, first), plain(t, Tables(t, reread(t, s)))); diff != "" {
			t.Errorf("through JSON:\n%s", diff)
		}
	})
}

// reread returns the snapshot as it comes back from JSON.
func reread(t *testing.T, s *fleetnet.Snapshot) *fleetnet.Snapshot {
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	back := fleetnet.NewSnapshot("")
	if err := json.Unmarshal(text, back); err != nil {
		t.Fatalf("read back from JSON: %v", err)
	}
	return back
}

// plain returns JSON without escapes, as what is no UTF-8 is escaped once and
// then is a character like any other.
func plain(t *testing.T, text string) string {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	out, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
