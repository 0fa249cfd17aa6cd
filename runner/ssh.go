package runner

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// sshDoor is what the SSH connections of a run share. It is safe for
// concurrent use.
type sshDoor struct {
	cfg      Config
	secrets  *secrets
	keys     *keyring
	lockout  *lockout
	hostKeys *hostKeys
	logins   *gates
	bastions *bastions
	proxies  proxies
	usual    offer // of hosts of which nothing is said
}

func newSSHDoor(cfg Config, ctx context.Context, secrets *secrets) *sshDoor {
	d := &sshDoor{cfg: cfg, secrets: secrets, keys: newKeyring(ctx, secrets), lockout: newLockout(cfg.MaxAuthFailures), hostKeys: newHostKeys(cfg.HostKeys), logins: newGates(cfg.MaxHandshakes)}
	d.bastions = newBastions(ctx, d)
	d.usual, _ = offerOf(inventory.SSH{})
	return d
}

func (d *sshDoor) close() {
	d.bastions.close()
	d.proxies.close()
	d.keys.close()
}

// converseSSH logs in to the host and listens to the script that runs there.
// When the bastion was lost before the host said anything, the host is asked
// once more, through the bastion's new connection.
func (t *trip) converseSSH(ctx context.Context, h inventory.Host, l *listener) ending {
	end, way := t.askSSH(ctx, h, l)
	var refused *refusedByMaster
	switch {
	case end.Err == nil || final(end.Err.Op) || l.heard() || firstOver(ctx, t.ctx) != nil:
		return end
	case errors.As(end.Err.Err, &refused):
		return t.withoutMaster(ctx, h, l, refused)
	case !way.lost():
		return end
	}
	t.renew(h, l)
	end, _ = t.askSSH(ctx, h, l)
	return end
}

// final reports whether a failure is none of a connection that was lost. One to
// the bastion was made anew already.
func final(op string) bool { return op == OpTimeout || op == OpJump || op == OpHostKey }

// withoutMaster asks the host over a connection of our own, as ssh does when the
// master opens no session.
func (t *trip) withoutMaster(ctx context.Context, h inventory.Host, l *listener, refused error) ending {
	note := noteNoMaster(homePath(h.SSH.ControlPath), refused)
	h.SSH.ControlPath = ""
	t.renew(h, l)
	end, _ := t.askSSH(ctx, h, l)
	l.collector.notes = append(l.collector.notes, note)
	if end.Err != nil && !l.heard() {
		end.Err.Err = fmt.Errorf("%w; %w", end.Err.Err, refused)
	}
	return end
}

// renew makes the listener as if it had not listened yet.
func (t *trip) renew(h inventory.Host, l *listener) {
	fresh := t.listener(h, l.nonce, l.recording)
	l.answer, l.collector = fresh.answer, fresh.collector
}

// heard reports whether the host has said anything.
func (l *listener) heard() bool {
	left := l.left.Load()
	return left != 0 && left < l.maxBytes || l.answer.started()
}

// askSSH asks a host once. The host's time begins when its turn to log in has come.
func (t *trip) askSSH(ctx context.Context, h inventory.Host, l *listener) (ending, *way) {
	way, fail := t.ssh.way(ctx, h)
	if fail != nil {
		return t.failed(ctx, fail), way
	}
	defer way.leave()
	ctx, cancel := t.withTimeout(ctx, h)
	defer cancel(nil)
	link, fail := t.ssh.login(ctx, h, way)
	if fail != nil {
		return t.failed(ctx, fail), way
	}
	way.leave()
	defer link.Close()
	l.collector.notes = append(l.collector.notes, way.notes()...)
	l.collector.notes = append(l.collector.notes, link.notes...)
	if link.wrongKey {
		h.BecomePass = inventory.Secret{} // whoever it is, it does not get that
	}
	return t.listenTo(ctx, h, l, link, cancel), way
}

// listenTo runs the script over a link. Cancel ends ctx.
func (t *trip) listenTo(ctx context.Context, h inventory.Host, l *listener, link *link, cancel context.CancelCauseFunc) ending {
	stop := keepAlive(link, t.cfg.pulseOf(h), cancel)
	defer stop()
	platform := platformOf(h, link.version())
	if !t.plan.supports(platform) {
		return ending{Err: t.plan.notSupported(h.Name, platform)}
	}
	l.banner = link.version()
	return t.run(ctx, h, l, platform, func(what task) (*session, *HostError) { return link.openShell(ctx, h, what) })
}

// failed is the ending of a host that was not reached: a deadline and an
// interruption tell more than what they broke.
func (t *trip) failed(ctx context.Context, fail *HostError) ending {
	if over := firstOver(ctx, t.ctx); over != nil {
		return endingOf(over, fail.Host, "in "+fail.Op)
	}
	return ending{Err: fail}
}

// openShell runs a command on the host. The end of ctx ends it.
func openShell(ctx context.Context, client *ssh.Client, h inventory.Host, what task) (*session, *HostError) {
	stop := context.AfterFunc(ctx, func() { client.Close() })
	defer stop()
	ch, requests, err := client.OpenChannel("session", nil)
	if err != nil {
		return nil, &HostError{h.Name, OpExec, fmt.Errorf("open a session: %w", plain(err)), "the host or a limit of its sshd (MaxSessions) refuses sessions"}
	}
	exit := make(chan error, 1)
	go func() { exit <- watchExit(requests) }()
	ok, err := ch.SendRequest("exec", true, ssh.Marshal(struct{ Command string }{what.command}))
	if err == nil && !ok {
		err = errors.New("the server refuses to run commands")
	}
	if err != nil {
		client.Close()
		return nil, &HostError{h.Name, OpExec, fmt.Errorf("%s: %w", program(what.command), plain(err)), ""}
	}
	// A host may end without reading: what it says then tells why, not this error.
	_, _ = ch.Write(what.input)
	_ = ch.CloseWrite()
	return &session{
		stdout: ch,
		stderr: ch.Stderr(),
		wait:   sync.OnceValue(func() error { return <-exit }),
		close:  sync.OnceFunc(func() { client.Close() }),
	}, nil
}

// watchExit answers the requests of a session's channel until it closes, and
// returns how the command ended (RFC 4254, section 6.10).
func watchExit(requests <-chan *ssh.Request) error {
	end := errNoStatus
	for req := range requests {
		switch req.Type {
		case "exit-status":
			var msg struct{ Status uint32 }
			if ssh.Unmarshal(req.Payload, &msg) == nil {
				end = nil
				if msg.Status != 0 {
					end = &exitError{status: int(msg.Status)}
				}
			}
		case "exit-signal":
			var msg struct {
				Signal     string
				CoreDumped bool
				Text, Lang string
			}
			if ssh.Unmarshal(req.Payload, &msg) == nil {
				end = &exitError{signal: fleetnet.Printable(msg.Signal)}
			}
		}
		if req.WantReply {
			_ = req.Reply(req.Type == "exit-status" || req.Type == "exit-signal", nil)
		}
	}
	return end
}

// plain returns err without the "ssh: " that x/crypto puts before it.
func plain(err error) error {
	return plainError{err}
}

type plainError struct{ err error }

func (e plainError) Error() string {
	text := strings.TrimPrefix(e.err.Error(), "ssh: handshake failed: ")
	return fleetnet.Printable(strings.TrimPrefix(text, "ssh: "))
}

func (e plainError) Unwrap() error { return e.err }
