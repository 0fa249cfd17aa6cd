package jsontext_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/jsontext"
)

// TestRead: objects in arrays, alone and between broken ones, with their lines.
func TestRead(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{"a":1}`, "1:{\"a\":1} errors 0"},
		{"[\n{\"a\":1},\n\n{\"a\":\"}]\"}\n]", "2:{\"a\":1} 4:{\"a\":\"}]\"} errors 0"},
		{"[[{\"a\":1}],\n[{\"b\":2}]]", "1:{\"a\":1} 2:{\"b\":2} errors 0"},
		{"[{\"a\":},\n{\"b\":2}]", "2:{\"b\":2} errors 1"},
		{"[{\"a\":1},\n{\"b\":", "1:{\"a\":1} errors 1"},
		{"[{\"a\":1}", "1:{\"a\":1} errors 1"},
		{"[1]", " errors 1"},
		{"[{\"bad\":1}]", "1:{\"bad\":1} errors 1"},
	} {
		var got []string
		snap := fleetnet.NewSnapshot("")
		failed := read(snap, c.text, func(object []byte, ref fleetnet.Ref) error {
			got = append(got, fmt.Sprintf("%d:%s", snap.Evidence(ref).Line, object))
			if strings.Contains(string(object), "bad") {
				return errors.New("bad")
			}
			return nil
		})
		if s := fmt.Sprintf("%s errors %d", strings.Join(got, " "), failed); s != c.want {
			t.Errorf("%s:\n%s, want\n%s", c.text, s, c.want)
		}
	}
}

// read reads a text as one document and returns how many lines failed.
func read(snap *fleetnet.Snapshot, text string, element func([]byte, fleetnet.Ref) error) int {
	p := fleetnet.Probe{Name: "test", Read: func(in *fleetnet.Lines, _ *fleetnet.Snapshot) {
		for in.Next() {
			jsontext.Read(in, element)
		}
	}}
	return snap.ReadBytes(p, []byte(text)).Errors
}

// TestMembers: in their order, the repeated ones too; none of what is no object.
func TestMembers(t *testing.T) {
	var got []string
	for _, text := range []string{`{"b":1,"a":[2],"b":null}`, `[1]`, `{"c"`, ``} {
		for name, value := range jsontext.Members([]byte(text)) {
			got = append(got, name+"="+string(value))
		}
	}
	if s := strings.Join(got, " "); s != "b=1 a=[2] b=null" {
		t.Error(s)
	}
}
