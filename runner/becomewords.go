package runner

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// becomeRefusal is that a host did not let its user become root.
type becomeRefusal struct {
	method string
	said   string
	cause  becomeCause
}

// becomeCause is what a refusal's words mean, and what to do about it.
type becomeCause struct {
	words    []string // in lower case; one of them is said
	methods  []string // to which it applies; nil for all
	password bool     // the password was wrong
	hint     string
}

// becomeCauses are looked through in their order. The words are those of sudo
// (plugins/sudoers), sudo-rs, doas, util-linux, BusyBox and the shells.
func becomeCauses() []becomeCause {
	sudo, doas, su := []string{inventory.BecomeSudo}, []string{inventory.BecomeDoas}, []string{inventory.BecomeSu}
	return []becomeCause{
		{[]string{"must have a tty"}, sudo, false, "sudo wants a terminal: `fleetnet sudoers` prints a rule that does without"},
		{[]string{"no password was given"}, su, false, "su wants root's password: --ask-become-pass"},
		{[]string{"not found", "no such file", "not executable"}, nil, false, "is it another of sudo, doas and su there?"},
		{[]string{"expired", "account validation"}, nil, false, "the account needs attention: log in by hand"},
		{[]string{"not in the sudoers", "not allowed", "may not run", "i'm afraid"}, sudo, false, "`fleetnet sudoers` prints the rule that is missing"},
		{[]string{"incorrect", "try again", "authentication fail"}, nil, true, "the become password is wrong there"},
		{[]string{"password is required", "authentication is required"}, sudo, false, "--ask-become-pass, or the rule that `fleetnet sudoers` prints"},
		{[]string{""}, doas, false, "doas takes no password from a program: it needs `permit nopass` in doas.conf"},
	}
}

func newBecomeRefusal(sec *section) *becomeRefusal {
	method := sec.User
	r := &becomeRefusal{method: method, said: becomeSaid(method, sec.Stderr)}
	if line := strings.TrimSpace(sec.Text.Line(1)); line != "" && strings.HasSuffix(r.said, ":") { // what root's nologin says, after su's prompt
		r.said = line
	}
	said := strings.ToLower(r.said)
	for _, c := range becomeCauses() {
		applies := c.methods == nil || slices.Contains(c.methods, method)
		if applies && slices.ContainsFunc(c.words, func(w string) bool { return strings.Contains(said, w) }) {
			r.cause = c
			break
		}
	}
	return r
}

// String reads `sudo was refused: "sudo: a password is required"; …`.
func (r *becomeRefusal) String() string {
	text := r.method + " was refused: " + fleetnet.Quote(r.said)
	if r.cause.hint != "" {
		text += "; " + r.cause.hint
	}
	return text
}

// becomeSaid returns what a command that ran as user, or the method itself,
// said on standard error, without what says nothing: the prompt of su, the
// lecture of sudo, and that there was no second password to try.
func becomeSaid(user string, stderr []byte) string {
	said := strings.TrimSpace(string(stderr))
	switch user {
	case inventory.BecomeSudo:
		lines := strings.Split(said, "\n")
		for i := range lines {
			lines[i] = withoutPrompt(lines[i])
		}
		lines = slices.DeleteFunc(lines, isLecture)
		if len(lines) > 1 && strings.Contains(said, "incorrect password attempt") {
			lines = slices.DeleteFunc(lines, func(l string) bool { return strings.Contains(l, "no password was provided") })
		}
		said = strings.Join(lines, "\n")
	case inventory.BecomeSu:
		if i := strings.LastIndex(said, "su: "); i >= 0 {
			said = said[i:]
		}
	}
	return said
}

// withoutPrompt cuts off the prompt of sudo-rs, "[sudo: authenticate] Password: ",
// which cannot be turned off.
func withoutPrompt(line string) string {
	if !strings.HasPrefix(line, "[sudo") {
		return line
	}
	_, prompt, _ := strings.Cut(line, "]")
	_, rest, _ := strings.Cut(prompt, ":")
	return strings.TrimSpace(rest)
}

// isLecture reports whether a line is blank or of sudo's lecture
// (plugins/sudoers/check.c).
func isLecture(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || slices.ContainsFunc([]string{
		"We trust you have received the usual lecture", "Administrator. It usually boils down", "#1) Respect the privacy",
		"#2) Think before you type", "#3) With great power comes", "For security reasons, the password you type",
	}, func(of string) bool { return strings.HasPrefix(line, of) })
}
