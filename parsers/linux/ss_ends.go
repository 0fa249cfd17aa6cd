package linux

import (
	"bytes"
	"net/netip"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/sockets"
)

// ssStar is what `*` stands for as an address in one output.
type ssStar uint8

const (
	starUnknown ssStar = iota
	starInet           // 0.0.0.0, before iproute2 4.15
	starBoth           // :: of a socket that takes both families, since then
)

// family returns the family of a socket whose ends are both `*`.
func (s ssStar) family() string { return [...]string{"", "inet", "inet6"}[s] }

// inetEnds reads the ends of a socket of an internet protocol.
func (r *ssReader) inetEnds(c *field.Cursor, k *fleetnet.Socket) {
	local, zone := r.end(c, k, &k.Local)
	peer, _ := r.end(c, k, &k.Peer)
	if zone != nil {
		k.Zone = r.out.Intern(zone)
	}
	switch {
	case c.Err() != nil:
	case local == sockets.HostInet6 || peer == sockets.HostInet6:
		k.Family = "inet6"
		if local == sockets.HostStar || peer == sockets.HostStar {
			r.star = starBoth
		}
	case local == sockets.HostInet || peer == sockets.HostInet:
		k.Family = "inet"
		if local == sockets.HostStar || peer == sockets.HostStar {
			r.star = starInet
		} else if r.star == starUnknown && (k.Local.Addr == ipv4Any || k.Peer.Addr == ipv4Any) {
			r.star = starBoth
		}
	case r.asked.family != "":
		k.Family = r.asked.family
	case local == sockets.HostStar && peer == sockets.HostStar:
		r.starred++
	}
	r.unnamed(k)
}

var ipv4Any = netip.IPv4Unspecified()

// end reads one end into e.
func (r *ssReader) end(c *field.Cursor, k *fleetnet.Socket, e *fleetnet.Endpoint) (sockets.HostKind, []byte) {
	word := c.Next()
	if c.Err() != nil {
		return sockets.HostName, nil
	}
	hp, ok := field.SplitHostPort(word)
	if !ok {
		c.Failf("%s is not an address and port", fleetnet.Quote(word))
		return sockets.HostName, nil
	}
	kind := sockets.ReadHost(hp, e, r.out)
	if kind == sockets.HostName && hp.Bracketed {
		c.Failf("%s is not an address and port", fleetnet.Quote(word))
	}
	if kind == sockets.HostInet6 && !hp.Bracketed && r.star == starUnknown {
		r.star = starInet // without brackets: before 4.7
	}
	if !sockets.ReadPort(c, hp.Port, k.Proto, e) {
		e.Name, k.Truncated = r.out.Intern(word), true
	}
	return kind, hp.Zone
}

// settleFamilies gives the rows with `*` at both ends their family, once the
// whole output has shown what `*` stands for there.
func (r *ssReader) settleFamilies() {
	if r.starred == 0 {
		return
	}
	if r.star == starUnknown && r.bothFamiliesListen() {
		r.star = starInet
	}
	rows := r.rows.Own()
	for i := range rows {
		if k := &rows[i]; k.Family == "" && anyToAny(k) {
			k.Family = r.star.family()
		}
	}
}

// anyToAny reports whether a socket of an internet protocol has `*` at both ends.
func anyToAny(k *fleetnet.Socket) bool {
	switch k.Proto {
	case "unix", "netlink", "packet", "vsock", "tipc", "xdp":
		return false
	}
	return !k.Local.Addr.IsValid() && !k.Peer.Addr.IsValid() && k.Local.Name == "" && k.Peer.Name == ""
}

// bothFamiliesListen reports whether `*` and `::` hold the same port, which only
// sockets of different families can.
func (r *ssReader) bothFamiliesListen() bool {
	type port struct {
		proto string
		port  uint16
	}
	starred := map[port]bool{}
	rows := r.rows.Own()
	for i := range rows {
		if k := &rows[i]; k.Family == "" && k.Local.Port != 0 && anyToAny(k) {
			starred[port{k.Proto, k.Local.Port}] = true
		}
	}
	for i := range rows {
		if k := &rows[i]; k.Local.Addr == netip.IPv6Unspecified() && starred[port{k.Proto, k.Local.Port}] {
			return true
		}
	}
	return false
}

// unixEnds reads the ends of a unix socket. After each path stands an inode,
// and the path may hold blanks. What is no path of a peer is tried only when
// nothing else fits.
func (r *ssReader) unixEnds(c *field.Cursor, k *fleetnet.Socket) {
	if !r.unixSplit(c, k, true) && !r.unixSplit(c, k, false) {
		c.Failf("no paths and inodes of both ends")
	}
}

func (r *ssReader) unixSplit(c *field.Cursor, k *fleetnet.Socket, strict bool) bool {
	left := c.Left()
	for at := 1; at < len(left); at++ {
		if left[at] != ' ' || left[at-1] == ' ' {
			continue
		}
		d := field.New(left[at:])
		inode, ok := field.Uint(d.Next(), 64)
		if !ok {
			continue
		}
		peer := d.Next()
		_, ok = field.Uint(d.Next(), 64)
		if !ok || strict && bytes.IndexByte([]byte("*/@?"), peer[0]) < 0 {
			continue
		}
		k.Local.Name, k.Peer.Name = r.path(left[:at]), r.path(peer)
		k.Inode = fleetnet.Some(inode)
		c.Drop(len(left) - len(d.Left()))
		return true
	}
	return false
}

// path returns the path of a unix socket, "" for one without.
func (r *ssReader) path(b []byte) string {
	if string(b) == "*" {
		return ""
	}
	return r.out.Intern(b)
}

// namedEnds reads the ends of a socket of no internet protocol: what stands
// there is kept, `*` and `-` are nothing. The local end may hold the name of a
// process, and that may hold blanks.
func (r *ssReader) namedEnds(c *field.Cursor, k *fleetnet.Socket) {
	left := c.Left()
	end := bytes.Index(left, []byte(" *"))
	if end > 0 && (end+2 == len(left) || left[end+2] == ' ' || left[end+2] == '\t') {
		k.Local.Name = r.named(bytes.TrimRight(left[:end], " "))
		c.Drop(end + 2)
		return
	}
	k.Local.Name, k.Peer.Name = r.named(c.Next()), r.named(c.Next())
}

func (r *ssReader) named(b []byte) string {
	if string(b) == "*" || string(b) == "-" || string(b) == "*:*" {
		return ""
	}
	return r.out.Intern(b)
}
