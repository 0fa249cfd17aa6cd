package command_test

import (
	"slices"
	"testing"

	"github.com/fleetnet/fleetnet/parsers/command"
)

func TestWords(t *testing.T) {
	for line, want := range map[string][]string{
		"netstat -an":                     {"netstat", "-an"},
		"netstat -an|grep LISTEN":         {"netstat", "-an", "|", "grep", "LISTEN"},
		"netstat -an |grep 'a|b'|wc -l":   {"netstat", "-an", "|", "grep", "'a|b'", "|", "wc", "-l"},
		`findstr "10.0;x"|more`:           {"findstr", `"10.0;x"`, "|", "more"},
		"netstat -an;date":                {"netstat", "-an", ";", "date"},
		"netstat -an -f inet; netstat -r": {"netstat", "-an", "-f", "inet;", "netstat", "-r"},
		"":                                nil,
		"|":                               {"|"},
		"netstat -an ' | grep":            {"netstat", "-an", "'", "|", "grep"},
	} {
		if got := command.Words(line); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}
