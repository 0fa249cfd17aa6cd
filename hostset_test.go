package fleetnet_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"web01 web02 web03":      "web[01-03]",
		"web09 web10 web11 web8": "web[8,09-11]",
		"web2 web10 web1":        "web[1-2,10]",
		"db1":                    "db1",
		"web01.example.com web02.example.com db1": "db1,web[01-02].example.com",
		"a-1-x a-2-x": "a-[1-2]-x",
		"web1 web1":   "web1",
		"10.0.0.1":    "10.0.0.1",
		"gw mail":     "gw,mail",
	} {
		got := fleetnet.Fold(strings.Fields(in))
		if got != want {
			t.Errorf("Fold(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestFoldExpandRoundTrip(t *testing.T) {
	names := strings.Fields("web01 web02 web09 web10 web11 web99 web100 n1 n2 n3 n10")
	var back []string
	for part := range strings.SplitSeq(fleetnet.Fold(names), "],") {
		if strings.Contains(part, "[") && !strings.HasSuffix(part, "]") {
			part += "]"
		}
		got, err := fleetnet.Expand(part)
		if err != nil {
			t.Fatal(err)
		}
		back = append(back, got...)
	}
	slices.Sort(names)
	slices.Sort(back)
	if !slices.Equal(names, back) {
		t.Errorf("Fold %q expands to %q", fleetnet.Fold(names), back)
	}
}

func TestExpand(t *testing.T) {
	for in, want := range map[string]string{
		"web":              "web",
		"web[01-03]":       "web01 web02 web03",
		"web[9-11]":        "web9 web10 web11",
		"r[a-c]":           "ra rb rc",
		"h[1,3-4].x":       "h1.x h3.x h4.x",
		"r[1-2]n[1-2]":     "r1n1 r1n2 r2n1 r2n2",
		"web[01:02].local": "web01.local web02.local",
	} {
		got, err := fleetnet.Expand(in)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("Expand(%s) = %q, %v; want %s", in, got, err, want)
		}
	}
	for _, bad := range []string{"web[", "web]", "web[]", "web[3-1]", "web[1-]", "web[1-99999999]", "web[a-3]"} {
		if got, err := fleetnet.Expand(bad); err == nil {
			t.Errorf("Expand(%s) = %q, want an error", bad, got)
		}
	}
}

func TestNaturalCompare(t *testing.T) {
	in := strings.Fields("web10 web2 web01 web1 a web")
	slices.SortFunc(in, fleetnet.NaturalCompare)
	if got := strings.Join(in, " "); got != "a web web01 web1 web2 web10" {
		t.Error(got)
	}
}
