package runner

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/fleetnet/fleetnet"
)

// The messages of OpenSSH's PROTOCOL.mux, version 4. Sessions are asked for as
// ssh does, by handing over file descriptors. The proxy mode of the protocol,
// which x/crypto has, is not safe to use: the master ends itself, with all that
// runs over it, when a client leaves after a channel could not be opened
// (OpenSSH 9.2: "chan_send_close2: no remote_id").
const (
	muxVersion = 4

	muxHello           = 0x00000001
	muxNewSession      = 0x10000002
	muxNewStdioForward = 0x10000008
	muxDenied          = 0x80000002
	muxFailure         = 0x80000003
	muxExitMessage     = 0x80000004
	muxSessionOpened   = 0x80000006
)

// maxMuxMessage bounds what a master may say at a time.
const maxMuxMessage = 256 << 10

// muxConn is a client's connection to a master, for one session.
type muxConn struct{ *net.UnixConn }

// dialMux connects to a master and exchanges greetings with it, until ctx ends.
func dialMux(ctx context.Context, path string) (*muxConn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	for errors.Is(err, syscall.EAGAIN) && pause(ctx, 20*time.Millisecond) { // many are waiting for the master
		conn, err = new(net.Dialer).DialContext(ctx, "unix", path)
	}
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err // without the path
		}
		return nil, err
	}
	c := &muxConn{conn.(*net.UnixConn)}
	stop := context.AfterFunc(ctx, func() { c.Close() })
	err = c.hello()
	if !stop() {
		err = fmt.Errorf("no answer: %w", ctx.Err())
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (c *muxConn) hello() error {
	if err := c.send(appendUint32(nil, muxHello, muxVersion)); err != nil {
		return err
	}
	kind, body, err := c.receive()
	if err != nil {
		return err
	}
	if version, _ := cutUint32(body); kind != muxHello || version != muxVersion {
		return errors.New("no master of ssh, or one of another time")
	}
	return nil
}

// newSession asks to run a command without a terminal, X11, an agent or an escape
// character.
func newSession(command string) []byte {
	const none = 0xffffffff
	msg := appendUint32(nil, muxNewSession, 0)
	msg = appendText(msg, "")
	msg = appendUint32(msg, 0, 0, 0, 0, none)
	return appendText(msg, "", command)
}

func newStdioForward(host string, port uint32) []byte {
	return appendUint32(appendText(appendUint32(nil, muxNewStdioForward, 0), "", host), port)
}

// request asks for something to which the files are handed over, and returns
// when the server at the other end has agreed.
func (c *muxConn) request(msg []byte, files []*os.File) error {
	if err := c.send(msg); err != nil {
		return err
	}
	for _, f := range files {
		if err := c.hand(f); err != nil {
			return err
		}
	}
	kind, body, err := c.receive()
	_, rest := cutUint32(body) // the request
	switch {
	case err != nil:
		return err
	case kind == muxSessionOpened:
		return nil
	case kind == muxDenied || kind == muxFailure:
		n, text := cutUint32(rest)
		return &muxRefusal{string(text[:min(int64(n), int64(len(text)))])}
	}
	return fmt.Errorf("the master answers with message %#x", kind)
}

// muxRefusal is a request that the master or the server at its other end refused.
type muxRefusal struct{ why string }

func (e *muxRefusal) Error() string { return fleetnet.Quote(e.why) }

func (c *muxConn) send(msg []byte) error {
	_, err := c.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(msg))), msg...))
	return err
}

func (c *muxConn) receive() (kind uint32, body []byte, err error) {
	var head [4]byte
	if _, err := io.ReadFull(c, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n < 4 || n > maxMuxMessage {
		return 0, nil, fmt.Errorf("a message of %d bytes", n)
	}
	msg := make([]byte, n)
	if _, err := io.ReadFull(c, msg); err != nil {
		return 0, nil, err
	}
	kind, body = cutUint32(msg)
	return kind, body, nil
}

func appendUint32(b []byte, values ...uint32) []byte {
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

func appendText(b []byte, texts ...string) []byte {
	for _, s := range texts {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
	}
	return b
}

// cutUint32 returns the number at the head of b, or 0, and the rest.
func cutUint32(b []byte) (uint32, []byte) {
	if len(b) < 4 {
		return 0, nil
	}
	return binary.BigEndian.Uint32(b), b[4:]
}
