package inventory

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"os/user"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/fleetnet/fleetnet"
)

// Bounds on asking ssh. Commands of Match exec may hang.
const (
	sshAskTime    = 10 * time.Second
	sshAskSlots   = 8
	sshAskPatient = 3 // so many answers may not come in time
)

// sshBinary is the ssh of this machine, which answers what only it can decide.
type sshBinary struct {
	find sync.Once
	path string // empty: there is none

	mu      sync.Mutex // guards answers and late
	answers map[string]*sshAnswer
	late    int

	say     sync.Once
	release string // "OpenSSH_9.2p1 Debian-2"
}

// sshAnswer is what ssh said to one question.
type sshAnswer struct {
	once sync.Once
	text string
	err  error
}

func (b *sshBinary) lookUp() string {
	b.find.Do(func() { b.path, _ = exec.LookPath("ssh") })
	return b.path
}

// version returns what Match version sees, or nothing when there is no ssh.
func (b *sshBinary) version() string {
	b.say.Do(func() {
		if b.lookUp() == "" {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), sshAskTime)
		defer cancel()
		out, _ := exec.CommandContext(ctx, b.path, "-V").CombinedOutput()
		line, _, _ := strings.Cut(string(out), "\n")
		b.release, _, _ = strings.Cut(line, ",")
	})
	return b.release
}

// hashesJump reports whether %C of that ssh takes the jump host in.
func (b *sshBinary) hashesJump() bool {
	var major, minor int
	if _, err := fmt.Sscanf(b.version(), "OpenSSH_%d.%d", &major, &minor); err != nil {
		return true
	}
	return major > 9 || major == 9 && minor >= 6
}

// ask returns what `ssh -G args…` prints. The same question is asked once.
func (b *sshBinary) ask(ctx context.Context, args []string) (string, error) {
	if b.lookUp() == "" {
		return "", errors.New("there is no ssh on this machine")
	}
	key := strings.Join(args, "\x00")
	b.mu.Lock()
	a := b.answers[key]
	if a == nil {
		if b.answers == nil {
			b.answers = map[string]*sshAnswer{}
		}
		a = &sshAnswer{}
		b.answers[key] = a
	}
	b.mu.Unlock()
	a.once.Do(func() { a.text, a.err = b.run(ctx, args) })
	return a.text, a.err
}

var errSSHLate = fmt.Errorf("ssh -G gave no answer within %v", sshAskTime)

func (b *sshBinary) run(ctx context.Context, args []string) (string, error) {
	b.mu.Lock()
	tired := b.late >= sshAskPatient
	b.mu.Unlock()
	if tired {
		return "", errSSHLate
	}
	ctx, cancel := context.WithTimeout(ctx, sshAskTime)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, b.path, append([]string{"-G"}, args...)...)
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &stdout, &stderr, time.Second
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		b.mu.Lock()
		b.late++
		b.mu.Unlock()
		return "", errSSHLate
	case err != nil:
		line, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		return "", fmt.Errorf("ssh -G failed: %w: %s", err, fleetnet.Quote(strings.TrimSpace(line)))
	}
	return stdout.String(), nil
}

// questions returns the arguments of ssh -G that ask for the host of e.
func (c *SSHConfig) questions(e *sshEval, d *draft) []string {
	var args []string
	switch {
	case c.path != "":
		args = append(args, "-F", c.path)
	case !c.atHome():
		args = append(args, "-F", c.home)
	}
	if e.user != "" {
		args = append(args, "-l", e.user)
	}
	if e.port != 0 {
		args = append(args, "-p", strconv.Itoa(e.port))
	}
	for _, o := range d.options {
		args = append(args, "-o", o.key+"="+o.value)
	}
	return append(args, "--", e.alias)
}

// atHome reports whether ssh, which does not look at $HOME, finds the same files.
func (c *SSHConfig) atHome() bool {
	u, err := user.Current()
	return err != nil || u.HomeDir == c.local.home
}

// answered returns the evaluation that ssh made. It prints defaults too: they are
// not taken for something said, and of the lists of algorithms only those that
// our own evaluations found, with and without the undecided blocks.
func (c *SSHConfig) answered(d *draft, text string, taken, skipped *sshEval) *sshEval {
	e := c.newEval(d, stopUndecided)
	e.notes = taken.notes
	for raw := range strings.Lines(text) {
		word, value, _ := strings.Cut(strings.TrimSpace(raw), " ")
		key := c.reader.keywords[word]
		if key == nil || key.read == nil || key.listed && taken.said[key.name] == nil && skipped.said[key.name] == nil {
			continue
		}
		if s := c.spoken(key, value); s != nil {
			e.take(s)
		}
	}
	if s := e.said["HostName"]; s != nil && s.text == canonicalName(e.alias) {
		e.drop(s)
	}
	if usualKeys(e.many["IdentityFile"]) {
		for _, s := range e.many["IdentityFile"] {
			e.drop(s)
		}
	}
	return e
}

// spoken reads a value that ssh printed, or returns nil when it is the default.
func (c *SSHConfig) spoken(key *sshKeyword, value string) *sshSetting {
	if slices.Contains(key.plain, strings.ReplaceAll(value, c.local.home+"/", "~/")) {
		return nil
	}
	switch {
	case key.name == "User" && value == c.local.user, key.name == "Port" && value == strconv.Itoa(defaultPort):
		return nil
	}
	s := &sshSetting{key: key, where: sshPlace{file: "ssh -G"}}
	s.spoken = key.spoken || key.name == "HostName" || key.name == "User"
	args := []sshArg{{text: value}}
	if key.name == "UserKnownHostsFile" || key.name == "GlobalKnownHostsFile" {
		args = nil
		for _, f := range strings.Fields(value) {
			args = append(args, sshArg{text: f})
		}
	}
	if key.read(s, value, args) != nil {
		return nil
	}
	return s
}

// drop takes back what is the default.
func (e *sshEval) drop(s *sshSetting) {
	delete(e.said, s.key.name)
	e.taken = slices.DeleteFunc(e.taken, func(o *sshSetting) bool { return o == s })
}

// usualKeys reports whether identity files are the ones that ssh tries when
// none is said, whatever its release has of them.
func usualKeys(files []*sshSetting) bool {
	usual := func(s *sshSetting) bool {
		name, ok := strings.CutPrefix(s.text, "~/.ssh/id_")
		return ok && slices.Contains([]string{"rsa", "dsa", "ecdsa", "ecdsa_sk", "ed25519", "ed25519_sk", "xmss", "mldsa44_ed25519"}, name)
	}
	return len(files) > 3 && !slices.ContainsFunc(files, func(s *sshSetting) bool { return !usual(s) })
}

// prepare asks ssh about all drafts that need it, several at once.
func (c *SSHConfig) prepare(ctx context.Context, drafts []*draft) {
	if !slices.ContainsFunc(c.files, func(f *sshFile) bool { return f.asks }) {
		return
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, sshAskSlots)
	for _, d := range drafts {
		if d.Transport == TransportLocal || ctx.Err() != nil {
			continue
		}
		options, _, err := c.options(d.options)
		e := c.newEval(d, stopUndecided)
		if err != nil || !errors.Is(e.run(options, c.files), errUndecided) {
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			_, _ = c.ssh.ask(ctx, c.questions(e, d))
		})
	}
	wg.Wait()
}
