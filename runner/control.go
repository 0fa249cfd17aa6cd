package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// master returns a connection over the master that ssh keeps for the host
// (ControlMaster), where we are logged in already: neither the way to it nor the
// host's key matters. Without one it returns nil, and why when somebody might expect one.
func (d *sshDoor) master(ctx context.Context, h inventory.Host) (*link, string) {
	path := homePath(h.SSH.ControlPath)
	st, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || path == "none" {
		return nil, ""
	}
	if err == nil && st.Mode().Type() != fs.ModeSocket {
		err = errors.New("not a socket")
	}
	var over *link
	if err == nil {
		over, err = d.overMaster(ctx, h, path)
	}
	if err != nil {
		return nil, fmt.Sprintf("the master connection of ssh is not used: ControlPath %s: %s", fleetnet.Quote(path), plain(err))
	}
	return over, ""
}

// overMaster speaks the protocol of ssh's mux in its proxy mode (PROTOCOL.mux),
// which every connection has a namespace of channels of its own in: closing it
// closes them and leaves the master alone.
func (d *sshDoor) overMaster(ctx context.Context, h inventory.Host, path string) (*link, error) {
	ctx, cancel := context.WithTimeout(ctx, d.cfg.dialTimeout(h))
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	c, chans, requests, err := ssh.NewControlClientConn(conn)
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return &link{Client: ssh.NewClient(c, chans, requests), shared: true}, nil
}
