package sockets

import (
	"bytes"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/services"
)

// HostKind is what stands in the place of an address.
type HostKind uint8

// The kinds of hosts.
const (
	HostName HostKind = iota
	HostStar          // *
	HostInet
	HostInet6
)

// ReadHost reads the host of an endpoint: an address, `*`, or a name.
func ReadHost(hp field.HostPort, e *fleetnet.Endpoint, out *fleetnet.Snapshot) HostKind {
	if len(hp.Host) == 1 && hp.Host[0] == '*' {
		return HostStar
	}
	a, _, ok := field.Addr(hp.Host)
	switch {
	case !ok:
		e.Name = out.Intern(hp.Host)
		return HostName
	case bytes.IndexByte(hp.Host, ':') >= 0:
		e.Addr = a
		return HostInet6
	}
	e.Addr = a
	return HostInet
}

// ReadPort reads a port: a number, a service's name, or `*`. It reports
// whether the port is known; a number that is no port fails c.
func ReadPort(c *field.Cursor, b []byte, proto string, e *fleetnet.Endpoint) bool {
	if len(b) == 1 && b[0] == '*' {
		return true
	}
	if n, ok := field.Uint(b, 64); ok {
		if n > 1<<16-1 {
			c.Failf("%s is not a port", fleetnet.Quote(b))
		}
		e.Port = uint16(n)
		return true
	}
	named := services.Port
	if proto == "raw" {
		named = services.Protocol
	}
	port, ok := named(b)
	e.Port = port
	return ok
}
