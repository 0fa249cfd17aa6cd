package field

import "bytes"

// HostPort is an endpoint cut into its parts, which share the line's memory.
type HostPort struct {
	Host []byte // without brackets and zone
	Zone []byte // what stands after %, or nil
	Port []byte // digits, a service's name, or *
	// Bracketed says that the host stood in brackets.
	Bracketed bool
}

// SplitHostPort cuts an endpoint at its last colon, and the zone off the host:
//
//	10.0.0.1:22  :::22  [::1]:22  *:ssh  127.0.0.53%lo:53  [fe80::1]%eth0:546  [fe80::1%eth0]:546
//
// It reports whether there is a host and a port.
func SplitHostPort(b []byte) (HostPort, bool) {
	i := len(b) - 1
	for i >= 0 && b[i] != ':' {
		i--
	}
	if i <= 0 || i == len(b)-1 {
		return HostPort{}, false
	}
	hp := HostPort{Host: b[:i], Port: b[i+1:]}
	if hp.Host[0] == '[' {
		return hp.unbracket()
	}
	if z := bytes.IndexByte(hp.Host, '%'); z >= 0 {
		hp.Host, hp.Zone = hp.Host[:z], hp.Host[z+1:]
	}
	return hp, len(hp.Host) > 0
}

// unbracket takes the brackets off the host, with a zone in or after them.
func (hp HostPort) unbracket() (HostPort, bool) {
	end := bytes.IndexByte(hp.Host, ']')
	if end < 0 {
		return HostPort{}, false
	}
	inside, after := hp.Host[1:end], hp.Host[end+1:]
	hp.Host, hp.Bracketed = inside, true
	if z := bytes.IndexByte(inside, '%'); z >= 0 {
		hp.Host, hp.Zone = inside[:z], inside[z+1:]
	}
	if len(after) > 0 {
		if after[0] != '%' {
			return HostPort{}, false
		}
		hp.Zone = after[1:]
	}
	return hp, len(hp.Host) > 0
}
