package linux

import (
	"path"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// ipArgs are the arguments of ip that decide what it prints.
type ipArgs struct {
	family  string // inet, inet6, another family, or "" when no option names one
	json    bool
	details bool
	brief   bool
	object  string   // the object's whole name: address, link, route …
	words   []string // what follows the object: verb and filters
}

// ipObjects are the objects of ip, in the order in which it matches an
// abbreviation against them (cmds in ip.c): `ip m` is maddress, `ip r` is route.
var ipObjects = []string{
	"address", "addrlabel", "maddress", "route", "rule", "neighbor", "neighbour", "ntable", "link",
	"tunnel", "tuntap", "monitor", "xfrm", "mroute", "mrule", "netns", "netconf", "vrf", "nexthop", "stats",
}

// ipCommand returns the arguments of the first ip within a command line.
func ipCommand(command string) ipArgs {
	if all := ipCommands(command); len(all) > 0 {
		return all[0]
	}
	return ipArgs{details: true}
}

// ipCommands returns the arguments of each ip within a command line.
func ipCommands(command string) []ipArgs {
	var all []ipArgs
	var words []string
	end := func() {
		for i, w := range words {
			if path.Base(w) == "ip" {
				all = append(all, parseIPArgs(words[i+1:]))
				break
			}
		}
		words = nil
	}
	for w := range strings.FieldsSeq(command) {
		word, ends := strings.CutSuffix(w, ";")
		switch {
		case word == "" || word == "&&" || word == "||" || word == "|" || word == "&":
			end()
			continue
		case strings.ContainsAny(word, "<>"): // a redirection
		default:
			words = append(words, word)
		}
		if ends {
			end()
		}
	}
	end()
	return all
}

// parseIPArgs reads the arguments that follow `ip`.
func parseIPArgs(args []string) ipArgs {
	var a ipArgs
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		opt := strings.TrimPrefix(strings.TrimPrefix(args[0], "-"), "-")
		args = args[1:]
		if a.option(opt) && len(args) > 0 {
			if strings.HasPrefix("family", opt) {
				a.family = args[0]
			}
			args = args[1:]
		}
	}
	if len(args) == 0 {
		return a
	}
	a.words = args[1:]
	for _, o := range ipObjects {
		if strings.HasPrefix(o, strings.ToLower(args[0])) {
			a.object = o
			break
		}
	}
	return a.inner()
}

// option takes one option without its dashes and reports whether a value follows it.
func (a *ipArgs) option(opt string) bool {
	short := func(long string) bool { return opt != "" && strings.HasPrefix(long, opt) }
	switch {
	case opt == "4":
		a.family = "inet"
	case opt == "6":
		a.family = "inet6"
	case opt == "0", opt == "M", opt == "B":
		a.family = "other"
	case short("json"):
		a.json = true
	case short("details"):
		a.details = true
	case opt != "b" && short("brief"): // -b is -batch
		a.brief = true
	case short("loops"), short("family"), short("batch"), len(opt) > 1 && short("rcvbuf"), short("netns"):
		return true
	}
	return false
}

// inner follows `netns exec NAME ip …` and `vrf exec NAME ip …` to the ip that prints.
func (a ipArgs) inner() ipArgs {
	if (a.object == "netns" || a.object == "vrf") && len(a.words) > 3 && a.words[0] == "exec" && path.Base(a.words[2]) == "ip" {
		return parseIPArgs(a.words[3:])
	}
	return a
}

// lists reports whether the command lists the object: it names no verb, or one of ip's words for it.
func (a ipArgs) lists() bool {
	if len(a.words) == 0 {
		return true
	}
	v := a.words[0]
	for _, verb := range []string{"show", "list", "lst", "ls"} {
		if v != "" && strings.HasPrefix(verb, v) {
			return true
		}
	}
	return false
}

// gets reports whether the command looks one destination up.
func (a ipArgs) gets() bool {
	return a.object == "route" && len(a.words) > 1 && a.words[0] != "" && strings.HasPrefix("get", a.words[0])
}

// filters returns the words behind the verb, which select rows.
func (a ipArgs) filters() []string { return a.words[min(1, len(a.words)):] }

// filter returns the value that follows one of the words in the command. ip
// leaves out of its rows what such a filter has fixed.
func (a ipArgs) filter(words ...string) string {
	for i := 1; i+1 < len(a.words); i++ {
		for _, w := range words {
			if a.words[i] == w {
				return a.words[i+1]
			}
		}
	}
	return ""
}

// acceptIP accepts a listing of one of the objects in text or in JSON.
func acceptIP(json bool, objects ...string) func([]string) bool {
	return func(args []string) bool {
		a := ipCommand("ip " + strings.Join(args, " "))
		if a.json != json || !a.lists() && !a.gets() || a.family != "" && a.family != "inet" && a.family != "inet6" && a.family != "link" {
			return false
		}
		for _, o := range objects {
			if a.object == o {
				return true
			}
		}
		return false
	}
}

// familyOf returns the name of an address's family.
func familyOf(is4 bool) string {
	if is4 {
		return "inet"
	}
	return "inet6"
}

// knownFamily returns the family when it is one that the model has.
func (a ipArgs) knownFamily() string {
	if a.family == "inet" || a.family == "inet6" {
		return a.family
	}
	return ""
}

// commandOf returns the arguments of the ip whose output in is.
func commandOf(in *fleetnet.Lines) ipArgs { return ipCommand(in.Command()) }
