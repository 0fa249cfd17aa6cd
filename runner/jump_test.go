package runner_test

import (
	"errors"
	"net"
	"strconv"
	"testing"

	"github.com/fleetnet/fleetnet/inventory"
	"github.com/fleetnet/fleetnet/runner"
	"github.com/fleetnet/fleetnet/runner/sshtest"
)

// dialTCP is a bastion that lets everything through.
func dialTCP(addr string) (net.Conn, error) { return net.Dial("tcp", addr) }

func TestJumpSharesOneConnection(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	bastion, inner := newLab(t), newLab(t)
	bastion.Forward = dialTCP
	jump := bastion.host("bastion", sshtest.Host{})
	var hosts []inventory.Host
	for i := range 30 {
		h := inner.host("web"+strconv.Itoa(i), sound())
		h.Jump = &jump
		hosts = append(hosts, h)
	}
	for name, res := range collect(t, runner.Config{Probes: settingsProbes()}, hosts...) {
		if res.Err != nil || names(res.Snapshot) != "one two" {
			t.Errorf("%s: %v, %s", name, res.Err, names(res.Snapshot))
		}
	}
	if n := bastion.Connections.Load(); n != 1 {
		t.Errorf("%d connections to the bastion", n)
	}
}

func TestJumpOverTwo(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	outer, middle, inner := newLab(t), newLab(t), newLab(t)
	outer.Forward, middle.Forward = dialTCP, dialTCP
	first, second, h := outer.host("first", sshtest.Host{}), middle.host("second", sshtest.Host{}), inner.host("web1", sound())
	h.Jump, second.Jump = &second, &first
	if res := collect(t, runner.Config{Probes: settingsProbes()}, h)["web1"]; res.Err != nil {
		t.Error(res.Err)
	}
	first.Jump = &second
	wantError(t, collect(t, quick(), h)["web1"].Err, runner.OpJump, "leads back to itself", "inventory")
}

func TestJumpFailures(t *testing.T) {
	hermetic(t)
	for _, tt := range []struct {
		name           string
		forward        func(string) (net.Conn, error)
		spoil          func(bastion, inner *lab, jump, h *inventory.Host)
		op, text, hint string
	}{
		{
			name: "bastion refuses to forward", op: runner.OpJump,
			text: `bastion: refuses to connect to 127.0.0.1:`, hint: "AllowTcpForwarding",
		},
		{
			name: "host refuses", forward: func(string) (net.Conn, error) { return nil, errors.New("Connection refused") },
			op: runner.OpJump, text: `: "Connection refused"`, hint: "as the bastion sees it",
		},
		{
			name: "bastion refuses the login", forward: dialTCP, op: runner.OpJump, text: `bastion: login: user "bastion" refused`, hint: "ssh -v",
			spoil: func(_, _ *lab, jump, _ *inventory.Host) { jump.IdentityFiles = []string{jump.IdentityFiles[0] + "2"} },
		},
		{
			name: "bastion is unknown", forward: dialTCP, op: runner.OpJump, text: "bastion: host key: ", hint: "accept-new",
			spoil: func(b, _ *lab, _, _ *inventory.Host) { write(b.t, b.knownHosts, "") },
		},
		{
			name: "host is unknown", forward: dialTCP, op: runner.OpHostKey, text: "is not known", hint: "accept-new",
			spoil: func(_, i *lab, _, _ *inventory.Host) { write(i.t, i.knownHosts, "") },
		},
		{
			name: "bastion does not listen", forward: dialTCP, op: runner.OpJump, text: "bastion: dial: 127.0.0.1:1: connection refused", hint: "no sshd",
			spoil: func(_, _ *lab, jump, _ *inventory.Host) { jump.Port = 1 },
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			noLeaks(t)
			bastion, inner := newLab(t), newLab(t)
			bastion.Forward = tt.forward
			allowed := writeKey(t, bastion.key, nil)
			writeKey(t, bastion.key+"2", nil)
			bastion.Authorized = onlyKey(allowed)
			jump, h := bastion.host("bastion", sshtest.Host{}), inner.host("web1", sound())
			if tt.spoil != nil {
				tt.spoil(bastion, inner, &jump, &h)
			}
			h.Jump = &jump
			other := h
			other.Name = "web2"
			all := collect(t, quick(), h, other)
			wantError(t, all["web1"].Err, tt.op, tt.text, tt.hint)
			wantError(t, all["web2"].Err, tt.op, tt.text, tt.hint)
			if n := bastion.Connections.Load(); n > 1 {
				t.Errorf("%d connections to the bastion", n)
			}
		})
	}
}

// A bastion that hangs costs the hosts behind it, within the handshake's time, and no others.
func TestJumpOverHangingBastion(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	bastion, inner := newLab(t), newLab(t)
	jump := bastion.host("bastion", sshtest.Host{Fault: sshtest.HangBeforeBanner})
	behind, well := inner.host("web1", sound()), inner.host("web2", sound())
	behind.Jump = &jump
	all := collect(t, quick(), behind, well)
	wantError(t, all["web1"].Err, runner.OpJump, "bastion: handshake: ", "")
	if all["web2"].Err != nil {
		t.Error(all["web2"].Err)
	}
}

// When a bastion's connection is lost, the next host connects anew.
func TestJumpAfterTheBastionWasLost(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	bastion, inner := newLab(t), newLab(t)
	bastion.Forward = dialTCP
	jump := bastion.host("bastion", sshtest.Host{})
	var hosts []inventory.Host
	for _, name := range []string{"web1", "web2", "web3"} {
		h := inner.host(name, sound())
		h.Jump = &jump
		hosts = append(hosts, h)
	}
	cfg := quick()
	cfg.Concurrency = 1
	for res := range runner.New(cfg).Run(t.Context(), hosts) {
		if res.Err != nil {
			t.Errorf("%s: %v", res.Host.Name, res.Err)
		}
		if res.Host.Name == "web1" {
			bastion.Disconnect()
		}
	}
	if n := bastion.Connections.Load(); n != 2 {
		t.Errorf("%d connections to the bastion, want 2", n)
	}
}
