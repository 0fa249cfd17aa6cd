package bsdnet

import "github.com/fleetnet/fleetnet/parsers/field"

// inetFamily is which families a socket takes, as the column Proto tells it.
type inetFamily uint8

const (
	neither inetFamily = iota
	inet
	inet6
	both // an IPv6 socket that takes IPv4 too
)

func familyName(f inetFamily) string { return [...]string{"", "inet", "inet6", "inet6"}[f] }

// proto returns the protocol that a word of the column Proto stands for: three
// letters of the name and then 4, 6 or 46. Systems that show no 4 show the name
// alone for IPv4.
func (r *socketsReader) proto(word []byte) (string, inetFamily, bool) {
	switch string(word) {
	case "tcp4":
		return "tcp", inet, true
	case "udp4":
		return "udp", inet, true
	case "tcp6":
		return "tcp", inet6, true
	case "udp6":
		return "udp", inet6, true
	case "tcp46":
		return "tcp", both, true
	case "udp46":
		return "udp", both, true
	case "ip66", "ip6":
		return "raw", inet6, true
	case "ip64", "ip646":
		return "raw", both, true
	}
	name, family := word, neither
	switch n := len(word); {
	case n > 2 && word[n-2] == '4' && word[n-1] == '6':
		name, family = word[:n-2], both
	case n > 1 && word[n-1] == '4':
		name, family = word[:n-1], inet
	case n > 1 && word[n-1] == '6':
		name, family = word[:n-1], inet6
	case r.form.Bare == "inet":
		family = inet
	}
	proto, ok := protocols[string(name)]
	return proto, family, ok
}

// protocols are the names of netstat's tables (main.c, protox), cut to three
// letters where it cuts them.
var protocols = map[string]string{
	"tcp": "tcp", "udp": "udp", "sctp": "sctp", "udpl": "udplite", "udplite": "udplite", "icm": "icmp", "icmp": "icmp",
	"toe": "tcp", "sdp": "sdp", // TCP of a network card, sockets over InfiniBand
	"igm": "igmp", "igmp": "igmp", "ip": "raw", "raw": "raw", "div": "divert", "divert": "divert",
}

// bare takes the family that stands apart from its protocol: `ip 4`, as two
// letters are padded to three.
func (r *socketsReader) bare(c *field.Cursor, word []byte, family inetFamily) inetFamily {
	if string(word) != "ip" {
		return family
	}
	left := c.Left()
	next := c.Peek()
	d := field.New(left)
	d.Next()
	if len(next) > 2 || !plausibleQueues(d) {
		return family
	}
	switch string(next) {
	case "4":
		family = inet
	case "6":
		family = inet6
	case "46":
		family = both
	default:
		return family
	}
	c.Drop(len(next))
	return family
}

// plausibleQueues reports whether two numbers follow, so that what stands
// before them is not a queue itself.
func plausibleQueues(d field.Cursor) bool {
	d.Uint(64)
	d.Uint(64)
	return d.Err() == nil
}
