package parsers_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/fleetnet/fleetnet"
)

// tables returns what is known of a host, without the text that it was read from.
func tables(s *fleetnet.Snapshot) *fleetnet.Snapshot {
	return &fleetnet.Snapshot{
		SchemaVersion: s.SchemaVersion, Host: s.Host, Sockets: s.Sockets, Interfaces: s.Interfaces, Routes: s.Routes, PolicyRules: s.PolicyRules,
		Neighbors: s.Neighbors, Groups: s.Groups, Counters: s.Counters, Settings: s.Settings, Coverage: s.Coverage,
	}
}

func asJSON(t *testing.T, v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// checkJSON asserts that what is known of a host comes back from JSON as it was,
// but for what is no UTF-8, which JSON cannot carry. Text that is valid has none.
func checkJSON(t *testing.T, s *fleetnet.Snapshot, valid bool) {
	text := asJSON(t, s)
	if !valid { // once more: what is no UTF-8 is escaped, and then a character like any other
		s = fromJSON(t, text)
		text = asJSON(t, s)
	}
	back := fromJSON(t, text)
	if again := asJSON(t, back); again != text {
		t.Errorf("through JSON: %s", parting(text, again))
	}
	if where := difference(reflect.ValueOf(tables(s)).Elem(), reflect.ValueOf(tables(back)).Elem()); where != "" {
		t.Errorf("through JSON another value is in %s", where)
	}
}

// parting shows where two texts part.
func parting(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	around := func(s string) string { return s[max(0, n-150):min(len(s), n+100)] }
	return "\n" + around(a) + "\n" + around(b)
}

func fromJSON(t *testing.T, text string) *fleetnet.Snapshot {
	s := fleetnet.NewSnapshot("")
	if err := json.Unmarshal([]byte(text), s); err != nil {
		t.Fatalf("read back from JSON: %v", err)
	}
	return s
}

// difference names the first place in which two values of the model are not the
// same; references to lines, and what stands in a value that is not known, are.
func difference(a, b reflect.Value) string {
	switch x := a.Interface().(type) {
	case fleetnet.Ref:
		return ""
	case interface{ IsZero() bool }: // an Opt, a time, an address: of these JSON has the whole text
		if y := b.Interface().(interface{ IsZero() bool }); x.IsZero() && y.IsZero() {
			return ""
		}
	}
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return differs(a.IsNil() != b.IsNil())
		}
		return difference(a.Elem(), b.Elem())
	case reflect.Slice:
		if a.Len() != b.Len() || a.IsNil() != b.IsNil() {
			return differs(true)
		}
		for i := range a.Len() {
			if where := difference(a.Index(i), b.Index(i)); where != "" {
				return fmt.Sprintf("[%d]%s", i, where)
			}
		}
		return ""
	case reflect.Struct:
		for i := range a.NumField() {
			if f := a.Type().Field(i); f.IsExported() {
				if where := difference(a.Field(i), b.Field(i)); where != "" {
					return "." + f.Name + where
				}
			}
		}
		if strings.HasPrefix(a.Type().PkgPath(), "github.com/fleetnet/") {
			return ""
		}
	}
	return differs(!reflect.DeepEqual(a.Interface(), b.Interface()))
}

func differs(yes bool) string {
	if yes {
		return " differs"
	}
	return ""
}

// checkRefs asserts that each row knows a line that tells it.
func checkRefs(t *testing.T, s *fleetnet.Snapshot) {
	for _, table := range fleetnet.Tables() {
		rows := table.Rows(s)
		for i := range rows.Len() {
			for _, ref := range rows.Refs(i) {
				if e := s.Evidence(ref); table.Name != "host" && (e.Line < 1 || e.Text == "" || !printable(e.Text)) {
					t.Errorf("row %d of %s has the evidence %+v", i, table.Name, e)
				}
			}
		}
	}
}

// printable reports whether a text may be printed as it is.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// checkModel asserts what the model says of every value.
func checkModel(t *testing.T, s *fleetnet.Snapshot) {
	for _, c := range s.Coverage {
		if !printable(c.Reason) || c.Status == "" || c.Table == "" {
			t.Errorf("coverage %+v", c)
		}
	}
	for _, k := range s.Sockets {
		_, known := fleetnet.ParseState(string(k.State))
		if k.Proto == "" || k.State != "" && !known || k.Truncated && k.Local.Name+k.Peer.Name == "" {
			t.Errorf("socket %+v", k)
		}
	}
	for _, i := range s.Interfaces {
		if i.MTU.V < 0 || !macAddress(i.MAC) {
			t.Errorf("interface %+v", i)
		}
		for _, a := range i.Addrs {
			if !a.Address().IsValid() || a.Prefix.IsValid() && a.Addr.IsValid() {
				t.Errorf("address of %s: %+v", i.Name, a)
			}
		}
	}
	for _, r := range s.Routes {
		if r.Dst != r.Dst.Masked() || r.Type == "" || r.Dst.IsValid() && (r.Family == "inet") != r.Dst.Addr().Is4() {
			t.Errorf("route %+v", r)
		}
	}
	for _, n := range s.Neighbors {
		if !macAddress(n.MAC) {
			t.Errorf("neighbour %+v", n)
		}
	}
	walk(reflect.ValueOf(tables(s)), func(a netip.Addr) {
		if a.Is4In6() || a.Zone() != "" {
			t.Errorf("address %v", a)
		}
	})
}

// macAddress reports whether a link-layer address is in small letters, colons and
// whole octets, or there is none.
func macAddress(s string) bool {
	for octet := range strings.SplitSeq(s, ":") {
		if s != "" && (len(octet) != 2 || strings.Trim(octet, "0123456789abcdef") != "") {
			return false
		}
	}
	return true
}

// walk visits all addresses in a value.
func walk(v reflect.Value, visit func(netip.Addr)) {
	switch a := v.Interface().(type) {
	case netip.Addr:
		visit(a)
		return
	case netip.Prefix, fleetnet.Ref:
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), visit)
			}
		}
	}
}
