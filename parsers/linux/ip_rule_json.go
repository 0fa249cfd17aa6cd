package linux

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
	"github.com/fleetnet/fleetnet/parsers/jsontext"
)

// IPRuleJSON reads `ip -j rule show` with any of -p, -4, -6 and -d (4.17 and
// later, iprule.c):
//
//	[{"priority":0,"src":"all","table":"local"},
//	 {"priority":1000,"src":"10.0.0.0","srclen":8,"fwmark":"0x1","fwmask":"0xff","iif":"eth0","table":"200"}]
func IPRuleJSON(in *fleetnet.Lines, out *fleetnet.Snapshot) { IPRule(in, out) }

func ipRuleElement(out *fleetnet.Snapshot, args ipArgs) ipElement {
	return func(element []byte, ref fleetnet.Ref) error {
		f := jsonRule{jsonFields: jsonFields{out: out}}
		f.Ref = ref
		for key, value := range jsontext.Members(element) {
			f.known = true
			f.member(key, value)
		}
		f.flushRange()
		if !f.known {
			return nil
		}
		if f.Action == "" || !f.priority {
			return errors.New("no priority or action of a rule")
		}
		f.From = f.prefix(f.src, f.srcLen, args.knownFamily())
		f.To = f.prefix(f.dst, f.dstLen, args.knownFamily())
		if f.err == nil {
			out.PolicyRules = append(out.PolicyRules, settledRule(f.PolicyRule, args))
		}
		return f.err
	}
}

// jsonRule is a rule as far as its members have been read.
type jsonRule struct {
	jsonFields
	fleetnet.PolicyRule
	known, priority bool
	src, dst        string
	srcLen, dstLen  string
	pending         string // the first half of a range: "dport 90"
}

func (f *jsonRule) member(key string, value json.RawMessage) {
	switch key {
	case "priority":
		n := f.uint(value, 32)
		f.Priority, f.priority = uint32(n.V), n.OK
	case "not":
		f.Not = true
	case "src":
		f.src = f.word(value)
	case "srclen":
		f.srcLen = f.word(value)
	case "dst":
		f.dst = f.word(value)
	case "dstlen":
		f.dstLen = f.word(value)
	case "fwmark":
		f.FWMark = f.word(value)
	case "fwmask":
		f.FWMark += "/" + f.word(value)
	case "iif":
		f.IIF = f.word(value)
	case "oif":
		f.OIF = f.word(value)
	default:
		f.action(key, value)
	}
}

// action reads the members that say what the rule does.
func (f *jsonRule) action(key string, value json.RawMessage) {
	switch key {
	case "table":
		f.Action, f.Table = "lookup", f.word(value)
	case "l3mdev":
		f.Action, f.Table = "lookup", "[l3mdev-table]"
	case "action", "to_tbl": // to_tbl: 5.0 and before
		f.Action = f.word(value)
	case "nop":
		f.Action = "nop"
	case "goto":
		f.Action = "goto"
		f.option("goto", value)
	case "nat_gateway":
		f.Action = "nat"
		f.option("map-to", value)
	case "masquerade":
		f.Action = "nat"
		f.option("masquerade", nil)
	default:
		f.other(key, value)
	}
}

// other keeps what the model has no field for in the words of ip's text.
func (f *jsonRule) other(key string, value json.RawMessage) {
	switch key {
	case "iif_detached", "oif_detached":
		f.option(key[:3]+" [detached]", nil)
	case "unresolved":
		f.option("[unresolved]", nil)
	case "uid_start", "sport_start", "dport_start":
		name := map[byte]string{'u': "uidrange", 's': "sport", 'd': "dport"}[key[0]]
		f.pending = name + " " + f.word(value) + "-"
	case "uid_end", "sport_end", "dport_end", "flow_to":
		if f.pending == "" {
			f.pending = "realms "
		}
		f.pending += f.word(value)
		f.flushRange()
	case "flow_from":
		f.pending = "realms " + strings.TrimSuffix(f.word(value), "/") + "/"
	case "suppress_prefixlen":
		f.option("suppress_prefixlength", value)
	case "protocol":
		f.option("proto", value)
	case "sport_mask", "dport_mask", "dscp_mask", "flowlabel_mask":
		f.mask(key, f.word(value))
	default:
		f.option(key, value)
	}
}

// mask adds a mask to the option before it, both in hex, unless it is a whole
// one, which ip's text leaves out.
func (f *jsonRule) mask(key, mask string) {
	n := len(f.Options)
	if n == 0 || mask == "0xffff" || mask == "0x3f" && key == "dscp_mask" || mask == "0xfffff" {
		return
	}
	name, value, _ := strings.Cut(f.Options[n-1], " ")
	if v, ok := field.Uint([]byte(value), 32); ok {
		value = fmt.Sprintf("%#x", v)
	}
	f.Options[n-1] = name + " " + value + "/" + mask
}

func (f *jsonRule) option(name string, value json.RawMessage) {
	if value != nil && string(value) != "null" {
		name += " " + f.word(value)
	}
	f.Options = append(f.Options, name)
}

func (f *jsonRule) flushRange() {
	if f.pending != "" {
		f.Options = append(f.Options, f.pending)
	}
	f.pending = ""
}

// prefix joins an address and its length, which is not told of a whole address.
func (f *jsonRule) prefix(addr, length, family string) netip.Prefix {
	if addr == "" || addr == "all" {
		return netip.Prefix{}
	}
	if length != "" {
		addr += "/" + length
	}
	p, ok := routePrefix([]byte(addr), family)
	if !ok {
		f.fail([]byte(addr), "a prefix")
	}
	return p.Masked()
}
