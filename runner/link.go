package runner

import (
	"context"
	"net"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet/inventory"
)

// link is a connection to a host where we are logged in: one of ours, or the
// master connection of an ssh that has logged in before.
type link struct {
	client   *ssh.Client // nil over a master
	master   *master
	wrongKey bool     // the host may be another one than it says
	notes    []string // what is to be said of it
}

// Close ends the connection; a master stays.
func (k *link) Close() {
	if k.master != nil {
		k.master.close()
		return
	}
	k.client.Close()
}

// wait returns when the connection has ended.
func (k *link) wait() {
	if k.master != nil {
		k.master.wait()
		return
	}
	_ = k.client.Wait()
}

// version returns what the server says it is, if that is known.
func (k *link) version() string {
	if k.master != nil {
		return ""
	}
	return string(k.client.ServerVersion())
}

// dial connects to addr from the host.
func (k *link) dial(ctx context.Context, addr string) (net.Conn, error) {
	if k.master != nil {
		return k.master.dial(ctx, addr)
	}
	return k.client.DialContext(ctx, "tcp", addr)
}

// openShell runs a command on the host. The end of ctx ends it.
func (k *link) openShell(ctx context.Context, h inventory.Host, what task) (*session, *HostError) {
	if k.master != nil {
		return k.master.openShell(ctx, h, what)
	}
	return openShell(ctx, k.client, h, what)
}
