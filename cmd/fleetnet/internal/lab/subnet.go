package lab

import (
	"fmt"
	"net/netip"
)

// The places of the last byte in the network; see the package comment.
const (
	gatewayPlace = 1
	nobodyPlace  = 3
	firstHost    = 10
	lastHost     = 99
	firstFar     = 100
	lastFar      = 253
	testPlace    = 254
)

// hubName is the hostname of the hub.
const hubName = "hub"

// subnet is the N of a fleet's networks.
type subnet byte

// segment is one of a fleet's networks: the second byte of 10.S.N.0/24.
type segment byte

const (
	noSegment    segment = 0
	openSegment  segment = 213 // of the hub, the test process, and all hosts without a jump host
	firstSegment segment = 214 // of those that only some hosts are in
	lastSegment  segment = 239
	nowhere      segment = 212 // nobody is in it
)

// in is a place in a segment.
func (n subnet) in(s segment, place int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, byte(s), byte(n), byte(place)})
}

// addr is a place in the open segment.
func (n subnet) addr(place int) netip.Addr { return n.in(openSegment, place) }

// outside is an address that only the default route leads to.
func (n subnet) outside(place int) netip.Addr { return n.in(nowhere, place) }

// assignSegments gives every host the segment that it is in: that of its jump
// host, which nobody else reaches. Copies have one of their own, behind the
// host that stands for them.
func (f *Fleet) assignSegments() error {
	next := firstSegment
	take := func() segment {
		f.segments = append(f.segments, next)
		next++
		return next - 1
	}
	for _, h := range f.order {
		h.segment = openSegment
		if h.Jump != "" {
			jump := f.hosts[h.Jump]
			if jump.behind == noSegment {
				jump.behind = take()
			}
			h.segment = jump.behind
		}
		if h.Copies > 0 {
			h.copies = take()
		}
	}
	if next > lastSegment {
		return fmt.Errorf("lab: %d jump hosts and hosts with copies are too many", next-firstSegment)
	}
	return nil
}

// addr6 is a place in fd00:213:N::/64. The digits are those of the IPv4
// address, though they are hexadecimal here: easier on the reader.
func (n subnet) addr6(place int) netip.Addr {
	return netip.MustParseAddr(fmt.Sprintf("fd00:213:%d::%d", n, place))
}
