package runner_test

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// deafConn is a connection whose other end is not heard any more from a
// moment on, as when a cable is pulled.
type deafConn struct {
	net.Conn
	deaf *atomic.Bool
}

func (c deafConn) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		if err != nil || !c.deaf.Load() {
			return n, err
		}
	}
}

// virtually asks one host in virtual time and returns its result and how long
// it took there. The connection is deaf from deafAfter on, unless that is 0.
func virtually(t *testing.T, cfg runner.Config, h sshtest.Host, deafAfter time.Duration) (res runner.Result, took time.Duration) {
	t.Helper()
	return virtuallyAt(t, cfg, h, deafAfter, inventory.Host{})
}

// virtuallyAt is virtually with more said of the host.
func virtuallyAt(t *testing.T, cfg runner.Config, h sshtest.Host, deafAfter time.Duration, host inventory.Host) (res runner.Result, took time.Duration) {
	t.Helper()
	hermetic(t)
	key := newLab(t).key
	synctest.Test(t, func(t *testing.T) {
		server, err := sshtest.NewServer()
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		var deaf atomic.Bool
		if deafAfter > 0 {
			time.AfterFunc(deafAfter, func() { deaf.Store(true) })
		}
		cfg.Probes = settingsProbes()
		cfg.HostKeys = runner.HostKeysOff
		cfg.DialContext = func(context.Context, string, string) (net.Conn, error) {
			near, far := sshtest.Pipe()
			server.Play(far, sshtest.One(h))
			return deafConn{near, &deaf}, nil
		}
		start := time.Now()
		host.Name, host.Addr, host.User, host.IdentityFiles = "web1", "web1", "ops", []string{key}
		res = collect(t, cfg, host)["web1"]
		took = time.Since(start)
	})
	return res, took
}

func TestDeadlinesInVirtualTime(t *testing.T) {
	for _, tt := range []struct {
		name           string
		cfg            runner.Config
		host           sshtest.Host
		deafAfter      time.Duration
		op, text, hint string
		took           time.Duration
	}{
		{
			name: "a slow host is waited for", host: sshtest.Host{Answer: sound().Answer, Pause: 50 * time.Second},
			took: 50 * time.Second,
		},
		{
			name: "the default deadline", host: sshtest.Host{Answer: sound().Answer, Fault: sshtest.HangInOutput},
			op: runner.OpTimeout, text: "the host's 1m0s are over", hint: "--timeout", took: time.Minute,
		},
		{
			name: "a host that hangs and yet lives", cfg: runner.Config{Timeout: time.Hour}, host: sshtest.Host{Answer: sound().Answer, Fault: sshtest.HangBeforeOutput},
			op: runner.OpTimeout, text: "the host's 1h0m0s are over, before the script said anything", took: time.Hour,
		},
		{
			name: "a host that is gone", cfg: runner.Config{Timeout: time.Hour}, host: sshtest.Host{Answer: sound().Answer, Fault: sshtest.HangBeforeOutput}, deafAfter: 61 * time.Second,
			op: runner.OpRead, text: "connection lost: no sign of life for 45s", hint: "went down", took: 2 * time.Minute,
		},
		{
			name: "no banner", host: sshtest.Host{Fault: sshtest.HangBeforeBanner},
			op: runner.OpHandshake, text: "no end within 20s, the server said nothing", took: 20 * time.Second,
		},
		{
			name: "a session that is not opened", cfg: runner.Config{Timeout: 40 * time.Second}, host: sshtest.Host{Fault: sshtest.HangAfterLogin},
			op: runner.OpTimeout, text: "the host's 40s are over, in exec", took: 40 * time.Second,
		},
		{
			name: "the run's deadline", cfg: runner.Config{RunTimeout: 30 * time.Second}, host: sshtest.Host{Fault: sshtest.HangAfterLogin},
			op: runner.OpTimeout, text: "the run's 30s are over", hint: "--run-timeout", took: 30 * time.Second,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res, took := virtually(t, tt.cfg, tt.host, tt.deafAfter)
			if tt.op == "" {
				if res.Err != nil || names(res.Snapshot) != "one two" {
					t.Errorf("%v, %s", res.Err, names(res.Snapshot))
				}
			} else {
				wantError(t, res.Err, tt.op, tt.text, tt.hint)
			}
			if took.Round(time.Second) != tt.took {
				t.Errorf("it took %v, want %v", took, tt.took)
			}
		})
	}
}

// A connection that is never made is given up after the dial timeout.
func TestDialTimeoutInVirtualTime(t *testing.T) {
	hermetic(t)
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		cfg := runner.Config{Probes: settingsProbes(), DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		res := collect(t, cfg, inventory.Host{Name: "web1", Addr: "10.0.0.1"})["web1"]
		wantError(t, res.Err, runner.OpDial, "10.0.0.1:22: no answer within 10s", "firewall")
		if took := time.Since(start); took != 10*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}
