package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// becomeMethods are the ways to become root that a script knows.
func becomeMethods() []string {
	return []string{inventory.BecomeSudo, inventory.BecomeDoas, inventory.BecomeSu}
}

// takesPassword reports whether a method can be handed a password. doas reads
// one from a terminal only.
func takesPassword(method string) bool {
	return method == inventory.BecomeSudo || method == inventory.BecomeSu
}

// privilege is how commands become root on a host.
type privilege struct {
	method   string
	password string // empty when none is sent
	withheld string // why the host's method is not used
	leave    func(passwordFate)
}

// privilege returns how to become root on h. It waits while too many others
// try a password that has not worked yet; an error is that ctx ended meanwhile.
func (t *trip) privilege(ctx context.Context, h inventory.Host, platform string) (privilege, error) {
	p := privilege{method: h.Become, leave: func(passwordFate) {}}
	switch {
	case h.Become == "":
		return p, nil
	case platform == windows:
		return withheld(fmt.Sprintf("not an administrator: become %s is none of Windows'; log in as one", h.Become)), nil
	case !slices.Contains(becomeMethods(), h.Become):
		return withheld(fmt.Sprintf("not root: become %s is not supported", fleetnet.Quote(h.Become))), nil
	case h.BecomePass.IsZero(), h.User == "root", !takesPassword(h.Become):
		return p, nil
	}
	password, err := t.secrets.text(ctx, h.BecomePass, "become password")
	if err == nil && strings.ContainsAny(password, "\n\x00") {
		err = errors.New("become password: it holds a line feed or a NUL")
	}
	switch {
	case ctx.Err() != nil:
		return p, context.Cause(ctx)
	case err != nil:
		why := "not root: " + fleetnet.Printable(err.Error())
		if hint := hintOf(err); hint != "" {
			why += "; " + hint
		}
		return withheld(why), nil
	}
	p.password = password
	if p.leave, err = t.passwords.enter(ctx, h.BecomePass); errors.Is(err, errPasswordRefused) {
		return withheld("not root: " + err.Error()), nil
	}
	return p, err
}

func withheld(why string) privilege {
	return privilege{withheld: why, leave: func(passwordFate) {}}
}

// options are those of the script for p on a platform.
func (t *trip) options(p privilege, platform string) ScriptOptions {
	return ScriptOptions{Platform: platform, Become: p.method, Password: p.password != "", AllowModuleLoad: t.cfg.AllowModuleLoad}
}

// run runs the script for a platform on the host, by what open opens, and
// listens to it.
func (t *trip) run(ctx context.Context, h inventory.Host, l *listener, platform string, open func(task) (*session, *HostError)) ending {
	l.ask(platform)
	p, err := t.privilege(ctx, h, platform)
	if err != nil {
		return endingOf(ctx, h.Name, "before the script ran")
	}
	fate := passwordUntried
	defer func() { p.leave(fate) }()
	l.withhold(p.withheld)
	b, commands := t.buffersFor(p, platform, l)
	defer t.bufs.Put(b)
	var end ending
	for i, command := range commands {
		s, fail := open(task{strings.Replace(command, noncePlaceholder, l.nonce, 1), b.script})
		if p.password != "" {
			clear(b.script)
		}
		if fail != nil {
			return t.failed(ctx, fail)
		}
		l.more = i+1 < len(commands)
		end = l.listen(ctx, hiding(s, l.nonce, t.plan, p.password), b)
		if !l.idle(end) {
			break
		}
	}
	fate = l.collector.passwordFate()
	return end
}

// idle reports whether a command ended without having started the script.
func (l *listener) idle(end ending) bool {
	return end.Err != nil && end.Err.Op == OpExec && !l.answer.started()
}

// ask notes whose script runs.
func (l *listener) ask(platform string) {
	l.collector.asked = platform
	if l.recording != nil {
		l.recording.entry.Platform = platform
	}
}

// withhold notes why the host's become method is not used.
func (l *listener) withhold(why string) {
	l.collector.withheld = why
	if l.recording != nil {
		l.recording.entry.Withheld = why
	}
}

// passwordFate tells what became of a password that was sent.
func (c *collector) passwordFate() passwordFate {
	switch {
	case c.became:
		return passwordWorked
	case c.refusal != nil && c.refusal.cause.password:
		return passwordRefused
	}
	return passwordUntried
}

// encodePassword writes a password for scriptPassword, where it stands between
// single quotes: letters and digits as they are, other bytes as \0ooo.
func encodePassword(password string) []byte {
	var b []byte
	for _, c := range []byte(password) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			b = append(b, c)
			continue
		}
		b = fmt.Appendf(b, `\0%03o`, c)
	}
	return b
}
