package lab

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// Fault is something wrong that can be planted in a host. It is made by a
// function of this package, and adapted with its methods.
type Fault struct {
	name    string
	process string
	peer    string
	port    uint16
	plant   func(*planting) error
}

// As names the process that holds the fault's sockets on the host. It is
// "backend" otherwise.
func (t Fault) As(process string) Fault {
	t.process = process
	return t
}

// With makes another host the far end of the fault's connections, instead of
// an address of the hub. Faults whose far end must vanish cannot have it.
func (t Fault) With(host string) Fault {
	t.peer = host
	return t
}

// Port sets the port of the fault's server. It is otherwise one that no other
// fault of the fleet has, from 8080 on.
func (t Fault) Port(port uint16) Fault {
	t.port = port
	return t
}

// planting is a fault and where it is planted.
type planting struct {
	Fault
	fleet   *Fleet
	host    *host
	far     *node      // where the far end's process is
	farAddr netip.Addr // its address
	puppets []*puppet
	quit    chan struct{} // ends upkeep
	kept    chan struct{} // closed when upkeep has ended; nil when there is none
}

// Plant plants faults in a host, one after the other, and returns when the
// host's kernel shows each. They stay until the fleet is taken down.
func (f *Fleet) Plant(name string, faults ...Fault) {
	f.t.Helper()
	for _, t := range faults {
		p := &planting{Fault: t, fleet: f, host: f.host(name), quit: make(chan struct{})}
		if p.process == "" {
			p.process = "backend"
		}
		if p.port == 0 {
			p.port = uint16(8080 + len(f.plants))
		}
		f.plants = append(f.plants, p)
		if err := p.plant(p); err != nil {
			err = fmt.Errorf("lab: plant %s in %s: %w", t.name, name, err)
			if strings.Contains(err.Error(), "Unknown device type") {
				lacking(f.t, err)
			}
			f.t.Fatal(err)
		}
	}
}

// stop ends the fault's processes.
func (p *planting) stop() {
	close(p.quit)
	if p.kept != nil {
		<-p.kept
	}
	for _, pup := range p.puppets {
		pup.stop()
	}
}

// puppet starts a process at the near or the far end.
func (p *planting) puppet(n *node, comm string) (*puppet, error) {
	pup, err := p.fleet.startPuppet(n, comm)
	if err == nil {
		p.puppets = append(p.puppets, pup)
	}
	return pup, err
}

// ends starts the processes at both ends. The far one's comm is "peer".
func (p *planting) ends() (near, far *puppet, err error) {
	if err := p.findFar(); err != nil {
		return nil, nil, err
	}
	if near, err = p.puppet(p.host.node, p.process); err != nil {
		return nil, nil, err
	}
	far, err = p.puppet(p.far, "peer")
	return near, far, err
}

// findFar settles the far end: the other host, or a fresh address of the hub.
func (p *planting) findFar() error {
	f := p.fleet
	if p.peer != "" {
		h := f.host(p.peer)
		p.far, p.farAddr = h.node, f.addr(h)
		return nil
	}
	if f.nextIP > lastFar {
		return errFull
	}
	p.far, p.farAddr = f.hub, f.net.addr(f.nextIP)
	f.nextIP++
	return f.hub.ip(fmt.Sprintf("addr add %s/32 dev br0", p.farAddr))
}

// blackhole makes everything that the far end sends to the host vanish, while
// the far end's address still answers ARP.
func (p *planting) blackhole() error {
	if p.far != p.fleet.hub {
		return fmt.Errorf("the far end must vanish, which host %s cannot", p.peer)
	}
	return p.fleet.hub.ip(fmt.Sprintf("rule add from %s to %s blackhole", p.farAddr, p.fleet.addr(p.host)))
}

// nearServer is the host's side of the fault when it is the server.
func (p *planting) nearServer() netip.AddrPort {
	return netip.AddrPortFrom(p.fleet.addr(p.host), p.port)
}

// farServer is the far side of the fault when it is the server.
func (p *planting) farServer() netip.AddrPort { return netip.AddrPortFrom(p.farAddr, p.port) }

// wait polls until there reports that the fault shows.
func (p *planting) wait(there func() (bool, error)) error {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if ok, err := there(); ok || err != nil {
			return err
		}
	}
	return fmt.Errorf("nothing to be seen of it after %s", patience)
}

// count counts the host's sockets of the fault in a state.
func (p *planting) count(state tcpState) (int, error) {
	n := 0
	sockets, err := p.host.sockets(p.port)
	for _, s := range sockets {
		if s.state == state {
			n++
		}
	}
	return n, err
}

// waitCount waits until n sockets of the fault are in a state.
func (p *planting) waitCount(state tcpState, n int) error {
	have := 0
	err := p.wait(func() (ok bool, err error) {
		have, err = p.count(state)
		return have >= n, err
	})
	if err != nil {
		return fmt.Errorf("%d of %d sockets in state %d: %w", have, n, state, err)
	}
	return nil
}

// waitSocket waits for a socket of the fault that is as wanted.
func (p *planting) waitSocket(wanted func(tcpSocket) bool) error {
	return p.wait(func() (bool, error) {
		sockets, err := p.host.sockets(p.port)
		for _, s := range sockets {
			if wanted(s) {
				return true, err
			}
		}
		return false, err
	})
}

// upkeep makes n sockets in a state with renew, and from then on makes up for
// those that the kernel drops with time.
func (p *planting) upkeep(state tcpState, n int, renew func(missing int) error) error {
	if err := renew(n); err != nil {
		return err
	}
	if err := p.waitCount(state, n); err != nil {
		return err
	}
	p.kept = make(chan struct{})
	go func() {
		defer close(p.kept)
		for {
			select {
			case <-p.quit:
				return
			case <-time.After(500 * time.Millisecond):
			}
			have, err := p.count(state)
			if err == nil && have < n {
				err = renew(n - have)
			}
			if err != nil {
				return // the host is gone, or no longer reached: that is a test's right
			}
		}
	}()
	return nil
}
