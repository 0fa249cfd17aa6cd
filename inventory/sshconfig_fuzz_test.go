package inventory

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// FuzzSSHConfig checks that no text breaks the reader, and that what it passes
// keeps the promises of Host.
func FuzzSSHConfig(f *testing.F) {
	for _, s := range sshSituations() {
		if !strings.Contains(strings.ToLower(s.config), "exec") {
			f.Add(s.config)
		}
	}
	f.Add("Include /dev/null ~/x*/[ \\\nMatch localnetwork ::/0 tagged \"\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		lower := strings.ToLower(text)
		if len(text) > 2000 || strings.Contains(lower, "include") {
			return // files of this machine
		}
		t.Setenv("PATH", "") // no command is run
		path := filepath.Join(t.TempDir(), "config")
		writeSSHFile(t, path, text)
		c, err := OpenSSHConfig(t.Context(), path)
		if (c == nil) == (err == nil) {
			t.Fatalf("configuration %v, error %v", c, err)
		}
		if err != nil {
			return
		}
		inv, err := (Reader{SSHConfig: c}).FromNames(t.Context(), "a,b1.example.com,u@192.0.2.1:7")
		if err != nil {
			if !strings.Contains(err.Error(), "jump") {
				t.Fatal(err)
			}
			return
		}
		for _, h := range inv.Hosts {
			for hop := &h; hop != nil; hop = hop.Jump {
				if hop.Addr == "" || hop.Port < 1 || hop.Port > 65535 || hop.SSH.Alias == "" || hop.SSH.ConnectTimeout < 0 || hop.SSH.ConnectTimeout%time.Second != 0 {
					t.Errorf("%+v", *hop)
				}
			}
			if h.Jump != nil && h.SSH.ProxyCommand != "" {
				t.Errorf("%s has both a jump and a command", h.Name)
			}
		}
	})
}

// BenchmarkSSHConfig resolves 10,000 hosts with a configuration of 200 blocks.
func BenchmarkSSHConfig(b *testing.B) {
	var text strings.Builder
	for i := range 200 {
		fmt.Fprintf(&text, "Host web%d-* rack%d*.example.com !db*\n  User u%d\n  IdentityFile ~/.ssh/k%d\n  ProxyJump gate%d\n", i, i, i, i, i%10)
		fmt.Fprintf(&text, "Match host *.site%d.example.com user u%d\n  Port %d\n", i, i, 1000+i)
	}
	text.WriteString("Host *\n  SendEnv LANG\n  HashKnownHosts yes\n  ServerAliveInterval 30\n  UserKnownHostsFile ~/.ssh/known_hosts\n  ControlPath ~/.ssh/%C\n")
	var names []string
	for i := range 10_000 {
		names = append(names, fmt.Sprintf("web%d-%d", i%200, i))
	}
	list := strings.Join(names, ",")
	path := filepath.Join(b.TempDir(), "config")
	writeSSHFile(b, path, text.String())
	for b.Loop() {
		c, err := OpenSSHConfig(b.Context(), path)
		if err != nil {
			b.Fatal(err)
		}
		inv, err := (Reader{SSHConfig: c}).FromNames(b.Context(), list)
		if err != nil || inv.Hosts[77].User != "u77" && inv.Hosts[77].User == "" {
			b.Fatal(err)
		}
	}
}
