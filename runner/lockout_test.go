package runner_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// many returns n hosts that one server plays.
func (l *lab) many(n int, set func(i int, h *inventory.Host)) []inventory.Host {
	l.t.Helper()
	var hosts []inventory.Host
	first := l.host("web0", sound())
	for i := range n {
		h := first
		h.Name, h.User = fmt.Sprintf("web%d", i), "ops"
		set(i, &h)
		hosts = append(hosts, h)
	}
	return hosts
}

// outcomes counts the hosts that worked, were refused and were not tried.
func outcomes(t *testing.T, all map[string]runner.Result) (ok, refused, spared int) {
	t.Helper()
	for _, res := range all {
		var h *runner.HostError
		switch {
		case res.Err == nil:
			ok++
		case errors.Is(res.Err, runner.ErrLockout):
			spared++
			if errors.As(res.Err, &h); !strings.Contains(h.Hint, "--max-auth-failures") {
				t.Errorf("%v: %s", res.Err, h.Hint)
			}
		default:
			refused++
		}
		hidden(t, res)
	}
	return ok, refused, spared
}

// A wrong password reaches as many hosts as the limit says, whatever the
// concurrency.
func TestWrongPasswordReachesFewHosts(t *testing.T) {
	hermetic(t)
	for _, tt := range []struct{ limit, reached int }{{0, 3}, {1, 1}, {5, 5}, {-1, 100}} {
		noLeaks(t)
		l, g := newLab(t), &gatekeeper{}
		l.NoKeys, l.Password = true, func(user, password string) bool {
			time.Sleep(time.Millisecond) // so that logins overlap
			return g.check(user, password)
		}
		hosts := l.many(100, func(_ int, h *inventory.Host) { h.Password = inventory.PlainSecret("wr0ng") })
		cfg := runner.Config{Probes: settingsProbes(), MaxAuthFailures: tt.limit, MaxHandshakes: 64}
		ok, refused, spared := outcomes(t, collect(t, cfg, hosts...))
		if g.count() != tt.reached || refused != tt.reached || ok != 0 || spared != 100-tt.reached {
			t.Errorf("limit %d: the password reached %d hosts; %d refused, %d ok, %d spared", tt.limit, g.count(), refused, ok, spared)
		}
	}
}

// A good password is held back until the first host has taken it, and then no more.
func TestGoodPasswordReachesAllHosts(t *testing.T) {
	hermetic(t)
	l, g := newLab(t), &gatekeeper{}
	var now, peak atomic.Int32
	l.NoKeys, l.Password = true, func(user, password string) bool {
		n := now.Add(1)
		defer now.Add(-1)
		if g.count() < 1 && n > 3 {
			t.Errorf("%d hosts see the password before one has taken it", n)
		}
		for p := peak.Load(); n > p && !peak.CompareAndSwap(p, n); p = peak.Load() {
		}
		time.Sleep(10 * time.Millisecond)
		return g.check(user, password)
	}
	hosts := l.many(60, func(_ int, h *inventory.Host) { h.Password = inventory.PlainSecret(secret) })
	if ok, _, _ := outcomes(t, collect(t, runner.Config{Probes: settingsProbes(), MaxHandshakes: 64}, hosts...)); ok != 60 || peak.Load() <= 3 {
		t.Errorf("%d hosts of 60, %d at once", ok, peak.Load())
	}
}

// Refused keys end the run too, unless the key has been accepted somewhere.
func TestRefusedKeys(t *testing.T) {
	hermetic(t)
	for _, tt := range []struct {
		good    int // the number of hosts that take the key
		atMost  int // logins that are refused
		atLeast int
		users   bool // another for each host
	}{
		{good: 0, atMost: 3 + 8, atLeast: 3},
		{good: 1, atMost: 99, atLeast: 99},
		{good: 0, users: true, atMost: 100, atLeast: 100},
	} {
		l := newLab(t)
		l.Authorized = nobody
		var hosts []inventory.Host
		for i, h := range l.many(100, func(int, *inventory.Host) {}) {
			if tt.users {
				h.User = fmt.Sprintf("ops%d", i)
			}
			hosts = append(hosts, h)
		}
		if tt.good > 0 {
			// the first host of the run takes the key, of the same user
			l.Authorized = onlyFirst()
		}
		cfg := runner.Config{Probes: settingsProbes(), Concurrency: 8, MaxHandshakes: 8}
		_, refused, spared := outcomes(t, collect(t, cfg, hosts...))
		if refused > tt.atMost || refused < tt.atLeast || refused+spared != 100-tt.good {
			t.Errorf("%+v: %d refused, %d spared", tt, refused, spared)
		}
	}
}

// onlyFirst takes the key of the first login only.
func onlyFirst() func(string, ssh.PublicKey) bool {
	var n atomic.Int32
	return func(string, ssh.PublicKey) bool { return n.Add(1) == 1 }
}

// What the network does is no refusal, and a success ends a streak.
func TestWhatDoesNotCount(t *testing.T) {
	hermetic(t)
	l, g := newLab(t), &gatekeeper{}
	l.NoKeys, l.Password = true, g.check
	hosts := l.many(30, func(i int, h *inventory.Host) {
		h.Password = inventory.PlainSecret(secret)
		switch i % 5 {
		case 0, 1:
			h.Port = 1
		case 2:
			h.KnownHosts = []string{filepath.Join(t.TempDir(), "none")}
		case 3:
			h.Password = inventory.PlainSecret(fmt.Sprintf("wr0ng%d", i))
		}
	})
	ok, refused, spared := outcomes(t, collect(t, runner.Config{Probes: settingsProbes(), Concurrency: 1}, hosts...))
	if ok != 6 || refused != 24 || spared != 0 {
		t.Errorf("%d ok, %d refused, %d spared", ok, refused, spared)
	}
}

// Refusals of bastions count, and the hosts behind them are told.
func TestBastionsCount(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	l := newLab(t)
	l.Forward, l.Authorized = dialTCP, nobody
	var hosts []inventory.Host
	for i := range 10 {
		jump := l.host(fmt.Sprintf("bastion%d", i), sshtest.Host{})
		jump.User = "ops"
		h := jump
		h.Name, h.Jump = fmt.Sprintf("web%d", i), &jump
		hosts = append(hosts, h)
	}
	cfg := patient()
	cfg.Concurrency = 1
	all := collect(t, cfg, hosts...)
	if _, refused, spared := outcomes(t, all); refused != 3 || spared != 7 {
		t.Errorf("%d refused, %d spared", refused, spared)
	}
	wantError(t, all["web9"].Err, runner.OpJump, "bastion9: login: not tried as user \"ops\" with keys: too many logins were refused in a row", "--max-auth-failures")
}

// Hosts wait for the logins under way before they are given up: one of them may
// show that the key is good.
func TestLockoutWaitsForLoginsUnderWay(t *testing.T) {
	hermetic(t)
	key := newLab(t).key
	for _, good := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			server, err := sshtest.NewServer()
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			var slow atomic.Bool
			server.Authorized = func(user string, _ ssh.PublicKey) bool { return good && slow.Load() }
			cfg := runner.Config{
				Probes: settingsProbes(), HostKeys: runner.HostKeysOff, Concurrency: 4,
				DialContext: func(_ context.Context, _, addr string) (net.Conn, error) {
					if strings.HasPrefix(addr, "slow:") {
						time.Sleep(5 * time.Second)
						slow.Store(true)
					}
					near, far := sshtest.Pipe()
					server.Play(far, sshtest.One(sound()))
					return near, nil
				},
			}
			hosts := []inventory.Host{{Name: "slow", Addr: "slow", User: "ops", IdentityFiles: []string{key}}}
			for i := range 20 {
				hosts = append(hosts, inventory.Host{Name: fmt.Sprintf("web%d", i), Addr: "web", User: "ops", IdentityFiles: []string{key}})
			}
			ok, refused, spared := outcomes(t, collect(t, cfg, hosts...))
			if good && (ok < 16 || spared > 0) || !good && (refused > 3+4 || spared != 21-refused) {
				t.Errorf("good %v: %d ok, %d refused, %d spared", good, ok, refused, spared)
			}
		})
	}
}
