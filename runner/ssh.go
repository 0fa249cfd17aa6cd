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
}

func newSSHDoor(cfg Config, ctx context.Context, secrets *secrets) *sshDoor {
	d := &sshDoor{cfg: cfg, secrets: secrets, keys: newKeyring(ctx, secrets), lockout: newLockout(cfg.MaxAuthFailures), hostKeys: newHostKeys(cfg.HostKeys), logins: newGates(cfg.MaxHandshakes)}
	d.bastions = newBastions(ctx, d)
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
	if end.Err == nil || l.heard() || ctx.Err() != nil || !way.lost() {
		return end
	}
	fresh := t.listener(h, l.nonce, l.recording)
	l.answer, l.collector = fresh.answer, fresh.collector
	end, _ = t.askSSH(ctx, h, l)
	return end
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
	return t.listenTo(ctx, h, l, link, cancel), way
}

// listenTo runs the script over a link. Cancel ends ctx.
func (t *trip) listenTo(ctx context.Context, h inventory.Host, l *listener, link *link, cancel context.CancelCauseFunc) ending {
	stop := keepAlive(link, t.cfg.pulseOf(h), cancel)
	defer stop()
	if strings.Contains(string(link.ServerVersion()), "for_Windows") {
		return ending{Err: notSupported(h.Name, "windows")}
	}
	return t.run(ctx, h, l, func(script []byte) (*session, *HostError) { return openShell(ctx, link, h, script) })
}

// failed is the ending of a host that was not reached: a deadline and an
// interruption tell more than what they broke.
func (t *trip) failed(ctx context.Context, fail *HostError) ending {
	if ctx.Err() != nil {
		return endingOf(ctx, fail.Host, "in "+fail.Op)
	}
	return ending{Err: fail}
}

// openShell runs the script in a shell on the host. The end of ctx ends it.
func openShell(ctx context.Context, client *link, h inventory.Host, script []byte) (*session, *HostError) {
	stop := context.AfterFunc(ctx, func() { client.Close() })
	defer stop()
	ch, requests, err := client.OpenChannel("session", nil)
	if err != nil {
		return nil, &HostError{h.Name, OpExec, fmt.Errorf("open a session: %w", plain(err)), hintNoSession(client.shared)}
	}
	exit := make(chan error, 1)
	go func() { exit <- watchExit(requests) }()
	ok, err := ch.SendRequest("exec", true, ssh.Marshal(struct{ Command string }{"/bin/sh"}))
	if err == nil && !ok {
		err = errors.New("the server refuses to run commands")
	}
	if err != nil {
		client.Close()
		return nil, &HostError{h.Name, OpExec, fmt.Errorf("/bin/sh: %w", plain(err)), ""}
	}
	// A host may end without reading: what it says then tells why, not this error.
	_, _ = ch.Write(script)
	_ = ch.CloseWrite()
	return &session{
		stdout: ch,
		stderr: ch.Stderr(),
		wait:   sync.OnceValue(func() error { return <-exit }),
		close:  sync.OnceFunc(func() { client.Close() }),
	}, nil
}

func hintNoSession(shared bool) string {
	if shared {
		return "the master connection has as many sessions as its sshd permits (MaxSessions): close some of them, or end it with ssh -O exit"
	}
	return "the host or a limit of its sshd (MaxSessions) refuses sessions"
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
