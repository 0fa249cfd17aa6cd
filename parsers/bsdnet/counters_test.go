package bsdnet

import (
	"os"
	"strings"
	"testing"
)

// TestCounterTable asserts that each key of the table is in the normal form
// that lines are brought into, as a key that is not would never be found.
func TestCounterTable(t *testing.T) {
	names := 0
	for proto, table := range counterTable {
		for key, counters := range table {
			got, numbers := normal([]byte(strings.ReplaceAll(key, "%", "1")))
			if got != key {
				t.Errorf("%s: %q is not normal: %q", proto, key, got)
			}
			if len(counters) > len(numbers) {
				t.Errorf("%s: %q has %d numbers, not %d", proto, key, len(numbers), len(counters))
			}
			names += len(counters)
		}
	}
	if names < 40 {
		t.Fatalf("only %d counters", names)
	}
}

// TestSingular asserts that one thing and several read the same.
func TestSingular(t *testing.T) {
	for _, pair := range [][2]string{
		{"packet", "packets"}, {"switch", "switches"}, {"entry", "entries"}, {"reply", "replies"}, {"address", "addresses"}, {"drop)", "drops)"}, {"this", "this"},
	} {
		if one, many := singular(pair[0]), singular(pair[1]); one != many {
			t.Errorf("%q is %q, %q is %q", pair[0], one, pair[1], many)
		}
	}
}

// TestCountersAreDocumented asserts that docs/counters.md has each name.
func TestCountersAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/counters.md")
	if err != nil {
		t.Fatal(err)
	}
	for proto, table := range counterTable {
		for key, counters := range table {
			for _, name := range counters {
				if !strings.Contains(string(text), name) {
					t.Errorf("%s: %q: %s is not in docs/counters.md", proto, key, name)
				}
			}
		}
	}
	for _, bars := range []map[string]string{icmpBars, icmp6Bars} {
		for _, name := range bars {
			if !strings.Contains(string(text), name) {
				t.Errorf("type %s is not in docs/counters.md", name)
			}
		}
	}
}
