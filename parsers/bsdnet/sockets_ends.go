package bsdnet

import (
	"bytes"
	"net/netip"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/services"
)

// How wide the column of an end is: with -A, without, and with -l (macOS) or
// -W (FreeBSD); those of DragonFly are narrower by one.
const (
	controlEnd  = 18
	narrowEnd   = 22
	wideEnd     = 45
	controlEndD = 17
	narrowEndD  = 21
)

// How many characters of a host are shown. Of a service's name it is 15, as long
// as those of IANA are.
const (
	namedHost  = 12 // with -A and without -n
	narrowHost = 16
	wideHost   = 39 // of an IPv6 host
)

// ends reads both ends. The column of an end is as wide as the distance
// between their beginnings.
func (r *socketsReader) ends(c *field.Cursor, line []byte, k *fleetnet.Socket) {
	at := len(line) - len(c.Left())
	local := c.Next()
	to := len(line) - len(c.Left())
	peer := c.Next()
	if c.Err() != nil {
		return
	}
	w := endWidth{column: r.width(to - at - 1), host: narrowHost}
	w.whole = r.asked.whole || r.asked.wide && (k.Family == "inet" || w.column == wideEnd)
	if w.column == wideEnd && k.Family != "inet" {
		w.host = wideHost
	}
	if (w.column == controlEnd || w.column == controlEndD) && (!r.asked.numbers || r.form.Whole != "") {
		w.host = namedHost
	}
	r.end(c, local, w, k, &k.Local)
	r.end(c, peer, w, k, &k.Peer)
	r.doubt(k, local, peer)
}

// doubt is an end of which the address may have been cut after all.
type doubt struct {
	socket int
	peer   bool
	text   string
}

// doubt notes the ends whose address is as long as one that is cut, where an
// option should have kept it whole: old releases do not know that option.
func (r *socketsReader) doubt(k *fleetnet.Socket, local, peer []byte) {
	if !r.asked.whole || r.longer || k.Family == "inet" {
		return
	}
	for i, word := range [][]byte{local, peer} {
		host := word[:max(bytes.LastIndexByte(word, '.'), 0)]
		switch {
		case len(host) > narrowHost:
			r.longer = true
		case len(host) == narrowHost && bytes.IndexByte(host, ':') >= 0 && bytes.IndexByte(host, '%') < 0:
			r.doubts = append(r.doubts, doubt{len(r.out.Sockets) - 1, i == 1, string(host)})
		}
	}
}

// settleDoubts takes back the addresses that may have been cut, unless one
// that is longer shows that none is.
func (r *socketsReader) settleDoubts() {
	if r.longer {
		return
	}
	for _, d := range r.doubts {
		if d.socket >= len(r.out.Sockets) {
			continue // its line failed later
		}
		k := &r.out.Sockets[d.socket]
		e := &k.Local
		if d.peer {
			e = &k.Peer
		}
		e.Addr, e.Name, k.Truncated = netip.Addr{}, d.text, true
	}
}

// width returns the width of an end's column from the distance that a row
// shows, or from the command when that is none of the known ones: an end is
// wider than its column, or blanks were lost.
func (r *socketsReader) width(distance int) int {
	switch distance {
	case controlEnd, narrowEnd, wideEnd, controlEndD, narrowEndD:
		return distance
	}
	return r.asked.width
}

// endWidth is what room an end had.
type endWidth struct {
	column, host int
	whole        bool // nothing is cut
}

// end reads `HOST.PORT` into e.
func (r *socketsReader) end(c *field.Cursor, word []byte, w endWidth, k *fleetnet.Socket, e *fleetnet.Endpoint) {
	dot := bytes.LastIndexByte(word, '.')
	if dot <= 0 {
		c.Failf("%s is not an address and port", fleetnet.Quote(word))
		return
	}
	r.host(c, word[:dot], w, k, e)
	if c.Err() == nil && !r.port(c, word[dot+1:], len(word) >= w.column && !w.whole, e) {
		e.Name, k.Truncated = r.out.Intern(word), true
	}
}

// host reads an address, `*`, or a name. One that fills its room may lack its
// end: then it is not known, unless it is an address with all its parts or with
// a zone behind it.
func (r *socketsReader) host(c *field.Cursor, host []byte, w endWidth, k *fleetnet.Socket, e *fleetnet.Endpoint) {
	if len(host) == 1 && host[0] == '*' {
		return
	}
	full := !w.whole && len(host) >= w.host
	a, zone, ok := field.Addr(host)
	switch {
	case !ok && !full && (bytes.IndexByte(host, ':') >= 0 || len(bytes.Trim(host, "0123456789.")) == 0):
		c.Failf("%s is not an address", fleetnet.Quote(host))
	case ok && (!full || zone != nil || len(host) == wideHost || a.Is4() && w.host > namedHost):
		e.Addr = field.WithoutIndex(a)
		if zone != nil && !full && k.Zone == "" {
			k.Zone = r.out.Intern(zone)
		}
	default:
		e.Name = r.out.Intern(host)
		k.Truncated = k.Truncated || full
	}
}

// port reads a port, a service's name, or `*`, and reports whether it is
// known: a number that was cut has fewer than five digits. A number that is no
// port fails c.
func (r *socketsReader) port(c *field.Cursor, b []byte, full bool, e *fleetnet.Endpoint) bool {
	if len(b) == 1 && b[0] == '*' {
		return true
	}
	if n, ok := field.Uint(b, 64); ok {
		if n > 1<<16-1 {
			c.Failf("%s is not a port", fleetnet.Quote(b))
		}
		if full && len(b) < 5 {
			return false
		}
		e.Port = uint16(n)
		return true
	}
	if len(b) == 0 && !full {
		c.Failf("an address without a port")
	}
	if full {
		return false
	}
	port, ok := services.Port(b)
	e.Port = port
	return ok
}
