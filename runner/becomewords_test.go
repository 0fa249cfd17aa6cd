package runner

import (
	"strings"
	"testing"

	"github.com/fleetnet/fleetnet"
)

// What sudo, sudo-rs, doas, su and the shells say when they refuse; those that
// are here are tested for real elsewhere.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		method, stdout, stderr string
		said, hint             string
		wrong                  bool
	}{
		{method: "sudo", stderr: "sudo: interactive authentication is required\n", said: `"sudo: interactive authentication is required"`, hint: "--ask-become-pass"},
		{method: "sudo", stderr: "[sudo: authenticate] Password: sudo: Authentication failed, try again.\n[sudo: authenticate] Password: sudo: Maximum 3 incorrect authentication attempts reached\n", said: `"sudo: Authentication failed, try again.\nsudo: Maximum 3`, hint: "wrong", wrong: true},
		{method: "sudo", stderr: "sudo: I'm sorry ops. I'm afraid I can't do that\n", said: "I'm sorry ops", hint: "fleetnet sudoers"},
		{method: "sudo", stderr: "Sorry, user ops may not run sudo on web1.\n", said: "Sorry, user ops may not", hint: "fleetnet sudoers"},
		{method: "sudo", stderr: "sudo: Account or password is expired, reset your password and try again\n", said: "expired", hint: "log in by hand"},
		{method: "sudo", stderr: "sh: 12: sudo: not found\n", said: `"sh: 12: sudo: not found"`, hint: "is it another of"},
		{method: "sudo", stderr: "sudo: 3 incorrect password attempts\n", said: "sudo: 3", hint: "wrong", wrong: true},
		{method: "sudo", stderr: "sudo: The \"no new privileges\" flag is set, which prevents sudo from running as root.\n", said: "no new privileges"},
		{method: "doas", stderr: "sh: 1: doas: Permission denied\n", said: `"sh: 1: doas: Permission denied"`, hint: "permit nopass"},
		{method: "su", stderr: "Passwort: su: Fehler bei Authentifizierung (no password was given)\n", said: `"su: Fehler bei Authentifizierung (no password was given)"`, hint: "--ask-become-pass"},
		{method: "su", stderr: "Password: su: Permission denied\n", said: `"su: Permission denied"`},
		{method: "su", stdout: "This account is currently not available.\n", stderr: "Password: \n", said: `"This account is currently not available."`},
	} {
		sec := &section{User: tt.method, Status: 1, Stderr: []byte(tt.stderr), Text: new(fleetnet.Text)}
		_, _ = sec.Text.Write([]byte(tt.stdout))
		r := newBecomeRefusal(sec)
		if got := r.String(); !strings.HasPrefix(got, tt.method+" was refused: ") || !strings.Contains(got, tt.said) || !strings.Contains(r.cause.hint, tt.hint) || tt.hint == "" && r.cause.hint != "" {
			t.Errorf("%s; want …%s… …%s", got, tt.said, tt.hint)
		}
		if r.cause.password != tt.wrong {
			t.Errorf("%s: that the password is wrong is %v", r, r.cause.password)
		}
	}
}
