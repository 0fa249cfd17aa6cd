package linux

import (
	"bytes"
	"errors"
	"net/netip"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/jsontext"
)

var (
	errNoInterface = errors.New("no interface before it")
	errNoRoute     = errors.New("no route before it")
	errNoWay       = errors.New("neither a device nor a gateway of a route")
)

// ipText reads one line of an ip command's text. It reports whether the line
// is a row or a part of one, rather than one that carries nothing.
type ipText func(line []byte) (row bool, err error)

// ipElement reads one element of the array that an ip command prints with -j.
type ipElement func(element []byte, ref fleetnet.Ref) error

// readIP reads the output of an ip command, each line as what it is: ip before
// 4.14 (ip route, rule, neigh and maddr: before 4.17) takes -j and prints text.
func readIP(in *fleetnet.Lines, text ipText, element ipElement) {
	read := false
	for in.Next() {
		switch line := in.Text(); {
		case line[0] == '[' || line[0] == '{':
			jsontext.Read(in, element)
			read = true
		case read && len(bytes.Trim(line, "[]{}, \t")) == 0:
			in.Skip()
		default:
			readLine(in, text)
		}
	}
}

// readLine reads a line of text, which is several when ip -o joined them with
// a backslash.
func readLine(in *fleetnet.Lines, text ipText) {
	rest, more, row := uncolored(in.Text()), true, false
	for more {
		var line []byte
		line, rest, more = cutJoined(rest)
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		part, err := text(line)
		if err != nil {
			in.Fail(err)
			return
		}
		row = row || part
	}
	if row {
		in.Row()
		return
	}
	in.Skip()
}

// cutJoined cuts the text at the first backslash that stands for the end of a
// line: what follows it is indented, or nothing follows.
func cutJoined(text []byte) (line, rest []byte, more bool) {
	for i, ch := range text {
		if ch == '\\' && (i+1 == len(text) || text[i+1] == ' ' || text[i+1] == '\t') {
			return text[:i], text[i+1:], true
		}
	}
	return text, nil, false
}

// longestColor bounds one color sequence: ESC [ 38 ; 5 ; 123 m.
const longestColor = 16

// uncolored returns the line without the colors of ip -c, which cost a copy.
func uncolored(line []byte) []byte {
	if bytes.IndexByte(line, 0x1b) < 0 {
		return line
	}
	out := make([]byte, 0, len(line))
	for i := 0; i < len(line); i++ {
		if line[i] == 0x1b && i+1 < len(line) && line[i+1] == '[' {
			if end := bytes.IndexByte(line[i:min(i+longestColor, len(line))], 'm'); end > 0 {
				i += end
				continue
			}
		}
		out = append(out, line[i])
	}
	return out
}

func indented(line []byte) bool { return len(line) > 0 && (line[0] == ' ' || line[0] == '\t') }

// wholePrefix reads a prefix without unmapping it: `::ffff:0.0.0.0/96` is a
// route of IPv6, and no default route. An address alone is a prefix of full length.
func wholePrefix(b []byte) (netip.Prefix, bool) {
	if bytes.IndexByte(b, ':') < 0 {
		return field.Prefix(b)
	}
	host, length, slashed := bytes.Cut(b, []byte{'/'})
	a, err := netip.ParseAddr(string(host))
	n, ok := uint64(a.BitLen()), true
	if slashed {
		n, ok = field.Uint(length, 8)
	}
	if err != nil || !ok || int(n) > a.BitLen() {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a.WithZone(""), int(n)), true
}

// unmapPrefix returns a prefix of IPv4-mapped addresses as the IPv4 prefix.
func unmapPrefix(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p
}
