package lab

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Fleet is a running fleet. Its methods end the test when they fail, unless
// they return an error; they are to be called from the test's goroutine.
type Fleet struct {
	t        testing.TB
	dir      string
	net      subnet
	segments []segment // besides the open one
	ipv6     bool
	hub      *node
	hosts    map[string]*host
	order    []*host
	userCA   keyPair // signs certificates of users
	hostCA   keyPair // signs certificates of hosts
	identity keyPair
	plants   []*planting
	nextIP   int // the next free far end
	link     string
}

// host is a host of a fleet.
type host struct {
	Host
	*node
	place    int
	segment  segment   // the network that it is in
	behind   segment   // the one of hosts that it is the jump host of, or none
	copies   segment   // the one of its copies, or none
	keys     []keyPair // its server's
	pristine map[string]stamp
}

// New builds a fleet and returns when every host answers. It calls [Require],
// skips the test when the machine lacks a program that a host needs, and takes
// the fleet down when the test ends.
func New(t testing.TB, hosts ...Host) *Fleet {
	t.Helper()
	if os.Getenv(reexec) != "" {
		t.Fatal("lab: TestMain must call lab.Main first")
	}
	Require(t)
	if err := checkHosts(hosts); err != nil {
		t.Fatal(err)
	}
	for _, h := range hosts {
		h.require(t)
	}
	f := &Fleet{t: t, dir: t.TempDir(), hosts: map[string]*host{}, nextIP: firstFar}
	_, err := os.Stat("/proc/net/if_inet6")
	f.ipv6 = err == nil
	t.Cleanup(f.stop)
	if err := f.start(hosts); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *Fleet) start(hosts []Host) error {
	for i, h := range hosts {
		f.order = append(f.order, &host{Host: h, place: firstHost + i})
		f.hosts[h.Name] = f.order[i]
	}
	if err := f.assignSegments(); err != nil {
		return err
	}
	if err := f.startHub(); err != nil {
		return err
	}
	if err := f.makeKeys(); err != nil {
		return err
	}
	if err := f.each(f.startHost); err != nil {
		return err
	}
	if err := f.plugIn(); err != nil {
		return err
	}
	if err := f.each(f.startServing); err != nil {
		return err
	}
	return f.writeInventory()
}

// each does something with all hosts at once.
func (f *Fleet) each(do func(*host) error) error {
	var all sync.WaitGroup
	errs := make([]error, len(f.order))
	for i, h := range f.order {
		all.Go(func() { errs[i] = do(h) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// makeKeys makes the keys of the fleet and of its hosts.
func (f *Fleet) makeKeys() error {
	for _, k := range []*keyPair{&f.identity, &f.userCA, &f.hostCA} {
		var err error
		if *k, err = newKey(ED25519); err != nil {
			return err
		}
	}
	if _, err := f.identity.save(f.Identity()); err != nil {
		return err
	}
	return f.each(func(h *host) (err error) {
		h.keys, err = hostKeys(h.Host)
		return err
	})
}

// startHost makes a host's namespaces and root, with its keys and passwords in it.
func (f *Fleet) startHost(h *host) error {
	root := freshRoot(h.Host)
	login, err := f.loginFiles(h)
	if err != nil {
		return err
	}
	root.Files = append(root.Files, login...)
	if h.node, err = startNode(filepath.Join(f.dir, h.Name), root); err != nil {
		return err
	}
	return h.setPasswords()
}

// startServing gives a host its addresses and starts its sshd.
func (f *Fleet) startServing(h *host) error {
	if err := h.ip(f.addressing(h)...); err != nil {
		return err
	}
	if err := h.startServer(); err != nil {
		return err
	}
	var err error
	h.pristine, err = h.stamps()
	return err
}

// stop takes the fleet down. It is safe on one that never quite stood.
func (f *Fleet) stop() {
	if f.t.Failed() {
		f.logServers()
	}
	f.uproot()
	f.each(func(h *host) error {
		if h.node != nil {
			h.node.stop()
		}
		return nil
	})
	f.unplug()
	if f.hub != nil {
		f.hub.stop()
	}
}

// uproot stops all that was planted at once: a program with the race detector in
// it takes a second to end.
func (f *Fleet) uproot() {
	var all sync.WaitGroup
	for _, p := range f.plants {
		all.Go(p.stop)
	}
	all.Wait()
}

// host returns the host of that name.
func (f *Fleet) host(name string) *host {
	f.t.Helper()
	h := f.hosts[name]
	if h == nil {
		f.t.Fatalf("lab: no host %q", name)
	}
	return h
}

// must ends the test on an error.
func (f *Fleet) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// Addr is the IPv4 address of a host.
func (f *Fleet) Addr(name string) netip.Addr {
	f.t.Helper()
	return f.addr(f.host(name))
}

func (f *Fleet) addr(h *host) netip.Addr { return f.net.in(h.segment, h.place) }

// Addr6 is the IPv6 address of a host. A host behind a jump host has none.
func (f *Fleet) Addr6(name string) netip.Addr {
	f.t.Helper()
	return f.net.addr6(f.host(name).place)
}

// Gateway is the hosts' default gateway.
func (f *Fleet) Gateway() netip.Addr { return f.net.addr(gatewayPlace) }

// Exec runs a program on a host as root, with the host's own programs, files,
// processes and network, and returns its standard output. On a host with an inner
// root it runs outside that root, with this machine's programs.
func (f *Fleet) Exec(name string, argv ...string) (string, error) {
	f.t.Helper()
	return f.host(name).exec("", argv...)
}

// ExecInner is [Fleet.Exec] in the root of the host's sessions, with its programs.
func (f *Fleet) ExecInner(name string, argv ...string) (string, error) {
	f.t.Helper()
	return f.Exec(name, append([]string{"chroot", f.host(name).sessions() + "/"}, argv...)...)
}

// PID is the number, outside, of a host's first process: `nsenter -at PID`
// enters the host by hand.
func (f *Fleet) PID(name string) int {
	f.t.Helper()
	return f.host(name).pid()
}

// errFull is a network without room for one more.
var errFull = fmt.Errorf("lab: all addresses up to .%d are taken", lastFar)
