package linux_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/linux"
)

// A kernel without IPv6 has no IPv6 routes and rules, and that is known; one
// whose /proc cannot be read tells nothing.
func TestNoIPv6(t *testing.T) {
	for _, slot := range fleetnet.Slots(linux.Probes(), "linux") {
		if slot[0].Slot != "routes6" && slot[0].Slot != "rules6" {
			continue
		}
		p := slot[0]
		for name, tc := range map[string]struct {
			files []string
			want  bool
		}{
			"no IPv6": {[]string{"dev"}, true},
			"IPv6":    {[]string{"dev", "if_inet6"}, false},
			"no proc": {nil, false},
		} {
			dir := t.TempDir()
			for _, f := range tc.files {
				if err := os.WriteFile(filepath.Join(dir, f), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			condition := strings.ReplaceAll(p.If, "/proc/net", dir)
			if _, err := run(t, "if "+condition+"; then exit 0; else exit 9; fi"); (err == nil) != tc.want {
				t.Errorf("%s: %s: %s holds: %v, want %v", p.Name, name, p.If, err == nil, tc.want)
			}
		}
		s := fleetnet.NewSnapshot("web1")
		s.ReadBytes(p, nil)
		for family, want := range map[string]fleetnet.Status{"inet6": fleetnet.StatusComplete, "inet": fleetnet.StatusSkipped} {
			if got := s.KnownOf(family, p.Tables[0]).Status; got != want {
				t.Errorf("%s: %s of %s is %s, want %s", p.Name, p.Tables[0], family, got, want)
			}
		}
	}
}
