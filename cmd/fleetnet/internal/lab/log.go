package lab

import (
	"os"
	"regexp"
	"strings"
	"time"
)

// Log is what a host's server has written to its log so far.
func (f *Fleet) Log(name string) string {
	f.t.Helper()
	return f.host(name).log()
}

func (h *host) log() string {
	text, _ := os.ReadFile(h.root() + sshdLog) // there is none before the first word
	return string(text)
}

// accepted is what sshd, and what dropbear says of a login.
var accepted = regexp.MustCompile(`(?m)^Accepted |auth succeeded`)

// Logins counts the logins that a host's server has let in so far.
func (f *Fleet) Logins(name string) int {
	f.t.Helper()
	return len(accepted.FindAllString(f.Log(name), -1))
}

// Wait waits until there reports true: for whatever a test wants of the fleet,
// however slow the machine is.
func (f *Fleet) Wait(what string, there func() bool) {
	f.t.Helper()
	for deadline := time.Now().Add(patience); !there(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			f.t.Fatalf("lab: %s: nothing to be seen of it after %s", what, patience)
		}
	}
}

// logServers logs the end of what each server said, for a test that failed.
func (f *Fleet) logServers() {
	for _, h := range f.order {
		if h.node == nil {
			continue
		}
		lines := strings.SplitAfter(h.log(), "\n")
		if len(lines) > 1 {
			f.t.Logf("lab: %s sshd:\n%s", h.Name, strings.Join(lines[max(0, len(lines)-16):], ""))
		}
	}
}
