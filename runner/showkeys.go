package runner

import (
	"context"
	"errors"
	"net"
	"slices"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet/inventory"
)

// hostKeys returns the keys of a host, each judged.
func (t *trip) hostKeys(ctx context.Context, h inventory.Host) ([]HostKey, error) {
	h.SSH.ControlPath = "" // the master does not tell its host's key
	way, fail := t.ssh.way(ctx, h)
	if fail == nil {
		defer way.leave()
		var cancel context.CancelCauseFunc
		ctx, cancel = t.withTimeout(ctx, h)
		defer cancel(nil)
		var keys []HostKey
		if keys, fail = t.ssh.showKeys(ctx, h, way); fail == nil {
			return keys, nil
		}
	}
	return nil, t.failed(ctx, fail).Err
}

// showKeys lets the host show a key, then one of another type, and so on until it
// has no more.
func (d *sshDoor) showKeys(ctx context.Context, h inventory.Host, w *way) ([]HostKey, *HostError) {
	check := d.hostKeys.check(h, w.addr)
	offered, err := d.offer(h.SSH)
	if err != nil {
		return nil, badOffer(h, err)
	}
	var keys []HostKey
	offered.hostKeys = check.algorithms(offered.hostKeys)
	for len(offered.hostKeys) > 0 {
		key, fail := d.showKey(ctx, h, w, offered)
		var none *disagreement
		if fail != nil && keys != nil && errors.As(fail.Err, &none) {
			break
		}
		if fail != nil {
			return nil, fail
		}
		if cert, ok := key.(*ssh.Certificate); ok {
			if fail := check.judgeCert(nil, cert); fail != nil && check.revoked(cert) == nil {
				return nil, fail
			}
		}
		keys = append(keys, HostKey{Type: key.Type(), Fingerprint: fingerprint(key), key: key})
		offered.hostKeys = slices.DeleteFunc(offered.hostKeys, func(a string) bool {
			return slices.Contains(signatureAlgorithms(key.Type()), a) || isCert(key.Type()) && isCert(a)
		})
	}
	check.judgeAll(keys)
	slices.SortStableFunc(keys, func(a, b HostKey) int { return known(b) - known(a) })
	return keys, nil
}

func known(k HostKey) int {
	if k.Status == HostKeyKnown {
		return 1
	}
	return 0
}

// fingerprint is of the key that a certificate certifies, as ssh-keygen -l has it.
func fingerprint(key ssh.PublicKey) string {
	if cert, ok := key.(*ssh.Certificate); ok {
		key = cert.Key
	}
	return ssh.FingerprintSHA256(key)
}

// errShown ends a handshake that was only to show the server's key.
var errShown = errors.New("the key was shown")

// showKey connects for the key that the host shows when it is offered these algorithms.
func (d *sshDoor) showKey(ctx context.Context, h inventory.Host, w *way, o offer) (shown ssh.PublicKey, fail *HostError) {
	fail = d.knock(ctx, h, w, func(conn net.Conn) (fail *HostError) {
		shown, fail = d.greet(ctx, h, w.addr, conn, o)
		return fail
	})
	return shown, fail
}

// greet takes a handshake as far as the server's key, and closes the connection.
func (d *sshDoor) greet(ctx context.Context, h inventory.Host, addr string, conn net.Conn, o offer) (ssh.PublicKey, *HostError) {
	defer conn.Close()
	bound := &deadline{"handshake", d.cfg.HandshakeTimeout}
	ctx, cancel := context.WithTimeoutCause(ctx, bound.d, bound)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	shown := make(chan ssh.PublicKey, 1)
	greeted := &greetedConn{Conn: conn}
	_, _, _, err := ssh.NewClientConn(greeted, addr, &ssh.ClientConfig{
		HostKeyCallback: func(_ string, _ net.Addr, key ssh.PublicKey) error {
			shown <- key
			return errShown
		},
		HostKeyAlgorithms: o.hostKeys,
		ClientVersion:     clientVersion,
		Config:            o.config(),
	})
	select {
	case key := <-shown:
		return key, nil
	default:
		conn.Close() // a proxy command is asked for its end
		return nil, handshakeError(ctx, h, addr, err, &keyCheck{}, &login{}, greeted)
	}
}
