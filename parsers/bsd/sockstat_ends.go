package bsd

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/services"
)

// end reads `HOST:PORT`, or `HOST.PORT` of NetBSD, without brackets.
func (r *sockstat) end(c *field.Cursor, word []byte, k *fleetnet.Socket, e *fleetnet.Endpoint) {
	switch {
	case unknownWord(word), string(word) == "*:*", string(word) == "*.*", string(word) == "N/A", string(word) == "(PF_UNSPEC)":
		if unknownWord(word) {
			e.Name, k.Truncated = r.out.Intern(word), true
		}
		return
	case r.cut(word):
		e.Name, k.Truncated = r.out.Intern(word), true
		return
	}
	host, port := splitEnd(word)
	if host == nil {
		c.Failf("%s is not an address and port", fleetnet.Quote(word))
		return
	}
	setHost(host, k, e, r.out)
	n, ok := endPort(port)
	if !ok {
		e.Name, k.Truncated = r.out.Intern(word), true
	}
	e.Port = n
}

// cut reports whether the end of a word may be missing: an IPv6 address that
// fills its column. An IPv4 address always fits.
func (r *sockstat) cut(word []byte) bool {
	return r.cuts && len(word) == cutEnd && bytes.Count(word, []byte{':'}) > 1 && !r.asked.Has("w")
}

// splitEnd cuts an end at its last colon or, where there is none behind the
// last dot, at that.
func splitEnd(word []byte) (host, port []byte) {
	colon, dot := bytes.LastIndexByte(word, ':'), bytes.LastIndexByte(word, '.')
	at := colon
	if dot > colon && (bytes.IndexByte(word[:dot], ':') >= 0 || !isAddr(word)) {
		at = dot // NetBSD: ::1.22, 10.0.0.1.22, *.22
	}
	if at <= 0 || at == len(word)-1 {
		return nil, nil
	}
	return word[:at], word[at+1:]
}

func isAddr(b []byte) bool {
	_, _, ok := field.Addr(b)
	return ok
}

// setHost reads an address with its zone, `*`, or a name.
func setHost(host []byte, k *fleetnet.Socket, e *fleetnet.Endpoint, out *fleetnet.Snapshot) {
	host = bytes.TrimSuffix(bytes.TrimPrefix(host, []byte{'['}), []byte{']'})
	if len(host) == 1 && host[0] == '*' {
		return
	}
	a, zone, ok := field.Addr(host)
	if !ok {
		e.Name = out.Intern(host)
		return
	}
	e.Addr = field.WithoutIndex(a)
	if zone != nil && k.Zone == "" {
		k.Zone = out.Intern(zone)
	}
}

// endPort reads a port, `*` or the name of a service.
func endPort(b []byte) (uint16, bool) {
	if len(b) == 1 && b[0] == '*' {
		return 0, true
	}
	if n, ok := field.Uint(b, 16); ok {
		return uint16(n), true
	}
	return services.Port(b)
}
