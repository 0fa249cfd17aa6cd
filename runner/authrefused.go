package runner

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

const (
	hintPassword  = "give a password: --ask-pass, or password: in the inventory"
	hintTurnedOff = "ssh_config or the inventory turns off all that the server takes: mend it for this host"
	hintKey       = "add a key to the agent with ssh-add (ssh-agent has to run), or set identity_file"
)

// refused says why the login failed.
func (l *login) refused(err error) *HostError {
	fail := &HostError{Host: l.host.Name, Op: OpLogin, Err: l.cause(err), Hint: l.hint(err)}
	for _, note := range l.remarks(err) {
		fail.Err = fmt.Errorf("%w; %s", fail.Err, note)
	}
	if l.isRefusal(err) {
		fail.Err = &refusal{fail.Err, l.wrong}
	}
	return fail
}

// cause says what went wrong, in order of what tells most.
func (l *login) cause(err error) error {
	who, tried := "user "+fleetnet.Quote(l.user), strings.Join(l.triedNames(), ", ")
	switch {
	case errors.Is(l.trouble, ErrLockout):
		return l.trouble
	case tooManyFailures(err) && !l.wrong:
		return fmt.Errorf("%s: too many keys for the server: %s", who, tried)
	case l.sent && wantsNewPassword(err):
		return fmt.Errorf("%s: %w", who, errExpired)
	case l.trouble != nil && tried != "":
		return fmt.Errorf("%s refused with %s: %w", who, tried, l.trouble)
	case l.trouble != nil:
		return fmt.Errorf("%s: %w", who, l.trouble)
	case !l.ranOut && !tooManyFailures(err):
		return fmt.Errorf("%s: %w", who, plain(err))
	case tried != "":
		return fmt.Errorf("%s refused with %s", who, tried)
	case l.stage > 0:
		return fmt.Errorf("%s: what the server has accepted does not suffice", who)
	case !slices.Contains(l.allowed, methodPublicKey):
		return fmt.Errorf("%s: the server takes no keys", who)
	}
	return fmt.Errorf("%s: no key to offer", who)
}

// triedNames names what the server has seen.
func (l *login) triedNames() []string {
	names := l.refusedKeys()
	if l.wrong || l.sent {
		names = append(names, "the password")
	}
	if l.answers {
		names = append(names, "the answers given")
	}
	return names
}

// refusedKeys names the keys that the server did not take.
func (l *login) refusedKeys() []string {
	var names []string
	for n, id := range l.offer[:l.shown] {
		if !slices.Contains(l.taken, n) {
			names = append(names, id.name)
		}
	}
	return names
}

// remarks are what else there is to know: the keys that could not be shown, and
// what the server would take.
func (l *login) remarks(err error) []string {
	notes := slices.Clone(l.notes)
	if wantsSHA1(err) {
		notes = append(notes, "the server takes RSA keys only with SHA-1, which is off")
	}
	if len(l.allowed) > 0 {
		notes = append(notes, "the server takes "+fleetnet.Printable(strings.Join(l.allowed, ", ")))
	}
	return append(notes, l.turnedOff()...)
}

// turnedOff says which methods that the server takes ssh_config turns off. What is
// not sent for its host key's sake is told by [keyCheck.withheld].
func (l *login) turnedOff() []string {
	var notes []string
	for _, m := range []struct {
		method, keyword string
		off             bool
	}{
		{methodPublicKey, "PubkeyAuthentication", l.said.NoPubkey},
		{methodKeyboardInteractive, "KbdInteractiveAuthentication", l.said.NoKeyboardInteractive},
		{methodPassword, "PasswordAuthentication", l.said.NoPassword},
	} {
		switch {
		case !slices.Contains(l.allowed, m.method):
		case m.off:
			notes = append(notes, m.keyword+" is no here")
		case !slices.Contains(l.preferred(), m.method):
			notes = append(notes, "PreferredAuthentications leaves out "+m.method)
		}
	}
	return notes
}

// isRefusal reports whether the server refused credentials, as opposed to there
// being none and to a connection that broke.
func (l *login) isRefusal(err error) bool {
	return (l.refusedKeys() != nil || l.wrong || l.answers) && (l.ranOut || tooManyFailures(err)) && !errors.Is(l.trouble, ErrLockout)
}

func (l *login) hint(err error) string {
	takesPassword := slices.Contains(l.allowed, methodPassword) || slices.Contains(l.allowed, methodKeyboardInteractive)
	lead := "see why with: " + sshCommand(l.host, l.user)
	switch {
	case hintOf(l.trouble) != "":
		return hintOf(l.trouble)
	case l.sent && wantsNewPassword(err):
		return errExpired.hint
	case wantsSHA1(err):
		return "if the server cannot be updated, allow it for this host in ssh_config: PubkeyAcceptedAlgorithms +ssh-rsa"
	case tooManyFailures(err) && !l.wrong:
		return "set identity_file, so that the right key comes first, and IdentitiesOnly yes in ssh_config, so that no other is shown"
	case l.wrong:
		return "check user and password (fleetnet hosts -l " + l.host.Name + " shows what is set); " + lead
	case l.shown == 0 && !l.sent && !l.answers && len(l.turnedOff()) == len(l.allowed):
		return hintTurnedOff
	case l.stage > 0 && takesPassword && !usesPassword(l.host):
		return hintPassword
	case l.shown > 0 && takesPassword && !usesPassword(l.host):
		return lead + "; or " + hintPassword
	case l.shown > 0:
		return lead
	case !l.takes(methodPublicKey):
		return hintPassword
	case takesPassword && !usesPassword(l.host):
		return hintKey + "; or " + hintPassword
	}
	return hintKey
}

// sshCommand is what shows the same login with all its detail.
func sshCommand(h inventory.Host, user string) string {
	if h.SSH.Alias != "" {
		return "ssh -v " + h.SSH.Alias
	}
	cmd := "ssh -v " + user + "@" + h.Addr
	if h.Port != 0 && h.Port != 22 {
		cmd += " -p " + strconv.Itoa(h.Port)
	}
	return cmd
}

// tooManyFailures reports whether sshd ended the connection (MaxAuthTries).
func tooManyFailures(err error) bool {
	return err != nil && strings.Contains(strings.ToLower(err.Error()), "too many authentication failures")
}

// wantsSHA1 reports whether no signature of a key would be taken, as with servers
// that know RSA only as of RFC 4253.
func wantsSHA1(err error) bool {
	return strings.Contains(err.Error(), "no common public key signature algorithm")
}

// wantsNewPassword reports whether the server answered a password with
// SSH_MSG_USERAUTH_PASSWD_CHANGEREQ (RFC 4252, section 8), which x/crypto does not know.
func wantsNewPassword(err error) bool {
	return strings.Contains(err.Error(), "unexpected message type 60")
}
