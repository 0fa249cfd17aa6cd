package runner_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// silence is a network in which nobody answers.
func silence(ctx context.Context, _, _ string) (net.Conn, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// What the caller says beats what the host's ssh_config says.
func TestConnectTimeouts(t *testing.T) {
	hermetic(t)
	refuse := func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("connection refused") }
	for _, tt := range []struct {
		name string
		cfg  runner.Config
		ssh  inventory.SSH
		dial func(context.Context, string, string) (net.Conn, error)
		took time.Duration
		text string
	}{
		{name: "default", dial: silence, took: 10 * time.Second, text: "no answer within 10s"},
		{name: "the host's", ssh: inventory.SSH{ConnectTimeout: 3 * time.Second}, dial: silence, took: 3 * time.Second, text: "no answer within 3s"},
		{
			name: "the caller's", cfg: runner.Config{DialTimeout: 4 * time.Second}, ssh: inventory.SSH{ConnectTimeout: 3 * time.Second},
			dial: silence, took: 4 * time.Second, text: "no answer within 4s",
		},
		{name: "attempts", ssh: inventory.SSH{ConnectionAttempts: 4}, dial: refuse, took: 3 * time.Second, text: "connection refused"},
		{name: "attempts that take time", ssh: inventory.SSH{ConnectTimeout: 5 * time.Second, ConnectionAttempts: 2}, dial: silence, took: 11 * time.Second, text: "no answer within 5s"},
		{
			name: "attempts within the host's time", cfg: runner.Config{Timeout: 5 * time.Second}, ssh: inventory.SSH{ConnectionAttempts: 1000},
			dial: refuse, took: 5 * time.Second, text: "the host's 5s are over",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				cfg := tt.cfg
				cfg.Probes, cfg.DialContext = settingsProbes(), tt.dial
				res := collect(t, cfg, inventory.Host{Name: "web1", Addr: "10.0.0.1", SSH: tt.ssh})["web1"]
				if res.Err == nil || !strings.Contains(res.Err.Error(), tt.text) {
					t.Errorf("%v, want %s", res.Err, tt.text)
				}
				if took := time.Since(start); took != tt.took {
					t.Errorf("it took %v, want %v", took, tt.took)
				}
			})
		})
	}
}

func TestConnectsAtTheLastAttempt(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	h := l.host("web1", sound())
	h.SSH.ConnectionAttempts = 2
	var tries atomic.Int32
	cfg := quick()
	cfg.Timeout = time.Minute
	cfg.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if tries.Add(1) < 2 {
			return nil, errors.New("not yet")
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	if res := collect(t, cfg, h)["web1"]; res.Err != nil || tries.Load() != 2 {
		t.Errorf("%v after %d attempts", res.Err, tries.Load())
	}
}

// Signs of life are asked for as ssh_config has it, of hosts and of bastions.
func TestServerAlive(t *testing.T) {
	gone := sshtest.Host{Answer: sound().Answer, Fault: sshtest.HangBeforeOutput}
	alive := inventory.SSH{ServerAliveInterval: 5 * time.Second, ServerAliveCountMax: 4}
	for _, tt := range []struct {
		cfg  runner.Config
		text string
		took time.Duration
	}{
		{cfg: runner.Config{Timeout: time.Hour}, text: "no sign of life for 20s", took: 85 * time.Second},
		{cfg: runner.Config{Timeout: time.Hour, KeepAlive: 20 * time.Second}, text: "no sign of life for 1m20s", took: 160 * time.Second},
	} {
		res, took := virtuallyAt(t, tt.cfg, gone, 61*time.Second, inventory.Host{SSH: alive})
		wantError(t, res.Err, runner.OpRead, tt.text, "went down")
		if took.Round(5*time.Second) != tt.took {
			t.Errorf("it took %v, want %v", took, tt.took)
		}
	}
}

func TestAddressFamilyAndBindAddress(t *testing.T) {
	hermetic(t)
	l := newLab(t)
	h := l.host("web1", sound())
	v4, v6, bound, badly := h, h, h, h
	v4.Name, v6.Name, bound.Name, badly.Name = "v4", "v6", "bound", "badly"
	v4.SSH.AddressFamily, v6.SSH.AddressFamily = "inet", "inet6"
	bound.SSH.BindAddress, badly.SSH.BindAddress = "127.0.0.1", "192.0.2.1"
	all := collect(t, quick(), v4, v6, bound, badly)
	for _, name := range []string{"v4", "bound"} {
		if all[name].Err != nil {
			t.Errorf("%s: %v", name, all[name].Err)
		}
	}
	wantError(t, all["v6"].Err, runner.OpDial, "no address of the family inet6", "AddressFamily")
	wantError(t, all["badly"].Err, runner.OpDial, "from 192.0.2.1: ", "BindAddress")
}
