package linux

import (
	"bytes"
	"encoding/binary"
	"net/netip"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// procHex reads a hexadecimal number that is all of b.
func procHex(c *field.Cursor, b []byte) uint64 {
	n, ok := field.Hex(b)
	if !ok {
		c.Failf("%s is not a hexadecimal number", fleetnet.Quote(b))
	}
	return n
}

// hexPair reads two hexadecimal numbers with a colon between them.
func hexPair(c *field.Cursor) (uint64, uint64) {
	key, value := c.Pair()
	return procHex(c, key), procHex(c, value)
}

// end reads ADDRESS:PORT in hexadecimal, and the family that the length of the
// address tells.
func (r *procReader) end(c *field.Cursor) (fleetnet.Endpoint, string) {
	text, port := c.Pair()
	number := procHex(c, port)
	if number > 1<<16-1 {
		c.Failf("%s is not a port", fleetnet.Quote(port))
	}
	e, family := fleetnet.Endpoint{Port: uint16(number)}, "inet"
	var words [16]byte
	switch len(text) {
	case 8, 32:
	default:
		c.Failf("%s is not an address", fleetnet.Quote(text))
		return e, ""
	}
	for i := 0; i < len(text)/8; i++ {
		word := uint32(procHex(c, text[8*i:8*i+8]))
		if r.bigEndian {
			binary.BigEndian.PutUint32(words[4*i:], word)
		} else {
			binary.LittleEndian.PutUint32(words[4*i:], word)
		}
	}
	if len(text) == 32 {
		e.Addr, family = fleetnet.Unmap(netip.AddrFrom16(words)), "inet6"
	} else {
		e.Addr = netip.AddrFrom4([4]byte(words[:4]))
	}
	return e, family
}

// procState returns the state by its number (include/net/tcp_states.h). For
// datagram sockets, CLOSE is the state without a peer.
func procState(proto string, number uint64) fleetnet.State {
	states := [...]fleetnet.State{
		"", fleetnet.StateEstablished, fleetnet.StateSynSent, fleetnet.StateSynRecv, fleetnet.StateFinWait1,
		fleetnet.StateFinWait2, fleetnet.StateTimeWait, fleetnet.StateClosed, fleetnet.StateCloseWait, fleetnet.StateLastAck,
		fleetnet.StateListen, fleetnet.StateClosing, fleetnet.StateSynRecv, fleetnet.StateBound,
	}
	switch {
	case number >= uint64(len(states)):
		return ""
	case states[number] == fleetnet.StateClosed && proto != "tcp":
		return fleetnet.StateUnconn
	}
	return states[number]
}

// unix reads the row of a unix socket:
//
//	Num       RefCount Protocol Flags    Type St Inode Path
//	0000000000000000: 00000002 00000000 00010000 0001 01 18523 /run/dbus/system_bus_socket
func (r *procReader) unix(line []byte) {
	c := field.New(line)
	c.Next() // address in the kernel
	procHex(&c, c.Next())
	procHex(&c, c.Next())
	flags := procHex(&c, c.Next())
	procHex(&c, c.Next())
	state := procHex(&c, c.Next())
	k := r.rows.Add()
	k.Proto, k.State = "unix", unixState(flags, state)
	if !r.noInode {
		k.Inode = fleetnet.Some(c.Uint(64))
	}
	if err := c.Err(); err != nil {
		r.rows.Drop()
		r.in.Fail(err)
		return
	}
	k.Local.Name = r.out.Intern(bytes.TrimRight(c.Left(), " "))
	r.in.Row()
}

// unixState returns the state of a unix socket by its number (socket_state in
// linux/net.h); flag 0x10000 is that it accepts connections.
func unixState(flags, state uint64) fleetnet.State {
	if flags&0x10000 != 0 {
		return fleetnet.StateListen
	}
	switch state {
	case 1:
		return fleetnet.StateUnconn
	case 2:
		return fleetnet.StateSynSent
	case 3:
		return fleetnet.StateEstablished
	case 4:
		return fleetnet.StateClosing
	}
	return ""
}
