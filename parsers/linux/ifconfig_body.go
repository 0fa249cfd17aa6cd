package linux

import (
	"bytes"
	"cmp"
	"errors"
	"net/netip"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// body reads one line of a block.
func (r *ifconfigReader) body(in *fleetnet.Lines, line []byte) {
	row, err := r.english(line)
	if err != nil {
		if told, ok := r.translated(line); ok {
			row, err = told, nil
		}
	}
	if err == nil && !row {
		in.Skip()
		return
	}
	if err != nil && !indented(line) {
		r.cur = -1 // it may have been the heading of another block
	}
	claim(in, err)
}

// english reads a line of a block, and reports whether it tells anything.
func (r *ifconfigReader) english(line []byte) (row bool, err error) {
	c := field.New(line)
	first := c.Next()
	switch string(first) {
	case "inet":
		return true, r.inet(c)
	case "inet6":
		return true, r.inet6(c)
	case "RX", "TX":
		return true, r.counters(c, first)
	case "device", "media", "ipx", "ddp", "econet", "Base", "EtherTalk":
		return false, nil
	}
	trimmed := bytes.TrimSpace(line)
	switch {
	case bytes.Contains(line, []byte(" MTU:")):
		return true, r.oldFlags(field.New(line))
	case bytes.HasPrefix(trimmed, []byte("collisions:")), bytes.HasPrefix(trimmed, []byte("compressed:")):
		return true, r.counters(field.New(line), nil)
	case bytes.HasPrefix(trimmed, []byte("Interrupt:")), bytes.HasPrefix(trimmed, []byte("Memory:")),
		bytes.HasPrefix(trimmed, []byte("DMA chan:")), bytes.HasPrefix(trimmed, []byte("IPX/Ethernet")),
		bytes.HasPrefix(trimmed, []byte("media:")):
		return false, nil
	case bytes.HasSuffix(trimmed, []byte(")")) && (hardwareWords[string(first)] != "" || bytes.Contains(line, []byte(" txqueuelen "))):
		return true, r.hardware(field.New(line))
	}
	return false, errors.New("not understood")
}

// inet reads an IPv4 address of either form:
//
//	inet addr:10.0.0.1  P-t-P:10.0.0.2  Mask:255.255.255.255
//	inet 10.0.0.1  netmask 255.255.255.255  destination 10.0.0.2
func (r *ifconfigReader) inet(c field.Cursor) error {
	var addr, mask, peer netip.Addr
	old := bytes.HasPrefix(c.Peek(), []byte("addr:"))
	if !old {
		addr = c.Addr()
	}
	for c.More() {
		key := c.Next()
		if old {
			word, value, _ := bytes.Cut(key, []byte{':'})
			key, c = word, prepend(value, c)
		}
		switch string(key) {
		case "addr":
			addr = c.Addr()
		case "netmask", "Mask":
			mask = c.Addr()
		case "destination", "P-t-P":
			peer = c.Addr()
		case "broadcast", "Bcast":
			c.Next()
		default:
			return errors.New("unknown word in an address")
		}
	}
	if c.Err() != nil {
		return c.Err()
	}
	return r.addInet(addr, mask, peer)
}

// prepend returns a cursor that reads value, which the tool glued to its key,
// and then goes on as c. A glued value that is empty fails when it is read.
func prepend(value []byte, c field.Cursor) field.Cursor {
	rest := c.Rest()
	return field.New(bytes.Join([][]byte{value, rest}, []byte{' '}))
}

func (r *ifconfigReader) addInet(addr, mask, peer netip.Addr) error {
	p, ok := maskPrefix(addr, mask)
	if !ok {
		return errors.New("an IPv4 address with a contiguous netmask expected")
	}
	a := fleetnet.IfAddr{Prefix: p}
	if peer.Is4() && peer != addr {
		a.Peer = netip.PrefixFrom(peer, p.Bits())
	}
	it := r.it()
	it.Addrs = append(it.Addrs, a)
	return nil
}

// inet6 reads an IPv6 address of either form:
//
//	inet6 addr: fe80::1/64 Scope:Link
//	inet6 addr: fe80::1/64 Scope: Link
//	inet6 fe80::1  prefixlen 64  scopeid 0x20<link>
func (r *ifconfigReader) inet6(c field.Cursor) error {
	var a fleetnet.IfAddr
	if c.Take("addr:") {
		a.Prefix = c.Prefix()
		word, ok := bytes.CutPrefix(c.Rest(), []byte("Scope:"))
		if !ok {
			return errors.New("scope expected")
		}
		a.Scope = scopeWord(bytes.TrimSpace(word)) // toybox: Scope: Link
	} else {
		addr := c.Addr()
		if !c.Take("prefixlen") {
			return errors.New("prefixlen expected")
		}
		a.Prefix = netip.PrefixFrom(addr, int(c.Uint(8)))
		c.Take("scopeid")
		_, word, _ := bytes.Cut(c.Rest(), []byte{'<'})
		a.Scope = scopeWord(bytes.TrimSuffix(word, []byte{'>'}))
	}
	if c.Err() != nil || !a.Prefix.IsValid() || a.Prefix.Addr().Is4() {
		return cmp.Or(c.Err(), errors.New("an IPv6 address with a prefix length expected"))
	}
	it := r.it()
	it.Addrs = append(it.Addrs, a)
	return nil
}

// scopeWord returns the scope in ip's words, or "" for what has none of them.
func scopeWord(word []byte) string {
	switch string(bytes.ToLower(word)) {
	case "global", "compatglobal", "compat,global":
		return "global"
	case "link":
		return "link"
	case "site":
		return "site"
	case "host":
		return "host"
	}
	return ""
}

// oldFlags reads `UP BROADCAST RUNNING  MTU:1500  Metric:1`. Flags with a word in
// another language are unknown.
func (r *ifconfigReader) oldFlags(c field.Cursor) error {
	words, known := [][]byte{}, true
	for c.More() {
		tok := c.Next()
		key, value, ok := bytes.Cut(tok, []byte{':'})
		switch {
		case !ok && string(tok) != "[NO" && string(tok) != "FLAGS]":
			words = append(words, tok)
			known = known && oldFlagWords[string(tok)]
		case string(key) == "MTU":
			mtu, valid := field.Uint(value, 31)
			if !valid {
				return errors.New("the mtu is not a number")
			}
			if !r.alias {
				r.it().MTU = fleetnet.Some(int(mtu))
			}
		}
	}
	switch {
	case r.alias:
	case known:
		r.setFlags(words)
	default:
		for _, f := range []string{"flags", "up", "carrier"} {
			coverField(r.out, "interfaces", "linux/ifconfig", f, "the flags are in another language")
		}
	}
	return nil
}

// oldFlagWords are the flags of the old form (ife_print in lib/interface.c, and
// display_flags of BusyBox's and toybox's ifconfig).
var oldFlagWords = map[string]bool{
	"UP": true, "BROADCAST": true, "DEBUG": true, "LOOPBACK": true, "POINTOPOINT": true, "NOTRAILERS": true, "RUNNING": true,
	"NOARP": true, "PROMISC": true, "ALLMULTI": true, "SLAVE": true, "MASTER": true, "MULTICAST": true, "DYNAMIC": true,
	"PORTSEL": true, "AUTOMEDIA": true, "LOWER_UP": true, "DORMANT": true, "ECHO": true,
}

// hardware reads the new form's `ether 02:…  txqueuelen 1000  (Ethernet)`.
func (r *ifconfigReader) hardware(c field.Cursor) error {
	word := c.Word()
	if next := c.Peek(); r.alias || len(next) == 0 || next[0] == '(' {
		return c.Err()
	}
	it := r.it()
	it.Type = hardwareWords[word]
	if mac, ok := field.MAC(c.Peek()); ok && it.Type != "infiniband" {
		it.MAC = macOf(mac, ok)
	}
	return c.Err()
}
