package runner

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// usesPassword reports whether a password may be tried on a host.
func usesPassword(h inventory.Host) bool {
	return !h.Password.IsZero() && !(h.SSH.NoPassword && h.SSH.NoKeyboardInteractive)
}

// passwordLeft reports whether the password can be tried: it is sent once.
func (l *login) passwordLeft() bool { return usesPassword(l.host) && !l.sent && !l.withheld }

// password returns the host's password, which is about to be sent.
func (l *login) password() (string, error) {
	text, err := l.secrets.text(l.ctx, l.host.Password, "SSH password")
	if err == nil {
		l.judge, err = l.lockout.trust(l.ctx, l.user, l.host.Password)
	}
	if err != nil {
		l.withheld = true
		return "", l.giveUp(err)
	}
	l.sent = true
	return text, nil
}

// verdict keeps what the server says to the password, when it has got it and has
// said nothing yet.
func (l *login) verdict(v verdict) {
	if l.judge == nil {
		return
	}
	l.judge(v)
	l.judge = nil
	switch v {
	case accepted:
		l.sent = false // another step may want it again
	case refused:
		l.wrong = true
	}
}

// ended is called with how the login ended.
func (l *login) ended(err error) {
	switch {
	case err == nil:
		l.verdict(accepted)
	case tooManyFailures(err):
		l.verdict(refused)
	default:
		l.verdict(unknown)
	}
}

// challenge answers the prompts of keyboard-interactive (RFC 4256).
func (l *login) challenge(name, instruction string, prompts []string, echos []bool) ([]string, error) {
	answers := make([]string, len(prompts))
	for i, prompt := range prompts {
		var err error
		if answers[i], err = l.answer(name+" "+instruction, prompt, echos[i]); err != nil {
			return nil, l.giveUp(err)
		}
	}
	return answers, nil
}

// answer answers one prompt: the first that asks for the password with that, and
// others as a person does.
func (l *login) answer(about, prompt string, echo bool) (string, error) {
	said := fleetnet.Quote(oneLine(prompt))
	switch {
	case asksForNewPassword(prompt):
		return "", errExpired
	case echo || !asksForPassword(prompt) || l.stage > 0 && l.host.Password.IsZero() && l.secrets.mayAsk(l.host):
		return l.person(about, prompt, echo)
	case l.host.Password.IsZero():
		return "", &hinted{fmt.Errorf("it asks %s", said), hintPassword}
	case l.sent:
		return "", fmt.Errorf("it asks %s again", said)
	}
	return l.password()
}

// person asks the person at the terminal.
func (l *login) person(about, prompt string, echo bool) (string, error) {
	if !l.secrets.mayAsk(l.host) {
		return "", &hinted{
			fmt.Errorf("it asks %s, and there is nobody to ask", fleetnet.Quote(oneLine(prompt))),
			"run fleetnet at a terminal; or log in once with ssh and ControlMaster, and give fleetnet the same ControlPath",
		}
	}
	text := oneLine(l.host.Name + ": " + about + " " + prompt)
	answer, err := l.secrets.question(l.ctx, Question{text, echo})
	if err != nil {
		return "", fmt.Errorf("it asks %s: %w", fleetnet.Quote(oneLine(prompt)), err)
	}
	l.answers = true
	return answer, nil
}

// errExpired is a server that wants a new password.
var errExpired = &hinted{errors.New("the password has expired: the server wants a new one"), "log in once with ssh and change it"}

// oneLine makes what a server says fit for a question.
func oneLine(text string) string {
	const limit = 400
	text = fleetnet.Printable(strings.Join(strings.Fields(text), " "))
	if len(text) > limit {
		text = strings.ToValidUTF8(text[:limit], "") + "…"
	}
	return text
}

// asksForPassword reports whether a prompt asks for the user's password: PAM's
// "Password: ", BSD's "Password for ops@web1:", in some languages.
func asksForPassword(prompt string) bool {
	return mentions(prompt, "password", "passwort", "kennwort", "mot de passe", "contraseña", "senha", "wachtwoord", "hasło", "пароль", "密码", "密碼", "パスワード", "암호") &&
		!mentions(prompt, "one-time", "one time", "onetime", "otp", "token", "passcode", "verification", "factor")
}

// asksForNewPassword reports whether a prompt is of the conversation that changes
// a password: "New password: ", "Current password: ".
func asksForNewPassword(prompt string) bool {
	return asksForPassword(prompt) && mentions(prompt, "new ", "retype", "re-enter", "current", "old ", "change")
}

func mentions(text string, words ...string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}
