package linux

import (
	"path"
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// ssAsked is what a command line of ss asks for, as far as its output does
// not tell it.
type ssAsked struct {
	known   bool           // it is a command line of ss
	tables  []string       // the socket tables, by ss's names of them
	states  ssStateSet     // those that are shown
	state   fleetnet.State // the one state that is shown, and then not printed
	filter  bool           // by something else besides
	family  string         // inet or inet6 when only that is shown
	letters string         // the short options in force
}

// option reports whether a short option is given, under its own name or the long one.
func (a *ssAsked) option(letter byte) bool { return strings.IndexByte(a.letters, letter) >= 0 }

// shows reports whether sockets of a table may be shown.
func (a *ssAsked) shows(table string) bool {
	return len(a.tables) == 0 || slices.Contains(a.tables, table)
}

// proto returns the protocol that all sockets shown have, or "".
func (a *ssAsked) proto() string {
	if len(a.tables) == 1 {
		return a.tables[0]
	}
	return ""
}

// ssLong maps the long options of ss that matter onto the short ones.
var ssLong = map[string]string{
	"--tcp": "t", "--udp": "u", "--raw": "w", "--unix": "x", "--dccp": "d", "--sctp": "S", "--mptcp": "M",
	"--packet": "0", "--ipv4": "4", "--ipv6": "6", "--family": "f", "--socket": "A", "--query": "A",
	"--processes": "p", "--threads": "T", "--options": "o", "--extended": "e", "--memory": "m", "--info": "i",
	"--numeric": "n", "--all": "a", "--listening": "l", "--bound-inactive": "B", "--no-header": "H",
	"--no-queues": "Q", "--oneline": "O", "--summary": "s", "--events": "E", "--version": "V", "--help": "h",
	"--diag": "D", "--filter": "F", "--net": "N", "--context": "Z", "--contexts": "z", "--vsock": "*", "--tipc": "%", "--xdp": "^", "--kill": "K",
}

// ssTables are the tables that an option of ss adds, which are more than one
// where the rows say which.
var ssTables = map[byte][]string{
	't': {"tcp"}, 'u': {"udp"}, 'w': {"raw"}, 'd': {"dccp"}, 'S': {"sctp"}, 'M': {"mptcp"},
	'x': {"u_str", "u_dgr"}, '0': {"p_raw", "p_dgr"}, '*': {"v_str", "v_dgr"}, '%': {"tipc"}, '^': {"xdp"},
}

// ssSeveral are the words of -A that stand for several tables; the rows say which.
var ssSeveral = map[string][]string{
	"unix": {"u_str", "u_dgr", "u_seq"}, "packet": {"p_raw", "p_dgr"}, "vsock": {"v_str", "v_dgr"},
	"inet": {"tcp", "udp", "raw", "dccp", "sctp"}, "all": {"tcp", "udp", "raw", "all"},
}

// rows returns which sockets are asked for.
func (a *ssAsked) rows() socketRows {
	out := socketRows{states: a.states.list(), family: a.family, filter: a.filter || a.option('K'), without: "not in all states"}
	for _, t := range a.tables {
		if proto, _, ok := ssNetid([]byte(t)); ok && !slices.Contains(out.protos, proto) {
			out.protos = append(out.protos, proto)
		}
	}
	switch a.states {
	case ssConnections:
		out.without = "without -a, only connections, and none in TIME_WAIT or SYN_RECV"
	case ssListen | ssClose:
		out.without = "with -l, only sockets that wait for peers"
	}
	if st := a.states.one(); st != "" {
		out.without = "only in " + string(st)
	}
	return out
}

// ssArguments reads the command line that an output of ss is from.
func ssArguments(command string) ssAsked {
	args, ok := socketArguments(command, "ss")
	a := ssAsked{known: ok}
	a.states = ssConnections
	named := false // a state
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case (arg == "state" || arg == "exclude" || arg == "excl") && len(args) > 0:
			a.stateWord(arg == "state", !named, args[0])
			args, named = args[1:], true
		case len(arg) > 1 && arg[0] == '-' && !named:
			args = a.read(arg, args)
		default:
			a.filter = true
		}
	}
	if !named {
		a.states = a.statesOfOptions()
	}
	a.state = a.states.one()
	return a
}

// stateWord takes a state that is to be shown, or not to be.
func (a *ssAsked) stateWord(show, first bool, word string) {
	set, ok := ssStatesNamed(word)
	a.filter = a.filter || !ok
	switch {
	case show && first:
		a.states = set
	case show:
		a.states |= set
	case first:
		a.states = ssAllStates &^ set
	default:
		a.states &^= set
	}
}

// statesOfOptions returns the states that are shown when none is named: the last
// of -a, -l and -B decides.
func (a *ssAsked) statesOfOptions() ssStateSet {
	if i := strings.LastIndexAny(a.letters, "alB"); i >= 0 {
		switch a.letters[i] {
		case 'a':
			return ssAllStates
		case 'l':
			return ssListen | ssClose
		case 'B':
			return ssBound
		}
	}
	return ssConnections
}

// read takes one cluster of short options, or a long one, and returns the
// arguments that are left.
func (a *ssAsked) read(arg string, rest []string) []string {
	name, value, joined := strings.Cut(arg, "=")
	letters := strings.TrimPrefix(arg, "-")
	if strings.HasPrefix(arg, "--") {
		letters = ssLong[name]
	}
	for i := 0; i < len(letters); i++ {
		c := letters[i]
		a.letters += string(c)
		for _, t := range ssTables[c] {
			a.table(t)
		}
		switch c {
		case '4', '6':
			a.only(c)
		case 'f', 'A', 'D', 'F', 'N':
			if !joined && i+1 < len(letters) && !strings.HasPrefix(arg, "--") {
				value = letters[i+1:]
			} else if !joined && len(rest) > 0 {
				value, rest = rest[0], rest[1:]
			}
			a.argument(c, value)
			return rest
		}
	}
	return rest
}

// only takes -4 or -6; together they are as good as none.
func (a *ssAsked) only(c byte) {
	family, both := "inet", "6"
	if c == '6' {
		family, both = "inet6", "4"
	}
	if a.family = family; strings.Contains(a.letters, both) {
		a.family = ""
	}
}

// argument takes the value of -f or -A.
func (a *ssAsked) argument(option byte, value string) {
	switch {
	case option == 'F' || option == 'D' || option == 'N' || strings.Contains(value, "!"):
		a.filter = true
	case option == 'f' && (value == "inet" || value == "inet6"):
		a.family = value
	case option == 'f' && value == "link":
		a.argument('A', "packet")
	case option == 'f' || option == 'A':
		for t := range strings.SplitSeq(value, ",") {
			a.query(t)
		}
	}
}

// query adds the tables that one word of -A names.
func (a *ssAsked) query(word string) {
	switch word {
	case "unix", "packet", "vsock", "all", "inet":
		for _, t := range ssSeveral[word] {
			a.table(t)
		}
	case "unix_stream":
		a.table("u_str")
	case "unix_dgram":
		a.table("u_dgr")
	case "unix_seqpacket":
		a.table("u_seq")
	case "packet_raw":
		a.table("p_raw")
	case "packet_dgram":
		a.table("p_dgr")
	case "vsock_stream":
		a.table("v_str")
	case "vsock_dgram":
		a.table("v_dgr")
	case "netlink":
		a.table("nl")
	default:
		a.table(word)
	}
}

func (a *ssAsked) table(name string) {
	if !slices.Contains(a.tables, name) {
		a.tables = append(a.tables, name)
	}
}

// socketArguments returns the arguments that a command line gives to program,
// up to a pipe or a redirection, and whether it runs program at all.
func socketArguments(command, program string) ([]string, bool) {
	words := strings.Fields(command)
	i := slices.IndexFunc(words, func(w string) bool { return path.Base(w) == program })
	if i < 0 {
		return nil, false
	}
	args := words[i+1:]
	if end := slices.IndexFunc(args, func(w string) bool { return strings.ContainsAny(w[:1], "|;&><") || strings.HasPrefix(w, "2>") }); end >= 0 {
		args = args[:end]
	}
	return args, true
}
