package runner_test

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetnet/fleetnet"
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

// Two sites use the same addresses, each behind a bastion of its own.
func TestJumpBySite(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	const second, inside = "10.0.0.1:22", "10.0.0.2:22"
	var hosts []inventory.Host
	for _, site := range []string{"a", "b"} {
		outer, middle, inner := newLab(t), newLab(t), newLab(t)
		one, two, three := outer.host("outer-"+site, sshtest.Host{}), middle.host("middle-"+site, sshtest.Host{}), inner.host("web-"+site, sshtest.Host{Answer: says(site)})
		outer.Forward = toOnly(second, addrOf(two))
		middle.Forward = toOnly(inside, addrOf(three))
		two.SSH.HostKeyAlias, three.SSH.HostKeyAlias = "middle-"+site, "web-"+site
		appendTo(t, middle.knownHosts, "middle-"+site+" "+authorized(middle.HostKey()))
		appendTo(t, inner.knownHosts, "web-"+site+" "+authorized(inner.HostKey()))
		two.Addr, two.Port, two.User, three.Addr, three.Port = "10.0.0.1", 22, "ops", "10.0.0.2", 22
		two.Jump, three.Jump = &one, &two
		for _, n := range []string{"1", "2", "3"} {
			h := three
			h.Name += n
			hosts = append(hosts, h)
		}
	}
	for name, res := range collect(t, quick(), hosts...) {
		if want := strings.Split(name, "-")[1][:1]; res.Err != nil || names(res.Snapshot) != want {
			t.Errorf("%s: %v, %s", name, res.Err, names(res.Snapshot))
		}
	}
}

func says(word string) sshtest.Answer {
	return sshtest.Sections(sshtest.Framed{Probe: "linux/a", Stdout: word + "\n"})
}

// toOnly is a bastion's network in which from is at to, and nothing else.
func toOnly(from, to string) func(string) (net.Conn, error) {
	return func(addr string) (net.Conn, error) {
		if addr != from {
			return nil, errors.New("no route to host")
		}
		return net.Dial("tcp", to)
	}
}

// A bastion that drops its connection once costs nobody anything who has heard
// nothing yet; a host of which something was read is partial.
func TestJumpIsLostInTheMiddle(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	bastion, inner := newLab(t), newLab(t)
	bastion.Forward = dialTCP
	jump := bastion.host("bastion", sshtest.Host{})
	var asked atomic.Int32
	release := make(chan struct{})
	waiting := func(script []byte) sshtest.Reply {
		if asked.Add(1) <= 8 {
			<-release
		}
		return sound().Answer(script)
	}
	var hosts []inventory.Host
	for i := range 8 {
		h := inner.host("web"+strconv.Itoa(i), sshtest.Host{Answer: waiting})
		h.Jump = &jump
		hosts = append(hosts, h)
	}
	two := sshtest.Sections(sshtest.Framed{Probe: "linux/a", Stdout: "one\ntwo\n" + strings.Repeat("cut here ", 500) + "\n"})
	halved := make(chan struct{})
	half := inner.host("half", sshtest.Host{Answer: func(script []byte) sshtest.Reply {
		close(halved)
		return two(script)
	}, Fault: sshtest.HangInOutput})
	half.Jump = &jump
	hosts = append(hosts, half)
	go func() {
		for asked.Load() < 8 {
			time.Sleep(time.Millisecond)
		}
		<-halved
		time.Sleep(500 * time.Millisecond) // it prints now
		bastion.Disconnect()
		close(release)
	}()
	cfg := quick()
	cfg.Timeout = 20 * time.Second
	for name, res := range collect(t, cfg, hosts...) {
		if name == "half" {
			wantError(t, res.Err, runner.OpRead, "the connection was lost", "")
			if names(res.Snapshot) != "one two" || res.Snapshot.Known("settings").Status != fleetnet.StatusFailed {
				t.Errorf("half: %s", names(res.Snapshot))
			}
		} else if res.Err != nil || names(res.Snapshot) != "one two" {
			t.Errorf("%s: %v, %s", name, res.Err, names(res.Snapshot))
		}
	}
	if n := bastion.Connections.Load(); n != 2 {
		t.Errorf("%d connections to the bastion, want 2", n)
	}
}

// One login at the bastion serves as many hosts as there are, whatever the
// sessions and logins that it permits.
func TestJumpServesManyHosts(t *testing.T) {
	hermetic(t)
	noLeaks(t)
	bastion, inner := startSSHD(t, "MaxSessions 10", "MaxStartups 10:30:100"), newLab(t)
	jump, first := bastion.host("bastion"), inner.host("web", sound())
	var hosts []inventory.Host
	for i := range 200 {
		h := first
		h.Name, h.Jump = "web"+strconv.Itoa(i), &jump
		if i%2 == 0 { // another value, the same bastion
			again := jump
			h.Jump = &again
		}
		hosts = append(hosts, h)
	}
	for name, res := range collect(t, runner.Config{Probes: settingsProbes()}, hosts...) {
		if res.Err != nil {
			t.Errorf("%s: %v", name, res.Err)
		}
	}
	if n := strings.Count(bastion.log.String(), "Accepted publickey"); n != 1 {
		t.Errorf("%d logins at the bastion", n)
	}
	if peak := inner.Peak.Load(); peak > 9 {
		t.Errorf("%d logins at a time", peak)
	}
}

// What is to be known of a bastion stands with each host behind it.
func TestJumpNotes(t *testing.T) {
	hermetic(t)
	bastion, inner := newLab(t), newLab(t)
	bastion.Forward = dialTCP
	jump, h := bastion.host("bastion", sshtest.Host{}), inner.host("web1", sound())
	write(t, bastion.knownHosts, "")
	h.Jump, jump.SSH.StrictHostKeyChecking = &jump, "no"
	jump.KnownHosts = []string{bastion.knownHosts + "/none"} // it cannot be written
	res := collect(t, quick(), h)["web1"]
	if got := strings.Join(res.Notes, "\n"); res.Err != nil || !strings.HasPrefix(got, "bastion: the host key is not verified") {
		t.Errorf("%v, %q", res.Err, got)
	}
}

// A run that is cancelled ends on every hop, whatever it waits for there.
func TestJumpIsCancelled(t *testing.T) {
	hermetic(t)
	for _, fault := range []sshtest.Fault{sshtest.HangBeforeBanner, sshtest.HangAfterLogin, sshtest.HangBeforeOutput} {
		noLeaks(t)
		outer, bastion, inner := newLab(t), newLab(t), newLab(t)
		outer.Forward, bastion.Forward = dialTCP, dialTCP
		first := outer.host("outer", sshtest.Host{})
		second, third := bastion.host("bastion", sshtest.Host{}), bastion.host("hanging", sshtest.Host{Fault: sshtest.HangBeforeBanner})
		second.Jump, third.Jump = &first, &first
		h, behind := inner.host("web1", sshtest.Host{Answer: sound().Answer, Fault: fault}), inner.host("web2", sound())
		h.Jump, behind.Jump = &second, &third
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(300*time.Millisecond, cancel)
		n := 0
		for res := range runner.New(runner.Config{Probes: settingsProbes()}).Run(ctx, []inventory.Host{h, behind}) {
			wantError(t, res.Err, runner.OpInterrupted, "interrupted: ", "")
			n++
		}
		if n != 2 {
			t.Errorf("%d results", n)
		}
	}
}

// A bastion that is gone is noticed by its own signs of life.
func TestJumpKeepsAlive(t *testing.T) {
	hermetic(t)
	key := newLab(t).key
	synctest.Test(t, func(t *testing.T) {
		outer, err1 := sshtest.NewServer()
		inner, err2 := sshtest.NewServer()
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		defer outer.Close()
		defer inner.Close()
		outer.Forward = func(string) (net.Conn, error) {
			near, far := sshtest.Pipe()
			inner.Play(far, sshtest.One(sshtest.Host{Fault: sshtest.HangAfterLogin}))
			return near, nil
		}
		var deaf atomic.Bool
		time.AfterFunc(32*time.Second, func() { deaf.Store(true) })
		cfg := runner.Config{Probes: settingsProbes(), HostKeys: runner.HostKeysOff, Timeout: time.Hour}
		cfg.DialContext = func(_ context.Context, _, addr string) (net.Conn, error) {
			if deaf.Load() {
				return nil, errors.New("no route to host")
			}
			near, far := sshtest.Pipe()
			outer.Play(far, sshtest.One(sshtest.Host{}))
			return deafConn{near, &deaf}, nil
		}
		jump := inventory.Host{Name: "bastion", Addr: "bastion", User: "ops", IdentityFiles: []string{key}}
		jump.SSH.ServerAliveInterval, jump.SSH.ServerAliveCountMax = 10*time.Second, 2
		h := inventory.Host{Name: "web1", Addr: "web1", User: "ops", IdentityFiles: []string{key}, Jump: &jump}
		h.SSH.ServerAliveInterval = 10 * time.Minute
		start := time.Now()
		res := collect(t, cfg, h)["web1"]
		wantError(t, res.Err, runner.OpJump, "bastion: dial: ", "") // it was to be dialled anew
		if took := time.Since(start).Round(10 * time.Second); took != time.Minute {
			t.Errorf("it took %v", took)
		}
	})
}
