// Package services knows the numbers of the services and protocols that tools
// print by name.
package services

import (
	_ "embed"
	"strings"

	"github.com/fleetnet/fleetnet/parsers/field"
)

// registered holds "name port" lines: the names of IANA's registry that the
// services(5) files of the usual distributions print for common ports.
//
//go:embed services.txt
var registered string

// Port returns the port that a tool printed a service's name for. The
// tables of hosts differ, so a name that is not known here stays unknown.
func Port(name []byte) (uint16, bool) {
	return numberIn(registered, name)
}

// rawProtocols are the names of protocols(5) that stand for the port of a raw
// socket.
const rawProtocols = "\nip 0\nicmp 1\nigmp 2\nipencap 4\nipip 4\ntcp 6\negp 8\nudp 17\ndccp 33\nipv6 41\nrsvp 46\ngre 47\n" +
	"esp 50\nipv6-crypt 50\nah 51\nipv6-auth 51\nipv6-icmp 58\nicmp6 58\nicmpv6 58\nospf 89\nospfigp 89\npim 103\nipcomp 108\nvrrp 112\nl2tp 115\n" +
	"sctp 132\nudplite 136\nmptcp 262\nraw 255\n"

// Protocol returns the number of a protocol of protocols(5).
func Protocol(name []byte) (uint16, bool) {
	return numberIn(rawProtocols, name)
}

// numberIn finds the line "name number" in a list of them.
func numberIn(list string, name []byte) (uint16, bool) {
	i := strings.Index(list, "\n"+string(name)+" ")
	if i < 0 || len(name) == 0 {
		return 0, false
	}
	rest := list[i+len(name)+2:]
	end := strings.IndexByte(rest, '\n')
	n, ok := field.Uint([]byte(rest[:max(end, 0)]), 16)
	return uint16(n), ok
}
