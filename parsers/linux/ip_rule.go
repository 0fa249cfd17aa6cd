package linux

import (
	"bytes"
	"errors"
	"net/netip"
	"strings"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

var errNoAction = errors.New("no action of a rule")

// IPRule reads `ip rule show` with any of -4, -6 and -d:
//
//	0:	from all lookup local
//	1000:	from 10.0.0.0/8 to 1.2.3.0/24 fwmark 0x1/0xff iif eth0 lookup 200
//	1001:	not from all fwmark 0xca6c lookup 51820
//	1004:	from all to 10.9.0.0/16 unreachable
//
// Printed by iprule.c of iproute2 from 2.6 to 7, and by BusyBox. A rule for
// VRFs looks in the table `[l3mdev-table]`.
func IPRule(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	args := commandOf(in)
	text := func(line []byte) (bool, error) { return true, ruleText(in, out, args, line) }
	readIP(in, text, ipRuleElement(out, args))
	args.coverRules(in, out)
}

func ruleText(in *fleetnet.Lines, out *fleetnet.Snapshot, args ipArgs, line []byte) error {
	c := field.New(line)
	r := fleetnet.PolicyRule{Ref: in.Ref()}
	priority, ok := field.Uint(bytes.TrimSuffix(c.Next(), []byte{':'}), 32)
	if !ok {
		return errors.New("no priority of a rule")
	}
	r.Priority = uint32(priority)
	family := args.knownFamily()
	for c.More() {
		ruleWord(&c, out, &r, family)
	}
	if r.Action == "" {
		c.Fail(errNoAction)
	}
	if r.Table == "unspec" { // BusyBox, of a rule that looks in no table
		r.Table = ""
	}
	if c.Err() == nil {
		out.PolicyRules = append(out.PolicyRules, settledRule(r, args))
	}
	return c.Err()
}

// settledRule sets the rule's family: the command's, else the addresses', else
// IPv4. And it names the protocols that ip gave by number, having no
// /etc/protocols, as the images of containers: inet_proto.c, ipproto-6.
func settledRule(r fleetnet.PolicyRule, args ipArgs) fleetnet.PolicyRule {
	for i, option := range r.Options {
		if number, ok := strings.CutPrefix(option, "ipproto ipproto-"); ok && ruleProtocols[number] != "" {
			r.Options[i] = "ipproto " + ruleProtocols[number]
		}
	}
	r.Family = "inet"
	switch {
	case args.knownFamily() != "":
		r.Family = args.knownFamily()
	case r.From.IsValid() && r.From.Addr().Is6(), r.To.IsValid() && r.To.Addr().Is6():
		r.Family = "inet6"
	}
	return r
}

// ruleProtocols are the names of protocols in Debian's /etc/protocols.
var ruleProtocols = map[string]string{
	"1": "icmp", "2": "igmp", "6": "tcp", "17": "udp", "47": "gre", "50": "esp", "51": "ah", "58": "ipv6-icmp", "132": "sctp",
}

// ruleWord reads one word of a rule, and its value.
func ruleWord(c *field.Cursor, out *fleetnet.Snapshot, r *fleetnet.PolicyRule, family string) {
	word := string(c.Next())
	switch word {
	case "not":
		r.Not = true
	case "from":
		r.From = rulePrefix(c, family)
	case "to":
		r.To = rulePrefix(c, family)
	case "iif":
		r.IIF = out.Intern(c.Next())
		detached(c, r, "iif")
	case "oif":
		r.OIF = out.Intern(c.Next())
		detached(c, r, "oif")
	case "fwmark":
		r.FWMark = c.Word()
	case "lookup", "table":
		r.Action, r.Table = "lookup", out.Intern(c.Next())
	case "blackhole", "unreachable", "prohibit", "nop":
		r.Action = word
	case "local", "broadcast": // goto and nop, to a version older than they are
		r.Action = map[string]string{"local": "goto", "broadcast": "nop"}[word]
	case "goto":
		r.Action = "goto"
		r.Options = append(r.Options, "goto "+c.Word())
	case "map-to":
		r.Action = "nat"
		r.Options = append(r.Options, "map-to "+c.Word())
	case "masquerade":
		r.Action = "nat"
		r.Options = append(r.Options, word)
	default:
		ruleOption(c, r, word)
	}
}

// detached notes that a rule names an interface that does not exist.
func detached(c *field.Cursor, r *fleetnet.PolicyRule, end string) {
	if c.Take("[detached]") {
		r.Options = append(r.Options, end+" [detached]")
	}
}

// ruleOption keeps a word that the model has no field for, with its value.
func ruleOption(c *field.Cursor, r *fleetnet.PolicyRule, word string) {
	switch word {
	case "tos", "dsfield", "dscp", "uidrange", "ipproto", "sport", "dport", "tun_id", "suppress_prefixlength",
		"suppress_ifgroup", "realms", "proto", "protocol", "flowlabel":
		word += " " + c.Word()
	default:
		if !strings.HasPrefix(word, "[") && c.More() && !ruleKeyword(string(c.Peek())) {
			word += " " + c.Word()
		}
	}
	r.Options = append(r.Options, word)
}

// ruleKeyword reports whether word cannot be the value of a word that is not known.
func ruleKeyword(word string) bool {
	switch word {
	case "from", "to", "iif", "oif", "fwmark", "lookup", "blackhole", "unreachable", "prohibit", "nop", "goto", "map-to", "proto":
		return true
	}
	return false
}

// rulePrefix reads a prefix of a rule; `all` is none, and `0/8` is of the family.
func rulePrefix(c *field.Cursor, family string) netip.Prefix {
	tok := c.Next()
	if string(tok) == "all" || c.Err() != nil {
		return netip.Prefix{}
	}
	p, ok := routePrefix(tok, family)
	if !ok {
		c.Failf("%s is not a prefix", fleetnet.Quote(tok))
	}
	return p.Masked()
}
