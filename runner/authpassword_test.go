package runner_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// secret is the password that the servers of these tests take.
const secret = "c0rrect-horse"

// person answers questions as a table says, and keeps them.
type person struct {
	mu      sync.Mutex
	answers map[string]string // by the question, or else by a part of it, the one that stands last
	asked   []string
}

func (p *person) ask(_ context.Context, q runner.Question) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, fmt.Sprintf("%s echo=%v", q.Text, q.Echo))
	if answer, ok := p.answers[q.Text]; ok {
		return answer, nil
	}
	last, answer := -1, ""
	for part, a := range p.answers {
		if at := strings.LastIndex(q.Text, part); at > last {
			last, answer = at, a
		}
	}
	if last < 0 {
		return "", errors.New("end of file")
	}
	return answer, nil
}

// gatekeeper takes one password and counts those that it is shown.
type gatekeeper struct {
	mu    sync.Mutex
	shown []string
}

func (g *gatekeeper) check(_, password string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shown = append(g.shown, password)
	return password == secret
}

func (g *gatekeeper) converse(user string, ask ssh.KeyboardInteractiveChallenge) bool {
	got, err := ask("", "", []string{"Password: "}, []bool{false})
	return err == nil && len(got) == 1 && g.check(user, got[0])
}

func (g *gatekeeper) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.shown)
}

func mustSecret(t testing.TB, text string) inventory.Secret {
	t.Helper()
	s, err := inventory.ParseSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func nobody(string, ssh.PublicKey) bool { return false }

// loginTest is a server, a host's settings, and what comes of a login.
type loginTest struct {
	name   string
	server func(*lab, *gatekeeper)
	host   func(*inventory.Host)
	person *person // nil when there is nobody to ask

	err, hint string   // of the login; none when it works
	shown     []string // passwords that the server saw
	asked     []string // questions
}

func (tt loginTest) run(t *testing.T) {
	l := newLab(t)
	g := &gatekeeper{}
	tt.server(l, g)
	h := l.host("web1", sound())
	if tt.host != nil {
		tt.host(&h)
	}
	cfg := patient()
	who := tt.person
	if who != nil {
		cfg.Ask = who.ask
	} else {
		who = &person{}
	}
	res := collect(t, cfg, h)["web1"]
	if tt.err == "" {
		if res.Err != nil || names(res.Snapshot) != "one two" {
			t.Errorf("%v, %s", res.Err, names(res.Snapshot))
		}
	} else {
		wantError(t, res.Err, runner.OpLogin, tt.err, tt.hint)
	}
	if !slices.Equal(g.shown, tt.shown) || !slices.Equal(who.asked, tt.asked) {
		t.Errorf("the server saw %q, want %q\nthe person was asked %q, want %q", g.shown, tt.shown, who.asked, tt.asked)
	}
	hidden(t, res)
}

// hidden checks that no text of a result holds the password.
func hidden(t testing.TB, res runner.Result) {
	t.Helper()
	var h *runner.HostError
	hint := ""
	if errors.As(res.Err, &h) {
		hint = h.Hint
	}
	all := fmt.Sprintf("%+v %#v %v %s %#v %+v", res, res, res.Err, hint, res.Host, h)
	if strings.Contains(all, secret) || strings.Contains(all, fmt.Sprintf("%x", secret)) {
		t.Errorf("the result tells the password: %s", all)
	}
}

func TestPasswordLogins(t *testing.T) {
	hermetic(t)
	t.Setenv("FLEETNET_TEST_PW", secret)
	env, ask, plain := mustSecret(t, "env:FLEETNET_TEST_PW"), mustSecret(t, "ask"), inventory.PlainSecret(secret)
	passwordOnly := func(l *lab, g *gatekeeper) { l.Authorized, l.Password = nobody, g.check }
	pam := func(l *lab, g *gatekeeper) { l.Authorized, l.Converse = nobody, g.converse }
	both := func(l *lab, g *gatekeeper) { l.Authorized, l.Password, l.Converse = nobody, g.check, g.converse }
	code := func(first ...string) func(*lab, *gatekeeper) {
		return func(l *lab, _ *gatekeeper) {
			l.Authorized, l.Converse = nobody, sshtest.Prompts(append(first, "Verification code: ", "123456")...)
		}
	}
	with := func(s inventory.Secret) func(*inventory.Host) {
		return func(h *inventory.Host) { h.Password = s }
	}
	for _, tt := range []loginTest{
		{name: "password", server: passwordOnly, host: with(env), shown: []string{secret}},
		{name: "plain", server: passwordOnly, host: with(plain), shown: []string{secret}},
		{
			name: "asked for", server: passwordOnly, host: with(ask), person: &person{answers: map[string]string{"SSH password": secret}},
			shown: []string{secret}, asked: []string{"SSH password echo=false"},
		},
		{name: "no keys are taken", server: func(l *lab, g *gatekeeper) { l.NoKeys, l.Password = true, g.check }, host: with(env), shown: []string{secret}},
		{name: "the key suffices", server: func(l *lab, g *gatekeeper) { l.Password = g.check }, host: with(ask), person: &person{}},
		{name: "keyboard-interactive", server: pam, host: with(env), shown: []string{secret}},
		{name: "both", server: both, host: with(env), shown: []string{secret}},
		{
			name: "wrong", server: both, host: with(inventory.PlainSecret("wr0ng")), shown: []string{"wr0ng"},
			err: "key, the password; the server takes ", hint: "fleetnet hosts -l web1",
		},
		{
			name: "wrong, and keys after it", server: func(l *lab, g *gatekeeper) { both(l, g); l.MaxAuthTries = 20 },
			host: func(h *inventory.Host) { h.Password = inventory.PlainSecret("wr0ng") }, shown: []string{"wr0ng"}, err: "the password",
		},
		{
			name: "none given", server: passwordOnly, err: `user "web1" refused with `, hint: "--ask-pass, or password: in the inventory",
		},
		{
			name: "none given, no keys", server: func(l *lab, g *gatekeeper) { l.NoKeys, l.Password = true, g.check },
			err: `user "web1": the server takes no keys; the server takes password`, hint: "--ask-pass",
		},
		{
			name: "none given, a person is not pestered", server: both, person: &person{},
			err: `it asks "Password:"`, hint: "--ask-pass",
		},
		{
			name: "nobody to ask", server: passwordOnly, host: with(ask),
			err: "SSH password: there is nobody to ask", hint: "run fleetnet at a terminal",
		},
		{
			name: "not to be had", server: passwordOnly, host: with(mustSecret(t, "env:FLEETNET_TEST_NO_SUCH")),
			err: "SSH password: the environment variable FLEETNET_TEST_NO_SUCH is not set", hint: "export",
		},
		{
			name: "off", server: both, host: func(h *inventory.Host) {
				h.Password, h.SSH.NoPassword, h.SSH.NoKeyboardInteractive = env, true, true
			}, err: "KbdInteractiveAuthentication is no here; PasswordAuthentication is no here", hint: "ssh -v",
		},
		{
			name: "password is off", server: both, host: func(h *inventory.Host) { h.Password, h.SSH.NoPassword, h.SSH.NoPubkey = env, true, true },
			shown: []string{secret},
		},
		{
			name: "preferred", server: both, host: func(h *inventory.Host) { h.Password, h.SSH.PreferredAuth = env, "hostbased,password" },
			shown: []string{secret},
		},
		{
			name: "preferred leaves none", server: both, host: func(h *inventory.Host) { h.Password, h.SSH.PreferredAuth = env, "hostbased" },
			err: "PreferredAuthentications leaves out publickey", hint: "turns off all that the server takes",
		},
		{
			name: "key, then password", server: func(l *lab, g *gatekeeper) { l.Password, l.AfterKey = g.check, []string{"password"} },
			host: with(env), shown: []string{secret},
		},
		{
			name: "key, then no password", server: func(l *lab, g *gatekeeper) { l.Password, l.AfterKey = g.check, []string{"password"} },
			err: `user "web1": what the server has accepted does not suffice; the server takes password`, hint: "give a password: --ask-pass",
		},
		{
			name: "key, then a code", server: func(l *lab, _ *gatekeeper) {
				l.Converse, l.AfterKey = sshtest.Prompts("Verification code: ", "123456"), []string{"keyboard-interactive"}
			},
			person: &person{answers: map[string]string{"Verification": "123456"}}, asked: []string{"web1: Verification code: echo=false"},
		},
		{
			name: "key, then a password and nobody to ask", server: func(l *lab, g *gatekeeper) {
				l.Converse, l.AfterKey = g.converse, []string{"keyboard-interactive"}
			},
			err: `user "web1": it asks "Password:"; the server takes keyboard-interactive`, hint: "--ask-pass",
		},
		{
			name: "a code and nobody to ask", server: code(), host: with(env),
			err: `it asks "Verification code:", and there is nobody to ask`, hint: "ControlPath",
		},
		{
			name: "password, then a code", server: code("Password: ", secret), host: with(env),
			person: &person{answers: map[string]string{"Verification": "123456"}}, asked: []string{"web1: Verification code: echo=false"},
		},
		{
			name: "a wrong code", server: code("Password: ", secret), host: with(env),
			person: &person{answers: map[string]string{"Verification": "1"}}, asked: []string{"web1: Verification code: echo=false"},
			err: "the password, the answers given",
		},
		{
			name: "one-time password", server: func(l *lab, _ *gatekeeper) {
				l.Authorized, l.Converse = nobody, sshtest.Prompts("One-time password (OATH) for ops: ", "123456")
			},
			host: with(env), person: &person{answers: map[string]string{"One-time": "123456"}}, asked: []string{"web1: One-time password (OATH) for ops: echo=false"},
		},
		{
			name: "hostile prompts", server: func(l *lab, _ *gatekeeper) {
				l.Authorized, l.Converse = nobody, func(_ string, ask ssh.KeyboardInteractiveChallenge) bool {
					got, err := ask("\x1b[2J", "line\nline", []string{"a\x07?"}, []bool{true})
					return err == nil && got[0] == "yes"
				}
			},
			person: &person{answers: map[string]string{"?": "yes"}}, asked: []string{`web1: \x1b[2J line line a\a? echo=true`},
		},
		{
			name: "the password again", server: func(l *lab, _ *gatekeeper) {
				l.Authorized, l.Converse = nobody, sshtest.Prompts("Password: ", secret, "Password: ", secret)
			},
			host: with(env), err: `it asks "Password:" again`,
		},
		{
			name: "expired", server: code("Password: ", secret, "New password: ", "n"), host: with(env),
			err: "the password has expired", hint: "log in once with ssh",
		},
		{
			name: "no questions", server: func(l *lab, _ *gatekeeper) {
				l.AfterKey, l.Converse = []string{"keyboard-interactive"}, func(_ string, ask ssh.KeyboardInteractiveChallenge) bool {
					_, err := ask("Duo", "Pushed a request to your phone", nil, nil)
					return err == nil
				}
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			noLeaks(t)
			tt.run(t)
		})
	}
}

// Many refused keys would end the connection before the password's turn.
func TestPasswordBehindManyKeys(t *testing.T) {
	hermetic(t)
	files := manyKeys(t, 9)
	good := writeKey(t, files[8], nil)
	password := func(h *inventory.Host) {
		h.IdentityFiles, h.Password = files, inventory.PlainSecret(secret)
	}
	loginTest{
		server: func(l *lab, g *gatekeeper) { l.Authorized, l.Password = nobody, g.check }, host: password, shown: []string{secret},
	}.run(t)
	loginTest{ // and the other keys get their turn after it
		server: func(l *lab, g *gatekeeper) { l.Authorized, l.Password, l.MaxAuthTries = onlyKey(good), g.check, 20 },
		host: func(h *inventory.Host) {
			password(h)
			h.Password = inventory.PlainSecret("wr0ng")
		},
		shown: []string{"wr0ng"},
	}.run(t)
	loginTest{
		server: func(l *lab, _ *gatekeeper) { l.Authorized = nobody }, host: func(h *inventory.Host) { h.IdentityFiles = files },
		err: "too many keys for the server: ", hint: "IdentitiesOnly",
	}.run(t)
}

// manyKeys returns the files of n new keys.
func manyKeys(t *testing.T, n int) []string {
	t.Helper()
	dir := t.TempDir()
	var files []string
	for i := range n {
		files = append(files, filepath.Join(dir, fmt.Sprintf("key%d", i)))
		writeKey(t, files[i], nil)
	}
	return files
}

// A person gives the password once for all hosts, bastions too.
func TestPasswordIsAskedForOnce(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	g := &gatekeeper{}
	bastion, inner := newLab(t), newLab(t)
	bastion.Forward = dialTCP
	for _, l := range []*lab{bastion, inner} {
		l.NoKeys, l.Password = true, g.check
	}
	jump := bastion.host("bastion", sshtest.Host{})
	jump.Password = mustSecret(t, "ask")
	var hosts []inventory.Host
	for i := range 40 {
		h := inner.host(fmt.Sprintf("web%d", i), sound())
		h.Password = mustSecret(t, "ask")
		if i%2 == 0 {
			h.Jump = &jump
		}
		hosts = append(hosts, h)
	}
	p := &person{answers: map[string]string{"SSH password": secret}}
	for name, res := range collect(t, runner.Config{Probes: settingsProbes(), Ask: p.ask}, hosts...) {
		if res.Err != nil {
			t.Errorf("%s: %v", name, res.Err)
		}
	}
	if len(p.asked) != 1 || g.count() != 41 {
		t.Errorf("asked %q; %d passwords were sent", p.asked, g.count())
	}
}
