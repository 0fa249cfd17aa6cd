package lab

import (
	"fmt"
	"net/netip"
)

// chunk is how many connections wait at most in a server's accept queue.
const chunk = 500

// connected makes n connections from client to server, which both hold.
func connected(client, server *puppet, from, to netip.AddrPort, n int) error {
	for ; n > 0; n -= chunk {
		now := min(n, chunk)
		if err := client.do(order{Do: doDial, From: from, To: to, N: now}); err != nil {
			return err
		}
		if err := server.do(order{Do: doAccept, N: now}); err != nil {
			return err
		}
	}
	return nil
}

// asServer makes n connections from the far end to a server on the host.
func (p *planting) asServer(n int) (near, far *puppet, err error) {
	if near, far, err = p.ends(); err != nil {
		return nil, nil, err
	}
	if err := near.do(order{Do: doListen, From: p.nearServer(), N: chunk}); err != nil {
		return nil, nil, err
	}
	return near, far, connected(far, near, netip.AddrPortFrom(p.farAddr, 0), p.nearServer(), n)
}

// asClient makes n connections from the host to a server at the far end.
func (p *planting) asClient(n int) (near, far *puppet, err error) {
	if near, far, err = p.ends(); err != nil {
		return nil, nil, err
	}
	if err := far.do(order{Do: doListen, From: p.farServer(), N: chunk}); err != nil {
		return nil, nil, err
	}
	return near, far, connected(near, far, netip.AddrPort{}, p.farServer(), n)
}

// Connections is no fault: n clients are connected to a server on the host.
func Connections(n int) Fault {
	return Fault{name: "Connections", plant: func(p *planting) error {
		if _, _, err := p.asServer(n); err != nil {
			return err
		}
		return p.waitCount(established, n)
	}}
}

// CloseWaitLeak is a server with n connections that its clients closed and it
// does not: CLOSE_WAIT.
func CloseWaitLeak(n int) Fault {
	return Fault{name: "CloseWaitLeak", plant: func(p *planting) error {
		_, far, err := p.asServer(n)
		if err != nil {
			return err
		}
		if err := far.do(order{Do: doClose}); err != nil {
			return err
		}
		return p.waitCount(closeWait, n)
	}}
}

// StuckListener is a server that never accepts, and n clients. Of them
// backlog+1 are in its accept queue, which is then full, and the kernel counts
// TcpExt.ListenOverflows as the others try again and again.
func StuckListener(backlog, n int) Fault {
	return Fault{name: "StuckListener", plant: func(p *planting) error {
		near, far, err := p.ends()
		if err != nil {
			return err
		}
		if err := near.do(order{Do: doListen, From: p.nearServer(), N: backlog}); err != nil {
			return err
		}
		if err := far.do(order{Do: doDial, From: netip.AddrPortFrom(p.farAddr, 0), To: p.nearServer(), N: n, NoWait: true}); err != nil {
			return err
		}
		queue := uint64(min(backlog+1, n))
		return p.waitSocket(func(s tcpSocket) bool { return s.state == listening && s.recvQ == queue })
	}}
}

// HalfOpen is a flood of connections that never complete: n sockets in
// SYN_RECV, which are kept up. The SYNs come from an address that nobody has,
// and the answers get lost at the gateway; the host must have a default route.
// n is at most 4000, as the queue of a listener is bounded.
func HalfOpen(n int) Fault {
	return Fault{name: "HalfOpen", plant: func(p *planting) error {
		if n > 4000 {
			return fmt.Errorf("%d half-open connections do not fit a queue of 4096", n)
		}
		near, far, err := p.ends()
		if err != nil {
			return err
		}
		if err := near.do(order{Do: doListen, From: p.nearServer(), N: 4096}); err != nil {
			return err
		}
		nobody := netip.AddrPortFrom(p.fleet.net.outside(nobodyPlace), 0)
		return p.upkeep(synRecv, n, func(missing int) error {
			return far.do(order{Do: doDial, From: nobody, To: p.nearServer(), N: missing, NoWait: true, Foreign: true})
		})
	}}
}

// TimeWait is a busy client that opens connections to one destination and
// closes them first: n sockets in TIME_WAIT, which are kept up. To see ports
// run out, plant [PortRange] before: a few thousand ports do as well as 28,232.
func TimeWait(n int) Fault {
	return Fault{name: "TimeWait", plant: func(p *planting) error {
		near, far, err := p.asClient(0)
		if err != nil {
			return err
		}
		return p.upkeep(timeWait, n, func(missing int) error { return p.churn(near, far, missing) })
	}}
}

// churn makes n connections to the far end that the host closes first.
func (p *planting) churn(near, far *puppet, n int) error {
	for ; n > 0; n -= chunk {
		if err := connected(near, far, netip.AddrPort{}, p.farServer(), min(n, chunk)); err != nil {
			return err
		}
		if err := near.do(order{Do: doClose}); err != nil {
			return err
		}
		// An ACK that the far end's FIN overtook would be answered out of
		// TIME_WAIT, to nobody, whose RST ends the TIME_WAIT (RFC 1337).
		acknowledged := func() (bool, error) {
			waiting, err := p.count(finWait1)
			return waiting == 0, err
		}
		if err := p.wait(acknowledged); err != nil {
			return err
		}
		if err := far.do(order{Do: doClose}); err != nil {
			return err
		}
	}
	return nil
}

// FinWait2 is a client that closed n connections which its server keeps: the
// sockets, without a process, stay in FIN_WAIT2 for tcp_fin_timeout, 60 s, and
// are kept up.
func FinWait2(n int) Fault {
	return Fault{name: "FinWait2", plant: func(p *planting) error {
		near, far, err := p.asClient(0)
		if err != nil {
			return err
		}
		return p.upkeep(finWait2, n, func(missing int) error {
			if err := connected(near, far, netip.AddrPort{}, p.farServer(), missing); err != nil {
				return err
			}
			return near.do(order{Do: doClose})
		})
	}}
}

// FinWait1 is a client that closed n connections whose server has vanished:
// the sockets, without a process, stay in FIN_WAIT1 for about 100 s
// (tcp_orphan_retries).
func FinWait1(n int) Fault {
	return Fault{name: "FinWait1", plant: func(p *planting) error {
		near, _, err := p.asClient(n)
		if err != nil {
			return err
		}
		if err := p.blackhole(); err != nil {
			return err
		}
		if err := near.do(order{Do: doClose}); err != nil {
			return err
		}
		return p.waitCount(finWait1, n)
	}}
}

// LastAck is a client that closed n connections after their server, which then
// vanished: the sockets, without a process, stay in LAST_ACK for about 100 s
// (tcp_orphan_retries).
func LastAck(n int) Fault {
	return Fault{name: "LastAck", plant: func(p *planting) error {
		near, far, err := p.asClient(n)
		if err != nil {
			return err
		}
		if err := far.do(order{Do: doShutdown}); err != nil {
			return err
		}
		if err := p.waitCount(closeWait, n); err != nil {
			return err
		}
		if err := p.blackhole(); err != nil {
			return err
		}
		if err := near.do(order{Do: doClose}); err != nil {
			return err
		}
		return p.waitCount(lastAck, n)
	}}
}

// SynSent is a client that connects, n times, to a server that says nothing:
// SYN_SENT, kept up.
func SynSent(n int) Fault {
	return Fault{name: "SynSent", plant: func(p *planting) error {
		near, _, err := p.ends()
		if err != nil {
			return err
		}
		if err := p.blackhole(); err != nil {
			return err
		}
		return p.upkeep(synSent, n, func(missing int) error {
			return near.do(order{Do: doDial, To: p.farServer(), N: missing, NoWait: true})
		})
	}}
}

// StuckReader is a server that reads nothing of what one client sends it: up
// to bytes of them wait in Recv-Q, and what does not fit there in the client's
// Send-Q.
func StuckReader(bytes int) Fault {
	return Fault{name: "StuckReader", plant: func(p *planting) error {
		_, far, err := p.asServer(1)
		if err != nil {
			return err
		}
		if err := far.do(order{Do: doSend, N: bytes}); err != nil {
			return err
		}
		return p.wait(func() (bool, error) { return p.full(uint64(bytes)) })
	}}
}

// full reports whether the host's socket holds as much as it was sent, or as
// it has room for: then the far end probes whether the window has opened.
func (p *planting) full(bytes uint64) (bool, error) {
	near, err := p.host.sockets(p.port)
	if err != nil {
		return false, err
	}
	for _, s := range near {
		if s.state == established && s.recvQ >= bytes {
			return true, nil
		}
	}
	far, err := p.far.sockets(p.port)
	for _, s := range far {
		if s.sendQ > 0 && s.timer == zeroWindowProbe {
			return true, err
		}
	}
	return false, err
}

// StuckSender is a client that sends bytes to a server which reads nothing:
// what the server's Recv-Q has no room for waits in Send-Q, behind a closed
// window (the persist timer). Some 3 MB overflow any Recv-Q.
func StuckSender(bytes int) Fault {
	return Fault{name: "StuckSender", plant: func(p *planting) error {
		near, _, err := p.asClient(1)
		if err != nil {
			return err
		}
		if err := near.do(order{Do: doSend, N: bytes}); err != nil {
			return err
		}
		return p.waitSocket(func(s tcpSocket) bool { return s.sendQ > 0 && s.timer == zeroWindowProbe })
	}}
}
