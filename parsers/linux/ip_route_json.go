package linux

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/jsontext"
)

// IPRouteJSON reads `ip -j route show` with any of -p, -4, -6 and -d (4.17 and
// later, iproute.c; before, ip prints text all the same):
//
//	[{"dst":"default","gateway":"10.0.0.2","dev":"eth0","protocol":"static","metric":100,"flags":[]},
//	 {"dst":"default","flags":[],"nexthops":[{"gateway":"10.0.0.2","dev":"eth0","weight":2,"flags":[]}]}]
func IPRouteJSON(in *fleetnet.Lines, out *fleetnet.Snapshot) { IPRoute(in, out) }

func ipRouteElement(out *fleetnet.Snapshot, args ipArgs) ipElement {
	return func(element []byte, ref fleetnet.Ref) error {
		f := jsonRoute{jsonFields: jsonFields{out: out}}
		f.Type, f.Ref = routeType(args.filter("type"), "unicast"), ref
		for key, value := range jsontext.Members(element) {
			f.member(key, value)
		}
		if f.dst == nil {
			return f.noDestination(element)
		}
		c := field.New(nil)
		f.complete(args, f.dst, &c)
		if f.err == nil {
			f.err = c.Err()
		}
		if f.err == nil {
			out.Routes = append(out.Routes, f.Route)
		}
		return f.err
	}
}

// jsonRoute is a route as far as its members have been read.
type jsonRoute struct {
	jsonFields
	routeLine
	dst   []byte
	encap []string // the words of an encapsulation that is being read
}

func (f *jsonRoute) noDestination(element []byte) error {
	for range jsontext.Members(element) {
		return errors.New("no destination of a route")
	}
	return nil
}

func (f *jsonRoute) member(key string, value json.RawMessage) {
	if f.wayMember(&f.hop, key, value) {
		return
	}
	switch key {
	case "type":
		f.Type = routeType(f.word(value), f.Type)
	case "dst":
		f.dst = f.text(value)
	case "from":
		f.source(value)
	case "src":
		f.source(value)
	case "table":
		f.Table = f.word(value)
	case "protocol":
		f.Proto = f.word(value)
	case "scope":
		f.Scope = f.word(value)
	case "prefsrc":
		f.Src = f.addr(value)
	case "metric":
		n := f.uint(value, 32)
		f.Metric = fleetnet.Opt[uint32]{V: uint32(n.V), OK: n.OK}
	case "flags":
		f.Flags = f.words(value)
	case "metrics":
		f.metrics(value)
	case "cache":
		f.cached = true
	case "pref", "error":
		if f.Family == "" {
			f.Family = "inet6"
		}
	case "nexthops":
		f.nextHops(value)
	case "nhid":
		f.hops = true
	}
}

// wayMember reads a member about the next hop. The members of an encapsulation
// follow it without an object of their own in versions before 6.12, some under
// names that the route has used; they end at the gateway or the device.
func (f *jsonRoute) wayMember(hop *fleetnet.NextHop, key string, value json.RawMessage) bool {
	switch key {
	case "encap":
		f.encap = encapMembers(f.out, value)
	case "gateway", "via":
		f.endEncap(hop)
		f.gateway(hop, key, value)
	case "dev":
		f.endEncap(hop)
		hop.Interface = f.word(value)
	default:
		if f.encap == nil {
			return false
		}
		f.encap = append(f.encap, encapMember(f.out, f.encap, key, value)...)
	}
	return true
}

func (f *jsonRoute) endEncap(hop *fleetnet.NextHop) {
	if f.encap != nil {
		hop.Encap = strings.Join(f.encap, " ")
		f.encap = nil
	}
}

func (f *jsonRoute) gateway(hop *fleetnet.NextHop, key string, value json.RawMessage) {
	if key == "gateway" {
		f.sawAddr(f.text(value))
		hop.Gateway = f.addr(value)
		return
	}
	for k, v := range jsontext.Members(value) {
		if k == "host" {
			hop.Gateway = f.addr(v)
		}
	}
}

func (f *jsonRoute) source(value json.RawMessage) {
	c := field.New(f.text(value))
	f.from(&c)
	if c.Err() != nil {
		f.fail(value, "a source prefix")
	}
}

// metrics reads [{"mtu":1400,"advmss":1360}].
func (f *jsonRoute) metrics(value json.RawMessage) {
	for _, m := range jsontext.List(value) {
		for key, v := range jsontext.Members(m) {
			switch key {
			case "mtu":
				f.MTU = f.int(v)
			case "hoplimit":
				if f.Family == "" {
					f.Family = "inet6"
				}
			}
		}
	}
}

func (f *jsonRoute) nextHops(value json.RawMessage) {
	f.addHop()
	f.hops = true
	for _, h := range jsontext.List(value) {
		var hop fleetnet.NextHop
		for key, v := range jsontext.Members(h) {
			switch {
			case f.wayMember(&hop, key, v):
			case key == "weight":
				hop.Weight = f.int(v).V
			case key == "flags":
				hop.Flags = f.words(v)
			}
		}
		f.encap = nil
		f.NextHops = append(f.NextHops, hop)
	}
}

// encapMembers returns an encapsulation in the words of ip's text; value is
// its name, or since 6.12 an object with all of it.
func encapMembers(out *fleetnet.Snapshot, value json.RawMessage) []string {
	f := jsonFields{out: out}
	if value[0] != '{' {
		return []string{f.word(value)}
	}
	words := []string{}
	for key, v := range jsontext.Members(value) {
		words = append(words, encapMember(out, words, key, v)...)
	}
	return words
}

// encapMember returns one member in the words of ip's text, after the words
// before it: a flag is its name alone, and mpls prints its labels without a name.
func encapMember(out *fleetnet.Snapshot, before []string, key string, value json.RawMessage) []string {
	f := jsonFields{out: out}
	switch {
	case key == "encap_type", key == "dst" && len(before) > 0 && before[0] == "mpls":
		return []string{f.word(value)}
	case key == "segs":
		segs := f.words(value)
		return slices.Concat([]string{key, strconv.Itoa(len(segs)), "["}, segs, []string{"]"})
	case value[0] == '{' || value[0] == '[':
		return []string{key, string(value)}
	case string(value) == "true" || string(value) == "null":
		return []string{key}
	}
	return []string{key, f.word(value)}
}
