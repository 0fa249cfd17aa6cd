package lab

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"syscall"
	"time"
)

// held is what a puppet holds: one listener and any number of connections.
type held struct {
	listener int
	conns    []int
}

// runPuppet carries out [order]s from in and writes an [answer] to each, until
// in ends. Its sockets close with it. It uses system calls, as package net
// neither leaves the accept queue alone nor lets one choose its length.
func runPuppet(in io.Reader, out io.Writer) error {
	h := &held{listener: -1}
	orders, answers := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var o order
		if err := orders.Decode(&o); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		var a answer
		if err := h.obey(o); err != nil {
			a.Error = fmt.Sprintf("%s: %v", o.Do, err)
		}
		if err := answers.Encode(a); err != nil {
			return err
		}
	}
}

func (h *held) obey(o order) error {
	switch o.Do {
	case doListen:
		return h.listen(o)
	case doDial:
		return h.dial(o)
	case doAccept:
		return h.accept(o.N)
	case doSend:
		return h.send(o.N)
	case doDatagrams:
		return sendDatagrams(o)
	case doShutdown:
		return h.each(func(fd int) error { return syscall.Shutdown(fd, syscall.SHUT_WR) })
	case doClose:
		err := h.each(syscall.Close)
		h.conns = nil
		return err
	}
	return errors.New("unknown order")
}

func (h *held) each(do func(fd int) error) error {
	for _, fd := range h.conns {
		if err := do(fd); err != nil {
			return err
		}
	}
	return nil
}

func sockaddr(a netip.AddrPort) syscall.Sockaddr {
	return &syscall.SockaddrInet4{Addr: a.Addr().As4(), Port: int(a.Port())}
}

// listen listens at o.From with an accept queue of o.N.
func (h *held) listen(o order) error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	h.listener = fd
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		return err
	}
	// accept(2) waits no longer than this.
	if err := syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &syscall.Timeval{Sec: int64(patience / time.Second)}); err != nil {
		return err
	}
	if err := syscall.Bind(fd, sockaddr(o.From)); err != nil {
		return err
	}
	return syscall.Listen(fd, o.N)
}

func (h *held) accept(n int) error {
	for range n {
		err := again(func() error {
			fd, _, err := syscall.Accept4(h.listener, syscall.SOCK_CLOEXEC)
			if err == nil {
				h.conns = append(h.conns, fd)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// again makes a call until no signal interrupts it: Go's scheduler sends some,
// and a call on a socket with a timeout is not restarted by the kernel. A
// connect(2) that is called again waits for the connection already under way.
func again(call func() error) error {
	for {
		if err := call(); err != syscall.EINTR {
			return err
		}
	}
}

// dial makes o.N connections to o.To, after letting go of those that failed.
func (h *held) dial(o order) error {
	h.dropFailed()
	for i := range o.N {
		fd, err := connect(o)
		if err != nil {
			return fmt.Errorf("connection %d of %d: %w", i+1, o.N, err)
		}
		h.conns = append(h.conns, fd)
	}
	return nil
}

func (h *held) dropFailed() {
	var good []int
	for _, fd := range h.conns {
		if failed, _ := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ERROR); failed != 0 {
			syscall.Close(fd)
			continue
		}
		good = append(good, fd)
	}
	h.conns = good
}

// ipBindAddressNoPort leaves the choice of the port to connect(2), which knows
// the destination and so has more to choose from; see ip(7).
const ipBindAddressNoPort = 24

func connect(o order) (fd int, err error) {
	kind := syscall.SOCK_STREAM | syscall.SOCK_CLOEXEC
	if o.NoWait {
		kind |= syscall.SOCK_NONBLOCK
	}
	fd, err = syscall.Socket(syscall.AF_INET, kind, 0)
	if err != nil {
		return -1, err
	}
	defer func() {
		if err != nil {
			syscall.Close(fd)
		}
	}()
	// connect(2) waits no longer than this.
	if err := syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_SNDTIMEO, &syscall.Timeval{Sec: int64(patience / time.Second)}); err != nil {
		return fd, err
	}
	if o.From.IsValid() {
		if err := bindSource(fd, o); err != nil {
			return fd, err
		}
	}
	err = again(func() error { return syscall.Connect(fd, sockaddr(o.To)) })
	if o.NoWait && err == syscall.EINPROGRESS {
		err = nil
	}
	return fd, err
}

// bindSource makes fd come from o.From, which with o.Foreign is nobody's address.
func bindSource(fd int, o order) error {
	options := []int{ipBindAddressNoPort}
	if o.Foreign {
		options = append(options, syscall.IP_TRANSPARENT)
	}
	for _, option := range options {
		if err := syscall.SetsockoptInt(fd, syscall.IPPROTO_IP, option, 1); err != nil {
			return err
		}
	}
	return syscall.Bind(fd, sockaddr(o.From))
}

// send writes n bytes on each connection, or as many as it takes before long.
func (h *held) send(n int) error {
	return h.each(func(fd int) error {
		if err := syscall.SetNonblock(fd, true); err != nil {
			return err
		}
		block := make([]byte, 64<<10)
		for left, stuck := n, 0; left > 0 && stuck < 30; {
			sent, err := syscall.Write(fd, block[:min(left, len(block))])
			if err == syscall.EAGAIN {
				stuck++
				time.Sleep(10 * time.Millisecond)
				continue
			}
			if err != nil {
				return err
			}
			left, stuck = left-sent, 0
		}
		return nil
	})
}

// sendDatagrams sends o.Payload o.N times to o.To.
func sendDatagrams(o order) error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	if err := syscall.SetsockoptInt(fd, syscall.IPPROTO_IP, syscall.IP_TOS, o.TOS); err != nil {
		return err
	}
	for range o.N {
		if err := syscall.Sendto(fd, o.Payload, 0, sockaddr(o.To)); err != nil {
			return err
		}
	}
	return nil
}
