package bsd

import (
	"bytes"

	"github.com/fleetnet/fleetnet/parsers/field"
)

// gluedAt is [protoAt] of a row in which a pid has no blank before it, as old releases
// print none where a user has more than eight characters.
func gluedAt(words [][]byte) int {
	if len(words) < 5 || !isPID(words[1]) {
		return -1
	}
	last := words[0][len(words[0])-1]
	if _, _, ok := sockstatProto(words[2]); !ok || last < '0' || last > '9' {
		return -1
	}
	return 2
}

// protoAt returns which word is the protocol of an internet socket: the first
// one behind a pid and a descriptor, or question marks in their place.
func protoAt(words [][]byte) int {
	for i := 2; i < len(words)-1 && i < 12; i++ {
		if _, _, ok := sockstatProto(words[i]); ok && isPID(words[i-2]) && isPID(words[i-1]) {
			return i
		}
	}
	return -1
}

func isPID(b []byte) bool {
	_, ok := field.Uint(b, 31)
	return ok || unknownWord(b)
}

// unknownWord reports whether a word stands for what is not known.
func unknownWord(b []byte) bool { return string(b) == "?" || string(b) == "??" || string(b) == "-" }

// isUnixRow reports whether the row is of a UNIX socket.
func isUnixRow(words [][]byte) bool {
	for i := 2; i < len(words) && i < 12; i++ {
		switch string(words[i]) {
		case "stream", "dgram", "seqpac", "seqpack", "seq", "rdm":
			return isPID(words[i-2]) && isPID(words[i-1])
		}
		if isNumbers(words[i]) && isPID(words[i-1]) { // family/type/protocol
			return true
		}
	}
	return false
}

// isNumbers reports whether a word is two numbers or three with slashes between.
func isNumbers(b []byte) bool {
	n := bytes.Count(b, []byte{'/'})
	return n > 0 && n < 3 && len(bytes.Trim(b, "0123456789/")) == 0 && b[0] != '/'
}

// numberedProto returns the protocol of a raw socket that NetBSD shows as the
// numbers of its family and protocol: 2/1, 24/58.
func numberedProto(word []byte) (proto, family string, ok bool) {
	of, number, _ := bytes.Cut(word, []byte{'/'})
	family = map[string]string{"2": "inet", "24": "inet6"}[string(of)]
	if proto = map[string]string{"1": "icmp", "58": "icmp"}[string(number)]; proto == "" {
		proto = "raw"
	}
	_, ok = field.Uint(number, 16)
	return proto, family, ok && family != ""
}

// sockstatProto returns the protocol and family of tcp4, tcp6, tcp46 and, on NetBSD,
// tcp.
func sockstatProto(word []byte) (proto, family string, ok bool) {
	if bytes.IndexByte(word, '/') > 0 {
		return numberedProto(word)
	}
	name := bytes.TrimRight(word, "46")
	switch string(name) {
	case "tcp", "udp", "sctp", "udplite", "icmp":
		proto = string(name)
	case "udpl":
		proto = "udplite"
	case "div", "divert":
		proto = "divert"
	case "raw", "ip":
		proto = "raw"
	default:
		return "", "", false
	}
	switch string(word[len(name):]) {
	case "", "4":
		return proto, "inet", true
	case "6", "46":
		return proto, "inet6", true
	}
	return "", "", false
}
