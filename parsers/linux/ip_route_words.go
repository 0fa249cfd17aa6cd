package linux

import (
	"bytes"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// words reads what follows a route's destination, or a part of it.
func (t *ipRouteText) words(c *field.Cursor, r *routeLine) {
	for c.More() {
		word := c.Next()
		if !t.way(c, r, word) && !t.property(c, r, word) {
			skipRouteWord(c, word)
		}
	}
}

// way reads a word about the next hop, and its value.
func (t *ipRouteText) way(c *field.Cursor, r *routeLine, word []byte) bool {
	switch string(word) {
	case "nexthop":
		r.addHop()
		r.many = true
	case "nhid":
		r.hops = true
		c.Next()
	case "via":
		if !c.Take("inet6") && !c.Take("inet") {
			r.sawAddr(c.Peek())
		}
		r.hop.Gateway = c.Addr()
	case "dev":
		r.hop.Interface = t.out.Intern(c.Next())
	case "weight":
		r.hop.Weight = int(c.Uint(16))
	case "encap":
		r.hop.Encap = encapWords(c)
	case "dead", "onlink", "pervasive", "linkdown", "unresolved", "offload", "trap", "notify", "rt_offload", "rt_trap", "rt_offload_failed":
		if r.many {
			r.hop.Flags = append(r.hop.Flags, t.out.Intern(word))
		} else {
			r.Flags = append(r.Flags, t.out.Intern(word))
		}
	default:
		return false
	}
	return true
}

// sawAddr notes the family of a gateway, which is the route's unless `via`
// says otherwise.
func (r *routeLine) sawAddr(b []byte) {
	if r.Family == "" {
		r.Family = familyOf(bytes.IndexByte(b, ':') < 0)
	}
}

// property reads a word about the route, and its value.
func (t *ipRouteText) property(c *field.Cursor, r *routeLine, word []byte) bool {
	switch string(word) {
	case "table":
		r.Table = t.out.Intern(c.Next())
	case "proto":
		r.Proto = t.out.Intern(c.Next())
	case "scope":
		r.Scope = scopeName(t.out.Intern(c.Next()))
	case "src":
		r.Src = c.Addr()
	case "from":
		r.from(c)
	case "metric":
		r.metric(c)
	case "mtu":
		c.Take("lock")
		r.MTU = fleetnet.Some(int(c.Uint(32)))
	case "cache":
		r.cached = true
	case "pref", "hoplimit", "error": // IPv6 alone prints them of a route without addresses
		if r.Family == "" && !r.cached {
			r.Family = "inet6"
		}
		skipRouteWord(c, word)
	default:
		return false
	}
	return true
}

func (r *routeLine) from(c *field.Cursor) {
	tok := c.Next()
	p, ok := routePrefix(tok, r.Family)
	if !ok && c.Err() == nil {
		c.Failf("%s is not a source prefix", fleetnet.Quote(tok))
	}
	if p.Bits() > 0 {
		r.From = p.Masked()
	}
}

// metric reads a route's metric, which versions up to 2.6.38 print as a signed
// number. A second `metric N` is the number of an attribute that ip has no
// name for, with its value.
func (r *routeLine) metric(c *field.Cursor) {
	n := c.Int()
	if _, more := field.Uint(c.Peek(), 32); more || r.Metric.OK {
		c.Take("lock")
		c.Next()
		return
	}
	if n < -1<<31 || n > 1<<32-1 {
		c.Failf("%d is not a metric", n)
		return
	}
	r.Metric = fleetnet.Some(uint32(n))
}

// skipRouteWord skips the value of a word that the model does not hold. A word
// that is not known is taken for one without a value.
func skipRouteWord(c *field.Cursor, word []byte) {
	switch string(word) {
	case "window", "rtt", "rttvar", "ssthresh", "cwnd", "advmss", "reordering", "hoplimit", "initcwnd", "features",
		"rto_min", "initrwnd", "quickack", "congctl", "fastopen_no_cookie":
		c.Take("lock")
		c.Next()
	case "tos", "dsfield", "mark", "realm", "realms", "uid", "expires", "error", "users", "used", "age",
		"ipid", "ts", "tsage", "iif", "pref", "ttl-propogate", "as", "to":
		c.Next()
	}
}

// encapWords reads an encapsulation in ip's words: it is followed by the
// gateway or the device.
func encapWords(c *field.Cursor) string {
	var words []string
	for c.More() {
		if next := string(c.Peek()); next == "via" || next == "dev" {
			break
		}
		words = append(words, c.Word())
	}
	return strings.Join(words, " ")
}
